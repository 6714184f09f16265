/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/tensor-encoding.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/model-error.h"
#include "base/stored-number.h"

static const struct {
  const gchar *name;
  CnnStorage storage;
  gsize size;
  gboolean plain;     /* may be the dtype of a tensor that is not quantised */
  gboolean quantised; /* may be that of a quantised one */
} storages[] = {
  { "float32", CNN_STORAGE_FLOAT32, 4, TRUE, FALSE },
  { "float16", CNN_STORAGE_FLOAT16, 2, TRUE, TRUE },
  { "int32", CNN_STORAGE_INT32, 4, TRUE, FALSE },
  { "uint16", CNN_STORAGE_UINT16, 2, TRUE, TRUE },
  { "uint8", CNN_STORAGE_UINT8, 1, TRUE, TRUE },
  { "bool", CNN_STORAGE_BOOL, 1, TRUE, FALSE },
};

static gboolean
parse_storage (CnnTensorEncoding *encoding, const cJSON *object,
    gboolean quantised, GError **error)
{
  const gchar *name = json_get_string (object, "dtype", error);

  if (!name)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (storages); i++) {
    if (g_str_equal (storages[i].name, name)
        && (quantised ? storages[i].quantised : storages[i].plain)) {
      encoding->storage = storages[i].storage;
      return TRUE;
    }
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      quantised ? "quantisation to %s is not supported; float16, uint16 and "
                  "uint8 are"
                : "values of type %s are not supported; float32, float16, "
                  "int32, uint16, uint8 and bool are",
      name);
  return FALSE;
}

static gboolean
parse_quantization (CnnTensorEncoding *encoding, const cJSON *quantization,
    GError **error)
{
  if (!parse_storage (encoding, quantization, TRUE, error))
    return FALSE;
  if (encoding->storage == CNN_STORAGE_FLOAT16)
    return TRUE;
  return json_to_number (json_get (quantization, "scale"), "scale",
             &encoding->scale, error)
      && json_to_number (json_get (quantization, "min"), "min", &encoding->min,
          error);
}

gboolean
cnn_tensor_encoding_parse (CnnTensorEncoding *encoding, const cJSON *entry,
    GError **error)
{
  const cJSON *quantization = json_get (entry, "quantization");

  *encoding = (CnnTensorEncoding) { .scale = 1.0 };
  if (!parse_storage (encoding, entry, FALSE, error))
    return FALSE;
  if (!quantization)
    return TRUE;
  if (encoding->storage != CNN_STORAGE_FLOAT32
      && encoding->storage != CNN_STORAGE_INT32) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "only float32 and int32 can be quantised");
    return FALSE;
  }
  encoding->rounded = encoding->storage == CNN_STORAGE_INT32;
  if (parse_quantization (encoding, quantization, error))
    return TRUE;
  g_prefix_error (error, "'quantization': ");
  return FALSE;
}

gsize
cnn_tensor_encoding_get_size (const CnnTensorEncoding *encoding)
{
  return storages[encoding->storage].size;
}

static gdouble
decode_value (CnnStorage storage, const guint8 *bytes)
{
  guint32 word;
  guint16 half;
  gfloat value;

  switch (storage) {
    case CNN_STORAGE_FLOAT32:
      memcpy (&word, bytes, sizeof word);
      word = GUINT32_FROM_LE (word);
      memcpy (&value, &word, sizeof value);
      return value;
    case CNN_STORAGE_INT32:
      memcpy (&word, bytes, sizeof word);
      return (gint32) GUINT32_FROM_LE (word);
    case CNN_STORAGE_FLOAT16:
    case CNN_STORAGE_UINT16:
      memcpy (&half, bytes, sizeof half);
      half = GUINT16_FROM_LE (half);
      return storage == CNN_STORAGE_UINT16 ? half : half_float_decode (half);
    case CNN_STORAGE_BOOL:
      return *bytes != 0;
    case CNN_STORAGE_UINT8:
      break;
  }
  return *bytes;
}

gsize
cnn_tensor_encoding_decode (const CnnTensorEncoding *encoding,
    const guint8 *bytes, gfloat *values, gsize count)
{
  const gsize size = cnn_tensor_encoding_get_size (encoding);

  for (gsize i = 0; i < count; i++) {
    gdouble value = decode_value (encoding->storage, bytes + i * size)
            * encoding->scale
        + encoding->min;

    values[i] = (gfloat) (encoding->rounded ? rint (value) : value);
    if (!isfinite (values[i]))
      return i;
  }
  return count;
}
