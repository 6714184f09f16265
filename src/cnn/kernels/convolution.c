/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/convolution.h"

#include <string.h>

/* output[o] += value * weights[o]: the compiler vectorises this. */
static inline void
accumulate (gfloat *restrict output, gfloat value,
    const gfloat *restrict weights, gsize channels)
{
  for (gsize o = 0; o < channels; o++)
    output[o] += value * weights[o];
}

void
cnn_convolution2d (const CnnWindow *window, const CnnTensor *input,
    const gfloat *kernel, const gfloat *bias, const CnnTensor *output)
{
  const CnnShape *output_shape = output->shape;
  const gint height = input->shape->dims[0], width = input->shape->dims[1];
  const gsize in_channels = input->shape->dims[2];
  const gsize out_channels = output_shape->dims[2];
  const gint64 top = cnn_window_pad_before (window, 0, height,
      output_shape->dims[0]);
  const gint64 left = cnn_window_pad_before (window, 1, width,
      output_shape->dims[1]);
  gfloat *cell = output->data;

  for (gint y = 0; y < output_shape->dims[0]; y++) {
    for (gint x = 0; x < output_shape->dims[1]; x++, cell += out_channels) {
      if (bias)
        memcpy (cell, bias, out_channels * sizeof *cell);
      else
        memset (cell, 0, out_channels * sizeof *cell);
      for (gint ky = 0; ky < window->size[0]; ky++) {
        gint64 in_y = (gint64) y * window->stride[0]
            + (gint64) ky * window->dilation[0] - top;

        if (in_y < 0 || in_y >= height)
          continue;
        for (gint kx = 0; kx < window->size[1]; kx++) {
          gint64 in_x = (gint64) x * window->stride[1]
              + (gint64) kx * window->dilation[1] - left;
          const gfloat *values, *weights;

          if (in_x < 0 || in_x >= width)
            continue;
          values = input->data + (in_y * width + in_x) * in_channels;
          weights = kernel
              + ((gsize) ky * window->size[1] + kx) * in_channels
                  * out_channels;
          for (gsize i = 0; i < in_channels; i++) {
            accumulate (cell, values[i], weights + i * out_channels,
                out_channels);
          }
        }
      }
    }
  }
}
