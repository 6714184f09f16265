/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CnnActivation:
 * @CNN_ACTIVATION_HARD_SIGMOID_KERAS_2: the hard_sigmoid of Keras before
 *   version 3, and of tfjs: clip(0.2 x + 0.5, 0, 1)
 *
 * Activation functions by the names that Keras gives them:
 * relu max(x, 0); relu6 min(max(x, 0), 6); leaky_relu x < 0: 0.2 x;
 * sigmoid 1 / (1 + exp(-x)); log_sigmoid log(sigmoid(x));
 * hard_sigmoid clip(x / 6 + 0.5, 0, 1);
 * hard_tanh clip(x, -1, 1); hard_silu x * clip(x / 6 + 0.5, 0, 1);
 * tanh_shrink x - tanh(x); soft_shrink x -+ 0.5 beyond +-0.5, else 0;
 * hard_shrink x beyond +-0.5, else 0; elu, celu x < 0: exp(x) - 1;
 * selu 1.0507 * (x < 0: 1.67326 * (exp(x) - 1)); exponential exp(x);
 * softplus log(1 + exp(x)); squareplus (x + sqrt(x^2 + 4)) / 2;
 * softsign x / (1 + |x|); swish x * sigmoid(x); mish x * tanh(softplus(x));
 * gelu x * (1 + erf(x / sqrt(2))) / 2; gelu_new, its approximation,
 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2;
 * softmax, log_softmax over the last axis.
 */
typedef enum {
  CNN_ACTIVATION_LINEAR,
  CNN_ACTIVATION_RELU,
  CNN_ACTIVATION_RELU6,
  CNN_ACTIVATION_LEAKY_RELU,
  CNN_ACTIVATION_SIGMOID,
  CNN_ACTIVATION_LOG_SIGMOID,
  CNN_ACTIVATION_HARD_SIGMOID,
  CNN_ACTIVATION_HARD_SIGMOID_KERAS_2,
  CNN_ACTIVATION_HARD_TANH,
  CNN_ACTIVATION_HARD_SILU,
  CNN_ACTIVATION_TANH,
  CNN_ACTIVATION_TANH_SHRINK,
  CNN_ACTIVATION_SOFT_SHRINK,
  CNN_ACTIVATION_HARD_SHRINK,
  CNN_ACTIVATION_ELU,
  CNN_ACTIVATION_SELU,
  CNN_ACTIVATION_EXPONENTIAL,
  CNN_ACTIVATION_SOFTPLUS,
  CNN_ACTIVATION_SQUAREPLUS,
  CNN_ACTIVATION_SOFTSIGN,
  CNN_ACTIVATION_SWISH,
  CNN_ACTIVATION_MISH,
  CNN_ACTIVATION_GELU,
  CNN_ACTIVATION_GELU_NEW,
  CNN_ACTIVATION_SOFTMAX,
  CNN_ACTIVATION_LOG_SOFTMAX
} CnnActivation;

/**
 * cnn_activation_from_name:
 * @name: name in a Keras configuration; "hard_sigmoid" is that of Keras 3
 * @activation: (out): the function
 *
 * Returns: FALSE with %MODEL_ERROR_UNSUPPORTED if the name is unknown
 */
gboolean cnn_activation_from_name (const gchar *name, CnnActivation *activation,
    GError **error);

/**
 * cnn_activation_apply:
 * @data: (inout): @rows vectors of @channels values, contiguous
 */
void cnn_activation_apply (CnnActivation activation, gfloat *data, gsize rows,
    gsize channels);

/**
 * cnn_softmax_apply:
 * @input: @count values, @step apart
 * @output: (out caller-allocates): their softmax, @step apart as well; may be
 *   @input
 */
void cnn_softmax_apply (const gfloat *input, gfloat *output, gsize count,
    gsize step);

/**
 * cnn_activation_needs_input:
 *
 * Returns: whether derivatives need the values before the activation function;
 *   for all other functions the results are enough
 */
gboolean cnn_activation_needs_input (CnnActivation activation);

/**
 * cnn_activation_backpropagate:
 * @input: (nullable): @rows x @channels values before the activation function
 * @output: results of the activation function
 * @gradient: (inout): derivatives with respect to @output, which become
 *   derivatives with respect to the input
 *
 * Applies the chain rule. At a bend the derivative is that of the flatter side,
 * as in PyTorch.
 *
 * Returns: sum (gradient before * output) - sum (gradient after * input): the
 *   values at zero of the function's tangents, times the gradient before
 */
gdouble cnn_activation_backpropagate (CnnActivation activation,
    const gfloat *input, const gfloat *output, gfloat *gradient, gsize rows,
    gsize channels);

/**
 * cnn_softmax_backpropagate:
 * @logarithm: whether it is a log_softmax
 * @input: @count values, @step apart
 *
 * cnn_activation_backpropagate() for one softmax, of values that are @step
 * apart.
 */
gdouble cnn_softmax_backpropagate (gboolean logarithm, const gfloat *input,
    const gfloat *output, gfloat *gradient, gsize count, gsize step);

G_END_DECLS
