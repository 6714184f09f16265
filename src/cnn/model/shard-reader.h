/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

G_BEGIN_DECLS

/* The type of a stored value, little-endian. */
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
 * @scale: a value is its stored value * @scale + @min
 * @rounded: whether values are rounded to integers, like quantised integers
 *
 * The encoding of a tensor's values in a file.
 */
typedef struct {
  CnnStorage storage;
  gdouble scale;
  gdouble min;
  gboolean rounded;
} CnnTensorEncoding;

/**
 * cnn_tensor_encoding_parse:
 * @encoding: (out caller-allocates)
 * @entry: one of the `weights` of a manifest: its `dtype` and `quantization`
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean cnn_tensor_encoding_parse (CnnTensorEncoding *encoding,
    const cJSON *entry, GError **error);

/**
 * cnn_tensor_encoding_get_size:
 *
 * Returns: bytes of one stored value, at most those of a float
 */
gsize cnn_tensor_encoding_get_size (const CnnTensorEncoding *encoding);

/**
 * CnnShardReader:
 *
 * Reads the tensors of a group of weights from its files, of which only one at
 * a time is in memory.
 */
typedef struct _CnnShardReader CnnShardReader;

/**
 * cnn_shard_reader_new:
 * @paths: the `paths` of a group, relative paths below @folder; borrowed
 * @max_size: maximum size of all files together, in bytes
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR for a path that leads
 *   elsewhere
 */
CnnShardReader *cnn_shard_reader_new (const cJSON *paths, const gchar *folder,
    gsize max_size, GError **error);

void cnn_shard_reader_free (CnnShardReader *reader);

/**
 * cnn_shard_reader_read:
 *
 * Reads the next @count values, which may span several files.
 *
 * Returns: (transfer full): all of them finite; free with aligned_free(). %NULL
 *   with a %MODEL_ERROR that names the file, also when the files have fewer
 *   values left
 */
gfloat *cnn_shard_reader_read (CnnShardReader *reader,
    const CnnTensorEncoding *encoding, gsize count, GError **error);

/**
 * cnn_shard_reader_check_end:
 *
 * Returns: FALSE with a %MODEL_ERROR if there are bytes left
 */
gboolean cnn_shard_reader_check_end (CnnShardReader *reader, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CnnShardReader, cnn_shard_reader_free)

G_END_DECLS
