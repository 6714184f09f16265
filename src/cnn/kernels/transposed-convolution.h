/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layers/layer.h"

/**
 * cnn_transposed_convolution2d:
 * @window: of the convolution that would lead from @output back to @input
 * @input: input height x width x channels
 * @kernel: kernel height x kernel width x output channels x input channels
 * @bias: (nullable): output channels
 * @output: output height x width x channels
 *
 * Each cell of the input adds a kernel's worth of values to the output, at
 * places that are the strides apart; what falls outside is dropped.
 */
void cnn_transposed_convolution2d (const CnnWindow *window,
    const CnnTensor *input, const gfloat *kernel, const gfloat *bias,
    const CnnTensor *output);

/**
 * cnn_transposed_convolution2d_backpropagate:
 * @gradient: derivatives with respect to the output
 * @input_gradient: (inout): with respect to the input: added to
 */
void cnn_transposed_convolution2d_backpropagate (const CnnWindow *window,
    const CnnTensor *gradient, const gfloat *kernel,
    const CnnTensor *input_gradient);
