/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * cnn_model_get_input_gain:
 *
 * Looks for a Rescaling or a Normalization that reads the first input of @model
 * before anything but views, merges and resampling has changed it.
 *
 * Returns: the largest factor by which that layer multiplies a value; 0 if
 *   there is no such layer
 */
gdouble cnn_model_get_input_gain (const CnnModel *model);

G_END_DECLS
