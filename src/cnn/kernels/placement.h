/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"

/**
 * cnn_place2d:
 * @input: height x width x channels
 * @top: row of @output where the first row of @input lies; may be negative
 * @left: column likewise
 * @output: height x width x channels: zero outside @input
 */
void cnn_place2d (const CnnTensor *input, gint top, gint left,
    const CnnTensor *output);

/**
 * cnn_place2d_backpropagate:
 * @gradient: derivatives with respect to the output
 * @input_gradient: (inout): with respect to the input: added to
 */
void cnn_place2d_backpropagate (const CnnTensor *gradient, gint top, gint left,
    const CnnTensor *input_gradient);
