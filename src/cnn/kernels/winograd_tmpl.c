/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Part of kernels_tmpl.c: the transforms of Winograd's convolution. Inline
 * functions always get a constant CnnWinograd. */

typedef Vector Tile[CNN_WINOGRAD_MAX_TILE][CNN_WINOGRAD_MAX_TILE];

/* A tile that has been transformed back in one direction. */
typedef Vector HalfTile[CNN_WINOGRAD_MAX_TILE][CNN_WINOGRAD_MAX_OUTPUTS];

/* Applies the last row of B^T, for 0, the pairs and infinity, to d. */
INLINE Vector
transform_last (const CnnWinograd *winograd, const Vector *d)
{
  Vector last = d[2 * winograd->pairs + 1];

  UNROLL
  for (gint i = 0; i < winograd->pairs; i++)
    last += winograd->product[i] * d[2 * i + 1];
  return last;
}

/* Applies the other rows. */
INLINE void
transform_pairs (const CnnWinograd *winograd, const Vector *d, Vector *out)
{
  const gint pairs = winograd->pairs;

  out[0] = d[2 * pairs];
  UNROLL
  for (gint i = 0; i < pairs; i++)
    out[0] += winograd->product[i] * d[2 * i];
  UNROLL
  for (gint k = 0; k < pairs; k++) {
    const gfloat p = winograd->points[k];
    Vector even = d[2 * pairs], odd = p * d[2 * pairs - 1];

    UNROLL
    for (gint i = 0; i < pairs - 1; i++) {
      even += winograd->quotient[k][i] * d[2 * i + 2];
      odd += p * winograd->quotient[k][i] * d[2 * i + 1];
    }
    out[1 + 2 * k] = even + odd;
    out[2 + 2 * k] = even - odd;
  }
}

/* Computes one dimension of B^T d for cells that are direct neighbours. */
INLINE void
transform_cells (const CnnWinograd *winograd, const Vector *d, Vector *out)
{
  const gint size = 2 * winograd->pairs + 2;

  if (winograd->single != 0.0f) {
    Vector e[CNN_WINOGRAD_MAX_TILE];

    UNROLL
    for (gint i = 0; i < size; i++)
      e[i] = d[i + 1] - winograd->single * d[i];
    transform_pairs (winograd, e, out);
    out[size - 1] = transform_last (winograd, d);
    out[size] = transform_last (winograd, e);
  } else {
    transform_pairs (winograd, d, out);
    out[size - 1] = transform_last (winograd, d);
  }
}

/* Transforms one dimension of a tile. */
INLINE void
transform_input (const CnnWinograd *winograd, const Vector *d, Vector *out)
{
  if (winograd->stride == 2) {
    const gint outputs = winograd->outputs;
    Vector even[CNN_WINOGRAD_MAX_TILE];

    UNROLL
    for (gint i = 0; i <= outputs; i++)
      even[i] = d[2 * i];
    transform_cells (winograd, even, out);
    UNROLL
    for (gint i = 0; i < outputs; i++)
      out[outputs + 1 + i] = d[2 * i + 1];
  } else {
    transform_cells (winograd, d, out);
  }
}

/* The number of positions in a direction that are transformed, which come
 * first. */
INLINE gint
count_transformed (const CnnWinograd *winograd)
{
  return winograd->stride == 2 ? winograd->outputs + 1 : winograd->tile;
}

/* Transforms the columns of a tile whose rows have been transformed, which
 * completes B^T d B, and writes it position by position. */
INLINE void
transform_input_columns (const CnnWinograd *winograd, Tile rows, gfloat *v,
    gsize position_stride)
{
  const gint tile = winograd->tile, n = count_transformed (winograd);

  for (gint x = 0; x < tile; x++) {
    Vector column[CNN_WINOGRAD_MAX_TILE], out[CNN_WINOGRAD_MAX_TILE];
    gfloat *to = v + x * tile * position_stride;

    UNROLL
    for (gint y = 0; y < n; y++)
      column[y] = rows[y][x];
    transform_cells (winograd, column, out);
    UNROLL
    for (gint y = 0; y < n; y++) {
      store (to, out[y]);
      to += position_stride;
      KEEP_POINTER (to);
    }
  }
}

INLINE void
transform_input_row (const CnnWinograd *winograd, const gfloat *d,
    gsize cell_stride, Vector *out)
{
  Vector row[CNN_WINOGRAD_MAX_TILE];

  UNROLL
  for (gint x = 0; x < winograd->tile; x++) {
    row[x] = load (d);
    d += cell_stride;
    KEEP_POINTER (d);
  }
  transform_input (winograd, row, out);
}

/* Transforms a vector of channels of a tile, all of whose cells are in
 * memory. */
INLINE void
transform_input_tile (const CnnWinograd *winograd, const gfloat *d,
    gsize row_stride, gsize cell_stride, gfloat *v, gsize position_stride)
{
  const gint tile = winograd->tile, n = count_transformed (winograd);
  Tile rows;

  for (gint y = 0; y < n; y++, d += winograd->stride * row_stride) {
    transform_input_row (winograd, d, cell_stride, rows[y]);
    if (n + y < tile) {
      gfloat *to = v + (n + y) * position_stride;
      Vector odd[CNN_WINOGRAD_MAX_TILE];

      transform_input_row (winograd, d + row_stride, cell_stride, odd);
      UNROLL
      for (gint x = 0; x < tile; x++) {
        store (to, odd[x]);
        to += tile * position_stride;
        KEEP_POINTER (to);
      }
    }
  }
  transform_input_columns (winograd, rows, v, position_stride);
}

/* Copies a vector of channels of each cell of a tile, with zeros outside the
 * input. */
INLINE void
copy_tile (const CnnWinogradInput *job, gint top, gint left, gint channel,
    gfloat *to, const gint tile)
{
  const gsize valid = MIN ((gsize) (job->channels - channel), VECTOR);

  for (gint y = top; y < top + tile; y++) {
    const gboolean row_inside = y >= 0 && y < job->height;
    const gfloat *row = job->input + (gssize) y * job->width * job->channels
        + channel;

    for (gint x = left; x < left + tile; x++, to += VECTOR) {
      const gboolean inside = row_inside && x >= 0 && x < job->width;
      const gfloat *from = row + (gssize) x * job->channels;
      Vector cell = { 0 };

      if (inside && valid == VECTOR)
        cell = load (from);
      else if (inside)
        memcpy (&cell, from, valid * sizeof *from);
      store (to, cell);
    }
  }
}

/* Transforms a vector of channels of a tile. If there are fewer channels, those
 * of the next cell are included, but their results are never read. */
INLINE void
transform_input_at (const CnnWinogradInput *job, const CnnWinograd *winograd,
    gint top, gint left, gint channel, gfloat *v)
{
  const gint tile = winograd->tile;
  const gsize cell = (gsize) job->channels, row_stride = job->width * cell;
  const gssize first = top * (gssize) row_stride + left * (gssize) cell
      + channel;
  const gssize last = first + (tile - 1) * (gssize) (row_stride + cell);
  const gboolean inside = top >= 0 && left >= 0 && left + tile <= job->width
      && last + VECTOR <= job->height * (gssize) row_stride;

  if (inside) {
    transform_input_tile (winograd, job->input + first, row_stride, cell, v,
        job->position_stride);
  } else {
    gfloat copy[CNN_WINOGRAD_MAX_TILE * CNN_WINOGRAD_MAX_TILE * VECTOR];

    copy_tile (job, top, left, channel, copy, tile);
    transform_input_tile (winograd, copy, tile * VECTOR, VECTOR, v,
        job->position_stride);
  }
}

INLINE void
transform_inputs (const CnnWinogradInput *job, const CnnWinograd *winograd)
{
  /* The last vector of channels may have some in common with the one before. */
  const gint last = MAX (0, job->channels - VECTOR);
  const gint step = winograd->outputs * winograd->stride;
  gfloat *v = job->v;

  for (gint row = 0; row < job->rows; row++) {
    const gint top = (job->first_row + row) * step - job->top;

    for (gint column = 0; column < job->columns; column++) {
      const gint left = column * step - job->left;

      for (gint i = 0; i < job->channels; i += VECTOR) {
        const gint channel = MIN (i, last);

        transform_input_at (job, winograd, top, left, channel, v + channel);
      }
      v += job->channel_stride;
    }
  }
}

#define WINOGRAD_CASE(kind, function, winograd) \
  case kind:                                    \
    function (job, &winograd);                  \
    break

/* Calls a function with a constant CnnWinograd for the kind. */
#define WINOGRAD_CASES(function)                                              \
  switch (job->winograd->kind) {                                              \
    WINOGRAD_CASE (CNN_WINOGRAD_3X3, function, cnn_winograd_3x3);             \
    WINOGRAD_CASE (CNN_WINOGRAD_5X5, function, cnn_winograd_5x5);             \
    WINOGRAD_CASE (CNN_WINOGRAD_SMALL_3X3, function, cnn_winograd_small_3x3); \
    WINOGRAD_CASE (CNN_WINOGRAD_STRIDED_3X3, function,                        \
        cnn_winograd_strided_3x3);                                            \
    WINOGRAD_CASE (CNN_WINOGRAD_SMALL_STRIDED_3X3, function,                  \
        cnn_winograd_small_strided_3x3);                                      \
  }

static void
winograd_input (const CnnWinogradInput *job)
{
  WINOGRAD_CASES (transform_inputs);
}

/* Adds the contribution of a pair of points to one dimension of A^T m. */
INLINE void
add_pair (const CnnWinograd *winograd, const gint k, Vector plus, Vector minus,
    Vector out[CNN_WINOGRAD_MAX_OUTPUTS])
{
  const gfloat p = winograd->points[k];
  const Vector sum = plus + minus, difference = plus - minus;
  gfloat power = p;

  out[0] += sum;
  UNROLL
  for (gint i = 1; i < winograd->outputs; i++) {
    const Vector part = power * (i % 2 == 1 ? difference : sum);

    out[i] = k == 0 ? part : out[i] + part;
    power *= p;
  }
}

INLINE void
add_single (const CnnWinograd *winograd, Vector single,
    Vector out[CNN_WINOGRAD_MAX_OUTPUTS])
{
  gfloat power = 1.0f;

  UNROLL
  for (gint i = 0; i < winograd->outputs; i++) {
    out[i] += power * single;
    power *= winograd->single;
  }
}

/* Computes one dimension of A^T m. */
INLINE void
transform_output (const CnnWinograd *winograd, const Vector *m,
    Vector out[CNN_WINOGRAD_MAX_OUTPUTS])
{
  const gint outputs = winograd->outputs;
  gint next = 2 * winograd->pairs + 1;

  out[0] = m[0];
  UNROLL
  for (gint k = 0; k < winograd->pairs; k++)
    add_pair (winograd, k, m[1 + 2 * k], m[2 + 2 * k], out);
  if (winograd->single != 0.0f)
    add_single (winograd, m[next++], out);
  out[outputs - 1] += m[next++];
  if (winograd->stride == 2) {
    UNROLL
    for (gint i = 0; i < outputs; i++)
      out[i] += m[next + i];
  }
}

/* The destination of a tile: its first cell, and the floats to the next row and
 * to the next cell. */
typedef struct {
  gfloat *to;
  gsize row_stride;
  gsize cell_stride;
} TilePlace;

/* Computes the second direction of A^T m A and the operations after it. With
 * 2x2 pooling, every two rows become one. */
INLINE void
finish_rows (const CnnWinograd *winograd, const CnnWinogradTarget *target,
    HalfTile half, gint channel, TilePlace place, const gboolean pool)
{
  const gint n = winograd->outputs, step = pool ? 2 : 1;
  const Vector bias = load (target->bias + channel);
  Vector row[2][CNN_WINOGRAD_MAX_OUTPUTS];

  UNROLL
  for (gint y = 0; y < n; y++) {
    Vector m[CNN_WINOGRAD_MAX_TILE];
    gfloat *to = place.to;

    UNROLL
    for (gint x = 0; x < winograd->tile; x++)
      m[x] = half[x][y];
    transform_output (winograd, m, row[y % step]);
    if (y % step != step - 1)
      continue;
    UNROLL
    for (gint x = 0; x < n; x += step) {
      Vector value = row[0][x];

      if (pool) {
        value = maximum (maximum (value, row[0][x + 1]),
            maximum (row[1][x], row[1][x + 1]));
      }
      store (to, clamp (value + bias, target->clamp));
      to += place.cell_stride;
      KEEP_POINTER (to);
    }
    place.to += place.row_stride;
  }
}

/* Copies the part of a tile that lies inside the output. */
static void
copy_outputs (const gfloat *from, gint rows, gint columns, gsize channels,
    TilePlace place)
{
  for (gint y = 0; y < rows; y++) {
    for (gint x = 0; x < columns; x++) {
      store_first (place.to + x * place.cell_stride, load (from + x * VECTOR),
          channels);
    }
    from += CNN_WINOGRAD_MAX_OUTPUTS * VECTOR;
    place.to += place.row_stride;
  }
}

INLINE void
finish_tile (const CnnWinograd *winograd, const CnnWinogradTarget *target,
    HalfTile half, gint row, gint column, gint channel)
{
  /* Odd tiles are never pooled. */
  const gboolean pool = winograd->outputs % 2 == 0 && target->pool;
  const gint size = pool ? winograd->outputs / 2 : winograd->outputs;
  const gint rows = MIN (size, target->height - row * size);
  const gint columns = MIN (size, target->width - column * size);
  const gsize cell = (gsize) target->channels,
              row_stride = target->width * cell;
  const gsize channels = cell - channel;
  const TilePlace inside = { target->output + row * size * row_stride
        + column * size * cell + channel,
    row_stride, cell };
  gfloat copy[CNN_WINOGRAD_MAX_OUTPUTS * CNN_WINOGRAD_MAX_OUTPUTS * VECTOR];
  const TilePlace outside = { copy, CNN_WINOGRAD_MAX_OUTPUTS * VECTOR, VECTOR };
  const gboolean whole = rows == size && columns == size && channels >= VECTOR;
  const TilePlace place = whole ? inside : outside;

  if (pool)
    finish_rows (winograd, target, half, channel, place, TRUE);
  else
    finish_rows (winograd, target, half, channel, place, FALSE);
  if (!whole)
    copy_outputs (copy, rows, columns, channels, inside);
}

INLINE void
transform_outputs (const CnnWinogradOutput *job, const CnnWinograd *winograd)
{
  const gint tile = winograd->tile;
  const CnnWinogradTarget target = job->target;
  /* The last vector of channels may have some in common with the one before. */
  const gint last = MAX (0, job->channels - VECTOR);
  gint row = job->first_row + (gint) job->first_tile / job->columns;
  gint column = (gint) job->first_tile % job->columns;

  for (gsize i = 0; i < job->tiles; i++, column++) {
    if (column == job->columns) {
      column = 0;
      row++;
    }
    for (gint c = 0; c < job->channels; c += VECTOR) {
      const gint channel = MIN (c, last);
      const gfloat *m = job->m + i * job->channel_stride + channel;
      HalfTile half;

      for (gint x = 0; x < tile; x++) {
        Vector values[CNN_WINOGRAD_MAX_TILE];

        UNROLL
        for (gint y = 0; y < tile; y++) {
          values[y] = load (m);
          m += job->position_stride;
          KEEP_POINTER (m);
        }
        transform_output (winograd, values, half[x]);
      }
      finish_tile (winograd, &target, half, row, column,
          job->first_channel + channel);
    }
  }
}

static void
winograd_output (const CnnWinogradOutput *job)
{
  WINOGRAD_CASES (transform_outputs);
}

/* Sorts an input row by x modulo the distance of tiles, so that the same cells
 * of neighbouring tiles are adjacent: phases[channel][x % 4][x / 4]. Cells
 * outside the row are not written and stay zero. */
static void
split_phases (const CnnWinogradShallow *job, gint y, gfloat *phases)
{
  const gint n = CNN_WINOGRAD_SHALLOW_OUTPUTS, channels = job->channels;
  const gsize phase_stride = job->row_stride + 1;
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

/* Transforms the input of a row of tiles, a vector of tiles at a time, to
 * v[position][channel][tile]. */
INLINE void
transform_shallow_row (const CnnWinogradShallow *job,
    const CnnWinograd *winograd, gint row)
{
  const gint tile = winograd->tile, n = CNN_WINOGRAD_SHALLOW_OUTPUTS;
  /* The last vector of tiles reads one tile further. */
  const gsize phase_stride = job->row_stride + 1;
  const gsize row_size = (gsize) job->channels * n * phase_stride;

  /* A tile row shares all but 4 input rows with the previous one. */
  for (gint y = row == 0 ? 0 : tile - n; y < tile; y++) {
    split_phases (job, row * n + y - job->top,
        job->phases + (row * n + y) % tile * row_size);
  }
  for (gint c = 0; c < job->channels; c++) {
    for (gsize column = 0; column < job->row_stride; column += VECTOR) {
      Tile rows;

      for (gint y = 0; y < tile; y++) {
        const gfloat *from = job->phases + (row * n + y) % tile * row_size
            + (gsize) (c * n) * phase_stride + column;
        Vector cells[CNN_WINOGRAD_MAX_TILE];

        UNROLL
        for (gint x = 0; x < tile; x++)
          cells[x] = load (from + (gsize) (x % n) * phase_stride + x / n);
        transform_input (winograd, cells, rows[y]);
      }
      transform_input_columns (winograd, rows,
          job->v + c * job->row_stride + column,
          job->channels * job->row_stride);
    }
  }
}

/* The number of tiles that are multiplied together, so that a weight is only
 * loaded once for them; divides the length of a vector. */
#define SHALLOW_TILES MIN (2, VECTOR)

/* Computes the products of one position and advances to the next. */
INLINE void
multiply_position (const gfloat **v, gsize v_stride, const gfloat **weights,
    Vector m[SHALLOW_TILES], const gint depth)
{
  UNROLL
  for (gint c = 0; c < depth; c++) {
    Vector weight = load (*weights);

    KEEP_VECTOR (weight);
    UNROLL
    for (gint t = 0; t < SHALLOW_TILES; t++) {
      const Vector product = broadcast ((*v)[t]) * weight;

      m[t] = c == 0 ? product : m[t] + product;
    }
    *v += v_stride;
    KEEP_POINTER (*v);
    *weights += VECTOR;
  }
}

/* Computes the products of some tiles of a row, and transforms them back in one
 * direction immediately. */
INLINE void
multiply_shallow (const CnnWinograd *winograd, const gfloat *v, gsize v_stride,
    const gfloat *weights, HalfTile half[SHALLOW_TILES], const gint depth)
{
  const gint tile = winograd->tile;

  for (gint x = 0; x < tile; x++) {
    Vector out[SHALLOW_TILES][CNN_WINOGRAD_MAX_OUTPUTS];
    Vector plus[SHALLOW_TILES], minus[SHALLOW_TILES];

    multiply_position (&v, v_stride, &weights, plus, depth);
    UNROLL
    for (gint t = 0; t < SHALLOW_TILES; t++)
      out[t][0] = plus[t];
    UNROLL
    for (gint k = 0; k < winograd->pairs; k++) {
      multiply_position (&v, v_stride, &weights, plus, depth);
      multiply_position (&v, v_stride, &weights, minus, depth);
      UNROLL
      for (gint t = 0; t < SHALLOW_TILES; t++)
        add_pair (winograd, k, plus[t], minus[t], out[t]);
    }
    multiply_position (&v, v_stride, &weights, plus, depth);
    UNROLL
    for (gint t = 0; t < SHALLOW_TILES; t++) {
      UNROLL
      for (gint i = 0; i < CNN_WINOGRAD_SHALLOW_OUTPUTS; i++)
        half[t][x][i] = i == 3 ? out[t][3] + plus[t] : out[t][i];
    }
  }
}

INLINE void
convolve_shallow (const CnnWinogradShallow *job, const CnnWinograd *winograd,
    const gint depth)
{
  const gsize weights_size = (gsize) winograd->tile * winograd->tile * depth
      * VECTOR;
  const CnnWinogradTarget target = job->target;

  memset (job->phases, 0,
      winograd->tile * job->channels * CNN_WINOGRAD_SHALLOW_OUTPUTS
          * (job->row_stride + 1) * sizeof *job->phases);
  for (gint row = 0; row < job->rows; row++) {
    const gfloat *weights = job->weights;

    transform_shallow_row (job, winograd, row);
    for (gint channel = 0; channel < target.channels; channel += VECTOR) {
      for (gint column = 0; column < job->columns; column += SHALLOW_TILES) {
        HalfTile half[SHALLOW_TILES];

        multiply_shallow (winograd, job->v + column, job->row_stride, weights,
            half, depth);
        for (gint t = 0; t < MIN (SHALLOW_TILES, job->columns - column); t++)
          finish_tile (winograd, &target, half[t], row, column + t, channel);
      }
      weights += weights_size;
    }
  }
}

#define SHALLOW_CASE(depth)                             \
  case depth:                                           \
    if (job->winograd->pairs == 3)                      \
      convolve_shallow (job, &cnn_winograd_5x5, depth); \
    else                                                \
      convolve_shallow (job, &cnn_winograd_3x3, depth); \
    break

static void
winograd_shallow (const CnnWinogradShallow *job)
{
  switch (job->channels) {
    SHALLOW_CASE (1);
    SHALLOW_CASE (2);
    SHALLOW_CASE (3);
    SHALLOW_CASE (4);
  }
}
