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
 * model.weights.h5, for which see keras_weights_read().
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
LayersModel *keras_archive_read (GBytes *file, gsize max_bytes, GError **error);

G_END_DECLS
