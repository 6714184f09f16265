/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include <math.h>

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
configure_values (const cJSON *values_or_array, const gchar *key,
    CnnShape *shape, gfloat **values, GError **error)
{
  const cJSON *item = json_get_flat (values_or_array);
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
check_values (const CnnShape *values, const CnnShape *input, const gchar *names,
    GError **error)
{
  gint channels = input->rank > 0 ? input->dims[input->rank - 1] : 0;

  if (input->rank > 0 && (values->dims[0] == 1 || values->dims[0] == channels))
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "%s has %d values, but its input %d channels", names, values->dims[0],
      channels);
  return FALSE;
}

static gboolean
rescaling_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Rescaling *self = (const Rescaling *) layer;

  *output = inputs[0];
  return check_values (&self->scale_shape, &inputs[0], "'scale'", error)
      && check_values (&self->offset_shape, &inputs[0], "'offset'", error);
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

/**
 * Normalization:
 * @base: what it amounts to, once it is prepared
 * @axis: axis of the channels, the last one
 * @invert: whether to undo a normalisation
 * @whole: whether all channels have the same mean and variance
 * @given: whether the configuration has the mean and the variance, which are in
 *   the offset and the scale of @base until it is prepared
 * @count: number of values that the statistics are made of, which does not
 *   matter here
 *
 * (x - mean) / max (sqrt (variance), 1e-7), or the inverse of that.
 */
typedef struct {
  Rescaling base;
  gint axis;
  gboolean invert;
  gboolean whole;
  gboolean given;
  gfloat *mean;
  gfloat *variance;
  gfloat *count;
} Normalization;

static gboolean
normalization_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Normalization *self = (Normalization *) layer;
  Rescaling *base = &self->base;
  const cJSON *mean = json_get (config, "mean");

  self->axis = -1;
  self->whole = cJSON_HasObjectItem (config, "axis")
      && !json_get (config, "axis");
  self->given = mean != NULL;
  if (!cnn_layer_configure_axis (&self->axis, config, error)
      || !json_get_boolean (config, "invert", &self->invert, error))
    return FALSE;
  return !mean
      || (configure_values (mean, "mean", &base->offset_shape, &base->offset,
              error)
          && configure_values (json_get (config, "variance"), "variance",
              &base->scale_shape, &base->scale, error));
}

static gboolean
normalization_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Normalization *self = (const Normalization *) layer;

  *output = inputs[0];
  if (!cnn_layer_check_axis (self->axis, &inputs[0], error))
    return FALSE;
  if (cnn_layer_find_dimension (self->axis, &inputs[0])
      != (gint) inputs[0].rank - 1) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "'axis' is not the last one, which is not supported");
    return FALSE;
  }
  return !self->given
      || (check_values (&self->base.offset_shape, &inputs[0], "'mean'", error)
          && check_values (&self->base.scale_shape, &inputs[0], "'variance'",
              error));
}

static guint
normalization_declare (CnnLayer *layer, const CnnShape *input,
    CnnVariable *variables)
{
  Normalization *self = (Normalization *) layer;
  CnnShape shape = { 1, { input->dims[input->rank - 1] } };

  if (self->given)
    return 0;
  if (self->whole)
    shape = (CnnShape) { 0 };
  variables[0] = (CnnVariable) { "mean", NULL, FALSE, shape, &self->mean };
  variables[1] = (CnnVariable) { "variance", NULL, FALSE, shape,
    &self->variance };
  variables[2] = (CnnVariable) { "count", NULL, FALSE, { 0 }, &self->count };
  return 3;
}

/* Turns a variance into the factor of its channel. */
static gboolean
normalization_invert_variance (const Normalization *self, gfloat *variance,
    GError **error)
{
  const gdouble deviation = fmax (sqrt (*variance), 1e-7);

  if (!(*variance >= 0.0f)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'variance' is %g, below 0", *variance);
    return FALSE;
  }
  *variance = (gfloat) (self->invert ? deviation : 1.0 / deviation);
  return TRUE;
}

static void
normalization_copy_weights (Normalization *self)
{
  Rescaling *base = &self->base;
  const CnnShape *shape = &self->base.layer.variables[0].shape;
  const gsize count = cnn_shape_size (shape);

  base->scale_shape = base->offset_shape = (CnnShape) { 1, { (gint) count } };
  base->offset = g_memdup2 (self->mean, count * sizeof (gfloat));
  base->scale = g_memdup2 (self->variance, count * sizeof (gfloat));
}

static gboolean
normalization_prepare (CnnLayer *layer, GError **error)
{
  Normalization *self = (Normalization *) layer;
  Rescaling *base = &self->base;
  gint n_means, n_variances;

  if (!self->given)
    normalization_copy_weights (self);
  n_means = base->offset_shape.dims[0];
  n_variances = base->scale_shape.dims[0];
  for (gint i = 0; i < n_variances; i++) {
    if (!normalization_invert_variance (self, &base->scale[i], error))
      return FALSE;
  }
  if (n_means != n_variances) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'mean' has %d values, but 'variance' %d", n_means, n_variances);
    return FALSE;
  }
  for (gint i = 0; i < n_means && !self->invert; i++)
    base->offset[i] *= -base->scale[i];
  return TRUE;
}

const CnnLayerClass cnn_normalization_class = {
  .name = "Normalization",
  .instance_size = sizeof (Normalization),
  .role = CNN_LAYER_ROLE_NORMALIZATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = normalization_configure,
  .infer_shape = normalization_infer_shape,
  .declare = normalization_declare,
  .prepare = normalization_prepare,
  .run = rescaling_run,
  .backpropagate = rescaling_backpropagate,
  .clear = rescaling_clear,
};
