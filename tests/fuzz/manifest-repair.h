/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include <glib.h>

G_BEGIN_DECLS

/*
 * A changed topology needs different weights, which a fuzzer would never find.
 * The error messages of the loader say which weights are missing.
 */

/**
 * manifest_repair_apply:
 * @root: a model.json
 * @message: error of the failed attempt to load it
 *
 * Returns: TRUE if the manifest has been changed and should be tried again
 */
gboolean manifest_repair_apply (cJSON *root, const gchar *message);

/**
 * manifest_repair_write_shards:
 * @root: (inout): a model.json; its groups get paths of their own
 *
 * Writes shards of the size that the manifest needs with fuzz_write_file(), if
 * they are small.
 */
void manifest_repair_write_shards (cJSON *root);

G_END_DECLS
