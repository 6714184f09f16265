/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"

/**
 * Reshape:
 * @target: its dimension @open, if there is one, is whatever is left
 */
typedef struct {
  CnnLayer layer;
  CnnShape target;
  gint open;
} Reshape;

static gboolean
flatten_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Reshape *self = (Reshape *) layer;

  self->target = (CnnShape) { 1, { 1 } };
  self->open = 0;
  return cnn_layer_check_data_format (config, error);
}

static gboolean
is_open (const cJSON *dimension)
{
  return cJSON_IsNull (dimension)
      || (cJSON_IsNumber (dimension) && dimension->valuedouble == -1.0);
}

static gboolean
reshape_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Reshape *self = (Reshape *) layer;
  const cJSON *list = json_get (config, "target_shape");
  const cJSON *dimension;

  self->open = -1;
  if (!cJSON_IsArray (list) || cJSON_GetArraySize (list) > CNN_MAX_RANK) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'target_shape' is no list of at most %d dimensions", CNN_MAX_RANK);
    return FALSE;
  }
  cJSON_ArrayForEach (dimension, list)
  {
    gint *size = &self->target.dims[self->target.rank];

    *size = 1;
    if (is_open (dimension) && self->open < 0)
      self->open = (gint) self->target.rank;
    else if (!json_to_integer (dimension, "target_shape", 1, CNN_MAX_DIMENSION,
                 size, error))
      return FALSE;
    self->target.rank++;
  }
  return TRUE;
}

static gboolean
reshape_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Reshape *self = (const Reshape *) layer;
  gsize count = cnn_shape_size (&inputs[0]);
  gsize target;

  *output = self->target;
  if (!cnn_shape_count (output, &target) || count % target != 0
      || (self->open < 0 && count != target)) {
    g_autofree gchar *from = cnn_shape_to_string (&inputs[0]);
    g_autofree gchar *to = cnn_shape_to_string (output);

    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "its input of %s does not fit its 'target_shape' of %s", from, to);
    return FALSE;
  }
  return self->open < 0
      || cnn_layer_set_dimension (output, (guint) self->open,
          (gint64) (count / target), error);
}

/* Values lie in memory in the order of both shapes. */
const CnnLayerClass cnn_flatten_class = {
  .name = "Flatten",
  .instance_size = sizeof (Reshape),
  .role = CNN_LAYER_ROLE_VIEW,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = flatten_configure,
  .infer_shape = reshape_infer_shape,
};

const CnnLayerClass cnn_reshape_class = {
  .name = "Reshape",
  .instance_size = sizeof (Reshape),
  .role = CNN_LAYER_ROLE_VIEW,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = reshape_configure,
  .infer_shape = reshape_infer_shape,
};
