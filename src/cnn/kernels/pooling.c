/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/pooling.h"

#include <math.h>

/* The part of a window that lies inside the input, as [begin, end). */
static void
clip_window (const CnnWindow *window, guint axis, gint position, gint64 pad,
    gint input, gint *begin, gint *end)
{
  gint64 start = (gint64) position * window->stride[axis] - pad;

  *begin = (gint) MAX (start, 0);
  *end = (gint) MIN (start + window->size[axis], input);
}

/* Inline, so that each caller gets a loop without the choice. */
static inline void
pool2d (const CnnWindow *window, const CnnTensor *input,
    const CnnTensor *output, gboolean average)
{
  const CnnShape *output_shape = output->shape;
  const gint height = input->shape->dims[0], width = input->shape->dims[1];
  const gsize channels = input->shape->dims[2];
  const gint64 top = cnn_window_pad_before (window, 0, height,
      output_shape->dims[0]);
  const gint64 left = cnn_window_pad_before (window, 1, width,
      output_shape->dims[1]);
  gfloat *cell = output->data;

  for (gint y = 0; y < output_shape->dims[0]; y++) {
    gint y_begin, y_end;

    clip_window (window, 0, y, top, height, &y_begin, &y_end);
    for (gint x = 0; x < output_shape->dims[1]; x++, cell += channels) {
      gint x_begin, x_end;

      clip_window (window, 1, x, left, width, &x_begin, &x_end);
      for (gsize c = 0; c < channels; c++)
        cell[c] = average ? 0.0f : -INFINITY;
      for (gint in_y = y_begin; in_y < y_end; in_y++) {
        for (gint in_x = x_begin; in_x < x_end; in_x++) {
          const gfloat *values = input->data
              + ((gsize) in_y * width + in_x) * channels;

          for (gsize c = 0; c < channels; c++)
            cell[c] = average ? cell[c] + values[c] : MAX (cell[c], values[c]);
        }
      }
      if (average) {
        gsize cells = (gsize) (y_end - y_begin) * (x_end - x_begin);

        for (gsize c = 0; c < channels; c++)
          cell[c] /= cells;
      }
    }
  }
}

void
cnn_max_pooling2d (const CnnWindow *window, const CnnTensor *input,
    const CnnTensor *output)
{
  pool2d (window, input, output, FALSE);
}

void
cnn_average_pooling2d (const CnnWindow *window, const CnnTensor *input,
    const CnnTensor *output)
{
  pool2d (window, input, output, TRUE);
}
