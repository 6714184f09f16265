/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

#include "formats/layers-model.h"

G_BEGIN_DECLS

/**
 * tfjs_layer_rewrite:
 * @model: (inout): weights that become a part of the configuration are removed
 * @entry: (inout): class_name and config of a layer, not of a model
 * @notes: (inout) (element-type utf8): what TensorFlow.js will do otherwise is
 *   appended
 *
 * Writes a layer of Keras 1 to 3 as TensorFlow.js reads it, with the same
 * outputs: other keys, or another class. Leaves out what matters in training
 * only. Classes that this engine does not know stay as they are.
 */
void tfjs_layer_rewrite (LayersModel *model, cJSON *entry, GPtrArray *notes);

/**
 * tfjs_layer_split:
 * @entry: (inout): class_name and config of a layer
 *
 * Splits a layer for which TensorFlow.js needs two: one that is new, and
 * @entry, which then reads the output of the new one and keeps the name.
 *
 * Returns: (transfer full) (nullable): class_name and config of the new layer
 */
cJSON *tfjs_layer_split (cJSON *entry);

G_END_DECLS
