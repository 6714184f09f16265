/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Part of kernels_tmpl.c: products of matrices. */

/* The number of rows of a whose sums fit into registers besides one or two
 * vectors of b. */
#define MAX_ROWS(vectors) (REGISTERS >= 32 ? 14 : (vectors) == 1 ? 12 : 6)

/* The number of rows that share a pointer: x86 can address 0, 1 and 2 strides
 * from it without further registers. */
#define POINTER_ROWS 3
#define MAX_POINTERS ((14 + POINTER_ROWS - 1) / POINTER_ROWS)

/* How far ahead of the products weights are fetched, in floats. The processor
 * does so too, but not far enough where weights come from memory. */
#define FETCH_AHEAD 1024

/* Fetches a row of weights of @vectors vectors. */
INLINE void
fetch_ahead (const gfloat *weights, const guint vectors)
{
  for (guint i = 0; i < vectors * VECTOR; i += CACHE_LINE / sizeof (gfloat))
    __builtin_prefetch (weights + FETCH_AHEAD + i);
}

/* Computes a block of @rows x @vectors results at the given row and column;
 * both numbers are constants after inlining. The job is passed by value,
 * because the compiler must assume that stores of results alias a job in
 * memory. */
INLINE void
multiply_block (const CnnMultiply job, gsize row, gsize column,
    const guint rows, const guint vectors)
{
  const guint n_pointers = (rows + POINTER_ROWS - 1) / POINTER_ROWS;
  const gboolean bounded = job.clamp.least > -G_MAXFLOAT
      || job.clamp.most < G_MAXFLOAT;
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

        fetch_ahead (weights, vectors);
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
          values[p]++;
          KEEP_POINTER (values[p]);
        }
        weights += vectors * VECTOR;
      }
    }
    if (bounded) {
      UNROLL
      for (guint r = 0; r < rows; r++) {
        UNROLL
        for (guint v = 0; v < vectors; v++)
          sums[r][v] = clamp (sums[r][v], job.clamp);
      }
    }
    UNROLL
    for (guint r = 0; r < rows; r++) {
      UNROLL
      for (guint v = 0; v < vectors; v++)
        store_first (to + v * VECTOR, sums[r][v], columns - v * VECTOR);
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
    if (n <= MAX_ROWS (vectors))                      \
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

INLINE void
multiply_columns (const CnnMultiply *job, gsize column, const guint vectors)
{
  gsize blocks = (job->rows + MAX_ROWS (vectors) - 1) / MAX_ROWS (vectors);
  gsize row = 0;

  for (; blocks > 0; blocks--) {
    /* Blocks have nearly the same size, so that no short one is left over. */
    const guint rows = (guint) ((job->rows - row + blocks - 1) / blocks);

    multiply_rows (job, row, column, rows, vectors);
    row += rows;
  }
}

#ifdef HALF
static void
multiply_rest (const CnnMultiply *job, gsize column)
{
  CnnMultiply rest = *job;

  rest.b += column * job->n_segments * job->depth;
  rest.bias = job->bias ? job->bias + column : NULL;
  rest.c += column;
  rest.columns -= column;
  HALF.multiply (&rest);
}

#define MIN_VECTOR (VECTOR / 2 + 1)
#else
#define MIN_VECTOR 1
#endif

/* Uses the same blocks as cnn_kernels_pack(). */
static void
multiply (const CnnMultiply *job)
{
  gsize column = 0;

  while (job->columns - column >= VECTOR + MIN_VECTOR) {
    multiply_columns (job, column, 2);
    column += MIN (job->columns - column, 2 * VECTOR);
  }
  if (column == 0 || job->columns - column >= MIN_VECTOR) {
    multiply_columns (job, column, 1);
    column += MIN (job->columns - column, VECTOR);
  }
#ifdef HALF
  if (column < job->columns)
    multiply_rest (job, column);
#endif
}
