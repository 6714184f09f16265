/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

#include "onnx.pb-c.h"

G_BEGIN_DECLS

#define ONNX_MAX_RANK 8

/**
 * OnnxShape:
 * @dims: sizes, from 0 to %ONNX_MAX_SIZE, whose product is in that range too
 *
 * The shape of a tensor as the file has it, with the batch.
 */
typedef struct {
  guint rank;
  gint64 dims[ONNX_MAX_RANK];
} OnnxShape;

#define ONNX_MAX_SIZE (G_GINT64_CONSTANT (1) << 31)

/**
 * onnx_shape_set:
 * @shape: (out): the shape
 * @what: what has these dimensions, for messages
 *
 * Returns: FALSE with a %MODEL_ERROR if a size, their number or the number of
 *   values is out of range
 */
gboolean onnx_shape_set (OnnxShape *shape, const gint64 *dims, gsize rank,
    const gchar *what, GError **error);

gint64 onnx_shape_count (const OnnxShape *shape);

gboolean onnx_shape_equal (const OnnxShape *a, const OnnxShape *b);

/**
 * onnx_shape_to_string:
 *
 * Returns: (transfer full): such as "1x3x224x224"
 */
gchar *onnx_shape_to_string (const OnnxShape *shape);

/**
 * onnx_shape_broadcast:
 * @shape: (inout): the result
 *
 * Returns: FALSE with a %MODEL_ERROR if two sizes differ and none of them is 1
 */
gboolean onnx_shape_broadcast (OnnxShape *shape, const OnnxShape *other,
    GError **error);

/**
 * onnx_axis_find:
 * @axis: counts from 0, or back from -1
 *
 * Returns: the dimension of that axis; -1 with a %MODEL_ERROR if it is none of
 *   @rank
 */
gint onnx_axis_find (gint64 axis, guint rank, GError **error);

/**
 * onnx_shape_reshape:
 * @dims: wanted sizes: 0 stands for that of @shape, -1 for what is left
 * @result: (out): the shape
 *
 * Returns: FALSE with a %MODEL_ERROR if the values do not fit
 */
gboolean onnx_shape_reshape (const OnnxShape *shape, const gint64 *dims,
    gsize rank, OnnxShape *result, GError **error);

/* The two dimensions before and from @axis on. */
gboolean onnx_shape_flatten (const OnnxShape *shape, gint64 axis,
    OnnxShape *result, GError **error);

/**
 * onnx_shape_squeeze:
 * @axes: dimensions of 1 to leave out; all if @n_axes is 0
 */
gboolean onnx_shape_squeeze (const OnnxShape *shape, const gint64 *axes,
    gsize n_axes, OnnxShape *result, GError **error);

/**
 * onnx_shape_unsqueeze:
 * @axes: dimensions of the result that are 1
 */
gboolean onnx_shape_unsqueeze (const OnnxShape *shape, const gint64 *axes,
    gsize n_axes, OnnxShape *result, GError **error);

/**
 * onnx_shape_transpose:
 * @node: a node with the attribute `perm`
 * @permutation: (out) (array fixed-size=8): the dimension of @shape that
 *   becomes each dimension of the result
 */
gboolean onnx_shape_transpose (const OnnxShape *shape, const Onnx__Node *node,
    guint permutation[ONNX_MAX_RANK], OnnxShape *result, GError **error);

/* Joins two shapes along a dimension, if they are equal in all others. */
gboolean onnx_shape_append (OnnxShape *shape, guint dimension,
    const OnnxShape *other, GError **error);

/**
 * OnnxSlice:
 * @starts: first index of each dimension
 * @steps: distance of indices, which may be negative
 * @shape: number of indices
 *
 * A part of a tensor.
 */
typedef struct {
  gint64 starts[ONNX_MAX_RANK];
  gint64 steps[ONNX_MAX_RANK];
  OnnxShape shape;
} OnnxSlice;

/**
 * onnx_slice_init:
 * @axes: (nullable) (array length=n): dimensions, the first ones by default
 * @steps: (nullable) (array length=n): 1 by default
 *
 * Returns: FALSE with a %MODEL_ERROR if an axis or a step is impossible
 */
gboolean onnx_slice_init (OnnxSlice *slice, const OnnxShape *shape,
    const gint64 *starts, const gint64 *ends, const gint64 *axes,
    const gint64 *steps, gsize n, GError **error);

G_END_DECLS
