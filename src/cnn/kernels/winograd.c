/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/winograd.h"

#include <math.h>

/* Points of small height keep the rounding errors small: measured on real
 * activations of the original network the largest error is 5e-6. */
static const gdouble points_3x3[] = { 1.0, 0.5 };
static const gdouble points_5x5[] = { 1.0, 2.0, 0.5 };

/* Coefficients of the product of (y - p^2) over the pairs, ascending, without
 * the leading 1; @except is left out. */
static void
multiply_pairs (const gdouble *points, gint pairs, gint except,
    gfloat *coefficients)
{
  gdouble polynomial[CNN_WINOGRAD_MAX_PAIRS + 1] = { 1.0 };
  gint degree = 0;

  for (gint k = 0; k < pairs; k++) {
    if (k == except)
      continue;
    degree++;
    for (gint i = degree; i > 0; i--) {
      polynomial[i] = polynomial[i - 1] - points[k] * points[k] * polynomial[i];
    }
    polynomial[0] *= -points[k] * points[k];
  }
  for (gint i = 0; i < degree; i++)
    coefficients[i] = (gfloat) polynomial[i];
}

static const gdouble *
get_points (gint kernel)
{
  return kernel == 3 ? points_3x3 : points_5x5;
}

void
cnn_winograd_init (CnnWinograd *winograd, gint kernel)
{
  const gdouble *points = get_points (kernel);

  winograd->kernel = kernel;
  winograd->tile = CNN_WINOGRAD_OUTPUTS + kernel - 1;
  winograd->pairs = winograd->tile / 2 - 1;
  for (gint k = 0; k < winograd->pairs; k++) {
    winograd->points[k] = (gfloat) points[k];
    multiply_pairs (points, winograd->pairs, k, winograd->quotient[k]);
  }
  multiply_pairs (points, winograd->pairs, -1, winograd->product);
}

/* The finite points in the order of the positions. */
static void
list_points (const CnnWinograd *winograd, gdouble *points)
{
  const gdouble *pairs = get_points (winograd->kernel);

  points[0] = 0.0;
  for (gint k = 0; k < winograd->pairs; k++) {
    points[1 + 2 * k] = pairs[k];
    points[2 + 2 * k] = -pairs[k];
  }
}

/* G, tile x kernel. */
static void
make_kernel_matrix (const CnnWinograd *winograd,
    gdouble g[CNN_WINOGRAD_MAX_TILE][5])
{
  const gint finite = winograd->tile - 1;
  gdouble points[CNN_WINOGRAD_MAX_TILE];

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
        transformed[(gsize) (y * tile + x) * stride + i] = (gfloat) sum;
      }
    }
  }
}
