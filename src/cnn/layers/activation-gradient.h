/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layers/activation.h"

G_BEGIN_DECLS

/**
 * cnn_activation_needs_input:
 *
 * Returns: whether derivatives need the values before the activation function;
 *   for the others its results are enough
 */
gboolean cnn_activation_needs_input (CnnActivation activation);

/**
 * cnn_activation_backpropagate:
 * @input: (nullable): @rows x @channels values before the activation function
 * @output: the values that it gave
 * @gradient: (inout): derivatives of something with respect to @output; then
 *   with respect to the input
 *
 * The chain rule. At a bend the derivative is that of the flatter side, as in
 * PyTorch.
 *
 * Returns: sum (gradient before * output) - sum (gradient after * input): what
 *   the tangent of the function adds at zero
 */
gdouble cnn_activation_backpropagate (CnnActivation activation,
    const gfloat *input, const gfloat *output, gfloat *gradient, gsize rows,
    gsize channels);

/**
 * cnn_softmax_backpropagate:
 * @input: (nullable): @count values, @step apart, for a softmax
 * @logarithm: for a log_softmax instead
 *
 * The same for a softmax of values that are @step apart.
 */
gdouble cnn_softmax_backpropagate (gboolean logarithm, const gfloat *input,
    const gfloat *output, gfloat *gradient, gsize count, gsize step);

G_END_DECLS
