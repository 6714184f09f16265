/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Unpacks an archive (POSIX ustar; also as GNU tar and bsdtar write it) of the
 * files of a model into @folder, which exists and is empty. Whatever folder a
 * file has in the archive, it is written to @folder itself; hidden files are
 * left out. Errors: an archive that is damaged, or that has a link, a path with
 * "..", or two files of the same name; some files may have been written by
 * then. */
gboolean tar_unpack (GBytes *archive, const gchar *folder, GError **error);

G_END_DECLS
