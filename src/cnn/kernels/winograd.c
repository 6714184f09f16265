/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/winograd.h"

#include <math.h>

/* The finite points in the order of the positions. */
static void
list_points (const CnnWinograd *winograd, gdouble *points)
{
  points[0] = 0.0;
  for (gint k = 0; k < winograd->pairs; k++) {
    points[1 + 2 * k] = winograd->points[k];
    points[2 + 2 * k] = -winograd->points[k];
  }
}

/* G, tile x kernel. */
static void
make_kernel_matrix (const CnnWinograd *winograd,
    gdouble g[CNN_WINOGRAD_MAX_TILE][5])
{
  const gint finite = 2 * winograd->pairs + 1;
  gdouble points[CNN_WINOGRAD_MAX_TILE] = { 0.0 };

  list_points (winograd, points);
  for (gint j = 0; j < finite; j++) {
    gdouble norm = 1.0;

    for (gint l = 0; l < finite; l++)
      norm *= l == j ? 1.0 : points[j] - points[l];
    for (gint k = 0; k < winograd->kernel; k++)
      g[j][k] = pow (points[j], k) / norm;
  }
  for (gint k = 0; k < winograd->kernel; k++)
    g[finite][k] = k == winograd->kernel - 1;
}

void
cnn_winograd_transform_kernel (const CnnWinograd *winograd,
    const gfloat *kernel, gsize inputs, gsize outputs, gfloat *transformed)
{
  const gint tile = winograd->tile, size = winograd->kernel;
  const gsize stride = inputs * outputs;
  gdouble g[CNN_WINOGRAD_MAX_TILE][5];

  make_kernel_matrix (winograd, g);
  for (gsize i = 0; i < stride; i++) {
    gdouble rows[CNN_WINOGRAD_MAX_TILE][5] = { { 0.0 } };

    for (gint y = 0; y < tile; y++) {
      for (gint x = 0; x < size; x++) {
        for (gint k = 0; k < size; k++)
          rows[y][x] += g[y][k] * kernel[(gsize) (k * size + x) * stride + i];
      }
    }
    for (gint y = 0; y < tile; y++) {
      for (gint x = 0; x < tile; x++) {
        gdouble sum = 0.0;

        for (gint k = 0; k < size; k++)
          sum += rows[y][k] * g[x][k];
        transformed[(gsize) (x * tile + y) * stride + i] = (gfloat) sum;
      }
    }
  }
}
