/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/shape.h"

#include "base/json.h"
#include "base/model-error.h"

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

gsize
cnn_shape_get_channels (const CnnShape *shape)
{
  return shape->rank > 0 ? (gsize) shape->dims[shape->rank - 1] : 1;
}

void
cnn_tensor_clear_channel (const CnnTensor *tensor, guint channel)
{
  const gsize channels = cnn_shape_get_channels (tensor->shape);
  const gsize size = cnn_shape_size (tensor->shape);

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

gboolean
cnn_shape_check_feature_map (const CnnShape *input, GError **error)
{
  g_autofree gchar *shape = NULL;

  if (input->rank == 3)
    return TRUE;
  shape = cnn_shape_to_string (input);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "needs height x width x channels, but its input is %s", shape);
  return FALSE;
}

/* Reads the list from @dimension; null becomes 0 if sizes may be open. */
static gboolean
read_dimensions (const cJSON *dimension, const gchar *what, gboolean may_open,
    CnnShape *shape, GError **error)
{
  shape->rank = 0;
  for (; dimension; dimension = dimension->next) {
    gint *size = &shape->dims[shape->rank];

    if (shape->rank == CNN_MAX_RANK) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
          "'%s' has more than %d dimensions", what, CNN_MAX_RANK);
      return FALSE;
    }
    if (cJSON_IsNull (dimension) && may_open)
      *size = 0;
    else if (!json_to_integer (dimension, what, 1, CNN_MAX_DIMENSION, size,
                 error))
      return FALSE;
    shape->rank++;
  }
  return TRUE;
}

static gboolean
check_is_list (const cJSON *item, const gchar *what, GError **error)
{
  if (cJSON_IsArray (item))
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'%s' is missing or no list of dimensions", what);
  return FALSE;
}

gboolean
cnn_shape_from_json (const cJSON *item, const gchar *what, CnnShape *shape,
    GError **error)
{
  return check_is_list (item, what, error)
      && read_dimensions (item->child, what, FALSE, shape, error);
}

gboolean
cnn_shape_from_batch_json (const cJSON *item, const gchar *what,
    CnnShape *shape, GError **error)
{
  if (!check_is_list (item, what, error))
    return FALSE;
  if (!item->child) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' has no batch dimension", what);
    return FALSE;
  }
  return read_dimensions (item->child->next, what, TRUE, shape, error);
}

gboolean
cnn_input_size_check (const CnnInputSize *size, GError **error)
{
  if (size->height >= 1 && size->height <= CNN_MAX_DIMENSION && size->width >= 1
      && size->width <= CNN_MAX_DIMENSION)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "an input of %dx%d (height x width) was asked for, but both must be from "
      "1 to %d",
      size->height, size->width, CNN_MAX_DIMENSION);
  return FALSE;
}

gboolean
cnn_input_size_from_string (CnnInputSize *size, const gchar *text,
    GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", 0);
  guint64 numbers[2];
  guint n = 0;

  while (parts[n] && n < G_N_ELEMENTS (numbers)
      && g_ascii_string_to_unsigned (parts[n], 10, 1, CNN_MAX_DIMENSION,
          &numbers[n], NULL))
    n++;
  if (n < G_N_ELEMENTS (numbers) || parts[n]) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "input size '%s' is not a height and a width, such as 240x320", text);
    return FALSE;
  }
  *size = (CnnInputSize) { (gint) numbers[0], (gint) numbers[1] };
  return TRUE;
}
