/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/plan/operation.h"
#include "cnn/window.h"

G_BEGIN_DECLS

/**
 * cnn_convolution_operation_new:
 * @input: height x width x input channels
 * @output: of the convolution, before any pooling
 * @kernel: kernel height x kernel width x input channels x output channels
 * @bias: (nullable): output channels
 *
 * Chooses by shape between Winograd's minimal filtering and direct convolution.
 *
 * Returns: (transfer full) (nullable): %NULL when a convolution of this shape
 *   cannot be fused so, or when there is no memory
 */
CnnOperation *cnn_convolution_operation_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion);

/**
 * cnn_convolution_operation_new_backward:
 * @input: of the convolution, whose derivatives the operation gives
 * @output: of the convolution, whose derivatives it takes
 * @kernel: kernel height x kernel width x input channels x output channels
 *
 * The way back through a convolution is a convolution as well, with the kernel
 * turned around; this is it where the padding allows it, as it does for odd
 * kernels with padding "same".
 *
 * Returns: (transfer full) (nullable): see cnn_convolution_operation_new();
 *   %NULL also where strides or padding stand against it
 */
CnnOperation *cnn_convolution_operation_new_backward (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const CnnFusion *fusion);

/**
 * cnn_separable_operation_new:
 * @output: of the whole
 * @depthwise: kernel height x kernel width x channels
 * @pointwise: channels x output channels
 * @bias: (nullable): output channels
 *
 * A depthwise convolution followed by a 1x1 convolution.
 *
 * Returns: (transfer full) (nullable): %NULL when either of them is
 */
CnnOperation *cnn_separable_operation_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *depthwise,
    const gfloat *pointwise, const gfloat *bias, const CnnFusion *fusion);

G_END_DECLS
