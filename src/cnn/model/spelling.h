/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * cnn_spelling_unify:
 * @topology: (inout) (nullable): the `modelTopology` of a model.json
 *
 * Spells all keys, and the words that are values, as Keras does:
 * "batchInputShape" becomes "batch_input_shape", and "channelsLast"
 * "channels_last". TensorFlow.js reads both spellings. A key stays as it is if
 * the object has the other one too.
 */
void cnn_spelling_unify (cJSON *topology);

G_END_DECLS
