/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/onnx-shape.h"

G_BEGIN_DECLS

/**
 * OnnxConstant:
 * @is_integer: whether the values are integers, which divide without remainder
 * @values: onnx_shape_count() values, row-major; integers beyond 2^53 are
 *   rounded
 *
 * A tensor whose values are known. Counted by references.
 */
typedef struct {
  OnnxShape shape;
  gboolean is_integer;
  gdouble *values;
} OnnxConstant;

/**
 * onnx_constant_new:
 *
 * Returns: (transfer full): with values of 0
 */
OnnxConstant *onnx_constant_new (const OnnxShape *shape, gboolean is_integer);

/**
 * onnx_constant_new_list:
 *
 * Returns: (transfer full): @count integers in one dimension
 */
OnnxConstant *onnx_constant_new_list (const gint64 *values, gsize count);

/**
 * onnx_constant_new_tensor:
 *
 * Returns: (transfer full): a tensor of the file; %NULL with a %MODEL_ERROR if
 *   it has no numbers, or not as many as its shape says, or if they are in
 *   another file
 */
OnnxConstant *onnx_constant_new_tensor (const Onnx__Tensor *tensor,
    GError **error);

OnnxConstant *onnx_constant_ref (OnnxConstant *constant);
void onnx_constant_unref (OnnxConstant *constant);

/**
 * onnx_constant_get_integers:
 * @values: (out) (array length=n_values) (transfer full): the values
 *
 * Returns: FALSE with a %MODEL_ERROR if the constant has other values, or more
 *   than one dimension
 */
gboolean onnx_constant_get_integers (const OnnxConstant *constant,
    gint64 **values, gsize *n_values, GError **error);

/* Whether it is a single value, in any number of dimensions. */
gboolean onnx_constant_is_single (const OnnxConstant *constant);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OnnxConstant, onnx_constant_unref)

G_END_DECLS
