/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"

/**
 * cnn_transpose:
 * @permutation: the dimension of @input that each dimension of @output is
 */
void cnn_transpose (const CnnTensor *input,
    const guint permutation[CNN_MAX_RANK], const CnnTensor *output);

/**
 * cnn_transpose_backpropagate:
 * @gradient: derivatives with respect to the output
 * @input_gradient: (inout): with respect to the input: added to
 */
void cnn_transpose_backpropagate (const CnnTensor *gradient,
    const guint permutation[CNN_MAX_RANK], const CnnTensor *input_gradient);
