/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"

/**
 * InputLayer:
 * @key: key of the configuration from which the shape was read
 * @shape: shape of the input; open sizes are 0 until they are set
 */
typedef struct {
  CnnLayer layer;
  const gchar *key;
  CnnShape shape;
} InputLayer;

/* Keras 3 renamed the key; models that begin without an InputLayer have the
 * shape elsewhere. */
static const gchar *const shape_keys[] = { "batch_shape", "batch_input_shape",
  "build_input_shape", "input_shape" };

static gboolean
input_layer_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  InputLayer *self = (InputLayer *) layer;
  guint key = 0;

  while (key < G_N_ELEMENTS (shape_keys) - 1
      && !json_get (config, shape_keys[key]))
    key++;
  self->key = shape_keys[key];
  return cnn_shape_from_batch_json (json_get (config, self->key), self->key,
      &self->shape, error);
}

static gboolean
check_is_settled (const InputLayer *self, GError **error)
{
  const gboolean may_be_given = self->shape.rank == 3
      && self->shape.dims[2] > 0;

  for (guint i = 0; i < self->shape.rank; i++) {
    if (self->shape.dims[i] > 0)
      continue;
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "'%s' leaves a size open (null): %s", self->key,
        may_be_given
            ? "give the height and the width to run it at, with --input-size "
              "224x224 or, in preprocess.json, \"input_size\": [224, 224]"
            : "save the model with a fixed size");
    return FALSE;
  }
  return TRUE;
}

gboolean
cnn_input_layer_set_size (CnnLayer *layer, const CnnInputSize *size,
    GError **error)
{
  InputLayer *self = (InputLayer *) layer;
  gint *dims = self->shape.dims;

  if (size && self->shape.rank == 3) {
    const gint wanted[2] = { size->height, size->width };

    for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
      if (dims[i] == 0)
        dims[i] = wanted[i];
      if (dims[i] == wanted[i])
        continue;
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
          "'%s' has the fixed %s %d; an input of %dx%d (height x width) does "
          "not fit it",
          self->key, i == 0 ? "height" : "width", dims[i], size->height,
          size->width);
      return FALSE;
    }
  }
  return check_is_settled (self, error);
}

static gboolean
input_layer_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  *output = ((const InputLayer *) layer)->shape;
  return TRUE;
}

const CnnLayerClass cnn_input_layer_class = {
  .name = "InputLayer",
  .instance_size = sizeof (InputLayer),
  .role = CNN_LAYER_ROLE_INPUT,
  .configure = input_layer_configure,
  .infer_shape = input_layer_infer_shape,
};
