/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/onnx-graph.h"

G_BEGIN_DECLS

/* Whether the operator of @node is supported, at least with constants. */
gboolean onnx_operator_is_known (const Onnx__Node *node, GError **error);

/* Converts the current node. */
gboolean onnx_operator_convert (OnnxGraph *graph, GError **error);

/**
 * OnnxOperator:
 *
 * Converts the current node of the graph, and sets its result.
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
typedef gboolean (*OnnxOperator) (OnnxGraph *graph, GError **error);

/* onnx-windows.c: what slides a window over a feature map */
gboolean onnx_convert_convolution (OnnxGraph *graph, GError **error);
gboolean onnx_convert_transposed_convolution (OnnxGraph *graph, GError **error);
gboolean onnx_convert_pooling (OnnxGraph *graph, GError **error);
gboolean onnx_convert_global_pooling (OnnxGraph *graph, GError **error);

/* onnx-functions.c: what changes each value, or normalizes values */
gboolean onnx_convert_identity (OnnxGraph *graph, GError **error);
gboolean onnx_convert_function (OnnxGraph *graph, GError **error);
gboolean onnx_convert_clip (OnnxGraph *graph, GError **error);
gboolean onnx_convert_prelu (OnnxGraph *graph, GError **error);
gboolean onnx_convert_softmax (OnnxGraph *graph, GError **error);
gboolean onnx_convert_batch_normalization (OnnxGraph *graph, GError **error);
gboolean onnx_convert_instance_normalization (OnnxGraph *graph, GError **error);

/* onnx-arithmetic.c: what combines tensors, or multiplies by matrices */
gboolean onnx_convert_arithmetic (OnnxGraph *graph, GError **error);
gboolean onnx_convert_negation (OnnxGraph *graph, GError **error);
gboolean onnx_convert_dense (OnnxGraph *graph, GError **error);

/* onnx-arrangement.c: what moves values */
gboolean onnx_convert_shape (OnnxGraph *graph, GError **error);
gboolean onnx_convert_reshape (OnnxGraph *graph, GError **error);
gboolean onnx_convert_transpose (OnnxGraph *graph, GError **error);
gboolean onnx_convert_depth_to_space (OnnxGraph *graph, GError **error);
gboolean onnx_convert_concatenation (OnnxGraph *graph, GError **error);
gboolean onnx_convert_split (OnnxGraph *graph, GError **error);
gboolean onnx_convert_slice (OnnxGraph *graph, GError **error);
gboolean onnx_convert_padding (OnnxGraph *graph, GError **error);
gboolean onnx_convert_resize (OnnxGraph *graph, GError **error);

/**
 * onnx_add_padding:
 * @pads: (array fixed-size=4): rows above, columns at the left, rows below,
 *   columns at the right; negative to cut off
 *
 * Adds layers that pad a feature map with zeros or cut it.
 */
gboolean onnx_add_padding (OnnxGraph *graph, guint *layer, const gint64 pads[4],
    GError **error);

/**
 * onnx_add_affine:
 * @factor: @channels values by which to multiply the last dimension
 * @shift: @channels values to add after that
 *
 * Adds a layer.
 */
guint onnx_add_affine (OnnxGraph *graph, guint layer, const gdouble *factor,
    const gdouble *shift, gsize channels);

/* Adds a layer with one factor and shift for all values, if there is any. */
guint onnx_add_rescaling (OnnxGraph *graph, const gchar *suffix, guint layer,
    gdouble factor, gdouble shift);

/* Adds layers that limit values; @min and @max may be infinite. */
guint onnx_add_clip (OnnxGraph *graph, guint layer, gdouble min, gdouble max);

/* Adds a layer that applies an activation function of Keras. */
guint onnx_add_activation (OnnxGraph *graph, guint layer, const gchar *name);

G_END_DECLS
