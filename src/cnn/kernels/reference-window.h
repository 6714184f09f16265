/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/window.h"

G_BEGIN_DECLS

/*
 * Scalar code for operations that slide a window over a feature map:
 * convolutions and pooling, forward and backward. The kernels for the
 * instruction sets are tested against it, and it is the fallback for cases that
 * they do not support.
 *
 * Feature maps are height x width x channels. Cells outside the input are zero
 * for convolutions, and are not counted for pooling.
 */

/**
 * cnn_grouped_convolution2d:
 * @groups: number of groups; divides the channels of input and output
 * @kernel: kernel height x kernel width x input channels of a group x output
 *   channels
 * @bias: (nullable): output channels
 *
 * 2D cross-correlation, which every framework calls convolution, of each group
 * of input channels into the group of output channels with the same number.
 * With as many groups as input channels this is depthwise convolution.
 */
void cnn_grouped_convolution2d (const CnnWindow *window, gsize groups,
    const CnnTensor *input, const gfloat *kernel, const gfloat *bias,
    const CnnTensor *output);

/**
 * cnn_grouped_convolution2d_backpropagate:
 * @gradient: derivatives with respect to the output
 * @input_gradient: (inout): derivatives with respect to the input, to which the
 *   result is added
 */
void cnn_grouped_convolution2d_backpropagate (const CnnWindow *window,
    gsize groups, const CnnTensor *gradient, const gfloat *kernel,
    const CnnTensor *input_gradient);

/**
 * cnn_separable_convolution2d:
 * @depthwise: kernel height x kernel width x input channels x multiplier
 * @pointwise: input channels * multiplier x output channels
 * @bias: (nullable): output channels
 *
 * A depthwise convolution followed by a 1x1 convolution.
 */
void cnn_separable_convolution2d (const CnnWindow *window, gsize multiplier,
    const CnnTensor *input, const gfloat *depthwise, const gfloat *pointwise,
    const gfloat *bias, const CnnTensor *output);

/* As cnn_grouped_convolution2d_backpropagate(). */
void cnn_separable_convolution2d_backpropagate (const CnnWindow *window,
    gsize multiplier, const CnnTensor *gradient, const gfloat *depthwise,
    const gfloat *pointwise, const CnnTensor *input_gradient);

/**
 * cnn_transposed_convolution2d:
 * @window: window of the convolution that would lead from @output to @input
 * @kernel: kernel height x kernel width x output channels x input channels
 * @bias: (nullable): output channels
 *
 * Each cell of the input adds values to the output in the shape of the kernel,
 * one stride apart from cell to cell; values outside the output are dropped.
 */
void cnn_transposed_convolution2d (const CnnWindow *window,
    const CnnTensor *input, const gfloat *kernel, const gfloat *bias,
    const CnnTensor *output);

/* As cnn_grouped_convolution2d_backpropagate(). */
void cnn_transposed_convolution2d_backpropagate (const CnnWindow *window,
    const CnnTensor *gradient, const gfloat *kernel,
    const CnnTensor *input_gradient);

/* The largest value in each window, which is not dilated. */
void cnn_max_pooling2d (const CnnWindow *window, const CnnTensor *input,
    const CnnTensor *output);

/* The mean of the values in each window, which is not dilated. */
void cnn_average_pooling2d (const CnnWindow *window, const CnnTensor *input,
    const CnnTensor *output);

/**
 * cnn_max_pooling2d_backpropagate:
 * @input: the values that were pooled
 * @gradient: derivatives with respect to the output
 * @input_gradient: (inout): derivatives with respect to the input, to which the
 *   result is added
 *
 * Of equal values in a window the first one in row-major order counts as the
 * largest.
 */
void cnn_max_pooling2d_backpropagate (const CnnWindow *window,
    const CnnTensor *input, const CnnTensor *gradient,
    const CnnTensor *input_gradient);

/* As cnn_grouped_convolution2d_backpropagate(). */
void cnn_average_pooling2d_backpropagate (const CnnWindow *window,
    const CnnTensor *gradient, const CnnTensor *input_gradient);

G_END_DECLS
