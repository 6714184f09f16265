/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layer.h"

extern const CnnLayerClass cnn_activation_layer_class;
extern const CnnLayerClass cnn_average_pooling2d_class;
extern const CnnLayerClass cnn_conv2d_class;
extern const CnnLayerClass cnn_dense_class;
extern const CnnLayerClass cnn_dropout_class;
extern const CnnLayerClass cnn_flatten_class;
extern const CnnLayerClass cnn_input_layer_class;
extern const CnnLayerClass cnn_max_pooling2d_class;
