/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/layers-model.h"
#include "formats/weight-encoding.h"

G_BEGIN_DECLS

/**
 * ModelWriterProgress:
 * @n_weights: how many are written
 * @n_bytes: how many bytes they take
 */
typedef void (*ModelWriterProgress) (guint n_weights, guint total_weights,
    guint64 n_bytes, guint64 total_bytes);

/**
 * ModelWriterOptions:
 * @shard_size: most bytes in a file of weights
 * @progress: (nullable): called after each weight
 */
typedef struct {
  WeightEncoding encoding;
  guint shard_size;
  ModelWriterProgress progress;
} ModelWriterOptions;

/**
 * model_writer_measure:
 *
 * Returns: how many bytes the weights will take
 */
guint64 model_writer_measure (const KerasModel *model,
    const ModelWriterOptions *options);

/**
 * model_writer_write:
 * @folder: exists and is empty
 *
 * Writes a tfjs layers-model: the shards, and then model.json.
 */
gboolean model_writer_write (const KerasModel *model, const gchar *folder,
    const ModelWriterOptions *options, GError **error);

/**
 * model_writer_write_json:
 * @root: the text's content
 *
 * Writes a file of JSON.
 */
gboolean model_writer_write_json (const cJSON *root, const gchar *folder,
    const gchar *name, GError **error);

G_END_DECLS
