/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/kernels.h"

#include <string.h>

/* All kernels, slowest first. There are none for %CPU_SCALAR. */
static const CnnKernels *const all_kernels[] = {
  [CPU_BASELINE] = &cnn_kernels_baseline,
#ifdef CPU_X86
  [CPU_AVX2] = &cnn_kernels_avx2,
  [CPU_AVX512] = &cnn_kernels_avx512,
#endif
};

const CnnKernels *
cnn_kernels_get_nth (guint n)
{
  const guint level = CPU_BASELINE + n;

  return level < G_N_ELEMENTS (all_kernels) && cpu_supports ((CpuLevel) level)
      ? all_kernels[level]
      : NULL;
}

const CnnKernels *
cnn_kernels_get (void)
{
  return all_kernels[cpu_get_level ()];
}

const gchar *
cnn_kernels_get_name (const CnnKernels *kernels)
{
  return cpu_get_level_name (kernels ? kernels->level : CPU_SCALAR);
}

const CnnKernels *
cnn_kernels_within (const CnnKernels *kernels, gsize count)
{
  const CnnKernels *widest = NULL;

  for (guint i = CPU_BASELINE; i < G_N_ELEMENTS (all_kernels); i++) {
    const CnnKernels *candidate = all_kernels[i];

    if (candidate->vector <= MIN (kernels->vector, count))
      widest = candidate;
  }
  return widest;
}

const CnnKernels *
cnn_kernels_fit (const CnnKernels *kernels, gsize count)
{
  const gsize vectors = cnn_kernels_pad (kernels, count) / kernels->vector;

  for (guint i = CPU_BASELINE; i < G_N_ELEMENTS (all_kernels); i++) {
    const CnnKernels *candidate = all_kernels[i];

    if (candidate->vector <= kernels->vector
        && candidate->fused == kernels->fused
        && cnn_kernels_pad (candidate, count) <= vectors * candidate->vector)
      return candidate;
  }
  return kernels;
}

gsize
cnn_kernels_pad (const CnnKernels *kernels, gsize count)
{
  return (count + kernels->vector - 1) / kernels->vector * kernels->vector;
}

gsize
cnn_kernels_pad_columns (const CnnKernels *kernels, gsize columns)
{
  return cnn_kernels_pad (kernels->half && columns > kernels->vector
          ? kernels->half
          : kernels,
      columns);
}

gdouble
cnn_kernels_count_vectors (const CnnKernels *kernels, gsize columns)
{
  return (gdouble) cnn_kernels_pad_columns (kernels, columns)
      / (gdouble) kernels->vector;
}

gsize
cnn_kernels_round_columns (const CnnKernels *kernels, gsize columns)
{
  const gsize pair = 2 * kernels->vector;

  return MAX (columns / pair, 1) * pair;
}

gsize
cnn_kernels_take_columns (gsize columns, gsize first, gsize block)
{
  const gsize left = columns - first;

  return left < 2 * block ? left : block;
}

void
cnn_kernels_pack (const CnnKernels *kernels, const gfloat *b, gsize rows,
    gsize columns, gfloat *packed)
{
  const gsize padded = cnn_kernels_pad_columns (kernels, columns);
  gsize width;

  for (gsize column = 0; column < padded; column += width) {
    const gsize left = padded - column;
    gsize valid;

    width = MIN (left, 2 * kernels->vector);
    if (left > kernels->vector && left < 2 * kernels->vector)
      width = kernels->vector;
    valid = MIN (columns - column, width);
    for (gsize row = 0; row < rows; row++, packed += width) {
      memcpy (packed, b + row * columns + column, valid * sizeof *packed);
      memset (packed + valid, 0, (width - valid) * sizeof *packed);
    }
  }
}

void
cnn_kernels_pack_dots (const CnnKernels *kernels, const gfloat *b,
    gsize n_segments, gsize depth, gsize columns, gfloat *packed)
{
  const gsize padded = cnn_kernels_pad (kernels, depth);
  const gsize rest = depth - (padded - kernels->vector);

  for (gsize column = 0; column < columns; column++) {
    for (gsize s = 0; s < n_segments; s++, packed += padded) {
      memset (packed, 0, padded * sizeof *packed);
      for (gsize i = 0; i < depth; i++) {
        const gsize at = i < depth - rest ? i : i + padded - depth;

        packed[at] = b[(s * depth + i) * columns + column];
      }
    }
  }
}

void
cnn_kernels_activate (const CnnKernels *kernels, CnnActivation activation,
    gfloat *values, gsize rows, gsize channels)
{
  if (!kernels->activate (activation, values, rows * channels))
    cnn_activation_apply (activation, values, rows, channels);
}
