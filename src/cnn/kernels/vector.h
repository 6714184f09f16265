/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/* Loops over vectors, written for the compiler to vectorise. */

/* The number of independent sums, which lets the compiler use vectors. */
#define CNN_PARTIAL_SUMS 16

/* sum (a[i] * b[i]) */
static inline gfloat
cnn_dot (const gfloat *restrict a, const gfloat *restrict b, gsize count)
{
  gfloat sums[CNN_PARTIAL_SUMS] = { 0.0f };
  gfloat sum = 0.0f;
  gsize i = 0;

  for (; i + CNN_PARTIAL_SUMS <= count; i += CNN_PARTIAL_SUMS) {
    for (guint k = 0; k < CNN_PARTIAL_SUMS; k++)
      sums[k] += a[i + k] * b[i + k];
  }
  for (; i < count; i++)
    sum += a[i] * b[i];
  for (guint k = 0; k < CNN_PARTIAL_SUMS; k++)
    sum += sums[k];
  return sum;
}

/* to[i] += from[i] */
static inline void
cnn_add (gfloat *restrict to, const gfloat *restrict from, gsize count)
{
  for (gsize i = 0; i < count; i++)
    to[i] += from[i];
}

/* Sums @rows x @channels values times a factor per channel, in double
 * precision. */
static inline gdouble
cnn_sum_scaled (const gfloat *values, gsize rows, gsize channels,
    const gfloat *factors)
{
  gdouble sum = 0.0;

  for (gsize row = 0; row < rows; row++) {
    for (gsize c = 0; c < channels; c++)
      sum += (gdouble) values[row * channels + c] * factors[c];
  }
  return sum;
}

static inline gboolean
cnn_is_zero (const gfloat *values, gsize count)
{
  gsize i = 0;

  while (i < count && values[i] == 0.0f)
    i++;
  return i == count;
}
