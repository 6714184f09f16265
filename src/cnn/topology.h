/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include "cnn/model-private.h"

G_BEGIN_DECLS

/**
 * cnn_topology_parse:
 * @topology: the `modelTopology` of a model.json, as the converter or as tfjs
 *   itself writes it: Sequential, Functional or Model
 * @weights: holds the tensors of the layers
 *
 * Builds the layers and the graph, infers all shapes and binds the weights.
 *
 * Returns: (transfer full): or %NULL with a %CNN_ERROR
 */
CnnModel *cnn_topology_parse (const cJSON *topology, CnnWeightStore *weights,
    const CnnLimits *limits, GError **error);

G_END_DECLS
