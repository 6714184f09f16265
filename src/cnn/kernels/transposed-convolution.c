/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/transposed-convolution.h"

#include <string.h>

static void
fill (const CnnTensor *output, const gfloat *bias)
{
  const gint *dims = output->shape->dims;
  const gsize cells = (gsize) dims[0] * (gsize) dims[1];
  const gsize channels = (gsize) dims[2];

  for (gsize i = 0; i < cells; i++) {
    gfloat *cell = output->data + i * channels;

    if (bias)
      memcpy (cell, bias, channels * sizeof *cell);
    else
      memset (cell, 0, channels * sizeof *cell);
  }
}

/* cell[o] += sum of values[i] * weights[o][i] */
static void
accumulate (gfloat *cell, gsize outputs, const gfloat *values, gsize inputs,
    const gfloat *weights)
{
  for (gsize o = 0; o < outputs; o++, weights += inputs) {
    gfloat sum = 0.0f;

    for (gsize i = 0; i < inputs; i++)
      sum += values[i] * weights[i];
    cell[o] += sum;
  }
}

/* values[i] += sum of cell[o] * weights[o][i]: the way back. */
static void
spread (const gfloat *cell, gsize outputs, gfloat *values, gsize inputs,
    const gfloat *weights)
{
  for (gsize o = 0; o < outputs; o++, weights += inputs) {
    for (gsize i = 0; i < inputs; i++)
      values[i] += cell[o] * weights[i];
  }
}

/* Goes forward from @input to @output, or with the derivatives the other way.
 * Inline, so that each direction gets a loop of its own. */
static inline void
walk (const CnnWindow *window, const CnnTensor *input, const gfloat *kernel,
    const CnnTensor *output, gboolean back)
{
  const gint *in = input->shape->dims, *out = output->shape->dims;
  const gsize inputs = (gsize) in[2], outputs = (gsize) out[2];
  /* That of the convolution from output to input. */
  const gint64 top = cnn_window_pad_before (window, 0, out[0], in[0]);
  const gint64 left = cnn_window_pad_before (window, 1, out[1], in[1]);
  gfloat *values = input->data;

  for (gint y = 0; y < in[0]; y++) {
    for (gint x = 0; x < in[1]; x++, values += inputs) {
      for (gint ky = 0; ky < window->size[0]; ky++) {
        gint64 row = (gint64) y * window->stride[0]
            + (gint64) ky * window->dilation[0] - top;

        if (row < 0 || row >= out[0])
          continue;
        for (gint kx = 0; kx < window->size[1]; kx++) {
          gint64 column = (gint64) x * window->stride[1]
              + (gint64) kx * window->dilation[1] - left;
          gfloat *cell;
          const gfloat *weights;

          if (column < 0 || column >= out[1])
            continue;
          cell = output->data
              + ((gsize) row * (gsize) out[1] + (gsize) column) * outputs;
          weights = kernel
              + ((gsize) ky * (gsize) window->size[1] + (gsize) kx) * outputs
                  * inputs;
          if (back)
            spread (cell, outputs, values, inputs, weights);
          else
            accumulate (cell, outputs, values, inputs, weights);
        }
      }
    }
  }
}

void
cnn_transposed_convolution2d (const CnnWindow *window, const CnnTensor *input,
    const gfloat *kernel, const gfloat *bias, const CnnTensor *output)
{
  fill (output, bias);
  walk (window, input, kernel, output, FALSE);
}

void
cnn_transposed_convolution2d_backpropagate (const CnnWindow *window,
    const CnnTensor *gradient, const gfloat *kernel,
    const CnnTensor *input_gradient)
{
  walk (window, input_gradient, kernel, gradient, TRUE);
}
