/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OutputFolder:
 *
 * A folder that appears as a whole or not at all: files are written into a
 * temporary folder beside it, which takes its place at the end.
 */
typedef struct _OutputFolder OutputFolder;

/**
 * output_folder_new:
 * @path: need not exist; the folder above it must
 * @force: it may exist and hold a model, which is replaced
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR, when @path is no
 *   folder, is not empty, or holds anything besides a model
 */
OutputFolder *output_folder_new (const gchar *path, gboolean force,
    GError **error);

/**
 * output_folder_free:
 *
 * Removes the temporary folder unless it has been published.
 */
void output_folder_free (OutputFolder *folder);

/**
 * output_folder_get_path:
 *
 * Returns: (transfer none): where to write
 */
const gchar *output_folder_get_path (const OutputFolder *folder);

/**
 * output_folder_publish:
 *
 * Puts the temporary folder in its place.
 */
gboolean output_folder_publish (OutputFolder *folder, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OutputFolder, output_folder_free)

G_END_DECLS
