/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/reference-window.h"

#include <math.h>
#include <string.h>

#include "cnn/kernels/vector.h"

/* -- The window -- */

/**
 * Taps:
 * @begin: first row and column of the window that lies inside the input
 * @end: one after the last row and column inside the input
 * @start: cell of the input under the first tap of the window
 *
 * The position of the window for one cell of the output.
 */
typedef struct {
  gint begin[2];
  gint end[2];
  gint64 start[2];
} Taps;

/* Returns the number of taps that it takes to pass the given cells. Avoids the
 * slow division for windows that are not dilated, which are most. */
static inline gint64
count_steps (gint64 cells, gint dilation)
{
  return dilation == 1 ? cells : (cells + dilation - 1) / dilation;
}

static inline void
place_taps (Taps *taps, const CnnWindow *window, guint axis, gint position,
    gint64 pad, gint input)
{
  const gint dilation = window->dilation[axis];
  const gint64 start = (gint64) position * window->stride[axis] - pad;
  const gint64 left = MAX (input - start, 0);

  taps->start[axis] = start;
  taps->begin[axis] = (gint) count_steps (MAX (-start, 0), dilation);
  taps->end[axis] = (gint) MIN (count_steps (left, dilation),
      window->size[axis]);
}

/**
 * Cursor:
 * @in: dimensions of the input
 * @out: dimensions of the output
 * @pad: padding above and at the left
 * @cell: row and column of the current cell of the output
 * @taps: taps of the current cell
 *
 * Iterates over the cells of the output, row by row.
 */
typedef struct {
  const CnnWindow *window;
  const gint *in;
  const gint *out;
  gint64 pad[2];
  gint cell[2];
  Taps taps;
} Cursor;

static inline void
cursor_place (Cursor *cursor, guint axis)
{
  place_taps (&cursor->taps, cursor->window, axis, cursor->cell[axis],
      cursor->pad[axis], cursor->in[axis]);
}

/* Places the cursor before the first cell. */
static void
cursor_begin (Cursor *cursor, const CnnWindow *window, const CnnShape *input,
    const CnnShape *output)
{
  *cursor = (Cursor) { .window = window,
    .in = input->dims,
    .out = output->dims,
    .cell = { 0, -1 } };
  for (guint axis = 0; axis < 2; axis++) {
    cursor->pad[axis] = cnn_window_pad_before (window, axis, input->dims[axis],
        output->dims[axis]);
  }
  cursor_place (cursor, 0);
}

/* Returns FALSE after the last cell. */
static inline gboolean
cursor_next (Cursor *cursor)
{
  if (++cursor->cell[1] == cursor->out[1]) {
    cursor->cell[1] = 0;
    if (++cursor->cell[0] == cursor->out[0])
      return FALSE;
    cursor_place (cursor, 0);
  }
  cursor_place (cursor, 1);
  return TRUE;
}

/* Returns the channels of the input under a tap. */
static inline gfloat *
get_values (const CnnTensor *input, const CnnWindow *window, const Taps *taps,
    gint ky, gint kx)
{
  const gint *dims = input->shape->dims;
  const gint64 y = taps->start[0] + (gint64) ky * window->dilation[0];
  const gint64 x = taps->start[1] + (gint64) kx * window->dilation[1];

  return input->data + (gsize) (y * dims[1] + x) * (gsize) dims[2];
}

/* @size is the number of weights of one tap. */
static inline const gfloat *
get_weights (const gfloat *kernel, const CnnWindow *window, gint ky, gint kx,
    gsize size)
{
  return kernel + ((gsize) ky * (gsize) window->size[1] + (gsize) kx) * size;
}

static inline void
accumulate (gfloat *restrict output, gfloat value,
    const gfloat *restrict weights, gsize channels)
{
  for (gsize o = 0; o < channels; o++)
    output[o] += value * weights[o];
}

static inline void
accumulate_each (gfloat *restrict output, const gfloat *restrict values,
    const gfloat *restrict weights, gsize channels)
{
  for (gsize c = 0; c < channels; c++)
    output[c] += values[c] * weights[c];
}

static void
set_bias (gfloat *cell, const gfloat *bias, gsize channels)
{
  if (bias)
    memcpy (cell, bias, channels * sizeof *cell);
  else
    memset (cell, 0, channels * sizeof *cell);
}

/* -- Convolution -- */

/* Accumulates one tap of all groups. */
static void
accumulate_groups (gfloat *cell, const gfloat *values, const gfloat *weights,
    gsize groups, gsize group_inputs, gsize group_outputs)
{
  const gsize outputs = groups * group_outputs;

  if (group_inputs == 1 && group_outputs == 1) {
    accumulate_each (cell, values, weights, groups);
    return;
  }
  for (gsize g = 0; g < groups; g++) {
    for (gsize i = 0; i < group_inputs; i++) {
      accumulate (cell + g * group_outputs, values[g * group_inputs + i],
          weights + i * outputs + g * group_outputs, group_outputs);
    }
  }
}

void
cnn_grouped_convolution2d (const CnnWindow *window, gsize groups,
    const CnnTensor *input, const gfloat *kernel, const gfloat *bias,
    const CnnTensor *output)
{
  const gsize group_inputs = (gsize) input->shape->dims[2] / groups;
  const gsize channels = (gsize) output->shape->dims[2];
  gfloat *cell = output->data;
  Cursor cursor;

  cursor_begin (&cursor, window, input->shape, output->shape);
  for (; cursor_next (&cursor); cell += channels) {
    const Taps *taps = &cursor.taps;

    set_bias (cell, bias, channels);
    for (gint ky = taps->begin[0]; ky < taps->end[0]; ky++) {
      for (gint kx = taps->begin[1]; kx < taps->end[1]; kx++) {
        accumulate_groups (cell, get_values (input, window, taps, ky, kx),
            get_weights (kernel, window, ky, kx, group_inputs * channels),
            groups, group_inputs, channels / groups);
      }
    }
  }
}

/* Backpropagates through one tap of all groups. */
static void
spread_groups (const gfloat *gradient, const gfloat *weights, gfloat *values,
    gsize groups, gsize group_inputs, gsize group_outputs)
{
  const gsize outputs = groups * group_outputs;

  if (group_inputs == 1 && group_outputs == 1) {
    accumulate_each (values, gradient, weights, groups);
    return;
  }
  for (gsize g = 0; g < groups; g++) {
    for (gsize i = 0; i < group_inputs; i++) {
      values[g * group_inputs + i] += cnn_dot (gradient + g * group_outputs,
          weights + i * outputs + g * group_outputs, group_outputs);
    }
  }
}

void
cnn_grouped_convolution2d_backpropagate (const CnnWindow *window, gsize groups,
    const CnnTensor *gradient, const gfloat *kernel,
    const CnnTensor *input_gradient)
{
  const gsize group_inputs = (gsize) input_gradient->shape->dims[2] / groups;
  const gsize channels = (gsize) gradient->shape->dims[2];
  const gfloat *cell = gradient->data;
  Cursor cursor;

  cursor_begin (&cursor, window, input_gradient->shape, gradient->shape);
  for (; cursor_next (&cursor); cell += channels) {
    const Taps *taps = &cursor.taps;

    /* The gradient is zero in many cells if a max-pooling follows. */
    if (cnn_is_zero (cell, channels))
      continue;
    for (gint ky = taps->begin[0]; ky < taps->end[0]; ky++) {
      for (gint kx = taps->begin[1]; kx < taps->end[1]; kx++) {
        spread_groups (cell,
            get_weights (kernel, window, ky, kx, group_inputs * channels),
            get_values (input_gradient, window, taps, ky, kx), groups,
            group_inputs, channels / groups);
      }
    }
  }
}

/* -- Separable convolution -- */

/* The number of channels that the depthwise convolution computes at a time. */
#define BLOCK 64

/* Computes the depthwise convolution of one cell, for @count channels from
 * @first. */
static void
convolve_channels (gfloat block[BLOCK], gsize first, gsize count,
    gsize multiplier, const CnnWindow *window, const Taps *taps,
    const CnnTensor *input, const gfloat *depthwise)
{
  const gsize channels = (gsize) input->shape->dims[2] * multiplier;

  memset (block, 0, count * sizeof *block);
  for (gint ky = taps->begin[0]; ky < taps->end[0]; ky++) {
    for (gint kx = taps->begin[1]; kx < taps->end[1]; kx++) {
      const gfloat *values = get_values (input, window, taps, ky, kx);
      const gfloat *weights = get_weights (depthwise, window, ky, kx, channels)
          + first;

      if (multiplier == 1) {
        accumulate_each (block, values + first, weights, count);
      } else {
        for (gsize i = 0; i < count; i++)
          block[i] += values[(first + i) / multiplier] * weights[i];
      }
    }
  }
}

void
cnn_separable_convolution2d (const CnnWindow *window, gsize multiplier,
    const CnnTensor *input, const gfloat *depthwise, const gfloat *pointwise,
    const gfloat *bias, const CnnTensor *output)
{
  const gsize between = (gsize) input->shape->dims[2] * multiplier;
  const gsize channels = (gsize) output->shape->dims[2];
  gfloat *cell = output->data;
  gfloat block[BLOCK];
  Cursor cursor;

  cursor_begin (&cursor, window, input->shape, output->shape);
  for (; cursor_next (&cursor); cell += channels) {
    set_bias (cell, bias, channels);
    for (gsize first = 0; first < between; first += BLOCK) {
      const gsize count = MIN (BLOCK, between - first);

      convolve_channels (block, first, count, multiplier, window, &cursor.taps,
          input, depthwise);
      for (gsize i = 0; i < count; i++) {
        accumulate (cell, block[i], pointwise + (first + i) * channels,
            channels);
      }
    }
  }
}

/* Backpropagates through convolve_channels(). */
static void
spread_channels (const gfloat block[BLOCK], gsize first, gsize count,
    gsize multiplier, const CnnWindow *window, const Taps *taps,
    const CnnTensor *input_gradient, const gfloat *depthwise)
{
  const gsize channels = (gsize) input_gradient->shape->dims[2] * multiplier;

  for (gint ky = taps->begin[0]; ky < taps->end[0]; ky++) {
    for (gint kx = taps->begin[1]; kx < taps->end[1]; kx++) {
      gfloat *values = get_values (input_gradient, window, taps, ky, kx);
      const gfloat *weights = get_weights (depthwise, window, ky, kx, channels)
          + first;

      for (gsize i = 0; i < count; i++)
        values[(first + i) / multiplier] += block[i] * weights[i];
    }
  }
}

void
cnn_separable_convolution2d_backpropagate (const CnnWindow *window,
    gsize multiplier, const CnnTensor *gradient, const gfloat *depthwise,
    const gfloat *pointwise, const CnnTensor *input_gradient)
{
  const gsize between = (gsize) input_gradient->shape->dims[2] * multiplier;
  const gsize channels = (gsize) gradient->shape->dims[2];
  const gfloat *cell = gradient->data;
  gfloat block[BLOCK];
  Cursor cursor;

  cursor_begin (&cursor, window, input_gradient->shape, gradient->shape);
  for (; cursor_next (&cursor); cell += channels) {
    if (cnn_is_zero (cell, channels))
      continue;
    for (gsize first = 0; first < between; first += BLOCK) {
      const gsize count = MIN (BLOCK, between - first);

      for (gsize i = 0; i < count; i++) {
        block[i] = cnn_dot (cell, pointwise + (first + i) * channels, channels);
      }
      spread_channels (block, first, count, multiplier, window, &cursor.taps,
          input_gradient, depthwise);
    }
  }
}

/* -- Transposed convolution -- */

/* One tap: each output gets the sum of values[i] * weights[output][i]. */
static void
gather_outputs (gfloat *outputs, gsize n_outputs, const gfloat *values,
    gsize n_values, const gfloat *weights)
{
  for (gsize o = 0; o < n_outputs; o++, weights += n_values) {
    gfloat sum = 0.0f;

    for (gsize i = 0; i < n_values; i++)
      sum += values[i] * weights[i];
    outputs[o] += sum;
  }
}

/* Backpropagates through gather_outputs(). */
static void
spread_outputs (const gfloat *outputs, gsize n_outputs, gfloat *values,
    gsize n_values, const gfloat *weights)
{
  for (gsize o = 0; o < n_outputs; o++, weights += n_values)
    accumulate (values, outputs[o], weights, n_values);
}

/* Computes @output from @input, or backpropagates derivatives in the opposite
 * direction. The window slides over the output. Inline, so that each direction
 * gets its own loop. */
static inline void
transpose_convolution (const CnnWindow *window, const CnnTensor *input,
    const gfloat *kernel, const CnnTensor *output, gboolean back)
{
  const gsize n_values = (gsize) input->shape->dims[2];
  const gsize n_outputs = (gsize) output->shape->dims[2];
  gfloat *values = input->data;
  Cursor cursor;

  cursor_begin (&cursor, window, output->shape, input->shape);
  for (; cursor_next (&cursor); values += n_values) {
    const Taps *taps = &cursor.taps;

    for (gint ky = taps->begin[0]; ky < taps->end[0]; ky++) {
      for (gint kx = taps->begin[1]; kx < taps->end[1]; kx++) {
        gfloat *outputs = get_values (output, window, taps, ky, kx);
        const gfloat *weights = get_weights (kernel, window, ky, kx,
            n_outputs * n_values);

        if (back)
          spread_outputs (outputs, n_outputs, values, n_values, weights);
        else
          gather_outputs (outputs, n_outputs, values, n_values, weights);
      }
    }
  }
}

void
cnn_transposed_convolution2d (const CnnWindow *window, const CnnTensor *input,
    const gfloat *kernel, const gfloat *bias, const CnnTensor *output)
{
  const gsize channels = (gsize) output->shape->dims[2];
  const gsize size = cnn_shape_size (output->shape);

  for (gsize i = 0; i < size; i += channels)
    set_bias (output->data + i, bias, channels);
  transpose_convolution (window, input, kernel, output, FALSE);
}

void
cnn_transposed_convolution2d_backpropagate (const CnnWindow *window,
    const CnnTensor *gradient, const gfloat *kernel,
    const CnnTensor *input_gradient)
{
  transpose_convolution (window, input_gradient, kernel, gradient, TRUE);
}

/* -- Pooling -- */

static gsize
count_taps (const Taps *taps)
{
  return (gsize) (taps->end[0] - taps->begin[0])
      * (gsize) (taps->end[1] - taps->begin[1]);
}

/* Inline, so that each caller gets a loop without the condition. */
static inline void
pool_cell (gfloat *cell, const CnnWindow *window, const Taps *taps,
    const CnnTensor *input, gboolean average)
{
  const gsize channels = (gsize) input->shape->dims[2];
  const gsize n_taps = count_taps (taps);

  for (gsize c = 0; c < channels; c++)
    cell[c] = average ? 0.0f : -INFINITY;
  for (gint ky = taps->begin[0]; ky < taps->end[0]; ky++) {
    for (gint kx = taps->begin[1]; kx < taps->end[1]; kx++) {
      const gfloat *values = get_values (input, window, taps, ky, kx);

      for (gsize c = 0; c < channels; c++)
        cell[c] = average ? cell[c] + values[c] : MAX (cell[c], values[c]);
    }
  }
  for (gsize c = 0; average && c < channels; c++)
    cell[c] /= n_taps;
}

static inline void
pool2d (const CnnWindow *window, const CnnTensor *input,
    const CnnTensor *output, gboolean average)
{
  const gsize channels = (gsize) output->shape->dims[2];
  gfloat *cell = output->data;
  Cursor cursor;

  cursor_begin (&cursor, window, input->shape, output->shape);
  for (; cursor_next (&cursor); cell += channels)
    pool_cell (cell, window, &cursor.taps, input, average);
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

/* Gives each cell under the window its share of the gradient. */
static void
spread_average (const gfloat *gradient, const CnnWindow *window,
    const Taps *taps, const CnnTensor *input_gradient)
{
  const gsize channels = (gsize) input_gradient->shape->dims[2];
  const gfloat share = 1.0f / (gfloat) count_taps (taps);

  for (gint ky = taps->begin[0]; ky < taps->end[0]; ky++) {
    for (gint kx = taps->begin[1]; kx < taps->end[1]; kx++) {
      accumulate (get_values (input_gradient, window, taps, ky, kx), share,
          gradient, channels);
    }
  }
}

/* Returns the index in @input of a channel's largest value under the window. */
static gsize
find_largest (const CnnTensor *input, const CnnWindow *window, const Taps *taps,
    gsize channel)
{
  const gfloat *largest = get_values (input, window, taps, taps->begin[0],
                              taps->begin[1])
      + channel;

  for (gint ky = taps->begin[0]; ky < taps->end[0]; ky++) {
    for (gint kx = taps->begin[1]; kx < taps->end[1]; kx++) {
      const gfloat *value = get_values (input, window, taps, ky, kx) + channel;

      if (*value > *largest)
        largest = value;
    }
  }
  return (gsize) (largest - input->data);
}

void
cnn_max_pooling2d_backpropagate (const CnnWindow *window,
    const CnnTensor *input, const CnnTensor *gradient,
    const CnnTensor *input_gradient)
{
  const gsize channels = (gsize) gradient->shape->dims[2];
  const gfloat *cell = gradient->data;
  Cursor cursor;

  cursor_begin (&cursor, window, input->shape, gradient->shape);
  for (; cursor_next (&cursor); cell += channels) {
    for (gsize c = 0; c < channels; c++) {
      input_gradient->data[find_largest (input, window, &cursor.taps, c)] +=
          cell[c];
    }
  }
}

void
cnn_average_pooling2d_backpropagate (const CnnWindow *window,
    const CnnTensor *gradient, const CnnTensor *input_gradient)
{
  const gsize channels = (gsize) gradient->shape->dims[2];
  const gfloat *cell = gradient->data;
  Cursor cursor;

  cursor_begin (&cursor, window, input_gradient->shape, gradient->shape);
  for (; cursor_next (&cursor); cell += channels)
    spread_average (cell, window, &cursor.taps, input_gradient);
}
