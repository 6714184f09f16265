/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* IEEE 754 binary16. */

gfloat half_float_decode (guint16 half);

/**
 * half_float_encode:
 *
 * Rounds to nearest, ties to even, as NumPy does.
 *
 * Returns: infinity for values beyond 65504
 */
guint16 half_float_encode (gfloat value);

/**
 * StoredNumber:
 * @size: in bytes
 *
 * The format of the numbers in a file: IEEE 754 binary16, binary32 or binary64,
 * or whole numbers of 1 to 8 bytes.
 */
typedef struct {
  gsize size;
  gboolean is_float;
  gboolean is_signed;
  gboolean is_big_endian;
} StoredNumber;

/**
 * stored_number_decode:
 * @bytes: (array): @count times @size bytes
 * @values: (out caller-allocates) (array length=count)
 *
 * Returns: FALSE if a value is not finite as a float32
 */
gboolean stored_number_decode (const StoredNumber *number, const guint8 *bytes,
    gfloat *values, gsize count);

/**
 * stored_float32_convert:
 * @values: (array) (inout): @count values of 4 bytes, with any alignment
 *
 * Turns float32 values as this machine has them into little-endian ones, as all
 * files that are written here have them, or back.
 */
void stored_float32_convert (gpointer values, gsize count);

G_END_DECLS
