/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"
#include "formats/layers-model-builder.h"
#include "formats/onnx-file.h"
#include "formats/onnx-folding.h"
#include "formats/onnx-layout.h"
#include "formats/onnx-names.h"

G_BEGIN_DECLS

/**
 * OnnxFormula:
 *
 * What a tensor is, if it may be a part of an activation function that is
 * written as several nodes: the last of them then becomes the function.
 */
typedef enum {
  ONNX_FORMULA_NONE,
  ONNX_FORMULA_SIGMOID,       /* sigmoid(x) */
  ONNX_FORMULA_SOFTPLUS,      /* log(1 + exp(x)) */
  ONNX_FORMULA_TANH_SOFTPLUS, /* tanh(softplus(x)) */
  ONNX_FORMULA_PLUS_3,        /* x + 3 */
  ONNX_FORMULA_CLIP_PLUS_3,   /* clip(x + 3, 0, 6) */
  ONNX_FORMULA_HARD_SIGMOID,  /* clip(x / 6 + 0.5, 0, 1) */
  ONNX_FORMULA_6_HARD_SILU,   /* x * clip(x + 3, 0, 6) */
  ONNX_FORMULA_BY_ROOT_2,     /* x / sqrt(2) */
  ONNX_FORMULA_ERF,           /* erf(x / sqrt(2)) */
  ONNX_FORMULA_1_PLUS_ERF,    /* 1 + erf(x / sqrt(2)) */
  ONNX_FORMULA_2_GELU,        /* x * (1 + erf(x / sqrt(2))) */
  ONNX_FORMULA_HALF,          /* x / 2 */
  ONNX_FORMULA_HALF_1_PLUS_ERF,
} OnnxFormula;

/**
 * OnnxValue:
 * @constant: (nullable): values that are known; all else is about others
 * @layer: the layer whose output has the values
 * @formula: what it is of @of
 * @of: (nullable): the x of @formula
 * @has_layer: FALSE for what is no layer, but only a part of a formula
 *
 * A tensor of the graph.
 */
typedef struct _OnnxValue OnnxValue;
struct _OnnxValue {
  OnnxConstant *constant;
  OnnxLayout layout;
  guint layer;
  gboolean has_layer;
  OnnxFormula formula;
  const OnnxValue *of;
};

/**
 * OnnxGraph:
 * @max_weights: largest number of values of all weights together
 * @values: (element-type utf8 OnnxValue): tensors by name
 * @shared: layers that several readers of a value need, by what they do
 * @arguments: the current node, and its inputs as far as they are constants
 * @inputs: (array length=arguments.n_inputs): inputs of the current node, %NULL
 *   for those that are left out
 * @result: the first output of the current node
 * @name: name of the current node's layer
 *
 * A graph while its nodes become layers.
 */
typedef struct {
  const OnnxFile *file;
  const CnnInputSize *size;
  guint64 max_weights;
  OnnxNames *names;
  LayersModelBuilder *builder;
  GHashTable *values;
  GHashTable *shared;
  OnnxArguments arguments;
  OnnxValue **inputs;
  OnnxValue *result;
  gchar *name;
} OnnxGraph;

/* For operators. All return FALSE with a MODEL_ERROR on failure. */

gboolean onnx_graph_fail (GError **error, const gchar *reason);

/* The input @i, or NULL with an error if it is left out, or a constant. */
const OnnxValue *onnx_graph_get_input (const OnnxGraph *graph, guint i,
    GError **error);

/**
 * onnx_graph_get_layer:
 * @layer: (out): the layer whose output has the values of input @i, in any
 *   order and shape
 *
 * Returns: (transfer none): the input; %NULL with an error
 */
const OnnxValue *onnx_graph_get_layer (const OnnxGraph *graph, guint i,
    guint *layer, GError **error);

/* The input @i, or NULL with an error if it is no constant. */
OnnxConstant *onnx_graph_get_constant (const OnnxGraph *graph, guint i,
    GError **error);

/* The input @i if it is a constant, else NULL. */
OnnxConstant *onnx_graph_find_constant (const OnnxGraph *graph, guint i);

/* Whether all inputs but the first are constants, or left out. */
gboolean onnx_graph_check_constants (const OnnxGraph *graph, GError **error);

/* The usual order of the dimensions of a tensor: that of the file, but the
 * channels last if there are four. */
void onnx_get_order (guint rank, guint order[ONNX_MAX_RANK]);

/* The shape of a layer whose output has the dimensions in that order, without
 * the batch. */
gboolean onnx_get_ordered_shape (const OnnxShape *shape, const guint *order,
    CnnShape *result, GError **error);

/**
 * onnx_graph_get_map:
 * @shape: (out): height, width and channels
 *
 * Gets the layer whose output is input @i as a feature map.
 */
gboolean onnx_graph_get_map (OnnxGraph *graph, guint i, guint *layer,
    CnnShape *shape, GError **error);

/**
 * onnx_graph_arrange:
 * @rank: number of dimensions as which to see the value, of which the first
 *   ones are 1 if it has fewer
 *
 * Gets a layer whose output has the values in the usual order: height x width x
 * channels with four dimensions, else that of the file.
 */
gboolean onnx_graph_arrange (OnnxGraph *graph, const OnnxValue *value,
    guint rank, guint *layer, GError **error);

/**
 * onnx_graph_arrange_as:
 * @order: the dimensions of the value in the wanted order
 * @shape: shape of the layer's output
 *
 * The same, in any order and shape.
 */
gboolean onnx_graph_arrange_as (OnnxGraph *graph, const OnnxValue *value,
    const guint *order, const CnnShape *shape, guint *layer, GError **error);

/* The same, in the shape that onnx_get_ordered_shape() says. */
gboolean onnx_graph_arrange_in (OnnxGraph *graph, const OnnxValue *value,
    const guint *order, guint *layer, GError **error);

/**
 * onnx_graph_arrange_last:
 * @order: (out) (array length=8): the dimensions in their new order
 *
 * Gets a layer whose output has @dimension last, behind the others.
 */
gboolean onnx_graph_arrange_last (OnnxGraph *graph, const OnnxValue *value,
    guint dimension, guint *order, guint *layer, GError **error);

/**
 * onnx_graph_flatten:
 *
 * Gets a layer whose output is a vector of the values in the order in which
 * they lie.
 */
gboolean onnx_graph_flatten (OnnxGraph *graph, const OnnxValue *value,
    guint *layer, GError **error);

/**
 * onnx_graph_add:
 * @suffix: (nullable): what to add to the node's name
 * @config: (transfer full): configuration
 *
 * Adds a layer with one input.
 *
 * Returns: the layer
 */
guint onnx_graph_add (OnnxGraph *graph, const gchar *class_name,
    const gchar *suffix, cJSON *config, guint input, const CnnShape *shape);

/* The same, unless there is such a layer already, which is then returned. */
guint onnx_graph_add_shared (OnnxGraph *graph, const gchar *class_name,
    const gchar *suffix, cJSON *config, guint input, const CnnShape *shape);

/**
 * onnx_graph_add_simple:
 *
 * Adds a layer whose output has the shape of its input.
 */
guint onnx_graph_add_simple (OnnxGraph *graph, const gchar *class_name,
    const gchar *suffix, cJSON *config, guint input);

const CnnShape *onnx_graph_get_shape (const OnnxGraph *graph, guint layer);

/**
 * onnx_graph_add_output:
 *
 * Returns: (transfer none): output @i of the node, after the first, to be
 *   filled in; %NULL with an error
 */
OnnxValue *onnx_graph_add_output (OnnxGraph *graph, guint i, GError **error);

/* Makes @layer, which keeps the order of @value, the node's result. */
gboolean onnx_graph_set_like (OnnxGraph *graph, const OnnxValue *value,
    guint layer);

/* Makes @layer, whose output is height x width x channels, the result. */
gboolean onnx_graph_set_map (OnnxGraph *graph, guint layer, GError **error);

/* Makes @layer, whose output is arranged, the result. */
gboolean onnx_graph_set_arranged (OnnxGraph *graph, guint layer,
    const OnnxShape *shape);

/* The same for a layer whose output has the dimensions in another order. */
gboolean onnx_graph_set_ordered (OnnxGraph *graph, guint layer,
    const OnnxShape *shape, const guint *order);

/* The same for a layer whose output has the order of the file. */
gboolean onnx_graph_set_natural (OnnxGraph *graph, guint layer,
    const OnnxShape *shape);

/**
 * onnx_graph_read:
 * @size: (nullable): size of an input that the file leaves open
 * @max_values: largest number of values of all constants together
 *
 * Returns: (transfer full): the network of the file; %NULL with a %MODEL_ERROR
 */
LayersModel *onnx_graph_read (const OnnxFile *file, const CnnInputSize *size,
    gint64 max_values, GError **error);

G_END_DECLS
