/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include <string.h>

static void
activation_layer_run (const CnnLayer *layer, const CnnShape *input_shape,
    const gfloat *input, const CnnShape *output_shape, gfloat *output)
{
  gsize size = cnn_shape_size (output_shape);
  gsize channels = output_shape->rank
      ? output_shape->dims[output_shape->rank - 1]
      : 1;

  memcpy (output, input, size * sizeof *output);
  cnn_activation_apply (layer->activation, output, size / channels, channels);
}

const CnnLayerClass cnn_activation_layer_class = {
  .name = "Activation",
  .instance_size = sizeof (CnnLayer),
  .role = CNN_LAYER_ROLE_ACTIVATION,
  .configure = cnn_layer_configure_activation,
  .infer_shape = cnn_layer_keep_shape,
  .run = activation_layer_run,
};
