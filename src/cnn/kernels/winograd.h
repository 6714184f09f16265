/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Outputs of a tile, in each direction. */
#define CNN_WINOGRAD_OUTPUTS 4
#define CNN_WINOGRAD_MAX_PAIRS 3
#define CNN_WINOGRAD_MAX_TILE (2 * CNN_WINOGRAD_MAX_PAIRS + 2)

/**
 * CnnWinograd:
 * @kernel: size of the convolution's kernel, 3 or 5
 * @tile: input cells of a tile in each direction: outputs + kernel - 1
 * @pairs: how many pairs of points +p and -p there are besides 0 and infinity
 * @points: p of each pair
 * @quotient: coefficients of Q_k (x^2), ascending, without the leading 1, where
 *   Q_k is the product of (x^2 - p^2) over all pairs but the kth
 * @product: the same for the product over all pairs
 *
 * Winograd's minimal filtering F(4x4, kernel x kernel) by Cook and Toom's
 * construction: Y = A^T ((G g G^T) * (B^T d B)) A with, for the points p_j,
 *
 * * A^T: powers p_j^i; the point infinity gives the last row a 1;
 * * G: powers p_j^k over the product of (p_j - p_l) for l != j; the point
 *   infinity gives the last column a 1;
 * * B^T: the coefficients of the product of (x - p_l) for l != j; of all of
 *   them for infinity.
 *
 * With pairs of points B^T falls into even and odd parts: row +-p of it is
 * (x^2 +- p x) Q (x^2), row 0 is the product R (x^2), row infinity is x R (x^2).
 * See Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks"
 * (2015), and Blahut, "Fast Algorithms for Signal Processing" (2010), chapter 5.
 *
 * Positions in a direction are ordered 0, +p_1, -p_1, +p_2, -p_2, ..., infinity;
 * position (y, x) has the number x * tile + y.
 */
typedef struct {
  gint kernel;
  gint tile;
  gint pairs;
  gfloat points[CNN_WINOGRAD_MAX_PAIRS];
  gfloat quotient[CNN_WINOGRAD_MAX_PAIRS][CNN_WINOGRAD_MAX_PAIRS - 1];
  gfloat product[CNN_WINOGRAD_MAX_PAIRS];
} CnnWinograd;

/* From the points, and from their squares a, b and c. */
#define CNN_WINOGRAD_2_PAIRS(size, p1, p2, a, b)                         \
  {                                                                      \
    .kernel = size, .tile = size + CNN_WINOGRAD_OUTPUTS - 1, .pairs = 2, \
    .points = { p1, p2 }, .quotient = { { -(b) }, { -(a) } },            \
    .product = { (a) * (b), -((a) + (b)) },                              \
  }
#define CNN_WINOGRAD_3_PAIRS(size, p1, p2, p3, a, b, c)                     \
  {                                                                         \
    .kernel = size, .tile = size + CNN_WINOGRAD_OUTPUTS - 1, .pairs = 3,    \
    .points = { p1, p2, p3 },                                               \
    .quotient = { { (b) * (c), -((b) + (c)) }, { (a) * (c), -((a) + (c)) }, \
      { (a) * (b), -((a) + (b)) } },                                        \
    .product = { -(a) * (b) * (c), (a) * (b) + (b) * (c) + (c) * (a),       \
      -((a) + (b) + (c)) },                                                 \
  }

/* Points of small height keep the rounding errors small: measured on real
 * activations of the original network the largest error is 5e-6. Here, so that
 * kernels are compiled with these numbers in them. */
static const CnnWinograd cnn_winograd_3x3 = CNN_WINOGRAD_2_PAIRS (3, 1.0f, 0.5f,
    1.0f, 0.25f);
static const CnnWinograd cnn_winograd_5x5 = CNN_WINOGRAD_3_PAIRS (5, 1.0f, 2.0f,
    0.5f, 1.0f, 4.0f, 0.25f);

/**
 * cnn_winograd_transform_kernel:
 * @kernel: kernel x kernel x inputs x outputs
 * @transformed: (out caller-allocates): tile x tile x inputs x outputs
 *
 * G g G^T in double precision.
 */
void cnn_winograd_transform_kernel (const CnnWinograd *winograd,
    const gfloat *kernel, gsize inputs, gsize outputs, gfloat *transformed);

G_END_DECLS
