/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Secret: a file that not everybody may read. */

/* Errors: everybody can read it. */
gboolean secret_check (const gchar *path, GError **error);

/* Returns: (transfer full): the first line of the file: a password. Errors: it
 * cannot be read, everybody can, or there is none. */
gchar *secret_read (const gchar *path, GError **error);

G_END_DECLS
