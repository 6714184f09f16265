/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

G_BEGIN_DECLS

/* How the values of a tensor lie in a file, little-endian. */
typedef enum {
  CNN_STORAGE_FLOAT32,
  CNN_STORAGE_FLOAT16,
  CNN_STORAGE_INT32,
  CNN_STORAGE_UINT16,
  CNN_STORAGE_UINT8,
  CNN_STORAGE_BOOL
} CnnStorage;

/**
 * CnnTensorEncoding:
 * @scale: the value is stored * @scale + @min
 * @rounded: to a whole number: quantised integers
 */
typedef struct {
  CnnStorage storage;
  gdouble scale;
  gdouble min;
  gboolean rounded;
} CnnTensorEncoding;

/**
 * cnn_tensor_encoding_parse:
 * @entry: one of the `weights` of a manifest: its `dtype` and `quantization`
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean cnn_tensor_encoding_parse (CnnTensorEncoding *encoding,
    const cJSON *entry, GError **error);

/**
 * cnn_tensor_encoding_get_size:
 *
 * Returns: of one stored value, in bytes: at most that of a float
 */
gsize cnn_tensor_encoding_get_size (const CnnTensorEncoding *encoding);

/**
 * cnn_tensor_encoding_decode:
 * @bytes: @count stored values; may be the end of @values
 *
 * Returns: how many values have been decoded: those before the first one that
 *   is not finite
 */
gsize cnn_tensor_encoding_decode (const CnnTensorEncoding *encoding,
    const guint8 *bytes, gfloat *values, gsize count);

G_END_DECLS
