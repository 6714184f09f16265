/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * Fuzzes the reader and the writer of .npy and .f32: an array that can be read
 * can also be written, and reading it again gives the same array. The input is
 * a byte that selects the kind of file and the shape, followed by the file.
 */

#include <string.h>

#include "fuzz.h"
#include "tools/array-file.h"

#define MAX_COUNT 64

static const CnnShape shapes[] = { { 0, { 0 } }, { 1, { 5 } }, { 2, { 4, 3 } },
  { 3, { 2, 3, 3 } }, { CNN_MAX_RANK, { 1, 2, 2, 2, 2, 2 } } };

static void
check_written (const CnnShape *shape, const gfloat *values)
{
  g_autofree gchar *path = g_build_filename (fuzz_get_folder (), "written.npy",
      NULL);
  gfloat again[MAX_COUNT];

  g_assert_true (array_file_write (path, shape, values, NULL));
  g_assert_true (array_file_read (path, shape, again, NULL));
  g_assert_cmpmem (again, cnn_shape_size (shape) * sizeof *again, values,
      cnn_shape_size (shape) * sizeof *values);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const CnnShape *shape;
  const gchar *name;
  g_autofree gchar *path = NULL;
  gfloat values[MAX_COUNT];

  if (size == 0)
    return 0;
  shape = &shapes[data[0] % G_N_ELEMENTS (shapes)];
  name = data[0] & 0x80 ? "a.f32" : "a.npy";
  path = g_build_filename (fuzz_get_folder (), name, NULL);
  fuzz_write_file (name, data + 1, size - 1);
  if (array_file_read (path, shape, values, NULL))
    check_written (shape, values);
  return 0;
}
