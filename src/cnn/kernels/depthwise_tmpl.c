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
    gint begin[2], gint end[2])
{
  begin[axis] = 0;
  end[axis] = job->size[axis];
  while (
      begin[axis] < end[axis] && from + begin[axis] * job->dilation[axis] < 0)
    begin[axis]++;
  while (end[axis] > begin[axis]
      && from + (end[axis] - 1) * job->dilation[axis] >= cells)
    end[axis]--;
}

/* Computes one vector of channels for the cells [first, last) of a row. */
INLINE void
depthwise_row (const CnnDepthwise *job, gint y, gint channel, gint first,
    gint last)
{
  const gint from_y = y * job->stride[0] - job->top;
  const Vector bias = load (job->bias + channel);
  const CnnClamp bounds = job->clamp;
  gfloat *to = job->output
      + ((gsize) y * job->output_width + first) * job->channels + channel;
  gint begin[2], end[2];

  clip_window (job, 0, from_y, job->height, begin, end);
  for (gint x = first; x < last; x++, to += job->channels) {
    const gint from_x = x * job->stride[1] - job->left;

    clip_window (job, 1, from_x, job->width, begin, end);
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

/* Computes @n neighbouring cells whose windows lie inside the input, of which
 * @rows rows count. @size, @stride and @n are constants after inlining. */
INLINE void
depthwise_cells (const CnnDepthwise *job, const gfloat *from,
    const gfloat *kernel, Vector bias, gint rows, gfloat *to, const gint size,
    const gint stride, const gint n)
{
  const gsize pixel = (gsize) job->channels;
  const CnnClamp bounds = job->clamp;
  Vector sums[DEPTHWISE_CELLS], weights[5];

  UNROLL
  for (gint cell = 0; cell < n; cell++)
    sums[cell] = bias;
  for (gint y = 0; y < rows; y++, from += (gsize) job->width * pixel) {
    UNROLL
    for (gint x = 0; x < size; x++, kernel += pixel)
      weights[x] = load (kernel);
    UNROLL
    for (gint i = 0; i < (n - 1) * stride + size; i++) {
      const Vector value = load (from + (gsize) i * pixel);

      UNROLL
      for (gint cell = 0; cell < n; cell++) {
        if (i >= cell * stride && i < cell * stride + size)
          sums[cell] += value * weights[i - cell * stride];
      }
    }
  }
  UNROLL
  for (gint cell = 0; cell < n; cell++)
    store (to + (gsize) cell * pixel, clamp (sums[cell], bounds));
}

/* Computes one vector of channels for the cells [first, last) of a row, whose
 * windows lie inside the input in x. */
INLINE void
depthwise_row_inside (const CnnDepthwise *job, gint y, gint channel, gint first,
    gint last, const gint size, const gint stride)
{
  const gsize pixel = (gsize) job->channels;
  const Vector bias = load (job->bias + channel);
  const gint from_y = y * stride - job->top;
  const gint step = last - first < DEPTHWISE_CELLS ? 1 : DEPTHWISE_CELLS;
  const gfloat *kernel = job->kernel + channel;
  const gfloat *row = job->input + channel;
  gint begin[2], end[2];

  clip_window (job, 0, from_y, job->height, begin, end);
  kernel += (gsize) (begin[0] * size) * pixel;
  row += ((gssize) (from_y + begin[0]) * job->width - job->left)
      * (gssize) pixel;
  for (gint i = first; i < last; i += step) {
    /* The last cells may overlap the previous ones. */
    const gint x = MIN (i, last - step);
    const gfloat *from = row + (gssize) x * stride * (gssize) pixel;
    gfloat *to = job->output
        + ((gsize) y * job->output_width + (gsize) x) * pixel + channel;

    if (step == 1) {
      depthwise_cells (job, from, kernel, bias, end[0] - begin[0], to, size,
          stride, 1);
    } else {
      depthwise_cells (job, from, kernel, bias, end[0] - begin[0], to, size,
          stride, DEPTHWISE_CELLS);
    }
  }
}

/* Computes a row of the output. @size is 0 for windows without fast code. */
INLINE void
depthwise_whole_row (const CnnDepthwise *job, gint y, const gint size,
    const gint stride)
{
  /* The range of outputs whose windows lie inside the input in x. */
  const gint first = size > 0 ? (job->left + stride - 1) / stride : 0;
  const gint last = size == 0 || job->width + job->left < size
      ? 0
      : MIN ((job->width + job->left - size) / stride + 1, job->output_width);

  for (gint i = 0; i < job->channels; i += VECTOR) {
    /* The last vector may overlap the previous one. */
    const gint channel = MIN (i, job->channels - VECTOR);

    if (first >= last) {
      depthwise_row (job, y, channel, 0, job->output_width);
      continue;
    }
    depthwise_row (job, y, channel, 0, first);
    depthwise_row_inside (job, y, channel, first, last, size, stride);
    depthwise_row (job, y, channel, last, job->output_width);
  }
}

#define DEPTHWISE_CASE(extent, step)              \
  if (size == extent && stride == step) {         \
    for (gint y = 0; y < job->output_height; y++) \
      depthwise_whole_row (job, y, extent, step); \
    return;                                       \
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
  for (gint y = 0; y < job->output_height; y++)
    depthwise_whole_row (job, y, 0, 1);
}
