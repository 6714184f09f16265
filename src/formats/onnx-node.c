/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-node.h"

#include <math.h>

#include "base/model-error.h"
#include "formats/onnx-file.h"

/* Numbers of AttributeProto.AttributeType. */
typedef enum {
  ATTRIBUTE_FLOAT = 1,
  ATTRIBUTE_INT,
  ATTRIBUTE_STRING,
  ATTRIBUTE_TENSOR,
  ATTRIBUTE_FLOATS = 6,
  ATTRIBUTE_INTS
} AttributeType;

static const Onnx__Attribute *
find (const Onnx__Node *node, const gchar *name)
{
  for (gsize i = 0; i < node->n_attributes; i++) {
    if (g_strcmp0 (node->attributes[i]->name, name) == 0)
      return node->attributes[i];
  }
  return NULL;
}

static gboolean
check_type (const Onnx__Attribute *attribute, AttributeType type,
    const gchar *what, GError **error)
{
  if (attribute->type == (gint32) type)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "'%s' is no %s",
      attribute->name, what);
  return FALSE;
}

gboolean
onnx_node_has_attribute (const Onnx__Node *node, const gchar *name)
{
  return find (node, name) != NULL;
}

gboolean
onnx_node_get_integer (const Onnx__Node *node, const gchar *name, gint64 *value,
    GError **error)
{
  const Onnx__Attribute *attribute = find (node, name);

  if (!attribute)
    return TRUE;
  if (!check_type (attribute, ATTRIBUTE_INT, "integer", error))
    return FALSE;
  *value = attribute->int_value;
  return TRUE;
}

gboolean
onnx_node_get_integers (const Onnx__Node *node, const gchar *name,
    gint64 *values, gsize n_values, GError **error)
{
  const Onnx__Attribute *attribute = find (node, name);

  if (!attribute)
    return TRUE;
  if (!check_type (attribute, ATTRIBUTE_INTS, "list of integers", error))
    return FALSE;
  if (attribute->n_ints != n_values) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "'%s' has %" G_GSIZE_FORMAT " numbers where %" G_GSIZE_FORMAT
        " are supported",
        name, attribute->n_ints, n_values);
    return FALSE;
  }
  for (gsize i = 0; i < n_values; i++)
    values[i] = attribute->ints[i];
  return TRUE;
}

const gint64 *
onnx_node_get_list (const Onnx__Node *node, const gchar *name, gsize *n_values)
{
  const Onnx__Attribute *attribute = find (node, name);

  *n_values = attribute ? attribute->n_ints : 0;
  return attribute ? attribute->ints : NULL;
}

gboolean
onnx_node_get_number (const Onnx__Node *node, const gchar *name, gdouble *value,
    GError **error)
{
  const Onnx__Attribute *attribute = find (node, name);

  if (!attribute)
    return TRUE;
  if (!check_type (attribute, ATTRIBUTE_FLOAT, "number", error))
    return FALSE;
  if (!isfinite (attribute->float_value)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "'%s' is not finite",
        name);
    return FALSE;
  }
  *value = attribute->float_value;
  return TRUE;
}

/* The bytes of a string are not terminated, and there may be none. */
static gchar *
to_string (const ProtobufCBinaryData *bytes)
{
  return bytes->data ? g_strndup ((const gchar *) bytes->data, bytes->len)
                     : g_strdup ("");
}

gboolean
onnx_node_get_choice (const Onnx__Node *node, const gchar *name,
    const gchar *const *choices, guint *choice, GError **error)
{
  const Onnx__Attribute *attribute = find (node, name);
  g_autofree gchar *string = NULL, *printed = NULL;

  if (!attribute)
    return TRUE;
  if (!check_type (attribute, ATTRIBUTE_STRING, "string", error))
    return FALSE;
  string = to_string (&attribute->string_value);
  for (guint i = 0; choices[i]; i++) {
    if (g_str_equal (choices[i], string)) {
      *choice = i;
      return TRUE;
    }
  }
  printed = onnx_print_name (string);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "'%s' is '%s', which is not supported", name, printed);
  return FALSE;
}

const Onnx__Tensor *
onnx_node_get_tensor (const Onnx__Node *node, const gchar *name)
{
  const Onnx__Attribute *attribute = find (node, name);

  return attribute ? attribute->tensor : NULL;
}

const gfloat *
onnx_node_get_floats (const Onnx__Node *node, const gchar *name,
    gsize *n_values)
{
  const Onnx__Attribute *attribute = find (node, name);

  *n_values = attribute ? attribute->n_floats : 0;
  return attribute ? attribute->floats : NULL;
}
