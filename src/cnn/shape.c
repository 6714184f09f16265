/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/shape.h"

gboolean
cnn_shape_count (const CnnShape *shape, gsize *count)
{
  gsize product = 1;

  for (guint i = 0; i < shape->rank; i++) {
    if (!g_size_checked_mul (&product, product, (gsize) shape->dims[i]))
      return FALSE;
  }
  *count = product;
  return TRUE;
}

gsize
cnn_shape_size (const CnnShape *shape)
{
  gsize count = 0;

  cnn_shape_count (shape, &count);
  return count;
}

void
cnn_tensor_clear_channel (const CnnTensor *tensor, guint channel)
{
  const CnnShape *shape = tensor->shape;
  const gsize channels = shape->rank ? (gsize) shape->dims[shape->rank - 1] : 1;
  const gsize size = cnn_shape_size (shape);

  for (gsize i = channel; i < size; i += channels)
    tensor->data[i] = 0.0f;
}

gboolean
cnn_shape_equal (const CnnShape *a, const CnnShape *b)
{
  if (a->rank != b->rank)
    return FALSE;
  for (guint i = 0; i < a->rank; i++) {
    if (a->dims[i] != b->dims[i])
      return FALSE;
  }
  return TRUE;
}

gchar *
cnn_shape_to_string (const CnnShape *shape)
{
  GString *string = g_string_new (shape->rank == 0 ? "scalar" : NULL);

  for (guint i = 0; i < shape->rank; i++)
    g_string_append_printf (string, i ? "x%d" : "%d", shape->dims[i]);
  return g_string_free (string, FALSE);
}
