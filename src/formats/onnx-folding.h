/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/onnx-constant.h"

G_BEGIN_DECLS

/**
 * OnnxArguments:
 * @opset: version of the operators
 * @inputs: (array length=n_inputs): inputs, %NULL for those that are left out
 * @max_values: largest number of values that the result may have
 *
 * A node whose inputs are all constants.
 */
typedef struct {
  const Onnx__Node *node;
  gint opset;
  OnnxConstant **inputs;
  guint n_inputs;
  gint64 max_values;
} OnnxArguments;

/**
 * onnx_fold:
 *
 * Computes a node whose inputs are constants: the arithmetic of shapes, and
 * what is done to weights.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
OnnxConstant *onnx_fold (const OnnxArguments *arguments, GError **error);

/**
 * onnx_fold_shape:
 * @node: a Shape or Size
 * @shape: shape of its input
 *
 * Returns: (transfer full): what the node says of it; %NULL with a %MODEL_ERROR
 */
OnnxConstant *onnx_fold_shape (const Onnx__Node *node, const OnnxShape *shape,
    GError **error);

/* Whether onnx_fold() knows the operator. */
gboolean onnx_fold_knows (const gchar *operator);

/**
 * onnx_arguments_get_list:
 * @name: attribute that has the list in early operator sets
 * @input: input that has it in later ones
 * @n_values: (out): number of values; 0 if there is no list
 *
 * Reads a list of axes, sizes and the like.
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean onnx_arguments_get_list (const OnnxArguments *arguments,
    const gchar *name, guint input, gint64 **values, gsize *n_values,
    GError **error);

/* Reads where a Slice begins and ends. */
gboolean onnx_arguments_get_slice (const OnnxArguments *arguments,
    const OnnxShape *shape, OnnxSlice *slice, GError **error);

G_END_DECLS
