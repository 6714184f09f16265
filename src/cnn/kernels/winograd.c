/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/winograd.h"

#include <math.h>

/* Lists the finite points in the order of positions, and returns their
 * number. */
static gint
list_points (const CnnWinograd *winograd, gdouble *points)
{
  gint n = 0;

  points[n++] = 0.0;
  for (gint k = 0; k < winograd->pairs; k++) {
    points[n++] = winograd->points[k];
    points[n++] = -winograd->points[k];
  }
  if (winograd->single != 0.0f)
    points[n++] = winograd->single;
  return n;
}

/* Computes G, distinct x kernel. With stride 2, taps on even cells are
 * transformed, and the others are left as they are. */
static void
make_kernel_matrix (const CnnWinograd *winograd,
    gdouble g[CNN_WINOGRAD_MAX_TILE][5])
{
  const gint stride = winograd->stride;
  gdouble points[CNN_WINOGRAD_MAX_TILE] = { 0.0 };
  const gint finite = list_points (winograd, points);

  for (gint j = 0; j < finite; j++) {
    gdouble norm = 1.0;

    for (gint l = 0; l < finite; l++)
      norm *= l == j ? 1.0 : points[j] - points[l];
    for (gint k = 0; k < winograd->kernel; k += stride)
      g[j][k] = pow (points[j], k / stride) / norm;
  }
  g[finite][winograd->kernel - 1] = 1.0;
  if (stride == 2)
    g[finite + 1][1] = 1.0;
}

void
cnn_winograd_transform_kernel (const CnnWinograd *winograd,
    const gfloat *kernel, gsize inputs, gsize outputs, gfloat *transformed)
{
  const gint distinct = winograd->distinct, size = winograd->kernel;
  const gsize stride = inputs * outputs;
  gdouble g[CNN_WINOGRAD_MAX_TILE][5] = { { 0.0 } };

  make_kernel_matrix (winograd, g);
  for (gsize i = 0; i < stride; i++) {
    gdouble rows[CNN_WINOGRAD_MAX_TILE][5] = { { 0.0 } };

    for (gint y = 0; y < distinct; y++) {
      for (gint x = 0; x < size; x++) {
        for (gint k = 0; k < size; k++)
          rows[y][x] += g[y][k] * kernel[(gsize) (k * size + x) * stride + i];
      }
    }
    for (gint y = 0; y < distinct; y++) {
      for (gint x = 0; x < distinct; x++) {
        gdouble sum = 0.0;

        for (gint k = 0; k < size; k++)
          sum += rows[y][k] * g[x][k];
        transformed[(gsize) (x * distinct + y) * stride + i] = (gfloat) sum;
      }
    }
  }
}
