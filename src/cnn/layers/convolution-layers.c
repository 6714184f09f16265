/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference-window.h"
#include "cnn/plan/convolution-operation.h"
#include "cnn/plan/kernel-operations.h"
#include "cnn/plan/transposed-convolution.h"
#include "cnn/window.h"

/**
 * Convolution:
 * @filters: channels of the output; DepthwiseConv2D has @multiplier for each
 *   channel of its input instead
 * @groups: groups of channels, in a Conv2D
 * @multiplier: `depth_multiplier` of DepthwiseConv2D and SeparableConv2D; 0 if
 *   it follows from the kernel
 * @output_padding: padding of height and width, in a Conv2DTranspose; negative
 *   if it is not given
 * @kernel: kernel height x kernel width x input channels of a group x filters;
 *   depthwise: ... x input channels x multiplier; transposed: ... x filters x
 *   input channels
 * @pointwise: 1 x 1 x input channels * multiplier x filters, in a
 *   SeparableConv2D
 * @bias: (nullable): one value for each channel of the output
 *
 * The state of all convolution layers.
 */
typedef struct {
  CnnLayer layer;
  CnnWindow window;
  gint filters;
  gint groups;
  gint multiplier;
  gint output_padding[2];
  gboolean use_bias;
  gfloat *kernel;
  gfloat *pointwise;
  gfloat *bias;
} Convolution;

static gboolean
configure_filters (Convolution *self, const cJSON *config, GError **error)
{
  return json_get_integer (config, "filters", 1, CNN_MAX_DIMENSION,
      &self->filters, error);
}

/* Reads a number that is 1 when it is absent. */
static gboolean
configure_factor (gint *factor, const cJSON *config, const gchar *key,
    GError **error)
{
  *factor = 1;
  return !json_get (config, key)
      || json_get_integer (config, key, 1, CNN_MAX_DIMENSION, factor, error);
}

/* Reads the options of all convolutions: window, bias and activation. */
static gboolean
configure_convolution (Convolution *self, const cJSON *config, GError **error)
{
  self->use_bias = TRUE;
  return cnn_layer_configure_kernel_window (&self->window, config, error)
      && json_get_boolean (config, "use_bias", &self->use_bias, error)
      && cnn_layer_configure_activation (&self->layer, config, error);
}

/* Declares the bias, if there is one, after @n other variables. */
static guint
declare_bias (Convolution *self, gint channels, CnnVariable *variables, guint n)
{
  if (self->use_bias) {
    variables[n++] = (CnnVariable) { "bias", NULL, TRUE, { 1, { channels } },
      &self->bias };
  }
  return n;
}

/* The product cannot overflow, because the kernel fits into memory. */
static guint64
count_kernel_cells (const Convolution *self)
{
  return (guint64) self->window.size[0] * (guint64) self->window.size[1];
}

/* The window of every convolution but the transposed one. */
static CnnReach
get_reach (const CnnLayer *layer, guint axis, gint input, gint output,
    gint cell)
{
  return cnn_window_get_reach (&((const Convolution *) layer)->window, axis,
      input, output, cell);
}

/* Backpropagates through all operations that follow the kernel. */
static void
backpropagate_activation_and_bias (const Convolution *self,
    CnnBackpropagation *job)
{
  cnn_layer_backpropagate_activation (&self->layer, job);
  cnn_layer_backpropagate_bias (job, self->bias);
}

/* The kernel of a filter that reads the channels of its group. */
static gint
get_grouped_kernel (const Convolution *self, gint channels, gint filters,
    gint groups, gint filter, gint *first, gfloat *values)
{
  const gint cells = self->window.size[0] * self->window.size[1];
  const gint in_group = channels / groups;

  *first = filter / (filters / groups) * in_group;
  for (gint i = 0; values && i < cells * in_group; i++)
    values[i] = self->kernel[i * filters + filter];
  return in_group;
}

static gint
conv2d_get_kernel (const CnnLayer *layer, gint channels, gint filters,
    gint filter, gint *first, gfloat *values)
{
  const Convolution *self = (const Convolution *) layer;

  return get_grouped_kernel (self, channels, filters, self->groups, filter,
      first, values);
}

static gboolean
conv2d_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Convolution *self = (Convolution *) layer;

  return configure_factor (&self->groups, config, "groups", error)
      && configure_filters (self, config, error)
      && configure_convolution (self, config, error);
}

static gboolean
conv2d_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Convolution *self = (const Convolution *) layer;

  if (!cnn_window_infer_shape (&self->window, &inputs[0], self->filters, output,
          error))
    return FALSE;
  if (inputs[0].dims[2] % self->groups == 0
      && self->filters % self->groups == 0)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'groups' is %d, which does not divide its %d input channels and %d "
      "filters",
      self->groups, inputs[0].dims[2], self->filters);
  return FALSE;
}

static guint
conv2d_declare (CnnLayer *layer, const CnnShape *input, CnnVariable *variables)
{
  Convolution *self = (Convolution *) layer;
  const gint *size = self->window.size;

  variables[0] = (CnnVariable) { "kernel", NULL, TRUE,
    { 4, { size[0], size[1], input->dims[2] / self->groups, self->filters } },
    &self->kernel };
  return declare_bias (self, self->filters, variables, 1);
}

static guint64
conv2d_count_macs (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output)
{
  const Convolution *self = (const Convolution *) layer;

  return (guint64) cnn_shape_size (output) * count_kernel_cells (self)
      * (guint64) (input->dims[2] / self->groups);
}

static void
conv2d_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const Convolution *self = (const Convolution *) layer;

  cnn_grouped_convolution2d (&self->window, (gsize) self->groups, &inputs[0],
      self->kernel, self->bias, output);
  cnn_layer_apply_activation (layer, output);
}

static void
conv2d_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Convolution *self = (const Convolution *) layer;

  backpropagate_activation_and_bias (self, job);
  if (cnn_layer_run_backward (job))
    return;
  cnn_grouped_convolution2d_backpropagate (&self->window, (gsize) self->groups,
      &job->gradient, self->kernel, &job->input_gradients[0]);
}

static CnnOperation *
conv2d_make_backward (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output, const CnnFusion *fusion)
{
  const Convolution *self = (const Convolution *) layer;

  if (self->groups != 1)
    return NULL;
  return cnn_convolution_operation_new_backward (&self->window, input, output,
      self->kernel, fusion);
}

static CnnOperation *
conv2d_make_operation (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, const CnnShape *output, const CnnFusion *fusion)
{
  const Convolution *self = (const Convolution *) layer;

  if (self->groups == inputs[0].dims[2] && self->filters == self->groups
      && self->groups > 1) {
    return cnn_depthwise_operation_new (&self->window, &inputs[0], output,
        self->kernel, self->bias, fusion);
  }
  return cnn_convolution_operation_new (&self->window, &inputs[0], output,
      self->groups, self->kernel, self->bias, fusion);
}

const CnnLayerClass cnn_conv2d_class = {
  .name = "Conv2D",
  .instance_size = sizeof (Convolution),
  .role = CNN_LAYER_ROLE_CONVOLUTION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = conv2d_configure,
  .infer_shape = conv2d_infer_shape,
  .declare = conv2d_declare,
  .count_macs = conv2d_count_macs,
  .run = conv2d_run,
  .get_reach = get_reach,
  .backpropagate = conv2d_backpropagate,
  .make_backward = conv2d_make_backward,
  .make_operation = conv2d_make_operation,
  .get_kernel = conv2d_get_kernel,
};

static gboolean
depthwise_conv2d_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  Convolution *self = (Convolution *) layer;

  return configure_factor (&self->multiplier, config, "depth_multiplier", error)
      && configure_convolution (self, config, error);
}

static gboolean
depthwise_conv2d_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Convolution *self = (const Convolution *) layer;

  return cnn_window_infer_shape (&self->window, &inputs[0], 1, output, error)
      && cnn_layer_set_dimension (output, 2,
          (gint64) inputs[0].dims[2] * self->multiplier, error);
}

static guint
depthwise_conv2d_declare (CnnLayer *layer, const CnnShape *input,
    CnnVariable *variables)
{
  Convolution *self = (Convolution *) layer;
  const gint *size = self->window.size;
  const gint channels = input->dims[2];

  variables[0] = (CnnVariable) { "depthwise_kernel", "kernel", TRUE,
    { 4, { size[0], size[1], channels, self->multiplier } }, &self->kernel };
  return declare_bias (self, channels * self->multiplier, variables, 1);
}

static guint64
depthwise_conv2d_count_macs (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output)
{
  return (guint64) cnn_shape_size (output)
      * count_kernel_cells ((const Convolution *) layer);
}

static void
depthwise_conv2d_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const Convolution *self = (const Convolution *) layer;

  cnn_grouped_convolution2d (&self->window, (gsize) inputs[0].shape->dims[2],
      &inputs[0], self->kernel, self->bias, output);
  cnn_layer_apply_activation (layer, output);
}

static void
depthwise_conv2d_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Convolution *self = (const Convolution *) layer;

  backpropagate_activation_and_bias (self, job);
  cnn_grouped_convolution2d_backpropagate (&self->window,
      (gsize) job->inputs[0].shape->dims[2], &job->gradient, self->kernel,
      &job->input_gradients[0]);
}

static CnnOperation *
depthwise_conv2d_make_operation (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, const CnnShape *output, const CnnFusion *fusion)
{
  const Convolution *self = (const Convolution *) layer;

  if (self->multiplier != 1)
    return NULL;
  return cnn_depthwise_operation_new (&self->window, &inputs[0], output,
      self->kernel, self->bias, fusion);
}

static gint
depthwise_conv2d_get_kernel (const CnnLayer *layer, gint channels, gint filters,
    gint filter, gint *first, gfloat *values)
{
  return get_grouped_kernel ((const Convolution *) layer, channels, filters,
      channels, filter, first, values);
}

const CnnLayerClass cnn_depthwise_conv2d_class = {
  .name = "DepthwiseConv2D",
  .instance_size = sizeof (Convolution),
  .role = CNN_LAYER_ROLE_CONVOLUTION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = depthwise_conv2d_configure,
  .infer_shape = depthwise_conv2d_infer_shape,
  .declare = depthwise_conv2d_declare,
  .count_macs = depthwise_conv2d_count_macs,
  .run = depthwise_conv2d_run,
  .get_reach = get_reach,
  .backpropagate = depthwise_conv2d_backpropagate,
  .make_operation = depthwise_conv2d_make_operation,
  .get_kernel = depthwise_conv2d_get_kernel,
};

static gboolean
separable_conv2d_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  Convolution *self = (Convolution *) layer;

  /* TensorFlow.js does not save it. */
  if (json_get (config, "depth_multiplier")
      && !json_get_integer (config, "depth_multiplier", 1, CNN_MAX_DIMENSION,
          &self->multiplier, error))
    return FALSE;
  return configure_filters (self, config, error)
      && configure_convolution (self, config, error);
}

static gboolean
separable_conv2d_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Convolution *self = (const Convolution *) layer;
  CnnShape between;

  /* The depthwise result is not stored, but weights have its channels. */
  return cnn_window_infer_shape (&self->window, &inputs[0], self->filters,
             output, error)
      && (self->multiplier == 0
          || cnn_layer_set_dimension (&between, 0,
              (gint64) inputs[0].dims[2] * self->multiplier, error));
}

static guint
separable_conv2d_declare (CnnLayer *layer, const CnnShape *input,
    CnnVariable *variables)
{
  Convolution *self = (Convolution *) layer;
  const gint *size = self->window.size;
  const gint channels = input->dims[2];

  variables[0] = (CnnVariable) { "depthwise_kernel", NULL, TRUE,
    { 4, { size[0], size[1], channels, self->multiplier } }, &self->kernel };
  variables[1] = (CnnVariable) { "pointwise_kernel", NULL, TRUE,
    { 4, { 1, 1, channels * self->multiplier, self->filters } },
    &self->pointwise };
  return declare_bias (self, self->filters, variables, 2);
}

static gboolean
separable_conv2d_prepare (CnnLayer *layer, GError **error)
{
  Convolution *self = (Convolution *) layer;
  const gint *depthwise = layer->variables[0].shape.dims;
  const gint between = layer->variables[1].shape.dims[2];

  if ((gint64) depthwise[2] * depthwise[3] != between) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "its depthwise kernel makes %d channels of each of %d, but its "
        "pointwise kernel takes %d",
        depthwise[3], depthwise[2], between);
    return FALSE;
  }
  self->multiplier = depthwise[3];
  return TRUE;
}

static guint64
separable_conv2d_count_macs (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output)
{
  const Convolution *self = (const Convolution *) layer;
  const guint64 cells = (guint64) output->dims[0] * (guint64) output->dims[1];
  const guint64 between = (guint64) input->dims[2] * (guint64) self->multiplier;

  return cells * between
      * (count_kernel_cells (self) + (guint64) self->filters);
}

static void
separable_conv2d_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const Convolution *self = (const Convolution *) layer;

  cnn_separable_convolution2d (&self->window, (gsize) self->multiplier,
      &inputs[0], self->kernel, self->pointwise, self->bias, output);
  cnn_layer_apply_activation (layer, output);
}

static void
separable_conv2d_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Convolution *self = (const Convolution *) layer;

  backpropagate_activation_and_bias (self, job);
  cnn_separable_convolution2d_backpropagate (&self->window,
      (gsize) self->multiplier, &job->gradient, self->kernel, self->pointwise,
      &job->input_gradients[0]);
}

static CnnOperation *
separable_conv2d_make_operation (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, const CnnShape *output, const CnnFusion *fusion)
{
  const Convolution *self = (const Convolution *) layer;

  if (self->multiplier != 1)
    return NULL;
  return cnn_separable_operation_new (&self->window, &inputs[0], output,
      self->kernel, self->pointwise, self->bias, fusion);
}

/* Both steps are linear, so that their kernels can be multiplied. */
static gint
separable_conv2d_get_kernel (const CnnLayer *layer, gint channels, gint filters,
    gint filter, gint *first, gfloat *values)
{
  const Convolution *self = (const Convolution *) layer;
  const gint cells = self->window.size[0] * self->window.size[1];

  *first = 0;
  for (gint i = 0; values && i < cells * channels; i++) {
    values[i] = 0.0f;
    for (gint m = 0; m < self->multiplier; m++) {
      const gint between = i % channels * self->multiplier + m;

      values[i] += self->kernel[i * self->multiplier + m]
          * self->pointwise[between * filters + filter];
    }
  }
  return channels;
}

const CnnLayerClass cnn_separable_conv2d_class = {
  .name = "SeparableConv2D",
  .instance_size = sizeof (Convolution),
  .role = CNN_LAYER_ROLE_CONVOLUTION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = separable_conv2d_configure,
  .infer_shape = separable_conv2d_infer_shape,
  .declare = separable_conv2d_declare,
  .prepare = separable_conv2d_prepare,
  .count_macs = separable_conv2d_count_macs,
  .run = separable_conv2d_run,
  .get_reach = get_reach,
  .backpropagate = separable_conv2d_backpropagate,
  .make_operation = separable_conv2d_make_operation,
  .get_kernel = separable_conv2d_get_kernel,
};

static gboolean
conv2d_transpose_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  Convolution *self = (Convolution *) layer;

  self->output_padding[0] = self->output_padding[1] = -1;
  return configure_filters (self, config, error)
      && cnn_layer_get_pair (config, "output_padding", 0, self->output_padding,
          error)
      && configure_convolution (self, config, error);
}

/* Without output padding, same: in * stride; valid: in * stride + max (extent -
 * stride, 0). */
static gint64
get_transposed_size (const Convolution *self, guint axis, gint input)
{
  const gint64 stride = self->window.stride[axis];
  const gint64 extent = cnn_window_get_extent (&self->window, axis);

  return input * stride + (self->window.same ? 0 : MAX (extent - stride, 0));
}

/* With output padding, (in - 1) * stride + extent - cut + padding, where same
 * cuts 2 * floor (extent / 2) and valid nothing. */
static gint64
get_padded_size (const Convolution *self, guint axis, gint input)
{
  const gint64 extent = cnn_window_get_extent (&self->window, axis);

  return (gint64) (input - 1) * self->window.stride[axis] + extent
      - (self->window.same ? extent / 2 * 2 : 0) + self->output_padding[axis];
}

/* Whether the convolution with the same window leads back to @input cells. */
static gboolean
leads_back (const CnnWindow *window, guint axis, gint64 output, gint input)
{
  const gint64 cells = window->same
      ? output
      : output - cnn_window_get_extent (window, axis) + 1;

  return cells > 0
      && (cells + window->stride[axis] - 1) / window->stride[axis] == input;
}

static gboolean
conv2d_transpose_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Convolution *self = (const Convolution *) layer;

  if (!cnn_shape_check_feature_map (&inputs[0], error))
    return FALSE;
  *output = (CnnShape) { 3, { 0, 0, self->filters } };
  for (guint axis = 0; axis < 2; axis++) {
    const gboolean padded = self->output_padding[axis] >= 0;
    const gint input = inputs[0].dims[axis];
    const gint64 size = padded ? get_padded_size (self, axis, input)
                               : get_transposed_size (self, axis, input);

    if (padded && !leads_back (&self->window, axis, size, input)) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'output_padding' is %d, which does not fit its kernel and strides",
          self->output_padding[axis]);
      return FALSE;
    }
    if (!cnn_layer_set_dimension (output, axis, size, error))
      return FALSE;
  }
  return TRUE;
}

static guint
conv2d_transpose_declare (CnnLayer *layer, const CnnShape *input,
    CnnVariable *variables)
{
  Convolution *self = (Convolution *) layer;
  const gint *size = self->window.size;

  variables[0] = (CnnVariable) { "kernel", NULL, TRUE,
    { 4, { size[0], size[1], self->filters, input->dims[2] } }, &self->kernel };
  return declare_bias (self, self->filters, variables, 1);
}

static guint64
conv2d_transpose_count_macs (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output)
{
  const Convolution *self = (const Convolution *) layer;

  return (guint64) cnn_shape_size (input) * count_kernel_cells (self)
      * (guint64) self->filters;
}

static void
conv2d_transpose_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const Convolution *self = (const Convolution *) layer;

  cnn_transposed_convolution2d (&self->window, &inputs[0], self->kernel,
      self->bias, output);
  cnn_layer_apply_activation (layer, output);
}

/* Its transpose is the convolution from the output to the input. */
static CnnReach
conv2d_transpose_get_reach (const CnnLayer *layer, guint axis, gint input,
    gint output, gint cell)
{
  const CnnWindow *window = &((const Convolution *) layer)->window;

  return cnn_window_get_transposed_reach (window, axis,
      cnn_window_pad_before (window, axis, output, input), cell);
}

static void
conv2d_transpose_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Convolution *self = (const Convolution *) layer;

  backpropagate_activation_and_bias (self, job);
  cnn_transposed_convolution2d_backpropagate (&self->window, &job->gradient,
      self->kernel, &job->input_gradients[0]);
}

static CnnOperation *
conv2d_transpose_make_operation (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, const CnnShape *output, const CnnFusion *fusion)
{
  const Convolution *self = (const Convolution *) layer;

  return cnn_transposed_convolution_new (&self->window, &inputs[0], output,
      self->kernel, self->bias, fusion);
}

const CnnLayerClass cnn_conv2d_transpose_class = {
  .name = "Conv2DTranspose",
  .instance_size = sizeof (Convolution),
  .role = CNN_LAYER_ROLE_CONVOLUTION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = conv2d_transpose_configure,
  .infer_shape = conv2d_transpose_infer_shape,
  .declare = conv2d_transpose_declare,
  .count_macs = conv2d_transpose_count_macs,
  .run = conv2d_transpose_run,
  .get_reach = conv2d_transpose_get_reach,
  .backpropagate = conv2d_transpose_backpropagate,
  .make_operation = conv2d_transpose_make_operation,
};
