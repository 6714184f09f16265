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
 * cnn_direct_convolution_count_operations:
 *
 * Returns: an estimate of the cost of cnn_direct_convolution_new() with one
 *   group, in operations on vectors
 */
gdouble cnn_direct_convolution_count_operations (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const CnnFusion *fusion);

/**
 * cnn_direct_convolution_new:
 * @output: output of the convolution; pooling is not supported
 * @groups: number of groups; divides the channels of input and output
 * @kernel: kernel height x kernel width x input channels of a group x output
 *   channels, already folded: the factor and the shift of @fusion are ignored
 * @bias: output channels, already folded
 *
 * Convolution as one matrix product per row of the output and group. Vectors
 * lie along the output channels or, if these are few, along the input.
 *
 * Returns: (transfer full) (nullable): %NULL if it would need too much scratch
 *   memory, or if there is no memory
 */
CnnOperation *cnn_direct_convolution_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, gint groups,
    const gfloat *kernel, const gfloat *bias, const CnnFusion *fusion);

G_END_DECLS
