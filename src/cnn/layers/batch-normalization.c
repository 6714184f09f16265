/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include <math.h>

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference.h"

/**
 * BatchNormalization:
 * @gamma: (nullable)
 * @beta: (nullable)
 * @factor: gamma / sqrt (variance + epsilon)
 * @shift: beta - mean * factor
 *
 * gamma * (x - mean) / sqrt (variance + epsilon) + beta, along @axis.
 */
typedef struct {
  CnnLayer layer;
  gint axis;
  gdouble epsilon;
  gboolean scale;
  gboolean center;
  gsize length;
  gfloat *gamma;
  gfloat *beta;
  gfloat *mean;
  gfloat *variance;
  gfloat *factor;
  gfloat *shift;
} BatchNormalization;

static gboolean
batch_normalization_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  BatchNormalization *self = (BatchNormalization *) layer;

  self->axis = -1;
  self->epsilon = 1e-3;
  self->scale = self->center = TRUE;
  return cnn_layer_configure_axis (&self->axis, config, error)
      && json_get_number (config, "epsilon", &self->epsilon, error)
      && json_get_boolean (config, "scale", &self->scale, error)
      && json_get_boolean (config, "center", &self->center, error);
}

static gboolean
batch_normalization_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  *output = inputs[0];
  return cnn_layer_check_axis (((const BatchNormalization *) layer)->axis,
      &inputs[0], error);
}

static guint
batch_normalization_declare (CnnLayer *layer, const CnnShape *input,
    CnnVariable *variables)
{
  BatchNormalization *self = (BatchNormalization *) layer;
  const gint length = input->dims[cnn_layer_find_dimension (self->axis, input)];
  const CnnShape shape = { 1, { length } };
  guint n = 0;

  self->length = (gsize) length;
  if (self->scale)
    variables[n++] = (CnnVariable) { "gamma", NULL, TRUE, shape, &self->gamma };
  if (self->center)
    variables[n++] = (CnnVariable) { "beta", NULL, TRUE, shape, &self->beta };
  variables[n++] = (CnnVariable) { "moving_mean", NULL, FALSE, shape,
    &self->mean };
  variables[n++] = (CnnVariable) { "moving_variance", NULL, FALSE, shape,
    &self->variance };
  return n;
}

static gboolean
batch_normalization_prepare (CnnLayer *layer, GError **error)
{
  BatchNormalization *self = (BatchNormalization *) layer;

  self->factor = g_new (gfloat, self->length);
  self->shift = g_new (gfloat, self->length);
  for (gsize i = 0; i < self->length; i++) {
    gdouble variance = self->variance[i] + self->epsilon;
    gdouble factor = (self->gamma ? self->gamma[i] : 1.0) / sqrt (variance);

    if (!(variance > 0.0) || !(fabs (factor) <= G_MAXFLOAT)) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'moving_variance' of channel %" G_GSIZE_FORMAT " is %g, which with "
          "'epsilon' %g cannot be divided by",
          i, self->variance[i], self->epsilon);
      return FALSE;
    }
    self->factor[i] = (gfloat) factor;
    self->shift[i] = (gfloat) ((self->beta ? self->beta[i] : 0.0)
        - self->mean[i] * factor);
  }
  return TRUE;
}

static void
batch_normalization_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const BatchNormalization *self = (const BatchNormalization *) layer;
  const CnnShape *shape = output->shape;
  const CnnAxisView view = cnn_axis_view (shape,
      (guint) cnn_layer_find_dimension (self->axis, shape));
  const gfloat *values = inputs[0].data;
  gfloat *normalized = output->data;

  for (gsize o = 0; o < view.outer; o++) {
    for (gsize k = 0; k < view.length; k++) {
      const gfloat beta = self->beta ? self->beta[k] : 0.0f;

      for (gsize i = 0; i < view.inner; i++) {
        *normalized++ = (*values++ - self->mean[k]) * self->factor[k] + beta;
      }
    }
  }
}

static void
batch_normalization_backpropagate (const CnnLayer *layer,
    CnnBackpropagation *job)
{
  const BatchNormalization *self = (const BatchNormalization *) layer;
  const CnnShape *shape = job->gradient.shape;
  const CnnAxisView view = cnn_axis_view (shape,
      (guint) cnn_layer_find_dimension (self->axis, shape));
  const gfloat *gradient = job->gradient.data;
  gfloat *input_gradient = job->input_gradients[0].data;

  for (gsize o = 0; o < view.outer; o++) {
    for (gsize k = 0; k < view.length; k++) {
      for (gsize i = 0; i < view.inner; i++) {
        job->constant += (gdouble) *gradient * self->shift[k];
        *input_gradient++ += *gradient++ * self->factor[k];
      }
    }
  }
}

static void
batch_normalization_clear (CnnLayer *layer)
{
  BatchNormalization *self = (BatchNormalization *) layer;

  g_free (self->factor);
  g_free (self->shift);
}

static gboolean
batch_normalization_get_affine (const CnnLayer *layer, const CnnShape *input,
    const gfloat **factor, const gfloat **shift)
{
  const BatchNormalization *self = (const BatchNormalization *) layer;

  if (cnn_layer_find_dimension (self->axis, input) != (gint) input->rank - 1)
    return FALSE;
  *factor = self->factor;
  *shift = self->shift;
  return TRUE;
}

const CnnLayerClass cnn_batch_normalization_class = {
  .name = "BatchNormalization",
  .instance_size = sizeof (BatchNormalization),
  .role = CNN_LAYER_ROLE_NORMALIZATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = batch_normalization_configure,
  .infer_shape = batch_normalization_infer_shape,
  .declare = batch_normalization_declare,
  .prepare = batch_normalization_prepare,
  .run = batch_normalization_run,
  .backpropagate = batch_normalization_backpropagate,
  .get_affine = batch_normalization_get_affine,
  .clear = batch_normalization_clear,
};
