/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
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
 * @start: (out caller-allocates) (array length=size): the file's first bytes
 *
 * Returns: the number of bytes read; 0 if the file cannot be read
 */
gsize file_peek (const gchar *path, gchar *start, gsize size);

/**
 * file_is_below:
 * @path: a path from a file of the model
 *
 * Returns: whether @path is relative and cannot lead out of the folder that it
 *   starts in
 */
gboolean file_is_below (const gchar *path);

/**
 * file_get_text:
 * @file: the contents of a text file
 * @size: (out): size of the text, in bytes
 *
 * Skips the byte-order mark that editors on Windows put in front of a text.
 *
 * Returns: (transfer none) (array length=size): UTF-8 without NUL, borrowed
 *   from @file; %NULL with a %MODEL_ERROR_INVALID that does not name the file
 */
const gchar *file_get_text (GBytes *file, gsize *size, GError **error);

G_END_DECLS
