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
 * @output: output of the convolution, before any pooling
 * @groups: number of groups; divides the channels of input and output
 * @kernel: kernel height x kernel width x input channels of a group x output
 *   channels
 * @bias: (nullable): output channels
 *
 * Chooses by shape between Winograd's minimal filtering and direct convolution.
 *
 * Returns: (transfer full) (nullable): %NULL if a convolution of this shape
 *   does not support the fusion, or if there is no memory
 */
CnnOperation *cnn_convolution_operation_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, gint groups,
    const gfloat *kernel, const gfloat *bias, const CnnFusion *fusion);

/**
 * cnn_convolution_operation_new_backward:
 * @input: input of the convolution, whose derivatives the operation computes
 * @output: output of the convolution, whose derivatives it reads
 * @kernel: kernel height x kernel width x input channels x output channels
 *
 * Backpropagation through a convolution is a convolution, too, with the kernel
 * turned around. This creates it if the padding permits it, which is so for odd
 * kernels with padding "same".
 *
 * Returns: (transfer full) (nullable): see cnn_convolution_operation_new();
 *   also %NULL if strides or padding do not permit it
 */
CnnOperation *cnn_convolution_operation_new_backward (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const CnnFusion *fusion);

/**
 * cnn_separable_operation_new:
 * @output: output of both convolutions
 * @depthwise: kernel height x kernel width x channels
 * @pointwise: channels x output channels
 * @bias: (nullable): output channels
 *
 * A depthwise convolution followed by a 1x1 convolution.
 *
 * Returns: (transfer full) (nullable): %NULL if either of them is
 */
CnnOperation *cnn_separable_operation_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *depthwise,
    const gfloat *pointwise, const gfloat *bias, const CnnFusion *fusion);

G_END_DECLS
