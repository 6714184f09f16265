/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/layers-model.h"

G_BEGIN_DECLS

/**
 * keras_h5_read:
 *
 * Reads the legacy format of Keras 1 to 3. The root has the attributes
 * keras_version, backend and model_config. In the group model_weights, the
 * attribute layer_names lists groups, and the attribute weight_names of each
 * lists its datasets. Other groups, such as optimizer_weights, are ignored.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
LayersModel *keras_h5_read (GBytes *file, gsize max_bytes, GError **error);

/**
 * keras_h5_read_weights:
 * @file: what `model.save_weights ()` writes in a .h5 or .weights.h5, or a file
 *   of a whole model
 * @architecture: what `model.to_json ()` returns
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
LayersModel *keras_h5_read_weights (GBytes *file, GBytes *architecture,
    gsize max_bytes, GError **error);

G_END_DECLS
