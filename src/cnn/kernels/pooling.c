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

/**
 * Clip:
 *
 * Cells of the input, [begin, end), that the window of one cell of the output
 * covers.
 */
typedef struct {
  gint begin[2];
  gint end[2];
} Clip;

static void
spread_average (const gfloat *gradient, const Clip *clip,
    const CnnTensor *input_gradient)
{
  const gint width = input_gradient->shape->dims[1];
  const gsize channels = (gsize) input_gradient->shape->dims[2];
  const gfloat share = 1.0f
      / ((gfloat) (clip->end[0] - clip->begin[0])
          * (gfloat) (clip->end[1] - clip->begin[1]));

  for (gint y = clip->begin[0]; y < clip->end[0]; y++) {
    for (gint x = clip->begin[1]; x < clip->end[1]; x++) {
      gfloat *values = input_gradient->data
          + ((gsize) y * width + x) * channels;

      for (gsize c = 0; c < channels; c++)
        values[c] += gradient[c] * share;
    }
  }
}

static void
give_largest (const gfloat *gradient, const Clip *clip, const CnnTensor *input,
    const CnnTensor *input_gradient)
{
  const gsize width = (gsize) input->shape->dims[1];
  const gsize channels = (gsize) input->shape->dims[2];

  for (gsize c = 0; c < channels; c++) {
    gsize largest = ((gsize) clip->begin[0] * width + clip->begin[1]) * channels
        + c;

    for (gint y = clip->begin[0]; y < clip->end[0]; y++) {
      for (gint x = clip->begin[1]; x < clip->end[1]; x++) {
        const gsize at = ((gsize) y * width + x) * channels + c;

        if (input->data[at] > input->data[largest])
          largest = at;
      }
    }
    input_gradient->data[largest] += gradient[c];
  }
}

/* @input is NULL for the average. */
static void
backpropagate (const CnnWindow *window, const CnnTensor *input,
    const CnnTensor *gradient, const CnnTensor *input_gradient)
{
  const gint *in = input_gradient->shape->dims, *out = gradient->shape->dims;
  const gint64 top = cnn_window_pad_before (window, 0, in[0], out[0]);
  const gint64 left = cnn_window_pad_before (window, 1, in[1], out[1]);
  const gfloat *cell = gradient->data;
  Clip clip;

  for (gint y = 0; y < out[0]; y++) {
    clip_window (window, 0, y, top, in[0], &clip.begin[0], &clip.end[0]);
    for (gint x = 0; x < out[1]; x++, cell += out[2]) {
      clip_window (window, 1, x, left, in[1], &clip.begin[1], &clip.end[1]);
      if (input)
        give_largest (cell, &clip, input, input_gradient);
      else
        spread_average (cell, &clip, input_gradient);
    }
  }
}

void
cnn_max_pooling2d_backpropagate (const CnnWindow *window,
    const CnnTensor *input, const CnnTensor *gradient,
    const CnnTensor *input_gradient)
{
  backpropagate (window, input, gradient, input_gradient);
}

void
cnn_average_pooling2d_backpropagate (const CnnWindow *window,
    const CnnTensor *gradient, const CnnTensor *input_gradient)
{
  backpropagate (window, NULL, gradient, input_gradient);
}
