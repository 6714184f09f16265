/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/layers-model.h"

G_BEGIN_DECLS

/**
 * WeightEncoding:
 * @WEIGHT_ENCODING_FLOAT32: unchanged
 * @WEIGHT_ENCODING_FLOAT16: rounded to half precision
 * @WEIGHT_ENCODING_UINT8: value = byte * scale + min, with a scale and a min
 *   per tensor
 *
 * How weights are stored, with the formulas of tensorflowjs. Unlike there,
 * tensors of one dimension (biases and statistics) stay float32: they are few
 * bytes, and rounding them would cost the most accuracy.
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
 * Returns: the size of the encoded weight in bytes
 */
gsize weight_encoding_measure (WeightEncoding encoding,
    const LayersModelWeight *weight);

/**
 * weight_encoding_apply:
 * @bytes: the encoded weight is appended to it
 *
 * Returns: (transfer full): the weight's entry in the manifest
 */
cJSON *weight_encoding_apply (WeightEncoding encoding,
    const LayersModelWeight *weight, GByteArray *bytes);

/**
 * LayersModelWriterProgress:
 * @n_weights: number of weights written so far
 * @n_bytes: their size in bytes
 */
typedef void (*LayersModelWriterProgress) (guint n_weights, guint total_weights,
    guint64 n_bytes, guint64 total_bytes);

/**
 * LayersModelWriterOptions:
 * @shard_size: maximum size of a file of weights, in bytes
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
 * Returns: the size of all weights as they will be written, in bytes
 */
guint64 layers_model_writer_measure (const LayersModel *model,
    const LayersModelWriterOptions *options);

/**
 * layers_model_writer_write:
 * @folder: exists and is empty
 *
 * Writes a tfjs layers-model: the shards, then model.json.
 *
 * Returns: FALSE with a %G_FILE_ERROR
 */
gboolean layers_model_writer_write (const LayersModel *model,
    const gchar *folder, const LayersModelWriterOptions *options,
    GError **error);

/**
 * layers_model_writer_replace_topology:
 * @folder: what layers_model_writer_write() wrote
 *
 * Writes the topology again, which has changed, and leaves the weights.
 *
 * Returns: FALSE with an error
 */
gboolean layers_model_writer_replace_topology (const LayersModel *model,
    const gchar *folder, GError **error);

/**
 * layers_model_writer_write_json:
 * @root: what to write
 *
 * Writes a JSON file.
 *
 * Returns: FALSE with a %G_FILE_ERROR
 */
gboolean layers_model_writer_write_json (const cJSON *root, const gchar *folder,
    const gchar *name, GError **error);

G_END_DECLS
