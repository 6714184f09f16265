/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * file_read:
 * @path: a regular file; anything else (a folder, a FIFO, a device) is refused
 * @max_size: in bytes; a larger file is refused before it is read
 *
 * Returns: (transfer full): the contents, or %NULL with a %MODEL_ERROR
 */
GBytes *file_read (const gchar *path, gsize max_size, GError **error);

/**
 * file_peek:
 * @start: (out caller-allocates) (array length=size): how the file begins
 *
 * Returns: how many bytes that are: 0 for what cannot be read
 */
gsize file_peek (const gchar *path, gchar *start, gsize size);

/**
 * file_is_below:
 * @path: as a file of the model gives it
 *
 * Returns: whether it is a relative path that names a file in or below the
 *   folder that it starts at, and nothing else
 */
gboolean file_is_below (const gchar *path);

/**
 * file_get_text:
 * @file: what a text file holds
 * @size: (out): of the text, in bytes
 *
 * Leaves out the byte-order mark that editors on Windows begin a file with.
 *
 * Returns: (transfer none) (array length=size): UTF-8 without NUL, borrowed
 *   from @file; %NULL with %MODEL_ERROR_INVALID that does not name the file
 */
const gchar *file_get_text (GBytes *file, gsize *size, GError **error);

G_END_DECLS
