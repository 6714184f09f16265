/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference.h"

/**
 * PRelu:
 * @shared: bit for each axis, counted from 1, on which all values have the
 *   same slope
 * @alpha: slopes below zero, repeated on shared axes
 */
typedef struct {
  CnnLayer layer;
  guint shared;
  CnnShape shape;
  gfloat *alpha;
} PRelu;

static gboolean
prelu_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  PRelu *self = (PRelu *) layer;
  const cJSON *axes = json_get (config, "shared_axes");
  const cJSON *item;
  gint axis;

  if (cJSON_IsNumber (axes)) {
    if (!json_to_integer (axes, "shared_axes", 1, CNN_MAX_RANK, &axis, error))
      return FALSE;
    self->shared = 1u << axis;
    return TRUE;
  }
  if (axes && !cJSON_IsArray (axes)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'shared_axes' is no list of axes");
    return FALSE;
  }
  cJSON_ArrayForEach (item, axes)
  {
    if (!json_to_integer (item, "shared_axes", 1, CNN_MAX_RANK, &axis, error))
      return FALSE;
    self->shared |= 1u << axis;
  }
  return TRUE;
}

static gboolean
prelu_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const PRelu *self = (const PRelu *) layer;

  *output = inputs[0];
  if (self->shared >> (inputs[0].rank + 1) == 0)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'shared_axes' has an axis beyond the %u of its input", inputs[0].rank);
  return FALSE;
}

static guint
prelu_declare (CnnLayer *layer, const CnnShape *input, CnnVariable *variables)
{
  PRelu *self = (PRelu *) layer;

  self->shape = *input;
  for (guint i = 0; i < input->rank; i++) {
    if (self->shared & 1u << (i + 1))
      self->shape.dims[i] = 1;
  }
  variables[0] = (CnnVariable) { "alpha", NULL, TRUE, self->shape,
    &self->alpha };
  return 1;
}

/* alpha * min (x, 0) + max (x, 0) */
static void
prelu_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const PRelu *self = (const PRelu *) layer;
  const CnnTensor alpha = { &self->shape, self->alpha };
  const gfloat *values = inputs[0].data;
  const gsize size = cnn_shape_size (output->shape);

  cnn_combine (CNN_COMBINATION_COPY, &alpha, output);
  for (gsize i = 0; i < size; i++)
    output->data[i] = values[i] < 0.0f ? output->data[i] * values[i]
                                       : values[i];
}

static void
prelu_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const PRelu *self = (const PRelu *) layer;
  const CnnTensor alpha = { &self->shape, self->alpha };
  const CnnTensor slopes = { job->output.shape, job->scratch };
  const gfloat *values = job->inputs[0].data;
  const gsize size = cnn_shape_size (job->output.shape);

  cnn_combine (CNN_COMBINATION_COPY, &alpha, &slopes);
  for (gsize i = 0; i < size; i++) {
    job->input_gradients[0].data[i] += values[i] > 0.0f
        ? job->gradient.data[i]
        : job->gradient.data[i] * slopes.data[i];
  }
}

const CnnLayerClass cnn_prelu_class = {
  .name = "PReLU",
  .instance_size = sizeof (PRelu),
  .role = CNN_LAYER_ROLE_ACTIVATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = prelu_configure,
  .infer_shape = prelu_infer_shape,
  .declare = prelu_declare,
  .run = prelu_run,
  .backpropagate = prelu_backpropagate,
};
