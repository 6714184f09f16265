/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include "cnn/layers/activation.h"
#include "cnn/plan/operation.h"
#include "cnn/window.h"

G_BEGIN_DECLS

/*
 * Private to src/cnn, except that src/formats looks up classes. To add a class
 * of layers, write it in the file of its family, declare it in layer-classes.h
 * and list it in layer-classes.c.
 */

typedef struct _CnnLayer CnnLayer;
typedef struct _CnnLayerClass CnnLayerClass;

/**
 * CnnDialect:
 *
 * The library that wrote a model. Defaults, and the meaning of some names and
 * options, differ between them.
 */
typedef enum {
  CNN_DIALECT_KERAS_2,
  CNN_DIALECT_KERAS_3,
  CNN_DIALECT_TFJS
} CnnDialect;

/**
 * CnnLayerRole:
 *
 * The kind of a layer, for a reader of the network.
 */
typedef enum {
  CNN_LAYER_ROLE_INPUT,
  CNN_LAYER_ROLE_CONVOLUTION,
  CNN_LAYER_ROLE_POOLING,
  CNN_LAYER_ROLE_DENSE,
  CNN_LAYER_ROLE_ACTIVATION,
  CNN_LAYER_ROLE_NORMALIZATION,  /* shifts and scales each value */
  CNN_LAYER_ROLE_GLOBAL_POOLING, /* one value per channel */
  CNN_LAYER_ROLE_MERGE,          /* several tensors into one */
  CNN_LAYER_ROLE_RESAMPLING,     /* the same features on another grid */
  CNN_LAYER_ROLE_VIEW            /* the same values, perhaps in another shape */
} CnnLayerRole;

#define CNN_MAX_VARIABLES 4

/**
 * CnnBackpropagation:
 * @inputs: the inputs of one call of the layer
 * @output: the output of that call
 * @before_activation: (nullable): the output without the fused activation
 *   function; given if cnn_activation_needs_input() says so
 * @gradient: derivatives of the explained value with respect to @output; the
 *   layer may change them
 * @input_gradients: (inout): derivatives with respect to each input, to which
 *   the layer adds, because an input may have other readers
 * @scratch: as many floats as @output has
 * @backward: (nullable): operation made by make_backward()
 * @backward_values: as many floats as the first input has, if there is a
 *   @backward
 * @backward_scratch: scratch memory of the size that @backward needs
 * @constant: (inout): sum to which the layer adds its output's values times
 *   their derivatives, minus its inputs' values times theirs. This is the
 *   contribution of the layer's biases and bends
 *
 * The part of one layer in a backward pass.
 */
typedef struct {
  const CnnTensor *inputs;
  guint n_inputs;
  CnnTensor output;
  const gfloat *before_activation;
  CnnTensor gradient;
  const CnnTensor *input_gradients;
  gfloat *scratch;
  const CnnOperation *backward;
  gfloat *backward_values;
  gfloat *backward_scratch;
  gdouble constant;
} CnnBackpropagation;

/**
 * CnnVariable:
 * @name: name in Keras, such as "kernel"
 * @other_name: (nullable): name in other versions of Keras
 * @trainable: FALSE for statistics such as a moving mean
 * @shape: a dimension of 0 is one that only the file knows; it is filled in
 *   when the variable is bound
 * @values: where to store the values, which the layer then owns
 *
 * A weight of a layer.
 */
typedef struct {
  const gchar *name;
  const gchar *other_name;
  gboolean trainable;
  CnnShape shape;
  gfloat **values;
} CnnVariable;

/**
 * CnnLayerClass:
 * @name: the Keras class name
 * @instance_size: size of the struct that begins with a CnnLayer
 * @min_inputs: minimum number of tensors that one call reads
 * @max_inputs: maximum number of tensors that one call reads
 * @configure: (nullable): reads the Keras configuration
 * @set_training: (nullable): called after @configure if the model calls the
 *   layer with training=True; other layers compute the same as without
 * @infer_shape: infers the output shape from the input shapes
 * @declare: (nullable): fills in the variables, whose shapes may depend on the
 *   shape of the first input, and returns their number; called after
 *   @infer_shape, for each call of the layer
 * @prepare: (nullable): checks the weights and derives other values from them;
 *   called once, when the layer has them
 * @count_macs: (nullable): multiply-accumulates, or comparisons, of one run
 * @run: (nullable): computes the output from the inputs; views have none, and
 *   share their input's memory
 * @get_reach: (nullable): which of @input rows (@axis 0) or columns (@axis 1)
 *   one of the output's @output rows or columns, @cell, is computed from;
 *   %NULL: from the same one, or from all of them if their numbers differ
 * @backpropagate: (nullable): the chain rule for one call; views need none, and
 *   decisions cannot be explained through other layers without it
 * @make_backward: (nullable): prepares the linear part of @backpropagate for
 *   fast kernels, as an operation from the output's shape to the input's;
 *   returns %NULL if they do not support it
 * @make_operation: (nullable): prepares the layer for fast kernels, fused with
 *   the layers that follow it; returns %NULL if they do not support it
 * @get_affine: (nullable): gets the factor and the shift of each channel of a
 *   layer that computes x * factor + shift; returns FALSE for other layers
 * @get_kernel: (nullable): by what a convolution computes channel @filter of
 *   its output's @filters from its input's @channels: writes kernel height x
 *   kernel width x n floats, unless @values is %NULL, for the n input channels
 *   from @first on, and returns n. The first variable begins with the kernel's
 *   height and width
 * @is_2x2_max_pool: (nullable): whether the layer takes the largest value of
 *   each 2x2 cells
 * @only_activation: whether the layer computes nothing but its activation
 *   function, unless that is linear
 * @clear: (nullable): frees what @configure and @prepare allocated
 *
 * A layer has one output. The caller adds the file and the layer to errors.
 */
struct _CnnLayerClass {
  const gchar *name;
  gsize instance_size;
  CnnLayerRole role;
  guint min_inputs;
  guint max_inputs;
  gboolean (*configure) (CnnLayer *layer, const cJSON *config, GError **error);
  void (*set_training) (CnnLayer *layer);
  gboolean (*infer_shape) (const CnnLayer *layer, const CnnShape *inputs,
      guint n_inputs, CnnShape *output, GError **error);
  guint (*declare) (CnnLayer *layer, const CnnShape *input,
      CnnVariable variables[CNN_MAX_VARIABLES]);
  gboolean (*prepare) (CnnLayer *layer, GError **error);
  guint64 (*count_macs) (const CnnLayer *layer, const CnnShape *input,
      const CnnShape *output);
  void (*run) (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
      const CnnTensor *output);
  CnnReach (*get_reach) (const CnnLayer *layer, guint axis, gint input,
      gint output, gint cell);
  void (*backpropagate) (const CnnLayer *layer, CnnBackpropagation *job);
  CnnOperation *(*make_backward) (const CnnLayer *layer, const CnnShape *input,
      const CnnShape *output, const CnnFusion *fusion);
  CnnOperation *(*make_operation) (const CnnLayer *layer,
      const CnnShape *inputs, guint n_inputs, const CnnShape *output,
      const CnnFusion *fusion);
  gboolean (*get_affine) (const CnnLayer *layer, const CnnShape *input,
      const gfloat **factor, const gfloat **shift);
  gint (*get_kernel) (const CnnLayer *layer, gint channels, gint filters,
      gint filter, gint *first, gfloat *values);
  gboolean (*is_2x2_max_pool) (const CnnLayer *layer);
  gboolean only_activation;
  void (*clear) (CnnLayer *layer);
};

/**
 * CnnLayer:
 * @name: name in the model; layers of nested models are called "model/layer"
 * @activation: function fused into the layer; linear if there is none
 * @bound: whether the layer has its weights; see cnn_weight_store_bind()
 * @variables: weights of the layer, once they are bound
 *
 * Immutable once bound.
 */
struct _CnnLayer {
  const CnnLayerClass *class;
  gchar *name;
  CnnDialect dialect;
  CnnActivation activation;
  gboolean bound;
  guint n_variables;
  CnnVariable variables[CNN_MAX_VARIABLES];
};

/**
 * cnn_layer_new:
 *
 * Returns: (transfer full): a layer that is configured but not bound; %NULL
 *   with a %MODEL_ERROR that names the layer
 */
CnnLayer *cnn_layer_new (const gchar *class_name, const gchar *name,
    const cJSON *config, CnnDialect dialect, GError **error);

void cnn_layer_free (CnnLayer *layer);

/**
 * cnn_layer_get_classes:
 * @n_classes: (out): number of classes
 *
 * The table of layer classes.
 *
 * Returns: (array length=n_classes) (transfer none)
 */
const CnnLayerClass *const *cnn_layer_get_classes (guint *n_classes);

/**
 * cnn_layer_find_class:
 *
 * Returns: (transfer none) (nullable): the class of that name, if it is known
 */
const CnnLayerClass *cnn_layer_find_class (const gchar *class_name);

/* Shared by layer classes. */

/**
 * cnn_layer_configure_activation:
 *
 * Reads the key `activation`, which defaults to linear. A layer in the place of
 * a function counts as linear here; the topology makes it a layer of its own.
 */
gboolean cnn_layer_configure_activation (CnnLayer *layer, const cJSON *config,
    GError **error);

/**
 * cnn_layer_keep_shape:
 *
 * An infer_shape for layers whose output has the shape of their input.
 */
gboolean cnn_layer_keep_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error);

/**
 * cnn_layer_configure_axis:
 * @axis: (inout): the default, which is kept if the key `axis` is absent
 *
 * Reads a number, or a list of one. An axis counts from the batch dimension,
 * which is 0, or back from the last one, which is -1.
 */
gboolean cnn_layer_configure_axis (gint *axis, const cJSON *config,
    GError **error);

/**
 * cnn_layer_find_dimension:
 *
 * Returns: the dimension of @shape, which has no batch, that corresponds to
 *   @axis; -1 if there is none
 */
gint cnn_layer_find_dimension (gint axis, const CnnShape *shape);

/**
 * cnn_layer_get_axis_view:
 * @shape: has the dimension that corresponds to @axis
 *
 * Returns: a tensor of @shape, with that dimension in the middle
 */
CnnAxisView cnn_layer_get_axis_view (gint axis, const CnnShape *shape);

/* For infer_shape: whether @shape has the axis. */
gboolean cnn_layer_check_axis (gint axis, const CnnShape *shape,
    GError **error);

/**
 * cnn_layer_get_pair:
 * @pair: (inout) (array fixed-size=2): height and width; the default is kept if
 *   the key is absent
 *
 * Reads n or [h, w], each at least @min, as Keras writes kernel sizes and
 * strides.
 */
gboolean cnn_layer_get_pair (const cJSON *config, const gchar *key, gint min,
    gint pair[2], GError **error);

/* Whether the key `data_format` is absent or "channels_last". */
gboolean cnn_layer_check_data_format (const cJSON *config, GError **error);

/**
 * cnn_layer_configure_window:
 * @window: (inout): sizes and strides as defaults
 * @size_key: "kernel_size" or "pool_size"
 *
 * Reads size, strides, padding, dilation and data format.
 */
gboolean cnn_layer_configure_window (CnnWindow *window, const cJSON *config,
    const gchar *size_key, GError **error);

/**
 * cnn_layer_configure_kernel_window:
 *
 * The same for a convolution: `kernel_size` is required, and strides default to
 * 1.
 */
gboolean cnn_layer_configure_kernel_window (CnnWindow *window,
    const cJSON *config, GError **error);

/* For infer_shape: sets a dimension, if @size is in range. */
gboolean cnn_layer_set_dimension (CnnShape *shape, guint dimension, gint64 size,
    GError **error);

/**
 * cnn_layer_copy_without_activation:
 *
 * Returns: (transfer full): the layer without its fused activation function;
 *   weights and everything else are borrowed from @layer. Free with g_free()
 */
CnnLayer *cnn_layer_copy_without_activation (const CnnLayer *layer);

/* For run: applies the fused activation function to the output. */
void cnn_layer_apply_activation (const CnnLayer *layer,
    const CnnTensor *output);

/* For backpropagate: backpropagates through the fused activation function. */
void cnn_layer_backpropagate_activation (const CnnLayer *layer,
    CnnBackpropagation *job);

/**
 * cnn_layer_run_backward:
 *
 * For backpropagate: adds the result of #CnnBackpropagation.backward to the
 * gradient of the first input.
 *
 * Returns: FALSE if there is no such operation
 */
gboolean cnn_layer_run_backward (CnnBackpropagation *job);

/**
 * cnn_layer_backpropagate_bias:
 * @bias: (nullable): one value for each channel of the output
 *
 * For backpropagate: adds the part of the bias to #CnnBackpropagation.constant.
 */
void cnn_layer_backpropagate_bias (CnnBackpropagation *job, const gfloat *bias);

G_END_DECLS
