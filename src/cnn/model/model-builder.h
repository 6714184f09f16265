/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model-private.h"
#include "cnn/model/topology.h"
#include "cnn/model/weight-store.h"

G_BEGIN_DECLS

/**
 * cnn_model_build:
 * @model: model with the layers of @topology and without nodes
 * @weights: tensors of the layers
 * @size: (nullable): size of inputs that leave it open
 *
 * Adds a node for each call of a layer, in an order in which they can be
 * computed; a call of a nested model becomes the nodes of that model. Infers
 * all shapes, binds the weights, and checks the result against @limits.
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean cnn_model_build (CnnModel *model, const CnnTopology *topology,
    CnnWeightStore *weights, const CnnLimits *limits, const CnnInputSize *size,
    GError **error);

G_END_DECLS
