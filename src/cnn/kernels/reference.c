/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/reference.h"

#include <math.h>
#include <string.h>

#include "cnn/kernels/vector.h"

/* -- Dense layers -- */

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

/* -- Combination -- */

#define COMBINE(expression)           \
  for (gsize i = 0; i < count; i++) { \
    gfloat a = first[i];              \
    gfloat b = second[i * step];      \
    output[i] = (expression);         \
  }                                   \
  break

/* Inline, so that each caller gets its own loops. */
static inline void
combine_stepping (CnnCombination combination, const gfloat *first,
    const gfloat *second, gsize step, gfloat *output, gsize count)
{
  switch (combination) {
    case CNN_COMBINATION_COPY:
      for (gsize i = 0; i < count; i++)
        output[i] = second[i * step];
      break;
    case CNN_COMBINATION_ADD:
      COMBINE (a + b);
    case CNN_COMBINATION_SUBTRACT:
      COMBINE (a - b);
    case CNN_COMBINATION_MULTIPLY:
      COMBINE (a * b);
    case CNN_COMBINATION_MAXIMUM:
      COMBINE (MAX (a, b));
    case CNN_COMBINATION_MINIMUM:
      COMBINE (MIN (a, b));
  }
}

static void
combine_row (CnnCombination combination, const gfloat *first,
    const gfloat *second, gsize step, gfloat *output, gsize count)
{
  if (step == 0)
    combine_stepping (combination, first, second, 0, output, count);
  else
    combine_stepping (combination, first, second, 1, output, count);
}

/* Finds the distance in @input for a step in each dimension of @output, which
 * is 0 for dimensions that are repeated. */
static void
find_repeating_steps (const CnnShape *input, const CnnShape *output,
    gsize steps[CNN_MAX_RANK])
{
  gsize step = 1;

  for (guint i = 0; i < output->rank; i++) {
    guint at = output->rank - 1 - i;
    gint size = i < input->rank ? input->dims[input->rank - 1 - i] : 1;

    steps[at] = size == 1 ? 0 : step;
    step *= (gsize) size;
  }
}

/* Combines values in order; @at is the place in @first and @output. */
static void
combine_dimension (CnnCombination combination, const gfloat *first,
    const gfloat *second, const gsize *steps, const gint *sizes, guint rank,
    gfloat *output, gsize *at)
{
  if (rank == 1) {
    combine_row (combination, first + *at, second, steps[0], output + *at,
        (gsize) sizes[0]);
    *at += (gsize) sizes[0];
    return;
  }
  for (gint i = 0; i < sizes[0]; i++) {
    combine_dimension (combination, first, second + (gsize) i * steps[0],
        steps + 1, sizes + 1, rank - 1, output, at);
  }
}

void
cnn_combine_pair (CnnCombination combination, const gfloat *first,
    const CnnTensor *second, const CnnTensor *output)
{
  gsize steps[CNN_MAX_RANK] = { 0 };
  gsize at = 0;

  if (cnn_shape_equal (second->shape, output->shape)) {
    combine_row (combination, first, second->data, 1, output->data,
        cnn_shape_size (output->shape));
    return;
  }
  find_repeating_steps (second->shape, output->shape, steps);
  combine_dimension (combination, first, second->data, steps,
      output->shape->dims, output->shape->rank, output->data, &at);
}

void
cnn_combine (CnnCombination combination, const CnnTensor *input,
    const CnnTensor *output)
{
  cnn_combine_pair (combination, output->data, input, output);
}

/* Adds the derivatives of an output in order, with strides in the input. A
 * stride of 0 repeats a dimension, so that its derivatives are summed. */
static void
add_strided (const gfloat **gradient, const gsize *steps, const gint *sizes,
    guint rank, gfloat *input_gradient)
{
  if (rank == 0) {
    *input_gradient += *(*gradient)++;
    return;
  }
  for (gint i = 0; i < sizes[0]; i++) {
    add_strided (gradient, steps + 1, sizes + 1, rank - 1,
        input_gradient + (gsize) i * steps[0]);
  }
}

void
cnn_sum_repeated (const CnnTensor *gradient, const CnnTensor *input_gradient)
{
  gsize steps[CNN_MAX_RANK] = { 0 };
  const gfloat *values = gradient->data;

  if (cnn_shape_equal (gradient->shape, input_gradient->shape)) {
    cnn_add (input_gradient->data, values, cnn_shape_size (gradient->shape));
    return;
  }
  find_repeating_steps (input_gradient->shape, gradient->shape, steps);
  add_strided (&values, steps, gradient->shape->dims, gradient->shape->rank,
      input_gradient->data);
}

/* -- Transposition -- */

/* Writes @rows values of each of @columns vectors, which are @step apart, in
 * turns. @columns is a constant after inlining, for which the compiler
 * vectorises the loop. */
static inline void
interleave_constant (const gfloat *restrict input, gsize step, gsize rows,
    const gsize columns, gfloat *restrict output)
{
  for (gsize i = 0; i < rows; i++) {
    for (gsize k = 0; k < columns; k++)
      output[i * columns + k] = input[k * step + i];
  }
}

#define INTERLEAVE_CASE(n)                              \
  case n:                                               \
    interleave_constant (input, step, rows, n, output); \
    return TRUE

/* The usual numbers of groups of channels that are shuffled. Returns FALSE for
 * others. */
static gboolean
interleave (const gfloat *input, gsize step, gsize rows, gint columns,
    gfloat *output)
{
  switch (columns) {
    INTERLEAVE_CASE (2);
    INTERLEAVE_CASE (3);
    INTERLEAVE_CASE (4);
    INTERLEAVE_CASE (8);
    default:
      return FALSE;
  }
}

/* Copies a matrix of rows x columns, with strides in the input. The longer loop
 * is the inner one. */
static void
copy_matrix (const gfloat *input, const gsize *steps, const gint *sizes,
    gfloat *output)
{
  const gint inner = sizes[0] > sizes[1] ? 0 : 1;
  const gsize in_step = steps[inner];
  const gsize out_steps[] = { (gsize) sizes[1], 1 };

  if (steps[0] == 1
      && interleave (input, steps[1], (gsize) sizes[0], sizes[1], output))
    return;
  for (gint i = 0; i < sizes[1 - inner]; i++) {
    const gfloat *from = input + (gsize) i * steps[1 - inner];
    gfloat *to = output + (gsize) i * out_steps[1 - inner];

    for (gint k = 0; k < sizes[inner]; k++, to += out_steps[inner])
      *to = from[(gsize) k * in_step];
  }
}

/* Writes the output in order, with strides in the input. */
static void
copy_strided (const gfloat *input, const gsize *steps, const gint *sizes,
    guint rank, gfloat **output)
{
  if (rank == 0) {
    *(*output)++ = *input;
    return;
  }
  if (rank == 2) {
    copy_matrix (input, steps, sizes, *output);
    *output += (gsize) sizes[0] * (gsize) sizes[1];
    return;
  }
  for (gint i = 0; i < sizes[0]; i++) {
    copy_strided (input + (gsize) i * steps[0], steps + 1, sizes + 1, rank - 1,
        output);
  }
}

/* Finds the stride in a tensor of @shape of each permuted dimension. */
static void
find_permuted_steps (const CnnShape *shape,
    const guint permutation[CNN_MAX_RANK], gsize permuted[CNN_MAX_RANK])
{
  gsize steps[CNN_MAX_RANK];
  gsize step = 1;

  for (guint i = shape->rank; i > 0; i--) {
    steps[i - 1] = step;
    step *= (gsize) shape->dims[i - 1];
  }
  for (guint i = 0; i < shape->rank; i++)
    permuted[i] = steps[permutation[i]];
}

void
cnn_transpose (const CnnTensor *input, const guint permutation[CNN_MAX_RANK],
    const CnnTensor *output)
{
  gsize steps[CNN_MAX_RANK];
  gfloat *values = output->data;

  find_permuted_steps (input->shape, permutation, steps);
  copy_strided (input->data, steps, output->shape->dims, output->shape->rank,
      &values);
}

void
cnn_transpose_backpropagate (const CnnTensor *gradient,
    const guint permutation[CNN_MAX_RANK], const CnnTensor *input_gradient)
{
  gsize steps[CNN_MAX_RANK];
  const gfloat *values = gradient->data;

  find_permuted_steps (input_gradient->shape, permutation, steps);
  add_strided (&values, steps, gradient->shape->dims, gradient->shape->rank,
      input_gradient->data);
}

/* -- Placement -- */

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

/* -- Resizing -- */

/* The cell of the input that is nearest; whole numbers, so exact. Nearest to a
 * place halfway between two is the later one. */
static gint
find_nearest (CnnGrid grid, gint position, gint in, gint out)
{
  gint64 i = position;

  if (grid == CNN_GRID_LEGACY)
    return (gint) (i * in / out);
  if (grid == CNN_GRID_HALF_PIXEL)
    return (gint) ((2 * i + 1) * in / (2 * (gint64) out));
  if (out == 1)
    return 0;
  return (gint) ((2 * i * (in - 1) + out - 1) / (2 * (gint64) (out - 1)));
}

void
cnn_resize_nearest (CnnGrid grid, const CnnTensor *input,
    const CnnTensor *output)
{
  const gint *in = input->shape->dims, *out = output->shape->dims;
  const gsize channels = (gsize) in[2];
  gfloat *cell = output->data;

  for (gint y = 0; y < out[0]; y++) {
    const gfloat *row = input->data
        + (gsize) find_nearest (grid, y, in[0], out[0]) * in[1] * channels;

    for (gint x = 0; x < out[1]; x++, cell += channels) {
      memcpy (cell, row + find_nearest (grid, x, in[1], out[1]) * channels,
          channels * sizeof *cell);
    }
  }
}

/**
 * Position:
 *
 * Between cells @low and @high of the input, @fraction of the way.
 */
typedef struct {
  gint low;
  gint high;
  gfloat fraction;
} Position;

static Position
find_position (CnnGrid grid, gint i, gint in, gint out)
{
  gdouble source = (gdouble) i * in / out;
  Position position;

  if (grid == CNN_GRID_ALIGN_CORNERS)
    source = out > 1 ? (gdouble) i * (in - 1) / (out - 1) : 0.0;
  else if (grid == CNN_GRID_HALF_PIXEL)
    source = (i + 0.5) * in / out - 0.5;
  position.low = (gint) MAX (floor (source), 0.0);
  position.high = (gint) MIN (ceil (source), in - 1);
  position.fraction = (gfloat) (source - position.low);
  return position;
}

void
cnn_resize_bilinear (CnnGrid grid, const CnnTensor *input,
    const CnnTensor *output)
{
  const gint *in = input->shape->dims, *out = output->shape->dims;
  const gsize channels = (gsize) in[2], row = (gsize) in[1] * channels;
  gfloat *cell = output->data;

  for (gint y = 0; y < out[0]; y++) {
    const Position v = find_position (grid, y, in[0], out[0]);

    for (gint x = 0; x < out[1]; x++, cell += channels) {
      const Position h = find_position (grid, x, in[1], out[1]);
      const gfloat *top = input->data + v.low * row;
      const gfloat *bottom = input->data + v.high * row;
      const gsize left = h.low * channels, right = h.high * channels;

      for (gsize c = 0; c < channels; c++) {
        gfloat above = top[left + c]
            + (top[right + c] - top[left + c]) * h.fraction;
        gfloat below = bottom[left + c]
            + (bottom[right + c] - bottom[left + c]) * h.fraction;

        cell[c] = above + (below - above) * v.fraction;
      }
    }
  }
}

void
cnn_resize_nearest_backpropagate (CnnGrid grid, const CnnTensor *gradient,
    const CnnTensor *input_gradient)
{
  const gint *in = input_gradient->shape->dims, *out = gradient->shape->dims;
  const gsize channels = (gsize) in[2];
  const gfloat *cell = gradient->data;

  for (gint y = 0; y < out[0]; y++) {
    gfloat *row = input_gradient->data
        + (gsize) find_nearest (grid, y, in[0], out[0]) * in[1] * channels;

    for (gint x = 0; x < out[1]; x++, cell += channels) {
      cnn_add (row + find_nearest (grid, x, in[1], out[1]) * channels, cell,
          channels);
    }
  }
}

/* Distributes the gradient of a cell to its four neighbours. */
static void
spread_cell (const gfloat *cell, const Position *v, const Position *h,
    const CnnTensor *input_gradient)
{
  const gsize channels = (gsize) input_gradient->shape->dims[2];
  const gsize row = (gsize) input_gradient->shape->dims[1] * channels;
  gfloat *top = input_gradient->data + v->low * row;
  gfloat *bottom = input_gradient->data + v->high * row;
  const gsize left = h->low * channels, right = h->high * channels;

  for (gsize c = 0; c < channels; c++) {
    const gfloat below = cell[c] * v->fraction, above = cell[c] - below;

    top[left + c] += above - above * h->fraction;
    top[right + c] += above * h->fraction;
    bottom[left + c] += below - below * h->fraction;
    bottom[right + c] += below * h->fraction;
  }
}

void
cnn_resize_bilinear_backpropagate (CnnGrid grid, const CnnTensor *gradient,
    const CnnTensor *input_gradient)
{
  const gint *in = input_gradient->shape->dims, *out = gradient->shape->dims;
  const gfloat *cell = gradient->data;

  for (gint y = 0; y < out[0]; y++) {
    const Position v = find_position (grid, y, in[0], out[0]);

    for (gint x = 0; x < out[1]; x++, cell += out[2]) {
      const Position h = find_position (grid, x, in[1], out[1]);

      spread_cell (cell, &v, &h, input_gradient);
    }
  }
}
