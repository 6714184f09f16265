/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include "cnn/model/model-limits.h"
#include "cnn/shape.h"

G_BEGIN_DECLS

/**
 * CnnWeightStore:
 *
 * The tensors of a weights manifest while a model is being loaded. Layers take
 * what is theirs; nothing may be left over.
 */
typedef struct _CnnWeightStore CnnWeightStore;

/**
 * cnn_weight_store_load:
 * @manifest: the `weightsManifest` of a model.json
 * @folder: where the shards lie
 *
 * Reads the manifest and its shards. The bytes of a group are its files
 * concatenated, little-endian, without padding; tensors may straddle shards.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
CnnWeightStore *cnn_weight_store_load (const cJSON *manifest,
    const gchar *folder, const CnnLimits *limits, GError **error);

void cnn_weight_store_free (CnnWeightStore *store);

/**
 * cnn_weight_store_get_bytes:
 *
 * Returns: the size of all tensors as float32
 */
gsize cnn_weight_store_get_bytes (const CnnWeightStore *store);

/**
 * cnn_weight_store_contains:
 *
 * Returns: whether cnn_weight_store_take() would find at least one tensor
 */
gboolean cnn_weight_store_contains (const CnnWeightStore *store,
    const gchar *layer, const gchar *variable);

/**
 * cnn_weight_store_take:
 * @layer: name of the layer; in a nested model after the name of that
 * @variable: name of its variable, such as "kernel"
 * @shape: what the variable must have
 *
 * See cnn_weight_names_find().
 *
 * Returns: (transfer full): the values, free with aligned_free(); %NULL with
 *   %MODEL_ERROR when the tensor is missing, ambiguous, of another shape or
 *   taken already
 */
gfloat *cnn_weight_store_take (CnnWeightStore *store, const gchar *layer,
    const gchar *variable, const CnnShape *shape, GError **error);

/**
 * cnn_weight_store_check_empty:
 *
 * Returns: FALSE with a %MODEL_ERROR if a tensor has not been taken
 */
gboolean cnn_weight_store_check_empty (CnnWeightStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CnnWeightStore, cnn_weight_store_free)

G_END_DECLS
