/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

/**
 * cnn_dense:
 * @input: @inputs values
 * @kernel: @inputs x @units
 * @bias: (nullable): @units values
 * @output: (out): @units values
 *
 * output = input * kernel + bias.
 */
void cnn_dense (const gfloat *input, gsize inputs, const gfloat *kernel,
    const gfloat *bias, gsize units, gfloat *output);

/**
 * cnn_dense_backpropagate:
 * @gradient: @units derivatives with respect to the output
 * @input_gradient: (inout): @inputs derivatives, added to
 *
 * input_gradient += kernel * gradient.
 */
void cnn_dense_backpropagate (const gfloat *gradient, gsize inputs,
    const gfloat *kernel, gsize units, gfloat *input_gradient);
