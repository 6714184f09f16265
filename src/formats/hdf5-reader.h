/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"

G_BEGIN_DECLS

/**
 * Hdf5Reader:
 *
 * Reads the subset of HDF5 that Keras uses, from memory, with libhdf5. Only
 * hard links are followed. Data must be plain numbers in this file, contiguous
 * or in chunks, which may be shuffled and deflated.
 *
 * The reader refuses files for which libhdf5 would return wrong numbers without
 * an error: with data in other files, or missing or damaged chunks. It does not
 * protect libhdf5, which is not hardened against hostile files and may crash or
 * loop: run the reader in a process whose memory and time are limited, see
 * sandbox_run().
 */
typedef struct _Hdf5Reader Hdf5Reader;

/**
 * hdf5_reader_new:
 * @image: contents of the file; the reader keeps a reference
 * @max_bytes: limit for all values together, as float32
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
Hdf5Reader *hdf5_reader_new (GBytes *image, gsize max_bytes, GError **error);

void hdf5_reader_free (Hdf5Reader *reader);

/* Paths are relative to the root, without a leading slash; "" is the root. */

gboolean hdf5_reader_has_group (Hdf5Reader *reader, const gchar *path);

/**
 * hdf5_reader_count_members:
 *
 * Returns: the number of links in a group, 0 if there is no such group
 */
guint hdf5_reader_count_members (Hdf5Reader *reader, const gchar *path);

/**
 * hdf5_reader_has_member:
 * @prefix: how its name begins
 *
 * Returns: whether a group has such a link
 */
gboolean hdf5_reader_has_member (Hdf5Reader *reader, const gchar *path,
    const gchar *prefix);

gboolean hdf5_reader_has_attribute (Hdf5Reader *reader, const gchar *path,
    const gchar *name);

/**
 * hdf5_reader_get_string:
 *
 * Reads an attribute that is a single string in UTF-8.
 *
 * Returns: (transfer full): the string, or %NULL with a %MODEL_ERROR
 */
gchar *hdf5_reader_get_string (Hdf5Reader *reader, const gchar *path,
    const gchar *name, GError **error);

/**
 * hdf5_reader_get_strings:
 *
 * Reads an attribute that is a list of strings. Keras splits a list that is too
 * long for one attribute into @name0, @name1 and so on.
 *
 * Returns: (transfer full): the strings, or %NULL with a %MODEL_ERROR
 */
GStrv hdf5_reader_get_strings (Hdf5Reader *reader, const gchar *path,
    const gchar *name, GError **error);

/**
 * hdf5_reader_get_values:
 * @shape: (out): shape of the dataset
 *
 * Reads a dataset of numbers.
 *
 * Returns: (transfer full): the values, row-major, all finite; or %NULL with a
 *   %MODEL_ERROR
 */
gfloat *hdf5_reader_get_values (Hdf5Reader *reader, const gchar *path,
    CnnShape *shape, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Hdf5Reader, hdf5_reader_free)

G_END_DECLS
