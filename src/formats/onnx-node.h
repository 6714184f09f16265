/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/onnx-constant.h"

G_BEGIN_DECLS

/*
 * Checked access to the attributes of a node.
 */

/**
 * onnx_node_has_attribute:
 *
 * Returns: whether the node has the attribute
 */
gboolean onnx_node_has_attribute (const Onnx__Node *node, const gchar *name);

/**
 * onnx_node_get_integer:
 * @value: (inout): the default, which is kept if there is no such attribute
 *
 * Returns: FALSE with a %MODEL_ERROR if the attribute is no integer
 */
gboolean onnx_node_get_integer (const Onnx__Node *node, const gchar *name,
    gint64 *value, GError **error);

/**
 * onnx_node_get_integers:
 * @values: (inout) (array length=n_values): the defaults, which are kept if
 *   there is no such attribute
 *
 * Returns: FALSE with a %MODEL_ERROR if the attribute is no list of @n_values
 *   integers
 */
gboolean onnx_node_get_integers (const Onnx__Node *node, const gchar *name,
    gint64 *values, gsize n_values, GError **error);

/**
 * onnx_node_get_list:
 * @n_values: (out): number of integers; 0 if there is no such attribute
 *
 * Returns: (transfer none): the integers
 */
const gint64 *onnx_node_get_list (const Onnx__Node *node, const gchar *name,
    gsize *n_values);

/**
 * onnx_node_get_number:
 * @value: (inout): the default, which is kept if there is no such attribute
 *
 * Returns: FALSE with a %MODEL_ERROR if the attribute is no finite number
 */
gboolean onnx_node_get_number (const Onnx__Node *node, const gchar *name,
    gdouble *value, GError **error);

/**
 * onnx_node_get_choice:
 * @choices: (array zero-terminated=1): strings that are supported
 * @choice: (inout): index of the string found; kept if there is none
 *
 * Returns: FALSE with a %MODEL_ERROR if the attribute is another string
 */
gboolean onnx_node_get_choice (const Onnx__Node *node, const gchar *name,
    const gchar *const *choices, guint *choice, GError **error);

/**
 * onnx_node_get_tensor:
 *
 * Returns: (transfer none) (nullable): the tensor of that name
 */
const Onnx__Tensor *onnx_node_get_tensor (const Onnx__Node *node,
    const gchar *name);

/**
 * onnx_node_get_floats:
 *
 * Returns: (transfer none): the numbers of a list of @n_values
 */
const gfloat *onnx_node_get_floats (const Onnx__Node *node, const gchar *name,
    gsize *n_values);

G_END_DECLS
