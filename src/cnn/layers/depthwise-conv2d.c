/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "cnn/kernels/reference-window.h"
#include "cnn/plan/kernel-operations.h"

typedef struct {
  CnnLayer layer;
  CnnWindow window;
  gint multiplier;
  gboolean use_bias;
  gfloat *kernel; /* kernel height x kernel width x channels x multiplier */
  gfloat *bias;   /* channels * multiplier, or NULL */
} DepthwiseConv2D;

static gboolean
depthwise_conv2d_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  DepthwiseConv2D *self = (DepthwiseConv2D *) layer;

  self->use_bias = TRUE;
  self->multiplier = 1;
  return (!json_get (config, "depth_multiplier")
             || json_get_integer (config, "depth_multiplier", 1,
                 CNN_MAX_DIMENSION, &self->multiplier, error))
      && cnn_window_configure_kernel (&self->window, config, error)
      && json_get_boolean (config, "use_bias", &self->use_bias, error)
      && cnn_layer_configure_activation (layer, config, error);
}

static gboolean
depthwise_conv2d_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const DepthwiseConv2D *self = (const DepthwiseConv2D *) layer;

  return cnn_window_infer_shape (&self->window, &inputs[0], 1, output, error)
      && cnn_layer_set_dimension (output, 2,
          (gint64) inputs[0].dims[2] * self->multiplier, error);
}

static guint
depthwise_conv2d_declare (CnnLayer *layer, const CnnShape *input,
    CnnVariable *variables)
{
  DepthwiseConv2D *self = (DepthwiseConv2D *) layer;
  const gint *size = self->window.size;
  const gint channels = input->dims[2];

  variables[0] = (CnnVariable) { "depthwise_kernel", "kernel", TRUE,
    { 4, { size[0], size[1], channels, self->multiplier } }, &self->kernel };
  variables[1] = (CnnVariable) { "bias", NULL, TRUE,
    { 1, { channels * self->multiplier } }, &self->bias };
  return self->use_bias ? 2 : 1;
}

static guint64
depthwise_conv2d_count_macs (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output)
{
  const gint *size = ((const DepthwiseConv2D *) layer)->window.size;

  return (guint64) cnn_shape_size (output) * (guint64) size[0]
      * (guint64) size[1];
}

static void
depthwise_conv2d_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const DepthwiseConv2D *self = (const DepthwiseConv2D *) layer;
  const gint *dims = output->shape->dims;

  cnn_grouped_convolution2d (&self->window, (gsize) inputs[0].shape->dims[2],
      &inputs[0], self->kernel, self->bias, output);
  cnn_activation_apply (layer->activation, output->data,
      (gsize) dims[0] * (gsize) dims[1], (gsize) dims[2]);
}

static void
depthwise_conv2d_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const DepthwiseConv2D *self = (const DepthwiseConv2D *) layer;

  cnn_layer_backpropagate_activation (layer, job);
  cnn_layer_backpropagate_bias (job, self->bias);
  cnn_grouped_convolution2d_backpropagate (&self->window,
      (gsize) job->inputs[0].shape->dims[2], &job->gradient, self->kernel,
      &job->input_gradients[0]);
}

static CnnOperation *
depthwise_conv2d_make_operation (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output, const CnnFusion *fusion)
{
  const DepthwiseConv2D *self = (const DepthwiseConv2D *) layer;

  if (self->multiplier != 1)
    return NULL;
  return cnn_depthwise_operation_new (&self->window, input, output,
      self->kernel, self->bias, fusion);
}

const CnnLayerClass cnn_depthwise_conv2d_class = {
  .name = "DepthwiseConv2D",
  .instance_size = sizeof (DepthwiseConv2D),
  .role = CNN_LAYER_ROLE_CONVOLUTION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = depthwise_conv2d_configure,
  .infer_shape = depthwise_conv2d_infer_shape,
  .declare = depthwise_conv2d_declare,
  .count_macs = depthwise_conv2d_count_macs,
  .run = depthwise_conv2d_run,
  .backpropagate = depthwise_conv2d_backpropagate,
  .make_operation = depthwise_conv2d_make_operation,
};
