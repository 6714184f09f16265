/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layers/layer.h"

/**
 * cnn_max_pooling2d:
 * @input: input height x width x channels
 * @output: output height x width x channels
 *
 * The largest value in each window; cells outside the input do not count.
 */
void cnn_max_pooling2d (const CnnWindow *window, const CnnTensor *input,
    const CnnTensor *output);

/**
 * cnn_average_pooling2d:
 * @input: input height x width x channels
 * @output: output height x width x channels
 *
 * The mean of the values in each window; cells outside the input do not count.
 */
void cnn_average_pooling2d (const CnnWindow *window, const CnnTensor *input,
    const CnnTensor *output);

/**
 * cnn_max_pooling2d_backpropagate:
 * @input: what was pooled
 * @gradient: derivatives with respect to the output
 * @input_gradient: (inout): with respect to the input: added to
 *
 * Of equal values in a window the first one in row-major order counts as the
 * largest.
 */
void cnn_max_pooling2d_backpropagate (const CnnWindow *window,
    const CnnTensor *input, const CnnTensor *gradient,
    const CnnTensor *input_gradient);

/* The same for cnn_average_pooling2d(). */
void cnn_average_pooling2d_backpropagate (const CnnWindow *window,
    const CnnTensor *gradient, const CnnTensor *input_gradient);
