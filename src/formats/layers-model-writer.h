/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/layers-model.h"

G_BEGIN_DECLS

/**
 * WeightEncoding:
 * @WEIGHT_ENCODING_FLOAT32: as they are
 * @WEIGHT_ENCODING_FLOAT16: rounded to half precision
 * @WEIGHT_ENCODING_UINT8: value = byte * scale + min, with a scale and min for
 *   each tensor
 *
 * How weights are written, by the formulas of tensorflowjs. Unlike there,
 * tensors of one dimension, biases and statistics, stay float32: they are a
 * small part of the bytes, and their rounding would cost the most accuracy.
 */
typedef enum {
  WEIGHT_ENCODING_FLOAT32,
  WEIGHT_ENCODING_FLOAT16,
  WEIGHT_ENCODING_UINT8
} WeightEncoding;

/**
 * weight_encoding_from_string:
 *
 * Returns: FALSE if @name is neither "float16" nor "uint8"
 */
gboolean weight_encoding_from_string (const gchar *name,
    WeightEncoding *encoding);

/**
 * weight_encoding_measure:
 *
 * Returns: how many bytes the weight takes
 */
gsize weight_encoding_measure (WeightEncoding encoding,
    const LayersModelWeight *weight);

/**
 * weight_encoding_apply:
 * @bytes: is appended to
 *
 * Returns: (transfer full): the weight's entry for the manifest
 */
cJSON *weight_encoding_apply (WeightEncoding encoding,
    const LayersModelWeight *weight, GByteArray *bytes);

/**
 * LayersModelWriterProgress:
 * @n_weights: how many are written
 * @n_bytes: how many bytes they take
 */
typedef void (*LayersModelWriterProgress) (guint n_weights, guint total_weights,
    guint64 n_bytes, guint64 total_bytes);

/**
 * LayersModelWriterOptions:
 * @shard_size: most bytes in a file of weights
 * @progress: (nullable): called after each weight
 */
typedef struct {
  WeightEncoding encoding;
  guint shard_size;
  LayersModelWriterProgress progress;
} LayersModelWriterOptions;

/**
 * layers_model_writer_measure:
 *
 * Returns: how many bytes the weights will take
 */
guint64 layers_model_writer_measure (const LayersModel *model,
    const LayersModelWriterOptions *options);

/**
 * layers_model_writer_write:
 * @folder: exists and is empty
 *
 * Writes a tfjs layers-model: the shards, and then model.json.
 */
gboolean layers_model_writer_write (const LayersModel *model,
    const gchar *folder, const LayersModelWriterOptions *options,
    GError **error);

/**
 * layers_model_writer_write_json:
 * @root: the text's content
 *
 * Writes a file of JSON.
 */
gboolean layers_model_writer_write_json (const cJSON *root, const gchar *folder,
    const gchar *name, GError **error);

G_END_DECLS
