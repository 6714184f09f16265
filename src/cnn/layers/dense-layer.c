/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference.h"
#include "cnn/plan/kernel-operations.h"

typedef struct {
  CnnLayer layer;
  gint units;
  gboolean use_bias;
  gfloat *kernel; /* inputs x units */
  gfloat *bias;   /* units, or NULL */
} Dense;

static gboolean
dense_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Dense *self = (Dense *) layer;

  self->use_bias = TRUE;
  return json_get_integer (config, "units", 1, CNN_MAX_DIMENSION, &self->units,
             error)
      && json_get_boolean (config, "use_bias", &self->use_bias, error)
      && cnn_layer_configure_activation (layer, config, error);
}

/* Works on the last axis, as in Keras. */
static gboolean
dense_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  if (inputs[0].rank == 0) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "needs a vector, but its input is a scalar");
    return FALSE;
  }
  *output = inputs[0];
  output->dims[output->rank - 1] = ((const Dense *) layer)->units;
  return TRUE;
}

static guint
dense_declare (CnnLayer *layer, const CnnShape *input, CnnVariable *variables)
{
  Dense *self = (Dense *) layer;

  variables[0] = (CnnVariable) { "kernel", NULL, TRUE,
    { 2, { input->dims[input->rank - 1], self->units } }, &self->kernel };
  variables[1] = (CnnVariable) { "bias", NULL, TRUE, { 1, { self->units } },
    &self->bias };
  return self->use_bias ? 2 : 1;
}

static guint64
dense_count_macs (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output)
{
  return (guint64) cnn_shape_size (output) * input->dims[input->rank - 1];
}

static void
dense_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const Dense *self = (const Dense *) layer;
  const CnnShape *shape = inputs[0].shape;
  const gsize values = cnn_shape_get_channels (shape);
  const gsize rows = cnn_shape_size (shape) / values;
  const gsize units = (gsize) self->units;

  for (gsize row = 0; row < rows; row++) {
    cnn_dense (inputs[0].data + row * values, values, self->kernel, self->bias,
        units, output->data + row * units);
  }
  cnn_layer_apply_activation (layer, output);
}

static void
dense_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Dense *self = (const Dense *) layer;
  const CnnShape *shape = job->inputs[0].shape;
  const gsize values = cnn_shape_get_channels (shape);
  const gsize rows = cnn_shape_size (shape) / values;
  const gsize units = (gsize) self->units;

  cnn_layer_backpropagate_activation (layer, job);
  cnn_layer_backpropagate_bias (job, self->bias);
  for (gsize row = 0; row < rows; row++) {
    cnn_dense_backpropagate (job->gradient.data + row * units, values,
        self->kernel, units, job->input_gradients[0].data + row * values);
  }
}

static CnnOperation *
dense_make_operation (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, const CnnShape *output, const CnnFusion *fusion)
{
  const Dense *self = (const Dense *) layer;

  return cnn_dense_operation_new (self->kernel, self->bias,
      inputs[0].dims[inputs[0].rank - 1], self->units, fusion);
}

const CnnLayerClass cnn_dense_class = {
  .name = "Dense",
  .instance_size = sizeof (Dense),
  .role = CNN_LAYER_ROLE_DENSE,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = dense_configure,
  .infer_shape = dense_infer_shape,
  .declare = dense_declare,
  .count_macs = dense_count_macs,
  .run = dense_run,
  .backpropagate = dense_backpropagate,
  .make_operation = dense_make_operation,
};
