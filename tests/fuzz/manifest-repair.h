/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include <glib.h>

G_BEGIN_DECLS

/*
 * A change to a topology needs other weights, which a fuzzer would never find.
 * What the loader says is missing shows what they are.
 */

/**
 * manifest_repair_apply:
 * @root: a model.json
 * @message: why it could not be loaded
 *
 * Returns: TRUE if the manifest has been changed and is worth another try
 */
gboolean manifest_repair_apply (cJSON *root, const gchar *message);

/**
 * manifest_repair_write_shards:
 * @root: (inout): its groups get paths of their own
 *
 * Writes shards of the size that the manifest asks for, if that is small, with
 * fuzz_write_file().
 */
void manifest_repair_write_shards (cJSON *root);

G_END_DECLS
