/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/layers-model.h"

G_BEGIN_DECLS

/**
 * keras_archive_read:
 *
 * Reads the .keras format: a zip archive of metadata.json, config.json and
 * model.weights.h5. In the latter, the variables of a layer are datasets 0, 1,
 * ... in the group layers/CLASS_N/vars, where CLASS is the layer's class in
 * snake case and N counts the layers of that class; the first has no _N.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
LayersModel *keras_archive_read (GBytes *file, gsize max_bytes, GError **error);

G_END_DECLS
