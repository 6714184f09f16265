/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/dense.h"

#include <string.h>

#include "cnn/kernels/vector.h"

void
cnn_dense (const gfloat *input, gsize inputs, const gfloat *kernel,
    const gfloat *bias, gsize units, gfloat *output)
{
  if (bias)
    memcpy (output, bias, units * sizeof *output);
  else
    memset (output, 0, units * sizeof *output);
  for (gsize i = 0; i < inputs; i++) {
    const gfloat value = input[i];
    const gfloat *weights = kernel + i * units;

    /* After a ReLU most inputs are exactly zero. */
    if (value == 0.0f)
      continue;
    for (gsize o = 0; o < units; o++)
      output[o] += value * weights[o];
  }
}

void
cnn_dense_backpropagate (const gfloat *gradient, gsize inputs,
    const gfloat *kernel, gsize units, gfloat *input_gradient)
{
  for (gsize i = 0; i < inputs; i++)
    input_gradient[i] += cnn_dot (kernel + i * units, gradient, units);
}
