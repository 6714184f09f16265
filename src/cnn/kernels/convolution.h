/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layers/layer.h"

/**
 * cnn_convolution2d:
 * @input: input height x width x channels
 * @kernel: kernel height x kernel width x input channels x output channels
 * @bias: (nullable): output channels
 * @output: output height x width x channels
 *
 * 2D cross-correlation, as every framework calls convolution. Cells outside
 * the input are zero.
 */
void cnn_convolution2d (const CnnWindow *window, const CnnTensor *input,
    const gfloat *kernel, const gfloat *bias, const CnnTensor *output);
