/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include "cnn/layers/layer.h"
#include "cnn/shape.h"

G_BEGIN_DECLS

/**
 * CnnWeightStore:
 *
 * The tensors of a weights manifest while a model is being loaded. Layers take
 * their tensors from it; none may be left over.
 */
typedef struct _CnnWeightStore CnnWeightStore;

/**
 * cnn_weight_store_load:
 * @manifest: the `weightsManifest` of a model.json
 * @folder: folder of the shards
 * @max_bytes: maximum size of all tensors as float32, and of the shards of a
 *   group
 *
 * Reads the manifest and its shards. The bytes of a group are its concatenated
 * files, little-endian, without padding; tensors may span several shards.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
CnnWeightStore *cnn_weight_store_load (const cJSON *manifest,
    const gchar *folder, gsize max_bytes, GError **error);

void cnn_weight_store_free (CnnWeightStore *store);

/**
 * cnn_weight_store_get_bytes:
 *
 * Returns: the size of all tensors as float32
 */
gsize cnn_weight_store_get_bytes (const CnnWeightStore *store);

/**
 * cnn_weight_store_bind:
 * @input: (nullable): shape of the first input of a call
 *
 * Gives a layer its weights at its first call, and checks that they fit every
 * other call. cnn_weight_names_find() finds the tensor of a variable.
 *
 * Returns: FALSE with a %MODEL_ERROR if a tensor is missing, ambiguous, of
 *   another shape or taken already, or if the layer refuses its values
 */
gboolean cnn_weight_store_bind (CnnWeightStore *store, CnnLayer *layer,
    const CnnShape *input, GError **error);

/**
 * cnn_weight_store_check_empty:
 *
 * Returns: FALSE with a %MODEL_ERROR if a tensor has not been taken
 */
gboolean cnn_weight_store_check_empty (CnnWeightStore *store, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CnnWeightStore, cnn_weight_store_free)

G_END_DECLS
