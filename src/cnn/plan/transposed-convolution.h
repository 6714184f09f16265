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
 * cnn_transposed_convolution_new:
 * @window: window of the convolution that would lead from @output to @input
 * @kernel: kernel height x kernel width x output channels x input channels
 * @bias: (nullable): output channels
 *
 * A transposed convolution, see cnn_transposed_convolution2d(). Outputs whose
 * positions are the same modulo the strides get values from the same taps of
 * the kernel, in the same order: they are a convolution with stride 1, and one
 * matrix product for each of their rows.
 *
 * Returns: (transfer full) (nullable): %NULL if the fusion is not possible, if
 *   strides or dilations are so large that much memory would be needed, or if
 *   there is no memory
 */
CnnOperation *cnn_transposed_convolution_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion);

G_END_DECLS
