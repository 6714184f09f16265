/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The inner loops, written once for vectors of VECTOR floats. Included by one
 * file an instruction set, which defines
 *
 *   VECTOR     floats in a vector
 *   REGISTERS  vector registers
 *   KERNELS    name of the table
 *   NAME       name of the instruction set, as a string
 *   VECTOR_MAXIMUM, VECTOR_MINIMUM  (optional) the larger and the smaller of
 *              each two values: compilers do not find the instructions
 */

#include <string.h>

#include "cnn/kernels/kernels.h"

typedef gfloat Vector __attribute__ ((vector_size (VECTOR * sizeof (gfloat))));

#define INLINE static inline __attribute__ ((always_inline))

#if defined(__clang__)
#define UNROLL _Pragma ("clang loop unroll(full)")
#else
#define UNROLL _Pragma ("GCC unroll 16")
#endif

INLINE Vector
load (const gfloat *from)
{
  Vector vector;

  memcpy (&vector, from, sizeof vector);
  return vector;
}

INLINE void
store (gfloat *to, Vector vector)
{
  memcpy (to, &vector, sizeof vector);
}

/* The first @count values of a vector; all when there are as many or more. */
INLINE void
store_first (gfloat *to, Vector vector, gsize count)
{
  if (count >= VECTOR)
    store (to, vector);
  else
    memcpy (to, &vector, count * sizeof *to);
}

INLINE Vector
broadcast (gfloat value)
{
  return value - (Vector) { 0 };
}

INLINE Vector
maximum (Vector a, Vector b)
{
#ifdef VECTOR_MAXIMUM
  return (Vector) VECTOR_MAXIMUM (a, b);
#else
  Vector result;

  for (guint i = 0; i < VECTOR; i++)
    result[i] = MAX (a[i], b[i]);
  return result;
#endif
}

INLINE Vector
minimum (Vector a, Vector b)
{
#ifdef VECTOR_MINIMUM
  return (Vector) VECTOR_MINIMUM (a, b);
#else
  return -maximum (-a, -b);
#endif
}

INLINE Vector
clamp (Vector value, const CnnClamp bounds)
{
  return minimum (maximum (value, broadcast (bounds.least)),
      broadcast (bounds.most));
}

/* Rows of a whose sums stay in registers beside two vectors of b. */
#define MAX_ROWS (REGISTERS >= 32 ? 14 : 6)

/* Rows that are addressed by one pointer and multiples of the stride, as x86 can
 * without further registers: 0, 1 and 2. */
#define POINTER_ROWS 3
#define MAX_POINTERS ((14 + POINTER_ROWS - 1) / POINTER_ROWS)

/* Keeps the compiler from making one pointer a row again, for which there are
 * not enough registers. */
#define KEEP_POINTER(pointer) __asm__("" : "+r"(pointer))

/* A block of @rows x @vectors results at the given row and column; both numbers
 * are constants where this is inlined. The job is passed by value, because for
 * all the compiler knows a result could be stored over a job in memory. */
INLINE void
multiply_block (const CnnMultiply job, gsize row, gsize column,
    const guint rows, const guint vectors)
{
  const guint n_pointers = (rows + POINTER_ROWS - 1) / POINTER_ROWS;
  const gsize columns = job.columns - column;
  const gfloat *a = job.a + row * job.a_row;
  const gfloat *b = job.b + column * job.n_segments * job.depth;
  gfloat *c = job.c + row * job.c_row + column;

  for (gsize batch = 0; batch < job.batches; batch++) {
    const gfloat *weights = b;
    gfloat *to = c;
    Vector sums[14][2];

    UNROLL
    for (guint r = 0; r < rows; r++) {
      UNROLL
      for (guint v = 0; v < vectors; v++) {
        sums[r][v] = job.bias ? load (job.bias + column + v * VECTOR)
                              : (Vector) { 0 };
      }
    }
    for (gsize s = 0; s < job.n_segments; s++) {
      const gfloat *values[MAX_POINTERS];

      UNROLL
      for (guint p = 0; p < n_pointers; p++) {
        values[p] = a + job.segments[s] + p * POINTER_ROWS * job.a_row;
        KEEP_POINTER (values[p]);
      }
      for (gsize k = 0; k < job.depth; k++) {
        Vector weight[2];

        UNROLL
        for (guint v = 0; v < vectors; v++)
          weight[v] = load (weights + v * VECTOR);
        UNROLL
        for (guint r = 0; r < rows; r++) {
          const Vector value = broadcast (
              values[r / POINTER_ROWS][r % POINTER_ROWS * job.a_row]);

          UNROLL
          for (guint v = 0; v < vectors; v++)
            sums[r][v] += value * weight[v];
        }
        UNROLL
        for (guint p = 0; p < n_pointers; p++) {
          values[p] += job.a_column;
          KEEP_POINTER (values[p]);
        }
        weights += vectors * VECTOR;
      }
    }
    UNROLL
    for (guint r = 0; r < rows; r++) {
      UNROLL
      for (guint v = 0; v < vectors; v++) {
        store_first (to + v * VECTOR, clamp (sums[r][v], job.clamp),
            columns - v * VECTOR);
      }
      to += job.c_row;
      KEEP_POINTER (to);
    }
    a += job.a_batch;
    b += job.b_batch;
    c += job.c_batch;
  }
}

#define ROWS_CASE(n)                                  \
  case n:                                             \
    if (n <= MAX_ROWS)                                \
      multiply_block (*job, row, column, n, vectors); \
    break

INLINE void
multiply_rows (const CnnMultiply *job, gsize row, gsize column, guint rows,
    const guint vectors)
{
  switch (rows) {
    ROWS_CASE (1);
    ROWS_CASE (2);
    ROWS_CASE (3);
    ROWS_CASE (4);
    ROWS_CASE (5);
    ROWS_CASE (6);
    ROWS_CASE (7);
    ROWS_CASE (8);
    ROWS_CASE (9);
    ROWS_CASE (10);
    ROWS_CASE (11);
    ROWS_CASE (12);
    ROWS_CASE (13);
    ROWS_CASE (14);
  }
}

static void
multiply (const CnnMultiply *job)
{
  const gsize blocks = (job->rows + MAX_ROWS - 1) / MAX_ROWS;

  for (gsize column = 0; column < job->columns; column += 2 * VECTOR) {
    gsize row = 0;

    for (gsize block = 0; block < blocks; block++) {
      /* Blocks of nearly the same size, so that no short one is left over. */
      const guint rows = (guint) ((job->rows - row + blocks - block - 1)
          / (blocks - block));

      if (job->columns - column > VECTOR)
        multiply_rows (job, row, column, rows, 2);
      else
        multiply_rows (job, row, column, rows, 1);
      row += rows;
    }
  }
}

/* One dimension of B^T d; @tile and @pairs are constants where inlined. */
INLINE void
transform_input (const CnnWinograd *winograd, const Vector *d, Vector *out,
    const gint pairs)
{
  const gint tile = 2 * pairs + 2;
  Vector first = d[tile - 2], last = d[tile - 1];

  UNROLL
  for (gint i = 0; i < pairs; i++) {
    first += winograd->product[i] * d[2 * i];
    last += winograd->product[i] * d[2 * i + 1];
  }
  out[0] = first;
  out[tile - 1] = last;
  UNROLL
  for (gint k = 0; k < pairs; k++) {
    Vector even = d[tile - 2], odd = d[tile - 3];

    UNROLL
    for (gint i = 0; i < pairs - 1; i++) {
      even += winograd->quotient[k][i] * d[2 * i + 2];
      odd += winograd->quotient[k][i] * d[2 * i + 1];
    }
    odd *= winograd->points[k];
    out[1 + 2 * k] = even + odd;
    out[2 + 2 * k] = even - odd;
  }
}

/* B^T d B, written position by position. */
INLINE void
transform_input_tile (const CnnWinograd *winograd,
    Vector d[CNN_WINOGRAD_MAX_TILE][CNN_WINOGRAD_MAX_TILE], gfloat *v,
    gsize position_stride, const gint pairs)
{
  const gint tile = 2 * pairs + 2;
  Vector rows[CNN_WINOGRAD_MAX_TILE][CNN_WINOGRAD_MAX_TILE];

  for (gint x = 0; x < tile; x++) {
    Vector column[CNN_WINOGRAD_MAX_TILE], out[CNN_WINOGRAD_MAX_TILE];

    UNROLL
    for (gint y = 0; y < tile; y++)
      column[y] = d[y][x];
    transform_input (winograd, column, out, pairs);
    UNROLL
    for (gint y = 0; y < tile; y++)
      rows[y][x] = out[y];
  }
  for (gint y = 0; y < tile; y++) {
    Vector out[CNN_WINOGRAD_MAX_TILE];

    transform_input (winograd, rows[y], out, pairs);
    UNROLL
    for (gint x = 0; x < tile; x++)
      store (v + (gsize) (y * tile + x) * position_stride, out[x]);
  }
}

/* A vector of channels of each cell of a tile; zero outside of the input. */
INLINE void
load_tile (const CnnWinogradInput *job, gint top, gint left, gint channel,
    Vector d[CNN_WINOGRAD_MAX_TILE][CNN_WINOGRAD_MAX_TILE], const gint tile)
{
  const gsize valid = MIN ((gsize) (job->channels - channel), VECTOR);

  for (gint y = 0; y < tile; y++) {
    for (gint x = 0; x < tile; x++) {
      const gboolean inside = top + y >= 0 && top + y < job->height
          && left + x >= 0 && left + x < job->width;
      const gfloat *from = job->input
          + ((gssize) (top + y) * job->width + left + x) * job->channels
          + channel;

      if (inside && valid == VECTOR) {
        d[y][x] = load (from);
      } else {
        d[y][x] = (Vector) { 0 };
        if (inside)
          memcpy (&d[y][x], from, valid * sizeof *from);
      }
    }
  }
}

INLINE void
transform_channels (const CnnWinogradInput *job, const gint pairs)
{
  const gint tile = 2 * pairs + 2;
  const gsize position_stride = (gsize) job->rows * job->columns
      * job->channel_stride;
  gfloat *v = job->v;

  for (gint row = 0; row < job->rows; row++) {
    const gint top = (job->first_row + row) * CNN_WINOGRAD_OUTPUTS - job->top;

    for (gint column = 0; column < job->columns; column++) {
      const gint left = column * CNN_WINOGRAD_OUTPUTS - job->left;

      for (gint channel = 0; channel < job->channels; channel += VECTOR) {
        Vector d[CNN_WINOGRAD_MAX_TILE][CNN_WINOGRAD_MAX_TILE];

        load_tile (job, top, left, channel, d, tile);
        transform_input_tile (job->winograd, d, v + channel, position_stride,
            pairs);
      }
      v += job->channel_stride;
    }
  }
}

/* Sorts an input row by x modulo the distance of tiles, so that the same cell
 * of neighbouring tiles lies side by side: phases[channel][x % 4][x / 4]. Cells
 * outside of the row are left as they are, which is zero. */
static void
split_phases (const CnnWinogradInput *job, gint y, gfloat *phases,
    gsize phase_stride)
{
  const gint n = CNN_WINOGRAD_OUTPUTS, channels = job->channels;
  const gfloat *from = job->input + (gssize) y * job->width * channels;

  if (y < 0 || y >= job->height) {
    memset (phases, 0, channels * n * phase_stride * sizeof *phases);
    return;
  }
  for (gint x = 0; x < MIN (n, job->width); x++) {
    const gint phase = (x + job->left) % n;
    const gint count = (job->width - x + n - 1) / n;

    for (gint c = 0; c < channels; c++) {
      const gfloat *cell = from + x * channels + c;
      gfloat *to = phases + (gsize) (c * n + phase) * phase_stride
          + (x + job->left) / n;

      for (gint i = 0; i < count; i++)
        to[i] = cell[i * n * channels];
    }
  }
}

INLINE void
transform_tiles (const CnnWinogradInput *job, const gint pairs)
{
  const gint tile = 2 * pairs + 2, n = CNN_WINOGRAD_OUTPUTS;
  /* The last vector of tiles reads one tile further. */
  const gsize phase_stride = job->row_stride + 1;
  const gsize row_size = (gsize) job->channels * n * phase_stride;
  const gsize channel_size = job->rows * job->row_stride;

  if (job->first_row == 0)
    memset (job->phases, 0, tile * row_size * sizeof *job->phases);
  for (gint row = 0; row < job->rows; row++) {
    const gint first = (job->first_row + row) * n;

    /* Tile rows have all but 4 input rows in common with the one before. */
    for (gint y = first == 0 ? 0 : tile - n; y < tile; y++) {
      split_phases (job, first + y - job->top,
          job->phases + (first + y) % tile * row_size, phase_stride);
    }
    for (gint c = 0; c < job->channels; c++) {
      for (gint column = 0; column < job->columns; column += VECTOR) {
        Vector d[CNN_WINOGRAD_MAX_TILE][CNN_WINOGRAD_MAX_TILE];

        for (gint y = 0; y < tile; y++) {
          const gfloat *from = job->phases + (first + y) % tile * row_size
              + (gsize) (c * n) * phase_stride + column;

          UNROLL
          for (gint x = 0; x < tile; x++)
            d[y][x] = load (from + (gsize) (x % n) * phase_stride + x / n);
        }
        transform_input_tile (job->winograd, d,
            job->v + c * channel_size + row * job->row_stride + column,
            job->channels * channel_size, pairs);
      }
    }
  }
}

static void
winograd_input (const CnnWinogradInput *job)
{
  if (job->winograd->pairs == 3) {
    if (job->tiles_first)
      transform_tiles (job, 3);
    else
      transform_channels (job, 3);
  } else {
    if (job->tiles_first)
      transform_tiles (job, 2);
    else
      transform_channels (job, 2);
  }
}

/* One dimension of A^T m. */
INLINE void
transform_output (const CnnWinograd *winograd, const Vector *m, Vector *out,
    const gint pairs)
{
  out[0] = m[0];
  out[1] = out[2] = (Vector) { 0 };
  out[3] = m[2 * pairs + 1];
  UNROLL
  for (gint k = 0; k < pairs; k++) {
    const gfloat p = winograd->points[k];
    const Vector sum = m[1 + 2 * k] + m[2 + 2 * k];
    const Vector difference = m[1 + 2 * k] - m[2 + 2 * k];

    out[0] += sum;
    out[1] += p * difference;
    out[2] += (p * p) * sum;
    out[3] += (p * p * p) * difference;
  }
}

/* A^T m for one column of a tile in memory. */
INLINE void
transform_output_column (const CnnWinograd *winograd, const gfloat *m,
    gsize row_stride, Vector out[CNN_WINOGRAD_OUTPUTS], const gint pairs)
{
  const gint tile = 2 * pairs + 2;
  Vector column[CNN_WINOGRAD_MAX_TILE];

  UNROLL
  for (gint i = 0; i < tile; i++)
    column[i] = load (m + (gsize) i * row_stride);
  transform_output (winograd, column, out, pairs);
}

/* A^T m A. The columns are summed up as they come, which takes fewer registers
 * than keeping them all. */
INLINE void
transform_output_tile (const CnnWinograd *winograd, const gfloat *m,
    gsize position_stride, Vector y[CNN_WINOGRAD_OUTPUTS][CNN_WINOGRAD_OUTPUTS],
    const gint pairs)
{
  const gint n = CNN_WINOGRAD_OUTPUTS;
  const gint tile = 2 * pairs + 2;
  const gsize row_stride = tile * position_stride;
  Vector first[CNN_WINOGRAD_OUTPUTS], last[CNN_WINOGRAD_OUTPUTS];

  transform_output_column (winograd, m, row_stride, first, pairs);
  transform_output_column (winograd, m + (tile - 1) * position_stride,
      row_stride, last, pairs);
  UNROLL
  for (gint i = 0; i < n; i++) {
    y[i][0] = first[i];
    y[i][1] = y[i][2] = (Vector) { 0 };
    y[i][3] = last[i];
  }
  UNROLL
  for (gint k = 0; k < pairs; k++) {
    const gfloat p = winograd->points[k];
    Vector plus[CNN_WINOGRAD_OUTPUTS], minus[CNN_WINOGRAD_OUTPUTS];

    transform_output_column (winograd, m + (1 + 2 * k) * position_stride,
        row_stride, plus, pairs);
    transform_output_column (winograd, m + (2 + 2 * k) * position_stride,
        row_stride, minus, pairs);
    UNROLL
    for (gint i = 0; i < n; i++) {
      const Vector sum = plus[i] + minus[i];
      const Vector difference = plus[i] - minus[i];

      y[i][0] += sum;
      y[i][1] += p * difference;
      y[i][2] += (p * p) * sum;
      y[i][3] += (p * p * p) * difference;
    }
  }
}

/* Writes the cells of a tile that lie inside the output; with pooling, the
 * largest of each 2x2 cells, which never straddle tiles. */
INLINE void
store_tile (const CnnWinogradOutput *job,
    Vector y[CNN_WINOGRAD_OUTPUTS][CNN_WINOGRAD_OUTPUTS], gint row, gint column,
    gint channel, const gboolean pool)
{
  const gint step = pool ? 2 : 1;
  const gint cells = CNN_WINOGRAD_OUTPUTS / step;
  const Vector bias = load (job->bias + channel);
  const gsize valid = (gsize) (job->channels - channel);

  UNROLL
  for (gint i = 0; i < cells; i++) {
    UNROLL
    for (gint j = 0; j < cells; j++) {
      const gint to_y = row * cells + i, to_x = column * cells + j;
      Vector value = y[i * step][j * step];

      if (to_y >= job->height || to_x >= job->width)
        continue;
      if (pool) {
        value = maximum (maximum (value, y[i * 2][j * 2 + 1]),
            maximum (y[i * 2 + 1][j * 2], y[i * 2 + 1][j * 2 + 1]));
      }
      value = clamp (value + bias, job->clamp);
      store_first (job->output
              + ((gsize) to_y * job->width + to_x) * job->channels + channel,
          value, valid);
    }
  }
}

INLINE void
transform_outputs (const CnnWinogradOutput *job, const gint pairs)
{
  const gsize position_stride = job->tile_stride * job->channel_stride;

  for (gsize i = 0; i < job->tiles; i++) {
    const gint row = (gint) ((job->first_tile + i) / job->row_stride);
    const gint column = (gint) ((job->first_tile + i) % job->row_stride);
    const gfloat *m = job->m + i * job->channel_stride;

    /* Behind the last tile of a row there may be padding. */
    if (column >= job->columns)
      continue;
    for (gint channel = 0; channel < job->channels; channel += VECTOR) {
      Vector y[CNN_WINOGRAD_OUTPUTS][CNN_WINOGRAD_OUTPUTS];

      transform_output_tile (job->winograd, m + channel, position_stride, y,
          pairs);
      if (job->pool)
        store_tile (job, y, job->first_row + row, column, channel, TRUE);
      else
        store_tile (job, y, job->first_row + row, column, channel, FALSE);
    }
  }
}

static void
winograd_output (const CnnWinogradOutput *job)
{
  if (job->winograd->pairs == 3)
    transform_outputs (job, 3);
  else
    transform_outputs (job, 2);
}

/* One cell of a vector of channels; the part of the window inside the input is
 * given as [begin, end) for both axes. */
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

/* Which cells of the window lie inside the input. */
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

/* One vector of channels of the cells from @first up to @last of a row. */
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

/* The cells of a row whose 3x3 windows lie inside the input, with the weights in
 * registers. */
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
  /* Outputs whose windows lie inside, in x. */
  const gint first = (job->left + job->stride[1] - 1) / job->stride[1];
  const gint last = job->width + job->left < 3
      ? 0
      : MIN ((job->width + job->left - 3) / job->stride[1] + 1,
          job->output_width);

  for (gint y = 0; y < job->output_height; y++) {
    const gint from_y = y * job->stride[0] - job->top;
    const gboolean inside = is_3x3 && from_y >= 0 && from_y + 3 <= job->height
        && first < last;

    for (gint channel = 0; channel < job->channels; channel += VECTOR) {
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

/* Vectors of units whose sums stay in registers. */
#define DENSE_VECTORS (REGISTERS >= 32 ? 16 : 8)

INLINE void
dense_block (const gfloat *input, const guint32 *indices, gsize n_indices,
    const gfloat *kernel, gsize units, gfloat *output, const guint vectors)
{
  Vector sums[16];

  UNROLL
  for (guint v = 0; v < vectors; v++)
    sums[v] = load (output + v * VECTOR);
  for (gsize i = 0; i < n_indices; i++) {
    const gfloat *weights = kernel + indices[i] * units;
    const Vector value = broadcast (input[indices[i]]);

    UNROLL
    for (guint v = 0; v < vectors; v++)
      sums[v] += value * load (weights + v * VECTOR);
  }
  UNROLL
  for (guint v = 0; v < vectors; v++)
    store (output + v * VECTOR, sums[v]);
}

static void
dense (const gfloat *input, gsize inputs, const gfloat *kernel,
    const gfloat *bias, gsize units, gfloat *output, guint32 *indices)
{
  gsize n_indices = 0, unit = 0;

  for (gsize i = 0; i < inputs; i++) {
    indices[n_indices] = (guint32) i;
    n_indices += input[i] != 0.0f;
  }
  if (bias)
    memcpy (output, bias, units * sizeof *output);
  else
    memset (output, 0, units * sizeof *output);
  for (; unit + DENSE_VECTORS * VECTOR <= units; unit += DENSE_VECTORS * VECTOR)
    dense_block (input, indices, n_indices, kernel + unit, units, output + unit,
        DENSE_VECTORS);
  for (; unit + VECTOR <= units; unit += VECTOR)
    dense_block (input, indices, n_indices, kernel + unit, units, output + unit,
        1);
  if (unit == units)
    return;
  for (gsize i = 0; i < n_indices; i++) {
    const gfloat *weights = kernel + indices[i] * units;

    for (gsize u = unit; u < units; u++)
      output[u] += input[indices[i]] * weights[u];
  }
}

const CnnKernels KERNELS = {
  .name = NAME,
  .vector = VECTOR,
  .multiply = multiply,
  .winograd_input = winograd_input,
  .winograd_output = winograd_output,
  .depthwise = depthwise,
  .dense = dense,
};
