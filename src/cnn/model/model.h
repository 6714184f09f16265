/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "base/model-error.h"
#include "cnn/layers/activation.h"
#include "cnn/shape.h"

G_BEGIN_DECLS

/**
 * CnnLimits:
 * @json_bytes: size of model.json
 * @memory_bytes: total size of weights and activations as float32
 * @macs: multiply-accumulate operations of one run
 * @adjustable: whether people can set max-memory and max-macs, which errors
 *   then name
 *
 * The resources that a model may use, which are checked before they are
 * allocated.
 */
typedef struct {
  gsize json_bytes;
  gsize memory_bytes;
  guint64 macs;
  gboolean adjustable;
} CnnLimits;

/* 16 MiB of JSON, 1 GiB of memory and 100 GMAC. VGG-19 takes 575 MB and
 * 20 GMAC. */
#define CNN_LIMITS_DEFAULT                                            \
  {                                                                   \
    (gsize) 16 << 20, (gsize) CNN_LIMITS_DEFAULT_MIB << 20,           \
        CNN_LIMITS_DEFAULT_MILLION_MACS * CNN_LIMITS_MACS_UNIT, FALSE \
  }

/* People set limits in MiB, and in millions of multiply-accumulates. */
#define CNN_LIMITS_MACS_UNIT G_GUINT64_CONSTANT (1000000)
#define CNN_LIMITS_DEFAULT_MIB 1024
#define CNN_LIMITS_DEFAULT_MILLION_MACS 100000

/**
 * CnnModel:
 *
 * A convolutional network in the tfjs layers-model format: a graph of nodes,
 * each of which is one call of a layer. Immutable once loaded: any number of
 * plans and threads may share it.
 *
 * Nodes are numbered in an order in which they can be computed. Shapes leave
 * out the batch dimension.
 */
typedef struct _CnnModel CnnModel;

/**
 * cnn_model_load:
 * @path: a model.json, or the folder that holds it
 * @limits: (nullable): limits; %NULL for %CNN_LIMITS_DEFAULT
 *
 * Reads a layers-model with its weights. See cnn_layer_get_classes() for the
 * layers that are supported.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR that names the file,
 *   the layer and the reason
 */
CnnModel *cnn_model_load (const gchar *path, const CnnLimits *limits,
    GError **error);

/**
 * cnn_model_load_sized:
 * @size: (nullable): height and width of the inputs that leave them open, as
 *   fully convolutional networks do (`[null, null, null, 3]`)
 *
 * Like cnn_model_load(), which refuses a model that leaves them open. The size
 * applies to each input of height x width x channels; an input of fixed size
 * must have that size. The same files can be loaded as several models of
 * different sizes.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR:
 *   %MODEL_ERROR_ARGUMENT if @size is out of range or an input has another size
 */
CnnModel *cnn_model_load_sized (const gchar *path, const CnnLimits *limits,
    const CnnInputSize *size, GError **error);

CnnModel *cnn_model_ref (CnnModel *model);
void cnn_model_unref (CnnModel *model);

/**
 * cnn_model_get_name:
 *
 * Returns: (transfer none): the name in the topology
 */
const gchar *cnn_model_get_name (const CnnModel *model);

guint cnn_model_get_n_nodes (const CnnModel *model);

/**
 * cnn_model_find_node:
 *
 * Returns: the number of the first call of the layer with this name, or -1
 */
gint cnn_model_find_node (const CnnModel *model, const gchar *layer_name);

/* The layer name, the layer class and the output shape of a node. */
const gchar *cnn_model_get_node_name (const CnnModel *model, guint node);
const gchar *cnn_model_get_node_class (const CnnModel *model, guint node);
const CnnShape *cnn_model_get_node_shape (const CnnModel *model, guint node);

/**
 * cnn_model_get_node_inputs:
 * @n_inputs: (out)
 *
 * Returns: (array length=n_inputs) (transfer none): the nodes that @node reads
 */
const guint *cnn_model_get_node_inputs (const CnnModel *model, guint node,
    guint *n_inputs);

/**
 * cnn_model_get_node_params:
 * @trainable: (out) (optional): the number of trainable weights
 *
 * Returns: the number of weights of the layer of @node; all calls of a shared
 *   layer have the same weights
 */
guint64 cnn_model_get_node_params (const CnnModel *model, guint node,
    guint64 *trainable);

/**
 * cnn_model_get_node_macs:
 *
 * Returns: multiply-accumulates, or comparisons, of one run of @node; 0 for
 *   layers that do little for each value
 */
guint64 cnn_model_get_node_macs (const CnnModel *model, guint node);

/**
 * cnn_model_get_memory:
 *
 * Returns: bytes of all weights and of all activations. A plan needs less for
 *   activations, because it reuses memory
 */
gsize cnn_model_get_memory (const CnnModel *model);

/**
 * cnn_model_list_layer_classes:
 *
 * Returns: (transfer full): names of the Keras layer classes that are supported
 */
GStrv cnn_model_list_layer_classes (void);

/**
 * cnn_model_get_inputs:
 * @n_inputs: (out)
 *
 * Returns: (array length=n_inputs) (transfer none): nodes to fill, at least one
 */
const guint *cnn_model_get_inputs (const CnnModel *model, guint *n_inputs);

/**
 * cnn_model_get_outputs:
 * @n_outputs: (out)
 *
 * Returns: (array length=n_outputs) (transfer none): at least one
 */
const guint *cnn_model_get_outputs (const CnnModel *model, guint *n_outputs);

/**
 * cnn_model_find_output:
 * @name: (nullable): the name of an output's layer, or the number of an output,
 *   from 0; %NULL or empty for the first
 * @index: (out): index into cnn_model_get_outputs()
 *
 * Returns: FALSE with a %MODEL_ERROR_ARGUMENT that lists the outputs if there
 *   is no such output
 */
gboolean cnn_model_find_output (const CnnModel *model, const gchar *name,
    guint *index, GError **error);

/**
 * cnn_model_get_output_activation:
 *
 * Returns: the activation function that produced the values of @node, ignoring
 *   layers that only pass values on
 */
CnnActivation cnn_model_get_output_activation (const CnnModel *model,
    guint node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CnnModel, cnn_model_unref)

G_END_DECLS
