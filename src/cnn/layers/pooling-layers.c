/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "cnn/kernels/reference-window.h"
#include "cnn/plan/kernel-operations.h"
#include "cnn/window.h"

/**
 * Pooling2D:
 * @window: window of MaxPooling2D and AveragePooling2D
 * @keep_dimensions: whether global pooling gives 1x1xC rather than C
 */
typedef struct {
  CnnLayer layer;
  CnnWindow window;
  gboolean keep_dimensions;
} Pooling2D;

static gboolean
is_global (const CnnLayer *layer)
{
  return layer->class->role == CNN_LAYER_ROLE_GLOBAL_POOLING;
}

/* The window of global pooling covers the whole input. */
static CnnWindow
get_window (const CnnLayer *layer, const CnnShape *input)
{
  if (!is_global (layer))
    return ((const Pooling2D *) layer)->window;
  return (CnnWindow) { .size = { input->dims[0], input->dims[1] },
    .stride = { 1, 1 },
    .dilation = { 1, 1 } };
}

/* The shape of the map that pooling with the window gives. For global pooling
 * it is a single cell, even if the layer does not keep the dimensions. */
static CnnShape
get_map (const CnnLayer *layer, const CnnShape *input, const CnnShape *output)
{
  if (!is_global (layer))
    return *output;
  return (CnnShape) { 3, { 1, 1, input->dims[2] } };
}

static gboolean
pooling2d_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  CnnWindow *window = &((Pooling2D *) layer)->window;

  window->size[0] = window->size[1] = 2;
  if (!cnn_layer_configure_window (window, config, "pool_size", error))
    return FALSE;
  window->dilation[0] = window->dilation[1] = 1;
  /* Strides default to the size of the pool. */
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

static CnnReach
pooling2d_get_reach (const CnnLayer *layer, guint axis, gint input, gint output,
    gint cell)
{
  return cnn_window_get_reach (&((const Pooling2D *) layer)->window, axis,
      input, output, cell);
}

static guint64
pooling2d_count_macs (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output)
{
  const CnnWindow *window = &((const Pooling2D *) layer)->window;

  return (guint64) cnn_shape_size (output)
      * (guint64) MIN (window->size[0], input->dims[0])
      * (guint64) MIN (window->size[1], input->dims[1]);
}

static gboolean
global_pooling2d_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  Pooling2D *self = (Pooling2D *) layer;

  return cnn_layer_check_data_format (config, error)
      && json_get_boolean (config, "keepdims", &self->keep_dimensions, error);
}

static gboolean
global_pooling2d_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const gint channels = inputs[0].dims[2];

  if (!cnn_shape_check_feature_map (&inputs[0], error))
    return FALSE;
  if (((const Pooling2D *) layer)->keep_dimensions)
    *output = (CnnShape) { 3, { 1, 1, channels } };
  else
    *output = (CnnShape) { 1, { channels } };
  return TRUE;
}

static void
max_pooling2d_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const CnnWindow window = get_window (layer, inputs[0].shape);
  const CnnShape shape = get_map (layer, inputs[0].shape, output->shape);
  const CnnTensor map = { &shape, output->data };

  cnn_max_pooling2d (&window, &inputs[0], &map);
}

static void
average_pooling2d_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const CnnWindow window = get_window (layer, inputs[0].shape);
  const CnnShape shape = get_map (layer, inputs[0].shape, output->shape);
  const CnnTensor map = { &shape, output->data };

  cnn_average_pooling2d (&window, &inputs[0], &map);
}

static void
max_pooling2d_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const CnnShape *input = job->inputs[0].shape;
  const CnnWindow window = get_window (layer, input);
  const CnnShape shape = get_map (layer, input, job->gradient.shape);
  const CnnTensor gradient = { &shape, job->gradient.data };

  cnn_max_pooling2d_backpropagate (&window, &job->inputs[0], &gradient,
      &job->input_gradients[0]);
}

static void
average_pooling2d_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const CnnShape *input = job->inputs[0].shape;
  const CnnWindow window = get_window (layer, input);
  const CnnShape shape = get_map (layer, input, job->gradient.shape);
  const CnnTensor gradient = { &shape, job->gradient.data };

  cnn_average_pooling2d_backpropagate (&window, &gradient,
      &job->input_gradients[0]);
}

static CnnOperation *
make_operation (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output, gboolean average, const CnnFusion *fusion)
{
  const CnnWindow window = get_window (layer, input);
  const CnnShape map = get_map (layer, input, output);

  return cnn_pooling_operation_new (&window, input, &map, average, fusion);
}

static CnnOperation *
max_pooling2d_make_operation (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, const CnnShape *output, const CnnFusion *fusion)
{
  return make_operation (layer, &inputs[0], output, FALSE, fusion);
}

static CnnOperation *
average_pooling2d_make_operation (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, const CnnShape *output, const CnnFusion *fusion)
{
  return make_operation (layer, &inputs[0], output, TRUE, fusion);
}

/* If the size is odd, padding "same" adds cells and "valid" drops them. */
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
  .get_reach = pooling2d_get_reach,
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
  .get_reach = pooling2d_get_reach,
  .backpropagate = average_pooling2d_backpropagate,
  .make_operation = average_pooling2d_make_operation,
};

const CnnLayerClass cnn_global_max_pooling2d_class = {
  .name = "GlobalMaxPooling2D",
  .instance_size = sizeof (Pooling2D),
  .role = CNN_LAYER_ROLE_GLOBAL_POOLING,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = global_pooling2d_configure,
  .infer_shape = global_pooling2d_infer_shape,
  .run = max_pooling2d_run,
  .backpropagate = max_pooling2d_backpropagate,
  .make_operation = max_pooling2d_make_operation,
};

const CnnLayerClass cnn_global_average_pooling2d_class = {
  .name = "GlobalAveragePooling2D",
  .instance_size = sizeof (Pooling2D),
  .role = CNN_LAYER_ROLE_GLOBAL_POOLING,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = global_pooling2d_configure,
  .infer_shape = global_pooling2d_infer_shape,
  .run = average_pooling2d_run,
  .backpropagate = average_pooling2d_backpropagate,
  .make_operation = average_pooling2d_make_operation,
};
