/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layers/layer.h"
#include "cnn/plan/operation.h"

G_BEGIN_DECLS

/**
 * cnn_pooling_operation_new:
 * @input: height x width x channels
 * @output: height x width x channels
 * @average: rather than the largest value
 *
 * Returns: (transfer full) (nullable): %NULL when something is to be fused
 */
CnnOperation *cnn_pooling_operation_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, gboolean average,
    const CnnFusion *fusion);

G_END_DECLS
