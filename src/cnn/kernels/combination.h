/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"

typedef enum {
  CNN_COMBINATION_COPY,
  CNN_COMBINATION_ADD,
  CNN_COMBINATION_SUBTRACT,
  CNN_COMBINATION_MULTIPLY,
  CNN_COMBINATION_MAXIMUM,
  CNN_COMBINATION_MINIMUM
} CnnCombination;

/**
 * cnn_combine:
 * @input: its dimensions, counted from the last one, are those of @output or 1,
 *   or not there
 * @output: (inout)
 *
 * output = output (combination) input, for each value; dimensions of 1 are
 * repeated.
 */
void cnn_combine (CnnCombination combination, const CnnTensor *input,
    const CnnTensor *output);

/**
 * cnn_sum_repeated:
 * @gradient: derivatives with respect to each value of an output
 * @input_gradient: (inout): added to; its dimensions are as in cnn_combine()
 *
 * The way back through the repetition of dimensions: what was read several
 * times gets the sum.
 */
void cnn_sum_repeated (const CnnTensor *gradient,
    const CnnTensor *input_gradient);

/**
 * cnn_combine_pair:
 * @first: @count values
 * @second: likewise
 * @output: (out): likewise
 *
 * output = first (combination) second, for tensors of the same shape.
 */
void cnn_combine_pair (CnnCombination combination, const gfloat *first,
    const gfloat *second, gfloat *output, gsize count);
