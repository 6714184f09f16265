/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-constant.h"

#include <string.h>

#include "base/model-error.h"
#include "base/stored-number.h"

OnnxConstant *
onnx_constant_new (const OnnxShape *shape, gboolean is_integer)
{
  OnnxConstant *constant = g_rc_box_new0 (OnnxConstant);

  constant->shape = *shape;
  constant->is_integer = is_integer;
  constant->values = g_new0 (gdouble, (gsize) onnx_shape_count (shape) + 1);
  return constant;
}

OnnxConstant *
onnx_constant_new_list (const gint64 *values, gsize count)
{
  const OnnxShape shape = { 1, { (gint64) count } };
  OnnxConstant *constant = onnx_constant_new (&shape, TRUE);

  for (gsize i = 0; i < count; i++)
    constant->values[i] = (gdouble) values[i];
  return constant;
}

OnnxConstant *
onnx_constant_ref (OnnxConstant *constant)
{
  return g_rc_box_acquire (constant);
}

static void
clear (gpointer data)
{
  g_free (((OnnxConstant *) data)->values);
}

void
onnx_constant_unref (OnnxConstant *constant)
{
  g_rc_box_release_full (constant, clear);
}

/* Numbers of TensorProto.DataType. */
typedef enum {
  TYPE_FLOAT = 1,
  TYPE_UINT8,
  TYPE_INT8,
  TYPE_UINT16,
  TYPE_INT16,
  TYPE_INT32,
  TYPE_INT64,
  TYPE_STRING,
  TYPE_BOOL,
  TYPE_FLOAT16,
  TYPE_DOUBLE,
  TYPE_UINT32,
  TYPE_UINT64,
  TYPE_BFLOAT16 = 16
} DataType;

/* Sizes in bytes; 0 for what is no number. */
static gsize
get_size (gint32 type)
{
  static const guint8 sizes[] = { [TYPE_FLOAT] = 4,
    [TYPE_UINT8] = 1,
    [TYPE_INT8] = 1,
    [TYPE_UINT16] = 2,
    [TYPE_INT16] = 2,
    [TYPE_INT32] = 4,
    [TYPE_INT64] = 8,
    [TYPE_BOOL] = 1,
    [TYPE_FLOAT16] = 2,
    [TYPE_DOUBLE] = 8,
    [TYPE_UINT32] = 4,
    [TYPE_UINT64] = 8,
    [TYPE_BFLOAT16] = 2 };

  return type > 0 && type < (gint32) G_N_ELEMENTS (sizes) ? sizes[type] : 0;
}

static gboolean
is_float (gint32 type)
{
  return type == TYPE_FLOAT || type == TYPE_FLOAT16 || type == TYPE_DOUBLE
      || type == TYPE_BFLOAT16;
}

static gdouble
widen (guint32 bits)
{
  gfloat value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static gdouble
read_float (gint32 type, guint64 bits)
{
  gdouble value;

  switch (type) {
    case TYPE_FLOAT16:
      return half_float_decode ((guint16) bits);
    case TYPE_BFLOAT16:
      return widen ((guint32) bits << 16);
    case TYPE_DOUBLE:
      memcpy (&value, &bits, sizeof value);
      return value;
    default:
      return widen ((guint32) bits);
  }
}

/* Raw data are little-endian. */
static gdouble
read_raw (gint32 type, const guint8 *bytes)
{
  const gsize size = get_size (type);
  guint64 bits = 0;

  for (gsize i = 0; i < size; i++)
    bits |= (guint64) bytes[i] << (8 * i);
  if (is_float (type))
    return read_float (type, bits);
  switch (type) {
    case TYPE_INT8:
      return (gint8) bits;
    case TYPE_INT16:
      return (gint16) bits;
    case TYPE_INT32:
      return (gint32) bits;
    case TYPE_INT64:
      return (gdouble) (gint64) bits;
    default:
      return (gdouble) bits;
  }
}

/* The number of values in the list that is used for the type. */
static gsize
count_listed (const Onnx__Tensor *tensor)
{
  switch (tensor->data_type) {
    case TYPE_FLOAT:
      return tensor->n_float_data;
    case TYPE_DOUBLE:
      return tensor->n_double_data;
    case TYPE_INT64:
      return tensor->n_int64_data;
    case TYPE_UINT32:
    case TYPE_UINT64:
      return tensor->n_uint64_data;
    default:
      return tensor->n_int32_data;
  }
}

static gdouble
read_listed (const Onnx__Tensor *tensor, gsize i)
{
  switch (tensor->data_type) {
    case TYPE_FLOAT:
      return tensor->float_data[i];
    case TYPE_DOUBLE:
      return tensor->double_data[i];
    case TYPE_INT64:
      return (gdouble) tensor->int64_data[i];
    case TYPE_UINT32:
    case TYPE_UINT64:
      return (gdouble) tensor->uint64_data[i];
    case TYPE_FLOAT16:
    case TYPE_BFLOAT16:
      return read_float (tensor->data_type,
          (guint64) tensor->int32_data[i] & 0xffff);
    default:
      return tensor->int32_data[i];
  }
}

static gboolean
check_tensor (const Onnx__Tensor *tensor, GError **error)
{
  if (tensor->n_external_data > 0 || tensor->data_location != 0) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "has its values in another file, which is not read: save the model as "
        "one file (onnx.save with save_as_external_data=False)");
    return FALSE;
  }
  if (get_size (tensor->data_type) > 0)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "has values of type %d, which is none of float, float16, double, "
      "integers and bool",
      tensor->data_type);
  return FALSE;
}

/* The number of values that the file has for the tensor; -1 with an error if it
 * ends within a value. */
static gint64
count_values (const Onnx__Tensor *tensor, GError **error)
{
  const gsize size = get_size (tensor->data_type);

  if (tensor->raw_data.len % size == 0)
    return (gint64) (tensor->raw_data.len > 0 ? tensor->raw_data.len / size
                                              : count_listed (tensor));
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "has %" G_GSIZE_FORMAT " bytes, which is no multiple of %" G_GSIZE_FORMAT,
      tensor->raw_data.len, size);
  return -1;
}

static gboolean
check_count (gint64 found, const OnnxShape *shape, GError **error)
{
  g_autofree gchar *text = NULL;

  if (found < 0)
    return FALSE;
  if (found == onnx_shape_count (shape))
    return TRUE;
  text = onnx_shape_to_string (shape);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "has %" G_GINT64_FORMAT " values, but a shape of %s", found, text);
  return FALSE;
}

OnnxConstant *
onnx_constant_new_tensor (const Onnx__Tensor *tensor, GError **error)
{
  OnnxConstant *constant;
  OnnxShape shape;
  gsize count;

  if (!check_tensor (tensor, error)
      || !onnx_shape_set (&shape, tensor->dimensions, tensor->n_dimensions,
          "it", error)
      || !check_count (count_values (tensor, error), &shape, error))
    return NULL;
  constant = onnx_constant_new (&shape, !is_float (tensor->data_type));
  count = (gsize) onnx_shape_count (&shape);
  for (gsize i = 0; i < count; i++) {
    constant->values[i] = tensor->raw_data.len > 0
        ? read_raw (tensor->data_type,
            tensor->raw_data.data + i * get_size (tensor->data_type))
        : read_listed (tensor, i);
  }
  return constant;
}

gboolean
onnx_constant_get_integers (const OnnxConstant *constant, gint64 **values,
    gsize *n_values, GError **error)
{
  const gdouble most = 9.2e18;
  const gsize count = (gsize) onnx_shape_count (&constant->shape);

  if (constant->shape.rank > 1 || !constant->is_integer) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "needs a list of integers");
    return FALSE;
  }
  *n_values = count;
  *values = g_new0 (gint64, count + 1);
  for (gsize i = 0; i < count; i++)
    (*values)[i] = (gint64) CLAMP (constant->values[i], -most, most);
  return TRUE;
}

gboolean
onnx_constant_is_single (const OnnxConstant *constant)
{
  return onnx_shape_count (&constant->shape) == 1;
}
