/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/placement.h"

#include <string.h>

#include "cnn/kernels/vector.h"

void
cnn_place2d (const CnnTensor *input, gint top, gint left,
    const CnnTensor *output)
{
  const gint *in = input->shape->dims, *out = output->shape->dims;
  const gint begin = MAX (left, 0);
  const gint end = MIN (left + in[1], out[1]);
  const gsize channels = (gsize) in[2];
  gfloat *row = output->data;

  for (gint y = 0; y < out[0]; y++, row += (gsize) out[1] * channels) {
    if (y < top || y - top >= in[0]) {
      memset (row, 0, (gsize) out[1] * channels * sizeof *row);
      continue;
    }
    memset (row, 0, (gsize) begin * channels * sizeof *row);
    memcpy (row + (gsize) begin * channels,
        input->data
            + ((gsize) (y - top) * in[1] + (gsize) (begin - left)) * channels,
        (gsize) (end - begin) * channels * sizeof *row);
    memset (row + (gsize) end * channels, 0,
        (gsize) (out[1] - end) * channels * sizeof *row);
  }
}

void
cnn_place2d_backpropagate (const CnnTensor *gradient, gint top, gint left,
    const CnnTensor *input_gradient)
{
  const gint *in = input_gradient->shape->dims, *out = gradient->shape->dims;
  const gint begin = MAX (left, 0);
  const gint end = MIN (left + in[1], out[1]);
  const gsize channels = (gsize) in[2];

  for (gint y = MAX (top, 0); y < MIN (top + in[0], out[0]); y++) {
    cnn_add (input_gradient->data
            + ((gsize) (y - top) * in[1] + (gsize) (begin - left)) * channels,
        gradient->data + ((gsize) y * out[1] + (gsize) begin) * channels,
        (gsize) MAX (end - begin, 0) * channels);
  }
}
