/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/shard-reader.h"

#include <math.h>
#include <string.h>

#include "base/aligned.h"
#include "base/file.h"
#include "base/json.h"
#include "base/model-error.h"
#include "base/stored-number.h"

static const struct {
  const gchar *name;
  CnnStorage storage;
  gsize size;
  gboolean plain;     /* may be the dtype of a tensor that is not quantised */
  gboolean quantised; /* may be the dtype of a quantised tensor */
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

/* Returns the number of values that have been decoded, which are those before
 * the first one that is not finite. @bytes may be the end of @values. */
static gsize
decode_values (const CnnTensorEncoding *encoding, const guint8 *bytes,
    gfloat *values, gsize count)
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

/**
 * CnnShardReader:
 * @path: the file that is open, or the one to open next; %NULL after the last
 * @last: (nullable): the file that was read last
 * @shard: (nullable): contents of the open file
 * @offset: offset of the next byte in @shard
 * @max_size: maximum number of bytes in the files that have not been read
 */
struct _CnnShardReader {
  gchar *folder;
  const cJSON *path;
  const cJSON *last;
  GBytes *shard;
  gsize offset;
  gsize max_size;
};

CnnShardReader *
cnn_shard_reader_new (const cJSON *paths, const gchar *folder, gsize max_size,
    GError **error)
{
  CnnShardReader *reader;
  const cJSON *path;

  cJSON_ArrayForEach (path, paths)
  {
    if (!cJSON_IsString (path) || !file_is_below (path->valuestring)) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'paths' has '%s', which is no relative path below the model's "
          "folder",
          cJSON_IsString (path) ? path->valuestring : "(no string)");
      return NULL;
    }
  }
  reader = g_new0 (CnnShardReader, 1);
  reader->folder = g_strdup (folder);
  reader->path = paths->child;
  reader->max_size = max_size;
  return reader;
}

void
cnn_shard_reader_free (CnnShardReader *reader)
{
  g_clear_pointer (&reader->shard, g_bytes_unref);
  g_free (reader->folder);
  g_free (reader);
}

/* Makes sure that a file with bytes left is open, unless there is none. */
static gboolean
advance (CnnShardReader *reader, GError **error)
{
  while (reader->path) {
    if (!reader->shard) {
      g_autofree gchar *file = g_build_filename (reader->folder,
          reader->path->valuestring, NULL);

      reader->shard = file_read (file, reader->max_size, error);
      if (!reader->shard)
        return FALSE;
      reader->last = reader->path;
      reader->max_size -= g_bytes_get_size (reader->shard);
      reader->offset = 0;
    }
    if (reader->offset < g_bytes_get_size (reader->shard))
      return TRUE;
    g_clear_pointer (&reader->shard, g_bytes_unref);
    reader->path = reader->path->next;
  }
  return TRUE;
}

/* Returns the path of the file that was read last. */
static const gchar *
get_file (const CnnShardReader *reader)
{
  return reader->last ? reader->last->valuestring : "";
}

static gboolean
read_bytes (CnnShardReader *reader, guint8 *data, gsize size, GError **error)
{
  while (size > 0) {
    const guint8 *bytes;
    gsize length;

    if (!advance (reader, error))
      return FALSE;
    if (!reader->path) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "%" G_GSIZE_FORMAT " bytes are missing after '%s': a shard is "
          "truncated or missing in 'paths'",
          size, get_file (reader));
      return FALSE;
    }
    bytes = g_bytes_get_data (reader->shard, &length);
    length = MIN (length - reader->offset, size);
    memcpy (data, bytes + reader->offset, length);
    reader->offset += length;
    data += length;
    size -= length;
  }
  return TRUE;
}

/* Reads the encoded values, which are never larger, to the end of @values and
 * decodes them from there. */
static gboolean
read_values (CnnShardReader *reader, const CnnTensorEncoding *encoding,
    gfloat *values, gsize count, GError **error)
{
  const gsize size = count * cnn_tensor_encoding_get_size (encoding);
  guint8 *bytes = (guint8 *) (values + count) - size;
  gsize n_finite;

  if (!read_bytes (reader, bytes, size, error))
    return FALSE;
  n_finite = decode_values (encoding, bytes, values, count);
  if (n_finite == count)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "value %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
      " is not finite; the last one is in '%s'",
      n_finite, count, get_file (reader));
  return FALSE;
}

gfloat *
cnn_shard_reader_read (CnnShardReader *reader,
    const CnnTensorEncoding *encoding, gsize count, GError **error)
{
  gfloat *values = aligned_try_new (count);

  if (!values) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "no memory for its %" G_GSIZE_FORMAT " values", count);
    return NULL;
  }
  if (read_values (reader, encoding, values, count, error))
    return values;
  aligned_free (values);
  return NULL;
}

gboolean
cnn_shard_reader_check_end (CnnShardReader *reader, GError **error)
{
  if (!advance (reader, error))
    return FALSE;
  if (!reader->path)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "%s: has %" G_GSIZE_FORMAT " bytes more than the weights need",
      reader->path->valuestring,
      g_bytes_get_size (reader->shard) - reader->offset);
  return FALSE;
}
