/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "cnn/kernels/reference-window.h"
#include "cnn/plan/kernel-operations.h"

typedef struct {
  CnnLayer layer;
  CnnWindow window;
} Pooling2D;

static gboolean
pooling2d_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Pooling2D *self = (Pooling2D *) layer;
  CnnWindow *window = &self->window;

  window->size[0] = window->size[1] = 2;
  if (!cnn_window_configure (window, config, "pool_size", error))
    return FALSE;
  window->dilation[0] = window->dilation[1] = 1;
  /* Without strides of its own a pool moves by its size. */
  for (guint axis = 0; axis < 2; axis++) {
    if (window->stride[axis] == 0)
      window->stride[axis] = window->size[axis];
  }
  return TRUE;
}

static gboolean
pooling2d_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  return cnn_window_infer_shape (&((const Pooling2D *) layer)->window,
      &inputs[0], inputs[0].dims[2], output, error);
}

static guint64
pooling2d_count_macs (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output)
{
  const CnnWindow *window = &((const Pooling2D *) layer)->window;

  return (guint64) cnn_shape_size (output)
      * MIN (window->size[0], input->dims[0])
      * MIN (window->size[1], input->dims[1]);
}

static void
max_pooling2d_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  cnn_max_pooling2d (&((const Pooling2D *) layer)->window, &inputs[0], output);
}

static void
average_pooling2d_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  cnn_average_pooling2d (&((const Pooling2D *) layer)->window, &inputs[0],
      output);
}

static void
max_pooling2d_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  cnn_max_pooling2d_backpropagate (&((const Pooling2D *) layer)->window,
      &job->inputs[0], &job->gradient, &job->input_gradients[0]);
}

static void
average_pooling2d_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  cnn_average_pooling2d_backpropagate (&((const Pooling2D *) layer)->window,
      &job->gradient, &job->input_gradients[0]);
}

static CnnOperation *
max_pooling2d_make_operation (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output, const CnnFusion *fusion)
{
  return cnn_pooling_operation_new (&((const Pooling2D *) layer)->window, input,
      output, FALSE, fusion);
}

static CnnOperation *
average_pooling2d_make_operation (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output, const CnnFusion *fusion)
{
  return cnn_pooling_operation_new (&((const Pooling2D *) layer)->window, input,
      output, TRUE, fusion);
}

/* Padding "same" adds cells where the size is odd; "valid" drops them. */
static gboolean
max_pooling2d_is_2x2 (const CnnLayer *layer)
{
  const CnnWindow *window = &((const Pooling2D *) layer)->window;

  return window->size[0] == 2 && window->size[1] == 2 && window->stride[0] == 2
      && window->stride[1] == 2 && !window->same;
}

const CnnLayerClass cnn_max_pooling2d_class = {
  .name = "MaxPooling2D",
  .instance_size = sizeof (Pooling2D),
  .role = CNN_LAYER_ROLE_POOLING,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = pooling2d_configure,
  .infer_shape = pooling2d_infer_shape,
  .count_macs = pooling2d_count_macs,
  .run = max_pooling2d_run,
  .backpropagate = max_pooling2d_backpropagate,
  .make_operation = max_pooling2d_make_operation,
  .is_2x2_max_pool = max_pooling2d_is_2x2,
};

const CnnLayerClass cnn_average_pooling2d_class = {
  .name = "AveragePooling2D",
  .instance_size = sizeof (Pooling2D),
  .role = CNN_LAYER_ROLE_POOLING,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = pooling2d_configure,
  .infer_shape = pooling2d_infer_shape,
  .count_macs = pooling2d_count_macs,
  .run = average_pooling2d_run,
  .backpropagate = average_pooling2d_backpropagate,
  .make_operation = average_pooling2d_make_operation,
};
