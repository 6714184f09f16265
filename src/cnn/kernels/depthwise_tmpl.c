/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Part of kernels_tmpl.c: depthwise convolution. */

/* Computes one cell for a vector of channels. The part of the window inside the
 * input is [begin, end) on both axes. */
INLINE Vector
depthwise_cell (const CnnDepthwise *job, const gfloat *input,
    const gfloat *kernel, Vector sum, const gint begin[2], const gint end[2])
{
  const gsize pixel = (gsize) job->channels;
  const gssize row = (gssize) job->dilation[0] * job->width * job->channels;
  const gssize step = (gssize) job->dilation[1] * job->channels;

  for (gint y = begin[0]; y < end[0]; y++) {
    const gfloat *from = input + y * row + begin[1] * step;
    const gfloat *weights = kernel
        + (gsize) (y * job->size[1] + begin[1]) * pixel;

    for (gint x = begin[1]; x < end[1]; x++, from += step, weights += pixel)
      sum += load (from) * load (weights);
  }
  return sum;
}

/* Finds the part of the window that lies inside the input. */
INLINE void
clip_window (const CnnDepthwise *job, gint axis, gint from, gint cells,
    gint *begin, gint *end)
{
  *begin = 0;
  *end = job->size[axis];
  while (*begin < *end && from + *begin * job->dilation[axis] < 0)
    (*begin)++;
  while (*end > *begin && from + (*end - 1) * job->dilation[axis] >= cells)
    (*end)--;
}

/* Computes a vector of channels of a row, for windows of any kind. */
INLINE void
depthwise_any_row (const CnnDepthwise *job, gint y, gint channel)
{
  const gint from_y = y * job->stride[0] - job->top;
  const Vector bias = load (job->bias + channel);
  const CnnClamp bounds = job->clamp;
  gfloat *to = job->output + (gsize) y * job->output_width * job->channels
      + channel;
  gint begin[2], end[2];

  clip_window (job, 0, from_y, job->height, &begin[0], &end[0]);
  for (gint x = 0; x < job->output_width; x++, to += job->channels) {
    const gint from_x = x * job->stride[1] - job->left;

    clip_window (job, 1, from_x, job->width, &begin[1], &end[1]);
    store (to,
        clamp (depthwise_cell (job,
                   job->input
                       + ((gssize) from_y * job->width + from_x) * job->channels
                       + channel,
                   job->kernel + channel, bias, begin, end),
            bounds));
  }
}

/* The number of neighbouring cells that are computed together, so that weights
 * and inputs are only loaded once for them. */
#define DEPTHWISE_CELLS 4

/* The largest window with fast code. */
#define DEPTHWISE_SIZE 5

/**
 * DepthwiseRow:
 * @input: first row of the windows inside the input, at its left edge
 * @kernel: weights of that row
 * @rows: number of rows of the windows inside the input
 * @output: row of the output
 *
 * A row of the output, for a vector of channels.
 */
typedef struct {
  const gfloat *input;
  const gfloat *kernel;
  gint rows;
  Vector bias;
  gfloat *output;
} DepthwiseRow;

INLINE DepthwiseRow
get_depthwise_row (const CnnDepthwise *job, gint y, gint channel)
{
  const gint from_y = y * job->stride[0] - job->top;
  const gssize pixel = job->channels;
  gint begin, end;

  clip_window (job, 0, from_y, job->height, &begin, &end);
  return (DepthwiseRow) {
    .input = job->input + (from_y + begin) * job->width * pixel + channel,
    .kernel = job->kernel + begin * job->size[1] * pixel + channel,
    .rows = end - begin,
    .bias = load (job->bias + channel),
    .output = job->output + y * job->output_width * pixel + channel,
  };
}

/* Computes @n neighbouring cells from the first one of their windows, @from_x.
 * Whether all of their windows are @inside the input in x is a constant after
 * inlining, as are @size, @stride and @n. */
INLINE void
sum_depthwise_cells (const CnnDepthwise *job, const DepthwiseRow row,
    gint from_x, Vector sums[DEPTHWISE_CELLS], const gint size,
    const gint stride, const gint n, const gboolean inside)
{
  const gssize pixel = job->channels;
  const gfloat *from = row.input + from_x * pixel;
  const gfloat *kernel = row.kernel;
  Vector weights[DEPTHWISE_SIZE];

  for (gint y = 0; y < row.rows; y++, from += job->width * pixel) {
    UNROLL
    for (gint x = 0; x < size; x++, kernel += pixel) {
      weights[x] = load (kernel);
      KEEP_VECTOR (weights[x]);
    }
    UNROLL
    for (gint i = 0; i < (n - 1) * stride + size; i++) {
      Vector value = { 0 };

      if (inside || (from_x + i >= 0 && from_x + i < job->width))
        value = load (from + i * pixel);
      KEEP_VECTOR (value);
      UNROLL
      for (gint cell = 0; cell < n; cell++) {
        if (i >= cell * stride && i < cell * stride + size)
          sums[cell] += value * weights[i - cell * stride];
      }
    }
  }
}

/* Computes the cells @x to @x + @n - 1. */
INLINE void
depthwise_cells (const CnnDepthwise *job, const DepthwiseRow row, gint x,
    const gint size, const gint stride, const gint n)
{
  const CnnClamp bounds = job->clamp;
  const gssize pixel = job->channels;
  const gint from_x = x * stride - job->left;
  const gint to_x = from_x + (n - 1) * stride + size;
  Vector sums[DEPTHWISE_CELLS];

  UNROLL
  for (gint cell = 0; cell < n; cell++)
    sums[cell] = row.bias;
  if (from_x >= 0 && to_x <= job->width)
    sum_depthwise_cells (job, row, from_x, sums, size, stride, n, TRUE);
  else
    sum_depthwise_cells (job, row, from_x, sums, size, stride, n, FALSE);
  UNROLL
  for (gint cell = 0; cell < n; cell++)
    store (row.output + (x + cell) * pixel, clamp (sums[cell], bounds));
}

/* Computes a vector of channels of a row, for square windows. */
INLINE void
depthwise_square_row (const CnnDepthwise *job, gint y, gint channel,
    const gint size, const gint stride)
{
  const DepthwiseRow row = get_depthwise_row (job, y, channel);
  const gint last = job->output_width - DEPTHWISE_CELLS;

  if (last < 0) {
    for (gint x = 0; x < job->output_width; x++)
      depthwise_cells (job, row, x, size, stride, 1);
    return;
  }
  /* The last cells may overlap the previous ones. */
  for (gint x = 0; x < job->output_width; x += DEPTHWISE_CELLS)
    depthwise_cells (job, row, MIN (x, last), size, stride, DEPTHWISE_CELLS);
}

/* @size is 0 for windows without fast code. */
INLINE void
depthwise_rows (const CnnDepthwise *job, const gint size, const gint stride)
{
  for (gint y = 0; y < job->output_height; y++) {
    for (gint i = 0; i < job->channels; i += VECTOR) {
      /* The last vector may overlap the previous one. */
      const gint channel = MIN (i, job->channels - VECTOR);

      if (size == 0)
        depthwise_any_row (job, y, channel);
      else
        depthwise_square_row (job, y, channel, size, stride);
    }
  }
}

#define DEPTHWISE_CASE(extent, step)      \
  if (size == extent && stride == step) { \
    depthwise_rows (job, extent, step);   \
    return;                               \
  }

static void
depthwise (const CnnDepthwise *job)
{
  const gboolean is_square = job->size[0] == job->size[1]
      && job->stride[0] == job->stride[1] && job->dilation[0] == 1
      && job->dilation[1] == 1;
  const gint size = is_square ? job->size[0] : 0, stride = job->stride[0];

  DEPTHWISE_CASE (3, 1);
  DEPTHWISE_CASE (3, 2);
  DEPTHWISE_CASE (5, 1);
  DEPTHWISE_CASE (5, 2);
  depthwise_rows (job, 0, 1);
}
