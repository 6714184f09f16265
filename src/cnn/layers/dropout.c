/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

/* Drops nothing outside training. */
const CnnLayerClass cnn_dropout_class = {
  .name = "Dropout",
  .instance_size = sizeof (CnnLayer),
  .role = CNN_LAYER_ROLE_VIEW,
  .min_inputs = 1,
  .max_inputs = 1,
  .infer_shape = cnn_layer_keep_shape,
};
