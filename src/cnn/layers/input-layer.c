/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "cnn/json.h"

typedef struct {
  CnnLayer layer;
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
      && !cnn_json_get (config, shape_keys[key]))
    key++;
  return cnn_json_to_shape (cnn_json_get (config, shape_keys[key]),
      shape_keys[key], TRUE, &self->shape, error);
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
