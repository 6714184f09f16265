/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
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

/* Makes the usual numbers of cells constants. */
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

INLINE gfloat
pool_pair (gfloat a, gfloat b, const gboolean average)
{
  return average ? a + b : MAX (a, b);
}

/* Pools each column of some rows; the compiler vectorises the loop. */
INLINE void
pool_columns (const gfloat *restrict from, gsize row_stride, gint rows,
    gfloat *restrict pooled, const gboolean average)
{
  memcpy (pooled, from, row_stride * sizeof *pooled);
  for (gint y = 1; y < rows; y++) {
    from += row_stride;
    for (gsize i = 0; i < row_stride; i++)
      pooled[i] = pool_pair (pooled[i], from[i], average);
  }
}

/* Pools a cell from columns that are already pooled. */
INLINE void
pool_cell (const gfloat *from, gint columns, gfloat share, gfloat *to,
    const gint channels, const gboolean average)
{
  for (gint c = 0; c < channels; c++) {
    gfloat pooled = from[c];

    for (gint i = 1; i < columns; i++)
      pooled = pool_pair (pooled, from[i * channels + c], average);
    to[c] = average ? pooled * share : pooled;
  }
}

INLINE void
pool_row (const CnnPooling *job, gint rows, gfloat *to, const gint channels,
    const gboolean average)
{
  const gfloat half = 0.5f / (gfloat) rows;

  for (gint x = 0; x < job->output_width; x++, to += channels) {
    const gfloat *from;
    gint left, right;

    clip_pool (job, 1, x, job->width, &left, &right);
    from = job->columns + left * channels;
    if (right - left == 2) {
      pool_cell (from, 2, half, to, channels, average);
    } else {
      pool_cell (from, right - left, 1.0f / (gfloat) (rows * (right - left)),
          to, channels, average);
    }
  }
}

/* Pools maps with fewer channels than a vector has, along their rows, which are
 * long enough. */
INLINE void
pool_narrow (const CnnPooling *job, const gint channels, const gboolean average)
{
  const gsize row_stride = (gsize) job->width * channels;
  gfloat *to = job->output;

  for (gint y = 0; y < job->output_height; y++) {
    gint top, bottom;

    clip_pool (job, 0, y, job->height, &top, &bottom);
    pool_columns (job->input + top * row_stride, row_stride, bottom - top,
        job->columns, average);
    pool_row (job, bottom - top, to, channels, average);
    to += (gsize) job->output_width * channels;
  }
}

INLINE void
pool_any (const CnnPooling *job, const gboolean average)
{
  if (job->channels >= VECTOR)
    pool_all (job, average);
  else if (job->channels == 1)
    pool_narrow (job, 1, average);
  else if (job->channels == 3)
    pool_narrow (job, 3, average);
  else
    pool_narrow (job, job->channels, average);
}

static void
pooling (const CnnPooling *job)
{
  if (job->average)
    pool_any (job, TRUE);
  else
    pool_any (job, FALSE);
}
