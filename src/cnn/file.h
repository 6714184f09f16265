/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cnn_file_read:
 * @path: a regular file; anything else (a folder, a FIFO, a device) is refused
 * @max_size: in bytes; a larger file is refused before it is read
 *
 * Returns: (transfer full): the contents, or %NULL with a %CNN_ERROR
 */
GBytes *cnn_file_read (const gchar *path, gsize max_size, GError **error);

/**
 * cnn_file_peek:
 * @start: (out caller-allocates) (array length=size): how the file begins
 *
 * Returns: how many bytes that are: 0 for what cannot be read
 */
gsize cnn_file_peek (const gchar *path, gchar *start, gsize size);

/**
 * cnn_file_is_below:
 * @path: as a file of the model gives it
 *
 * Returns: whether it is a relative path that names a file in or below the
 *   folder that it starts at, and nothing else
 */
gboolean cnn_file_is_below (const gchar *path);

G_END_DECLS
