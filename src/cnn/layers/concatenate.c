/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include <string.h>

#include "base/model-error.h"
#include "cnn/kernels/reference.h"
#include "cnn/kernels/vector.h"

typedef struct {
  CnnLayer layer;
  gint axis;
} Concatenate;

static gboolean
concatenate_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Concatenate *self = (Concatenate *) layer;

  self->axis = -1;
  return cnn_layer_configure_axis (&self->axis, config, error);
}

/* Whether two shapes are the same but for one dimension. */
static gboolean
shapes_fit (const CnnShape *a, const CnnShape *b, guint dimension)
{
  CnnShape other = *b;

  other.dims[dimension] = a->dims[dimension];
  return cnn_shape_equal (a, &other);
}

static gboolean
concatenate_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Concatenate *self = (const Concatenate *) layer;
  guint dimension;
  gint64 size = 0;

  if (!cnn_layer_check_axis (self->axis, &inputs[0], error))
    return FALSE;
  dimension = (guint) cnn_layer_find_dimension (self->axis, &inputs[0]);
  *output = inputs[0];
  for (guint i = 0; i < n_inputs; i++) {
    if (!shapes_fit (&inputs[0], &inputs[i], dimension)) {
      g_autofree gchar *a = cnn_shape_to_string (&inputs[0]);
      g_autofree gchar *b = cnn_shape_to_string (&inputs[i]);

      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "its inputs of %s and %s do not fit", a, b);
      return FALSE;
    }
    size += inputs[i].dims[dimension];
  }
  return cnn_layer_set_dimension (output, dimension, size, error);
}

static void
concatenate_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const gint axis = ((const Concatenate *) layer)->axis;
  const guint dimension = (guint) cnn_layer_find_dimension (axis,
      output->shape);
  const CnnAxisView whole = cnn_axis_view (output->shape, dimension);
  gfloat *begin = output->data;

  for (guint i = 0; i < n_inputs; i++) {
    gsize part = inputs[i].shape->dims[dimension] * whole.inner;

    for (gsize o = 0; o < whole.outer; o++) {
      memcpy (begin + o * whole.length * whole.inner, inputs[i].data + o * part,
          part * sizeof *begin);
    }
    begin += part;
  }
}

static void
concatenate_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const gint axis = ((const Concatenate *) layer)->axis;
  const guint dimension = (guint) cnn_layer_find_dimension (axis,
      job->gradient.shape);
  const CnnAxisView whole = cnn_axis_view (job->gradient.shape, dimension);
  const gfloat *begin = job->gradient.data;

  for (guint i = 0; i < job->n_inputs; i++) {
    const CnnTensor *to = &job->input_gradients[i];
    const gsize part = (gsize) to->shape->dims[dimension] * whole.inner;

    for (gsize o = 0; o < whole.outer; o++) {
      cnn_add (to->data + o * part, begin + o * whole.length * whole.inner,
          part);
    }
    begin += part;
  }
}

const CnnLayerClass cnn_concatenate_class = {
  .name = "Concatenate",
  .instance_size = sizeof (Concatenate),
  .role = CNN_LAYER_ROLE_MERGE,
  .min_inputs = 1,
  .max_inputs = G_MAXUINT,
  .configure = concatenate_configure,
  .infer_shape = concatenate_infer_shape,
  .run = concatenate_run,
  .backpropagate = concatenate_backpropagate,
};
