/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layers/layer.h"

/**
 * cnn_grouped_convolution2d:
 * @groups: divides the channels of input and output
 * @input: input height x width x channels
 * @kernel: kernel height x kernel width x input channels of a group x output
 *   channels
 * @bias: (nullable): output channels
 * @output: output height x width x channels
 *
 * 2D cross-correlation of each group of input channels into the group of output
 * channels with the same number. With as many groups as input channels this is
 * depthwise convolution. Cells outside the input are zero.
 */
void cnn_grouped_convolution2d (const CnnWindow *window, gsize groups,
    const CnnTensor *input, const gfloat *kernel, const gfloat *bias,
    const CnnTensor *output);

/**
 * cnn_separable_convolution2d:
 * @input: input height x width x channels
 * @depthwise: kernel height x kernel width x input channels x multiplier
 * @pointwise: input channels * multiplier x output channels
 * @bias: (nullable): output channels
 * @output: output height x width x channels
 *
 * Depthwise convolution, and a 1x1 convolution of what it gives.
 */
void cnn_separable_convolution2d (const CnnWindow *window, gsize multiplier,
    const CnnTensor *input, const gfloat *depthwise, const gfloat *pointwise,
    const gfloat *bias, const CnnTensor *output);

/**
 * cnn_grouped_convolution2d_backpropagate:
 * @gradient: derivatives with respect to the output
 * @input_gradient: (inout): with respect to the input: added to
 *
 * The way back through cnn_grouped_convolution2d(); with one group through
 * cnn_convolution2d().
 */
void cnn_grouped_convolution2d_backpropagate (const CnnWindow *window,
    gsize groups, const CnnTensor *gradient, const gfloat *kernel,
    const CnnTensor *input_gradient);

/* The same for cnn_separable_convolution2d(). */
void cnn_separable_convolution2d_backpropagate (const CnnWindow *window,
    gsize multiplier, const CnnTensor *gradient, const gfloat *depthwise,
    const gfloat *pointwise, const CnnTensor *input_gradient);
