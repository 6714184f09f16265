/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/onnx-shape.h"

G_BEGIN_DECLS

#define ONNX_MAX_PARTS 24

/**
 * OnnxLayout:
 * @shape: shape in the file
 * @n_parts: number of parts
 * @sizes: sizes of the parts, above 1, in the order of the file
 * @places: for each part, its place in the order of the layer's output
 *
 * How the values of a tensor of the file lie in the output of a layer, which
 * has the same values in another order: feature maps are channels x height x
 * width there, and height x width x channels here. Both are row-major over the
 * same parts; a part is a dimension, several that are neighbors in both orders,
 * or a factor of one. So reshaping and transposing change what is known of a
 * tensor, and move no values until a layer needs them in a certain order.
 */
typedef struct {
  OnnxShape shape;
  guint n_parts;
  gint64 sizes[ONNX_MAX_PARTS];
  guint places[ONNX_MAX_PARTS];
} OnnxLayout;

/**
 * onnx_layout_init:
 * @order: (array length=shape.rank): the dimensions in the order of the layer's
 *   output
 */
void onnx_layout_init (OnnxLayout *layout, const OnnxShape *shape,
    const guint *order);

/**
 * onnx_layout_reshape:
 * @shape: as many values in another shape
 *
 * Returns: FALSE if values have to be moved first
 */
gboolean onnx_layout_reshape (OnnxLayout *layout, const OnnxShape *shape);

/**
 * onnx_layout_transpose:
 * @permutation: the dimension that becomes each dimension of the result
 */
void onnx_layout_transpose (OnnxLayout *layout, const guint *permutation);

/**
 * OnnxMove:
 * @n: number of dimensions
 * @dims: the layer's output, as dimensions to permute
 * @permutation: the dimension that becomes each dimension of the result
 *
 * What brings values into another order. There is nothing to permute if @n is
 * at most 1.
 */
typedef struct {
  guint n;
  gint64 dims[ONNX_MAX_PARTS];
  guint permutation[ONNX_MAX_PARTS];
} OnnxMove;

/**
 * onnx_layout_plan_move:
 * @order: (array length=shape.rank): the dimensions in the wanted order
 * @move: (out): how to get there
 */
void onnx_layout_plan_move (const OnnxLayout *layout, const guint *order,
    OnnxMove *move);

/**
 * onnx_layout_map:
 *
 * Returns: (transfer full): for each value of the layer's output, in order, its
 *   index in the file's tensor
 */
gint64 *onnx_layout_map (const OnnxLayout *layout);

gboolean onnx_layout_equal (const OnnxLayout *a, const OnnxLayout *b);

G_END_DECLS
