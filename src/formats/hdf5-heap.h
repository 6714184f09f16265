/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <hdf5.h>

#include <glib.h>

G_BEGIN_DECLS

/*
 * Strings of variable length lie in global heaps, to which attributes hold
 * references. libhdf5 trusts what a heap says of its sizes, so that it is left
 * out here: references are read as they are, and followed with checks.
 */

/* In the file: length, address of a heap, number of an object in it. */
#define HDF5_HEAP_REFERENCE_SIZE 16

/**
 * hdf5_heap_read_references:
 * @type: the attribute's, of strings of variable length
 * @references: (out caller-allocates): %HDF5_HEAP_REFERENCE_SIZE bytes for each
 *   of its elements
 *
 * Returns: FALSE if the attribute cannot be read
 */
gboolean hdf5_heap_read_references (hid_t attribute, hid_t type,
    guint8 *references);

/**
 * hdf5_heap_follow:
 * @image: the file
 * @size: (out): of the string, which has no NUL at its end
 *
 * Returns: (transfer none) (nullable): where the string lies in the image;
 *   %NULL if the reference or the heap is damaged
 */
const gchar *hdf5_heap_follow (GBytes *image, const guint8 *reference,
    gsize *size);

G_END_DECLS
