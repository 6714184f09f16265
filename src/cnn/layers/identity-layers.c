/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

/* Layers that do something in training only. */
#define IDENTITY_CLASS(symbol, keras_name) \
  const CnnLayerClass symbol = {           \
    .name = keras_name,                    \
    .instance_size = sizeof (CnnLayer),    \
    .role = CNN_LAYER_ROLE_VIEW,           \
    .min_inputs = 1,                       \
    .max_inputs = 1,                       \
    .infer_shape = cnn_layer_keep_shape,   \
  }

IDENTITY_CLASS (cnn_activity_regularization_class, "ActivityRegularization");
IDENTITY_CLASS (cnn_alpha_dropout_class, "AlphaDropout");
IDENTITY_CLASS (cnn_dropout_class, "Dropout");
IDENTITY_CLASS (cnn_gaussian_dropout_class, "GaussianDropout");
IDENTITY_CLASS (cnn_gaussian_noise_class, "GaussianNoise");
IDENTITY_CLASS (cnn_spatial_dropout2d_class, "SpatialDropout2D");
