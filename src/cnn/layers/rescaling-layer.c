/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference.h"

/**
 * Rescaling:
 * @scale: one value, or one per channel
 *
 * x * scale + offset.
 */
typedef struct {
  CnnLayer layer;
  CnnShape scale_shape;
  CnnShape offset_shape;
  gfloat *scale;
  gfloat *offset;
} Rescaling;

/* Reads a number or a list of numbers. */
static gboolean
configure_values (const cJSON *item, const gchar *key, CnnShape *shape,
    gfloat **values, GError **error)
{
  const cJSON *first = cJSON_IsArray (item) ? item->child : item;
  gint count = cJSON_IsArray (item) ? cJSON_GetArraySize (item) : 1;
  gdouble value;

  if (count < 1 || count > CNN_MAX_DIMENSION) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "'%s' has no values",
        key);
    return FALSE;
  }
  *shape = (CnnShape) { 1, { count } };
  *values = g_new (gfloat, (gsize) count);
  for (gint i = 0; i < count; i++, first = first->next) {
    if (!json_to_number (first, key, &value, error))
      return FALSE;
    (*values)[i] = (gfloat) value;
  }
  return TRUE;
}

static gboolean
rescaling_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Rescaling *self = (Rescaling *) layer;
  const cJSON *offset = json_get (config, "offset");

  if (!configure_values (json_get (config, "scale"), "scale",
          &self->scale_shape, &self->scale, error))
    return FALSE;
  if (offset) {
    return configure_values (offset, "offset", &self->offset_shape,
        &self->offset, error);
  }
  self->offset_shape = (CnnShape) { 1, { 1 } };
  self->offset = g_new0 (gfloat, 1);
  return TRUE;
}

static gboolean
check_values (const CnnShape *values, const CnnShape *input, GError **error)
{
  gint channels = input->rank > 0 ? input->dims[input->rank - 1] : 0;

  if (input->rank > 0 && (values->dims[0] == 1 || values->dims[0] == channels))
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'scale' or 'offset' has %d values, but its input %d channels",
      values->dims[0], channels);
  return FALSE;
}

static gboolean
rescaling_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Rescaling *self = (const Rescaling *) layer;

  *output = inputs[0];
  return check_values (&self->scale_shape, &inputs[0], error)
      && check_values (&self->offset_shape, &inputs[0], error);
}

static void
rescaling_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const Rescaling *self = (const Rescaling *) layer;
  const CnnTensor scale = { &self->scale_shape, self->scale };
  const CnnTensor offset = { &self->offset_shape, self->offset };

  cnn_combine (CNN_COMBINATION_COPY, &inputs[0], output);
  cnn_combine (CNN_COMBINATION_MULTIPLY, &scale, output);
  cnn_combine (CNN_COMBINATION_ADD, &offset, output);
}

static void
rescaling_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Rescaling *self = (const Rescaling *) layer;
  const CnnTensor scale = { &self->scale_shape, self->scale };
  const CnnTensor offset = { &self->offset_shape, self->offset };
  const CnnTensor product = { job->output.shape, job->scratch };
  const gsize size = cnn_shape_size (job->output.shape);

  cnn_combine (CNN_COMBINATION_COPY, &job->gradient, &product);
  cnn_combine (CNN_COMBINATION_MULTIPLY, &offset, &product);
  for (gsize i = 0; i < size; i++)
    job->constant += product.data[i];
  cnn_combine (CNN_COMBINATION_MULTIPLY, &scale, &job->gradient);
  cnn_sum_repeated (&job->gradient, &job->input_gradients[0]);
}

static void
rescaling_clear (CnnLayer *layer)
{
  Rescaling *self = (Rescaling *) layer;

  g_free (self->scale);
  g_free (self->offset);
}

const CnnLayerClass cnn_rescaling_class = {
  .name = "Rescaling",
  .instance_size = sizeof (Rescaling),
  .role = CNN_LAYER_ROLE_NORMALIZATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = rescaling_configure,
  .infer_shape = rescaling_infer_shape,
  .run = rescaling_run,
  .backpropagate = rescaling_backpropagate,
  .clear = rescaling_clear,
};
