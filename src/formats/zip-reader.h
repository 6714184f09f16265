/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ZipReader:
 *
 * Reads members of a zip archive in memory, as Keras writes it: a few files,
 * stored or deflated. It refuses encrypted, split and zip64 archives, data
 * before the archive, overlapping members, and names that are not plain
 * relative paths.
 */
typedef struct _ZipReader ZipReader;

/**
 * zip_reader_new:
 * @archive: contents of the file; the reader keeps a reference
 *
 * Checks the directory and all entries.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
ZipReader *zip_reader_new (GBytes *archive, GError **error);

void zip_reader_free (ZipReader *reader);

/**
 * zip_reader_get:
 * @max_size: limit for the member, in bytes
 *
 * Returns: (transfer full): the contents of the member, whose checksum is
 *   right; %NULL with a %MODEL_ERROR
 */
GBytes *zip_reader_get (ZipReader *reader, const gchar *name, gsize max_size,
    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ZipReader, zip_reader_free)

G_END_DECLS
