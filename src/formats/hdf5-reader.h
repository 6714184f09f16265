/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"

G_BEGIN_DECLS

/**
 * Hdf5Reader:
 *
 * The part of HDF5 that Keras uses, read from memory with libhdf5. Objects are
 * reached over hard links only; data lies in this file, in plain numbers, as a
 * whole or in chunks that are shuffled or deflated.
 *
 * What a file may make of libhdf5 without an error is checked here: data from
 * other files, or none at all. Nothing protects libhdf5 itself, which is not
 * hardened against hostile files: use the reader in a process with bounds on
 * its memory and time, which may crash.
 */
typedef struct _Hdf5Reader Hdf5Reader;

/**
 * hdf5_reader_new:
 * @image: the file, is kept
 * @max_bytes: of all values as float32, together
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
Hdf5Reader *hdf5_reader_new (GBytes *image, gsize max_bytes, GError **error);

void hdf5_reader_free (Hdf5Reader *reader);

/* Paths start at the root and have no slash in front; "" is the root. */

gboolean hdf5_reader_has_group (Hdf5Reader *reader, const gchar *path);

/**
 * hdf5_reader_count_members:
 *
 * Returns: number of links in a group, 0 if there is no such group
 */
guint hdf5_reader_count_members (Hdf5Reader *reader, const gchar *path);

gboolean hdf5_reader_has_attribute (Hdf5Reader *reader, const gchar *path,
    const gchar *name);

/**
 * hdf5_reader_get_string:
 *
 * Returns: (transfer full): an attribute that is one string in UTF-8; %NULL
 *   with a %MODEL_ERROR
 */
gchar *hdf5_reader_get_string (Hdf5Reader *reader, const gchar *path,
    const gchar *name, GError **error);

/**
 * hdf5_reader_get_strings:
 *
 * Reads a list of strings. Keras splits what is too long for one attribute
 * into @name0, @name1 and so on.
 *
 * Returns: (transfer full): %NULL with a %MODEL_ERROR
 */
GStrv hdf5_reader_get_strings (Hdf5Reader *reader, const gchar *path,
    const gchar *name, GError **error);

/**
 * hdf5_reader_get_values:
 * @shape: (out)
 *
 * Reads a dataset of numbers.
 *
 * Returns: (transfer full): finite values; %NULL with a %MODEL_ERROR
 */
gfloat *hdf5_reader_get_values (Hdf5Reader *reader, const gchar *path,
    CnnShape *shape, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hdf5Reader, hdf5_reader_free)

G_END_DECLS
