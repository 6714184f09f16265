/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"
#include "formats/layers-model.h"

G_BEGIN_DECLS

/**
 * onnx_read:
 * @size: (nullable): size of an input that the file leaves open
 *
 * Reads an ONNX file, a network as PyTorch and others export it: each node
 * becomes the layers of Keras that compute the same, with feature maps as
 * height x width x channels.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
LayersModel *onnx_read (GBytes *file, const CnnInputSize *size, gsize max_bytes,
    GError **error);

G_END_DECLS
