/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layers/layer.h"
#include "cnn/plan/operation.h"

G_BEGIN_DECLS

/**
 * cnn_depthwise_operation_new:
 * @output: of the convolution; as many channels as @input
 * @kernel: kernel height x kernel width x channels
 * @bias: (nullable): channels
 *
 * Returns: (transfer full) (nullable): %NULL when the fusion is not possible,
 *   or no vector divides the channels
 */
CnnOperation *cnn_depthwise_operation_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion);

/**
 * cnn_separable_operation_new:
 * @output: of the whole
 * @depthwise: kernel height x kernel width x channels
 * @pointwise: channels x output channels
 * @bias: (nullable): output channels
 *
 * A depthwise convolution followed by a pointwise one.
 *
 * Returns: (transfer full) (nullable): likewise
 */
CnnOperation *cnn_separable_operation_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *depthwise,
    const gfloat *pointwise, const gfloat *bias, const CnnFusion *fusion);

G_END_DECLS
