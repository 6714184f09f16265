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
