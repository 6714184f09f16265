/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * labels_load:
 * @path: a text file in UTF-8, one label per line, class 0 first; a byte-order
 *   mark, spaces around labels and empty lines at the end are ignored
 * @n_classes: the number of labels that there must be
 *
 * Returns: (transfer full): the labels; %NULL with a %MODEL_ERROR if the file
 *   cannot be read or does not fit
 */
GStrv labels_load (const gchar *path, guint n_classes, GError **error);

G_END_DECLS
