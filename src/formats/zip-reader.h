/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ZipReader:
 *
 * Members of a zip archive in memory, as Keras writes it: a few files, stored
 * or deflated. Encrypted, split and zip64 archives, prefixed data, overlapping
 * members and names that point elsewhere are refused.
 */
typedef struct _ZipReader ZipReader;

/**
 * zip_reader_new:
 * @archive: is kept
 *
 * Checks the directory and all its entries.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
ZipReader *zip_reader_new (GBytes *archive, GError **error);

void zip_reader_free (ZipReader *reader);

/**
 * zip_reader_get:
 * @max_size: of the member, in bytes
 *
 * Returns: (transfer full): the contents of a member whose checksum is right;
 *   %NULL with a %MODEL_ERROR
 */
GBytes *zip_reader_get (ZipReader *reader, const gchar *name, gsize max_size,
    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ZipReader, zip_reader_free)

G_END_DECLS
