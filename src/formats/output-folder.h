/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OutputFolder:
 *
 * A folder that appears complete or not at all: files are written to a
 * temporary folder next to it, which is renamed at the end.
 */
typedef struct _OutputFolder OutputFolder;

/**
 * output_folder_new:
 * @path: need not exist, but its parent must
 * @force: whether to replace a model that is in the folder
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR if @path is not a
 *   folder, or is not empty, or with @force holds anything besides a model
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
 * Returns: (transfer none): the temporary folder, in which to write
 */
const gchar *output_folder_get_path (const OutputFolder *folder);

/**
 * output_folder_publish:
 *
 * Moves the temporary folder to its final path.
 *
 * Returns: FALSE with an error
 */
gboolean output_folder_publish (OutputFolder *folder, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OutputFolder, output_folder_free)

G_END_DECLS
