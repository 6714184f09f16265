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
  gint groups; /* of channels */
  gboolean use_bias;
  gfloat *kernel; /* kernel height x kernel width x input channels of a group
                     x filters */
  gfloat *bias;   /* filters, or NULL */
} Conv2D;

static gboolean
conv2d_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Conv2D *self = (Conv2D *) layer;

  self->use_bias = TRUE;
  self->groups = 1;
  if (json_get (config, "groups")
      && !json_get_integer (config, "groups", 1, CNN_MAX_DIMENSION,
          &self->groups, error))
    return FALSE;
  return json_get_integer (config, "filters", 1, CNN_MAX_DIMENSION,
             &self->filters, error)
      && cnn_window_configure_kernel (&self->window, config, error)
      && json_get_boolean (config, "use_bias", &self->use_bias, error)
      && cnn_layer_configure_activation (layer, config, error);
}

static gboolean
conv2d_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Conv2D *self = (const Conv2D *) layer;

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
  Conv2D *self = (Conv2D *) layer;

  variables[0] = (CnnVariable) { "kernel", NULL, TRUE,
    { 4,
        { self->window.size[0], self->window.size[1],
            input->dims[2] / self->groups, self->filters } },
    &self->kernel };
  variables[1] = (CnnVariable) { "bias", NULL, TRUE, { 1, { self->filters } },
    &self->bias };
  return self->use_bias ? 2 : 1;
}

static guint64
conv2d_count_macs (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output)
{
  const Conv2D *self = (const Conv2D *) layer;

  /* The kernel is in memory, so its own product is small. */
  return (guint64) cnn_shape_size (output) * self->window.size[0]
      * self->window.size[1] * (input->dims[2] / self->groups);
}

static void
conv2d_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const Conv2D *self = (const Conv2D *) layer;

  cnn_grouped_convolution2d (&self->window, (gsize) self->groups, &inputs[0],
      self->kernel, self->bias, output);
  cnn_activation_apply (layer->activation, output->data,
      (gsize) output->shape->dims[0] * output->shape->dims[1],
      output->shape->dims[2]);
}

static void
conv2d_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Conv2D *self = (const Conv2D *) layer;

  cnn_layer_backpropagate_activation (layer, job);
  cnn_layer_backpropagate_bias (job, self->bias);
  if (cnn_layer_run_backward (job))
    return;
  cnn_grouped_convolution2d_backpropagate (&self->window, (gsize) self->groups,
      &job->gradient, self->kernel, &job->input_gradients[0]);
}

static CnnOperation *
conv2d_make_backward (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output, const CnnFusion *fusion)
{
  const Conv2D *self = (const Conv2D *) layer;

  if (self->groups != 1)
    return NULL;
  return cnn_convolution_operation_new_backward (&self->window, input, output,
      self->kernel, fusion);
}

static CnnOperation *
conv2d_make_operation (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output, const CnnFusion *fusion)
{
  const Conv2D *self = (const Conv2D *) layer;

  if (self->groups != 1)
    return NULL;
  return cnn_convolution_operation_new (&self->window, input, output,
      self->kernel, self->bias, fusion);
}

const CnnLayerClass cnn_conv2d_class = {
  .name = "Conv2D",
  .instance_size = sizeof (Conv2D),
  .role = CNN_LAYER_ROLE_CONVOLUTION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = conv2d_configure,
  .infer_shape = conv2d_infer_shape,
  .declare = conv2d_declare,
  .count_macs = conv2d_count_macs,
  .run = conv2d_run,
  .backpropagate = conv2d_backpropagate,
  .make_backward = conv2d_make_backward,
  .make_operation = conv2d_make_operation,
};
