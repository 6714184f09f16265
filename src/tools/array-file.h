/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"

G_BEGIN_DECLS

/*
 * Arrays in files: NumPy's .npy, up to version 3.0 of the format, which
 * numpy.lib.format documents, and raw float32.
 */

/**
 * array_file_read:
 * @path: ends in .npy, or in .f32 for little-endian float32 values without a
 *   header
 * @shape: the shape that the array must have, with or without a leading batch
 *   dimension of 1
 * @values: (out caller-allocates): cnn_shape_size() values, row-major;
 *   undefined after an error
 *
 * Reads floating-point numbers of 16, 32 or 64 bits, integers of 8 to 64 bits,
 * and booleans, in C or Fortran order.
 *
 * Returns: FALSE with a %MODEL_ERROR that names the file
 */
gboolean array_file_read (const gchar *path, const CnnShape *shape,
    gfloat *values, GError **error);

/**
 * array_file_write:
 * @path: an existing file is replaced atomically
 * @values: (array): cnn_shape_size() values, row-major
 *
 * Writes a .npy file of float32 values.
 *
 * Returns: FALSE with a %G_FILE_ERROR
 */
gboolean array_file_write (const gchar *path, const CnnShape *shape,
    const gfloat *values, GError **error);

G_END_DECLS
