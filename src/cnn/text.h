/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * cnn_text_get:
 * @file: what a text file holds
 * @size: (out): of the text, in bytes
 *
 * Leaves out the byte-order mark that editors on Windows begin a file with.
 *
 * Returns: (transfer none) (array length=size): UTF-8 without NUL, borrowed from
 *   @file; %NULL with %CNN_ERROR_INVALID that does not name the file
 */
const gchar *cnn_text_get (GBytes *file, gsize *size, GError **error);

G_END_DECLS
