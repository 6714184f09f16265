/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Part of kernels_tmpl.c: pooling. */

/* The part of a window that lies inside the input, as [begin, end). */
INLINE void
clip_pool (const CnnPooling *job, gint axis, gint position, gint cells,
    gint *begin, gint *end)
{
  const gint from = position * job->stride[axis] - job->pad[axis];

  *begin = MAX (from, 0);
  *end = MIN (from + job->size[axis], cells);
}

INLINE Vector
pool_window (const gfloat *first, gsize row_stride, gsize cell_stride,
    gint rows, gint columns, const gboolean average)
{
  Vector pooled = load (first);

  for (gint y = 0; y < rows; y++, first += row_stride) {
    const gfloat *from = first;

    for (gint x = 0; x < columns; x++, from += cell_stride) {
      if (!average)
        pooled = maximum (pooled, load (from));
      else if (y > 0 || x > 0)
        pooled += load (from);
    }
  }
  return average ? pooled / broadcast ((gfloat) rows * columns) : pooled;
}

/* With the usual numbers of cells as constants. */
INLINE Vector
pool_cells (const gfloat *first, gsize row_stride, gsize cell_stride, gint rows,
    gint columns, const gboolean average)
{
  if (rows == 2 && columns == 2)
    return pool_window (first, row_stride, cell_stride, 2, 2, average);
  if (rows == 3 && columns == 3)
    return pool_window (first, row_stride, cell_stride, 3, 3, average);
  return pool_window (first, row_stride, cell_stride, rows, columns, average);
}

INLINE void
pool_all (const CnnPooling *job, const gboolean average)
{
  const gsize cell = (gsize) job->channels, row_stride = job->width * cell;
  gfloat *to = job->output;

  for (gint y = 0; y < job->output_height; y++) {
    gint top, bottom;

    clip_pool (job, 0, y, job->height, &top, &bottom);
    for (gint x = 0; x < job->output_width; x++, to += cell) {
      const gfloat *from;
      gint left, right;

      clip_pool (job, 1, x, job->width, &left, &right);
      from = job->input + top * row_stride + left * cell;
      for (gint i = 0; i < job->channels; i += VECTOR) {
        const gint channel = MIN (i, job->channels - VECTOR);

        store (to + channel,
            pool_cells (from + channel, row_stride, cell, bottom - top,
                right - left, average));
      }
    }
  }
}

static void
pooling (const CnnPooling *job)
{
  if (job->average)
    pool_all (job, TRUE);
  else
    pool_all (job, FALSE);
}
