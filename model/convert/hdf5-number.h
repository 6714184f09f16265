/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <hdf5.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * Hdf5Number:
 * @size: in bytes
 *
 * How a dataset writes its numbers: IEEE 754 binary16, binary32 and binary64,
 * and whole numbers of 1 to 8 bytes.
 */
typedef struct {
  gsize size;
  gboolean is_float;
  gboolean is_signed;
  gboolean is_big_endian;
} Hdf5Number;

/**
 * hdf5_number_init:
 * @type: of a dataset
 *
 * Returns: FALSE with a %CNN_ERROR if it is none of the above
 */
gboolean hdf5_number_init (Hdf5Number *number, hid_t type, GError **error);

/**
 * hdf5_number_decode:
 * @bytes: (array): @count times @size bytes
 * @values: (out caller-allocates) (array length=count)
 *
 * Returns: FALSE if a value is not finite as float32
 */
gboolean hdf5_number_decode (const Hdf5Number *number, const guint8 *bytes,
    gfloat *values, gsize count);

G_END_DECLS
