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

static gboolean
input_layer_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  InputLayer *self = (InputLayer *) layer;
  /* Keras 3 renamed the key. */
  const gchar *key = cnn_json_get (config, "batch_shape") ? "batch_shape"
                                                          : "batch_input_shape";

  return cnn_json_to_shape (
      cnn_json_get (config, key), key, TRUE, &self->shape, error);
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
