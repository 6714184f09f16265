/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"
#include "formats/layers-model.h"

G_BEGIN_DECLS

/**
 * tfjs_dialect_apply:
 * @model: (inout): a model of Keras 1 to 3
 * @notes: (inout) (element-type utf8): a line for each layer that TensorFlow.js
 *   4.22 lacks, or with which it computes other values, is appended
 *
 * Writes the topology as Keras 2 does, and the names of the weights as
 * "layer/variable": that is what TensorFlow.js loads, with the same outputs.
 * What it cannot express stays as it is, and so does what is not valid, of
 * which the loader reports more.
 */
void tfjs_dialect_apply (LayersModel *model, GPtrArray *notes);

/**
 * tfjs_dialect_settle_shapes:
 * @model: (inout): a model of which tfjs_dialect_apply() made the topology
 * @loaded: the same model as the engine loads it
 *
 * Fills in sizes that follow from others in the target of a Reshape, which
 * TensorFlow.js does not find out before it runs.
 *
 * Returns: whether there were any
 */
gboolean tfjs_dialect_settle_shapes (LayersModel *model,
    const CnnModel *loaded);

G_END_DECLS
