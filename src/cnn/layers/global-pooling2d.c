/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "cnn/kernels/reference-window.h"
#include "cnn/plan/kernel-operations.h"

/**
 * GlobalPooling2D:
 * @keep_dimensions: the output is 1x1xC rather than C
 */
typedef struct {
  CnnLayer layer;
  gboolean keep_dimensions;
} GlobalPooling2D;

static gboolean
global_pooling2d_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  GlobalPooling2D *self = (GlobalPooling2D *) layer;

  return cnn_layer_check_data_format (config, error)
      && json_get_boolean (config, "keepdims", &self->keep_dimensions, error);
}

static gboolean
global_pooling2d_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const gint channels = inputs[0].dims[2];

  if (!cnn_layer_check_feature_map (&inputs[0], error))
    return FALSE;
  if (((const GlobalPooling2D *) layer)->keep_dimensions)
    *output = (CnnShape) { 3, { 1, 1, channels } };
  else
    *output = (CnnShape) { 1, { channels } };
  return TRUE;
}

/* One window that covers the whole input. */
static CnnWindow
get_window (const CnnShape *input)
{
  return (CnnWindow) { .size = { input->dims[0], input->dims[1] },
    .stride = { 1, 1 },
    .dilation = { 1, 1 } };
}

/* One value a channel as the cell that the window gives. */
static CnnShape
get_cell_shape (const CnnShape *input)
{
  return (CnnShape) { 3, { 1, 1, input->dims[2] } };
}

static void
global_average_pooling2d_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const CnnWindow window = get_window (inputs[0].shape);
  const CnnShape shape = get_cell_shape (inputs[0].shape);
  const CnnTensor cell = { &shape, output->data };

  cnn_average_pooling2d (&window, &inputs[0], &cell);
}

static void
global_max_pooling2d_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const CnnWindow window = get_window (inputs[0].shape);
  const CnnShape shape = get_cell_shape (inputs[0].shape);
  const CnnTensor cell = { &shape, output->data };

  cnn_max_pooling2d (&window, &inputs[0], &cell);
}

static void
global_average_pooling2d_backpropagate (const CnnLayer *layer,
    CnnBackpropagation *job)
{
  const CnnWindow window = get_window (job->inputs[0].shape);
  const CnnShape shape = get_cell_shape (job->inputs[0].shape);
  const CnnTensor cell = { &shape, job->gradient.data };

  cnn_average_pooling2d_backpropagate (&window, &cell,
      &job->input_gradients[0]);
}

static void
global_max_pooling2d_backpropagate (const CnnLayer *layer,
    CnnBackpropagation *job)
{
  const CnnWindow window = get_window (job->inputs[0].shape);
  const CnnShape shape = get_cell_shape (job->inputs[0].shape);
  const CnnTensor cell = { &shape, job->gradient.data };

  cnn_max_pooling2d_backpropagate (&window, &job->inputs[0], &cell,
      &job->input_gradients[0]);
}

static CnnOperation *
make_operation (const CnnShape *input, gboolean average,
    const CnnFusion *fusion)
{
  const CnnWindow window = get_window (input);
  const CnnShape cell = get_cell_shape (input);

  return cnn_pooling_operation_new (&window, input, &cell, average, fusion);
}

static CnnOperation *
global_average_pooling2d_make_operation (const CnnLayer *layer,
    const CnnShape *input, const CnnShape *output, const CnnFusion *fusion)
{
  return make_operation (input, TRUE, fusion);
}

static CnnOperation *
global_max_pooling2d_make_operation (const CnnLayer *layer,
    const CnnShape *input, const CnnShape *output, const CnnFusion *fusion)
{
  return make_operation (input, FALSE, fusion);
}

#define GLOBAL_POOLING2D_CLASS(symbol, keras_name, function) \
  const CnnLayerClass symbol = {                             \
    .name = keras_name,                                      \
    .instance_size = sizeof (GlobalPooling2D),               \
    .role = CNN_LAYER_ROLE_GLOBAL_POOLING,                   \
    .min_inputs = 1,                                         \
    .max_inputs = 1,                                         \
    .configure = global_pooling2d_configure,                 \
    .infer_shape = global_pooling2d_infer_shape,             \
    .run = function##_run,                                   \
    .backpropagate = function##_backpropagate,               \
    .make_operation = function##_make_operation,             \
  }

GLOBAL_POOLING2D_CLASS (cnn_global_average_pooling2d_class,
    "GlobalAveragePooling2D", global_average_pooling2d);
GLOBAL_POOLING2D_CLASS (cnn_global_max_pooling2d_class, "GlobalMaxPooling2D",
    global_max_pooling2d);
