/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layers/layer.h"
#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * cnn_input_layer_set_size:
 * @layer: an InputLayer
 * @size: (nullable): for what it leaves open
 *
 * Settles the shape of an input before the layer is called.
 *
 * Returns: FALSE with a %MODEL_ERROR if a size stays open, or if the input is a
 *   feature map of another size
 */
gboolean cnn_input_layer_set_size (CnnLayer *layer, const CnnInputSize *size,
    GError **error);

G_END_DECLS
