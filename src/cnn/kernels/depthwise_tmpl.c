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
  for (gint y = begin[0]; y < end[0]; y++) {
    for (gint x = begin[1]; x < end[1]; x++) {
      sum += load (input
                 + ((gssize) y * job->dilation[0] * job->width
                       + (gssize) x * job->dilation[1])
                     * job->channels)
          * load (kernel + (gsize) (y * job->size[1] + x) * job->channels);
    }
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

/* Computes the cells of a row whose 3x3 windows lie inside the input, with the
 * weights in registers. */
INLINE void
depthwise_row_3x3 (const CnnDepthwise *job, gint y, gint channel, gint first,
    gint last)
{
  const gsize pixel = (gsize) job->channels;
  const gsize row = (gsize) job->width * pixel;
  const gsize step = (gsize) job->stride[1] * pixel;
  const Vector bias = load (job->bias + channel);
  const CnnClamp bounds = job->clamp;
  const gfloat *from = job->input
      + ((gssize) (y * job->stride[0] - job->top) * job->width
            + first * job->stride[1] - job->left)
          * job->channels
      + channel;
  gfloat *to = job->output + ((gsize) y * job->output_width + first) * pixel
      + channel;
  Vector weights[9];

  UNROLL
  for (gint i = 0; i < 9; i++)
    weights[i] = load (job->kernel + i * pixel + channel);
  for (gint x = first; x < last; x++, from += step, to += pixel) {
    Vector sum = bias;

    UNROLL
    for (gint i = 0; i < 9; i++)
      sum += load (from + i / 3 * row + i % 3 * pixel) * weights[i];
    store (to, clamp (sum, bounds));
  }
}

static void
depthwise (const CnnDepthwise *job)
{
  const gboolean is_3x3 = job->size[0] == 3 && job->size[1] == 3
      && job->dilation[0] == 1 && job->dilation[1] == 1;
  /* The range of outputs whose windows lie inside the input in x. */
  const gint first = (job->left + job->stride[1] - 1) / job->stride[1];
  const gint last = job->width + job->left < 3
      ? 0
      : MIN ((job->width + job->left - 3) / job->stride[1] + 1,
          job->output_width);

  for (gint y = 0; y < job->output_height; y++) {
    const gint from_y = y * job->stride[0] - job->top;
    const gboolean inside = is_3x3 && from_y >= 0 && from_y + 3 <= job->height
        && first < last;

    for (gint i = 0; i < job->channels; i += VECTOR) {
      /* The last vector may overlap the previous one. */
      const gint channel = MIN (i, job->channels - VECTOR);

      if (inside) {
        depthwise_row (job, y, channel, 0, first);
        depthwise_row_3x3 (job, y, channel, first, last);
        depthwise_row (job, y, channel, last, job->output_width);
      } else {
        depthwise_row (job, y, channel, 0, job->output_width);
      }
    }
  }
}
