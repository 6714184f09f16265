/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * cnn_prediction_count_classes:
 *
 * Returns: the number of classes of the model's first output: two for a single
 *   value, otherwise the number of its values
 */
guint cnn_prediction_count_classes (const CnnModel *model);

/**
 * cnn_prediction_compute:
 * @output: the values of the model's first output
 * @scores: (out caller-allocates): cnn_prediction_count_classes() values
 *
 * Converts an output to one score per class. A single value p becomes 1 - p and
 * p. Outputs without an activation function are logits: a sigmoid is applied
 * to a single one, a softmax to several. All others are used directly.
 *
 * Returns: the class with the highest score; class 1 of a single value needs
 *   p > 0.5
 */
guint cnn_prediction_compute (const CnnModel *model, const gfloat *output,
    gfloat *scores);

G_END_DECLS
