/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference-window.h"
#include "cnn/plan/convolution-operation.h"

typedef struct {
  CnnLayer layer;
  CnnWindow window;
  gint filters;
  gint multiplier;
  gboolean use_bias;
  gfloat *depthwise; /* kernel height x kernel width x channels x multiplier */
  gfloat *pointwise; /* 1 x 1 x channels * multiplier x filters */
  gfloat *bias;      /* filters, or NULL */
} SeparableConv2D;

static gboolean
separable_conv2d_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  SeparableConv2D *self = (SeparableConv2D *) layer;

  self->use_bias = TRUE;
  self->multiplier = 1;
  return json_get_integer (config, "filters", 1, CNN_MAX_DIMENSION,
             &self->filters, error)
      && (!json_get (config, "depth_multiplier")
          || json_get_integer (config, "depth_multiplier", 1, CNN_MAX_DIMENSION,
              &self->multiplier, error))
      && cnn_window_configure_kernel (&self->window, config, error)
      && json_get_boolean (config, "use_bias", &self->use_bias, error)
      && cnn_layer_configure_activation (layer, config, error);
}

static gboolean
separable_conv2d_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const SeparableConv2D *self = (const SeparableConv2D *) layer;
  CnnShape between;

  /* The depthwise result is not stored, but is the size of a weight. */
  return cnn_window_infer_shape (&self->window, &inputs[0], self->filters,
             output, error)
      && cnn_layer_set_dimension (&between, 0,
          (gint64) inputs[0].dims[2] * self->multiplier, error);
}

static guint
separable_conv2d_declare (CnnLayer *layer, const CnnShape *input,
    CnnVariable *variables)
{
  SeparableConv2D *self = (SeparableConv2D *) layer;
  const gint *size = self->window.size;
  const gint channels = input->dims[2];

  variables[0] = (CnnVariable) { "depthwise_kernel", NULL, TRUE,
    { 4, { size[0], size[1], channels, self->multiplier } }, &self->depthwise };
  variables[1] = (CnnVariable) { "pointwise_kernel", NULL, TRUE,
    { 4, { 1, 1, channels * self->multiplier, self->filters } },
    &self->pointwise };
  variables[2] = (CnnVariable) { "bias", NULL, TRUE, { 1, { self->filters } },
    &self->bias };
  return self->use_bias ? 3 : 2;
}

static guint64
separable_conv2d_count_macs (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output)
{
  const SeparableConv2D *self = (const SeparableConv2D *) layer;
  const guint64 cells = (guint64) output->dims[0] * (guint64) output->dims[1];
  const guint64 between = (guint64) input->dims[2] * (guint64) self->multiplier;

  /* Both kernels are in memory, so the factors are small. */
  return cells * between
      * ((guint64) self->window.size[0] * (guint64) self->window.size[1]
          + (guint64) self->filters);
}

static void
separable_conv2d_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const SeparableConv2D *self = (const SeparableConv2D *) layer;
  const gint *dims = output->shape->dims;

  cnn_separable_convolution2d (&self->window, (gsize) self->multiplier,
      &inputs[0], self->depthwise, self->pointwise, self->bias, output);
  cnn_activation_apply (layer->activation, output->data,
      (gsize) dims[0] * (gsize) dims[1], (gsize) dims[2]);
}

static void
separable_conv2d_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const SeparableConv2D *self = (const SeparableConv2D *) layer;

  cnn_layer_backpropagate_activation (layer, job);
  cnn_layer_backpropagate_bias (job, self->bias);
  cnn_separable_convolution2d_backpropagate (&self->window,
      (gsize) self->multiplier, &job->gradient, self->depthwise,
      self->pointwise, &job->input_gradients[0]);
}

static CnnOperation *
separable_conv2d_make_operation (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output, const CnnFusion *fusion)
{
  const SeparableConv2D *self = (const SeparableConv2D *) layer;

  if (self->multiplier != 1)
    return NULL;
  return cnn_separable_operation_new (&self->window, input, output,
      self->depthwise, self->pointwise, self->bias, fusion);
}

const CnnLayerClass cnn_separable_conv2d_class = {
  .name = "SeparableConv2D",
  .instance_size = sizeof (SeparableConv2D),
  .role = CNN_LAYER_ROLE_CONVOLUTION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = separable_conv2d_configure,
  .infer_shape = separable_conv2d_infer_shape,
  .declare = separable_conv2d_declare,
  .count_macs = separable_conv2d_count_macs,
  .run = separable_conv2d_run,
  .backpropagate = separable_conv2d_backpropagate,
  .make_operation = separable_conv2d_make_operation,
};
