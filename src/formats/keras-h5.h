/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/layers-model.h"

G_BEGIN_DECLS

/**
 * keras_h5_read:
 *
 * Reads the legacy format of Keras 1 to 3. The root has attributes
 * keras_version, backend and model_config; in group model_weights, attribute
 * layer_names lists groups whose attributes weight_names list datasets. Other
 * groups, such as optimizer_weights, are not looked at.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
LayersModel *keras_h5_read (GBytes *file, gsize max_bytes, GError **error);

G_END_DECLS
