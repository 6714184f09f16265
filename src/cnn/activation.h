/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CnnActivation:
 *
 * Activation functions by the names that Keras gives them:
 * relu max(x, 0); relu6 min(max(x, 0), 6); sigmoid 1 / (1 + exp(-x));
 * elu x < 0: exp(x) - 1; selu 1.0507 * (x < 0: 1.67326 * (exp(x) - 1));
 * softplus log(1 + exp(x)); softsign x / (1 + |x|); swish x * sigmoid(x);
 * softmax over the last axis.
 */
typedef enum {
  CNN_ACTIVATION_LINEAR,
  CNN_ACTIVATION_RELU,
  CNN_ACTIVATION_RELU6,
  CNN_ACTIVATION_SIGMOID,
  CNN_ACTIVATION_TANH,
  CNN_ACTIVATION_ELU,
  CNN_ACTIVATION_SELU,
  CNN_ACTIVATION_SOFTPLUS,
  CNN_ACTIVATION_SOFTSIGN,
  CNN_ACTIVATION_SWISH,
  CNN_ACTIVATION_SOFTMAX
} CnnActivation;

/**
 * cnn_activation_from_name:
 * @name: as in a Keras configuration
 *
 * Returns: FALSE with %CNN_ERROR_UNSUPPORTED for a name that is not known
 */
gboolean cnn_activation_from_name (
    const gchar *name, CnnActivation *activation, GError **error);

/**
 * cnn_activation_apply:
 * @data: (inout): @rows vectors of @channels values, contiguous
 */
void cnn_activation_apply (
    CnnActivation activation, gfloat *data, gsize rows, gsize channels);

G_END_DECLS
