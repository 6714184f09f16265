/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CNN_WINOGRAD_MAX_OUTPUTS 4
#define CNN_WINOGRAD_MAX_PAIRS 3
#define CNN_WINOGRAD_MAX_TILE 9

/* Small kinds have tiles of 3x3 outputs, of which small maps waste less. */
typedef enum {
  CNN_WINOGRAD_3X3,
  CNN_WINOGRAD_5X5,
  CNN_WINOGRAD_SMALL_3X3,
  CNN_WINOGRAD_STRIDED_3X3,
  CNN_WINOGRAD_SMALL_STRIDED_3X3
} CnnWinogradKind;

/**
 * CnnWinograd:
 * @kernel: size of the convolution's kernel, 3 or 5
 * @stride: stride of the convolution, 1 or 2
 * @outputs: outputs of a tile in each direction
 * @tile: input cells of a tile in each direction, and also positions after the
 *   transform: (outputs - 1) * stride + kernel
 * @distinct: number of positions in a direction that have their own weights;
 *   all positions after them share the weights of the last one
 * @pairs: number of pairs of points +p and -p besides 0 and infinity
 * @points: p of each pair
 * @single: an additional point, or 0 for none
 * @quotient: coefficients of Q_k (x^2), ascending, without the leading 1, where
 *   Q_k is the product of (x^2 - p^2) over all pairs but the kth
 * @product: the same for the product over all pairs
 *
 * Winograd's minimal filtering F(outputs x outputs, kernel x kernel) by Cook
 * and Toom's construction: Y = A^T ((G g G^T) * (B^T d B)) A with, for the
 * points p_j,
 *
 * * A^T: powers p_j^i; the point infinity gives the last row a 1;
 * * G: powers p_j^k over the product of (p_j - p_l) for l != j; the point
 *   infinity gives the last column a 1;
 * * B^T: the coefficients of the product of (x - p_l) for l != j; of all of
 *   them for infinity.
 *
 * With pairs of points B^T falls into even and odd parts: row +-p of it is
 * (x^2 +- p x) Q (x^2), row 0 is the product R (x^2), row infinity is x R
 * (x^2). A single point s multiplies all of them by (x - s); its own row is x R
 * (x^2).
 *
 * With stride 2 an output is the sum of contributions from the even and from
 * the odd cells around it: of 3 taps, 2 and 1. The even cells are filtered by
 * F(outputs, 2). The odd ones, with a single tap, need no transform and are
 * added to the result. This is done in each direction.
 *
 * See Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks"
 * (2015), and Blahut, "Fast Algorithms for Signal Processing" (2010), chapter
 * 5.
 *
 * Positions in a direction are ordered 0, +p_1, -p_1, +p_2, -p_2, ..., the
 * single point, infinity, the odd cells; position (y, x) has the number x *
 * tile + y.
 */
typedef struct {
  CnnWinogradKind kind;
  gint kernel;
  gint stride;
  gint outputs;
  gint tile;
  gint distinct;
  gint pairs;
  gfloat single;
  gfloat points[CNN_WINOGRAD_MAX_PAIRS];
  gfloat quotient[CNN_WINOGRAD_MAX_PAIRS][CNN_WINOGRAD_MAX_PAIRS - 1];
  gfloat product[CNN_WINOGRAD_MAX_PAIRS];
} CnnWinograd;

/* From the number of outputs. */
#define CNN_WINOGRAD_SIZES(size, n)                                \
  .kernel = size, .stride = 1, .outputs = n, .tile = n + size - 1, \
  .distinct = n + size - 1
#define CNN_WINOGRAD_STRIDED_SIZES(n) \
  .kernel = 3, .stride = 2, .outputs = n, .tile = 2 * n + 1, .distinct = n + 2

/* From the points, and from their squares a, b and c. */
#define CNN_WINOGRAD_1_PAIR(p1, a) \
  .pairs = 1, .points = { p1 }, .product = { -(a) }
#define CNN_WINOGRAD_2_PAIRS(p1, p2, a, b)                              \
  .pairs = 2, .points = { p1, p2 }, .quotient = { { -(b) }, { -(a) } }, \
  .product = { (a) * (b), -((a) + (b)) }
#define CNN_WINOGRAD_3_PAIRS(p1, p2, p3, a, b, c)                         \
  .pairs = 3, .points = { p1, p2, p3 },                                   \
  .quotient = { { (b) * (c), -((b) + (c)) }, { (a) * (c), -((a) + (c)) }, \
    { (a) * (b), -((a) + (b)) } },                                        \
  .product = { -(a) * (b) * (c), (a) * (b) + (b) * (c) + (c) * (a),       \
    -((a) + (b) + (c)) }

/* Points of small height keep rounding errors small: the largest error measured
 * on real activations of the original network is 5e-6. Defined here, so that
 * these numbers are constants in the kernels. */
static const CnnWinograd cnn_winograd_3x3 = { CNN_WINOGRAD_3X3,
  CNN_WINOGRAD_SIZES (3, 4), CNN_WINOGRAD_2_PAIRS (1.0f, 0.5f, 1.0f, 0.25f) };
static const CnnWinograd cnn_winograd_5x5 = { CNN_WINOGRAD_5X5,
  CNN_WINOGRAD_SIZES (5, 4),
  CNN_WINOGRAD_3_PAIRS (1.0f, 2.0f, 0.5f, 1.0f, 4.0f, 0.25f) };
static const CnnWinograd cnn_winograd_small_3x3 = { CNN_WINOGRAD_SMALL_3X3,
  CNN_WINOGRAD_SIZES (3, 3), CNN_WINOGRAD_1_PAIR (1.0f, 1.0f), .single = 0.5f };
static const CnnWinograd cnn_winograd_strided_3x3 = { CNN_WINOGRAD_STRIDED_3X3,
  CNN_WINOGRAD_STRIDED_SIZES (4), CNN_WINOGRAD_1_PAIR (1.0f, 1.0f),
  .single = 0.5f };
static const CnnWinograd cnn_winograd_small_strided_3x3 = {
  CNN_WINOGRAD_SMALL_STRIDED_3X3, CNN_WINOGRAD_STRIDED_SIZES (3),
  CNN_WINOGRAD_1_PAIR (1.0f, 1.0f)
};

/**
 * cnn_winograd_transform_kernel:
 * @kernel: kernel x kernel x inputs x outputs
 * @transformed: (out caller-allocates): distinct x distinct x inputs x outputs
 *
 * G g G^T in double precision.
 */
void cnn_winograd_transform_kernel (const CnnWinograd *winograd,
    const gfloat *kernel, gsize inputs, gsize outputs, gfloat *transformed);

G_END_DECLS
