/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

static const CnnLayerClass *const layer_classes[] = {
  &cnn_activation_layer_class,
  &cnn_average_pooling2d_class,
  &cnn_conv2d_class,
  &cnn_dense_class,
  &cnn_dropout_class,
  &cnn_flatten_class,
  &cnn_input_layer_class,
  &cnn_max_pooling2d_class,
};

const CnnLayerClass *const *
cnn_layer_get_classes (guint *n_classes)
{
  *n_classes = G_N_ELEMENTS (layer_classes);
  return layer_classes;
}
