/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Part of kernels_tmpl.c: products with a matrix of few columns. Vectors lie
 * along the depth, so that they are full, and are summed at the end. */

typedef gfloat Quad __attribute__ ((vector_size (4 * sizeof (gfloat))));

/* The number of sums in flight, which hides the latency of a multiply-add. */
#define DOT_SUMS 8

#if VECTOR == 1
INLINE Quad
sum_each (const Vector vectors[4])
{
  Quad sums;

  memcpy (&sums, vectors, sizeof sums);
  return sums;
}
#else
INLINE Quad
sum_to_quad (Vector vector)
{
  Quad quads[VECTOR / 4];

  memcpy (quads, &vector, sizeof vector);
  UNROLL
  for (guint i = 1; i < VECTOR / 4; i++)
    quads[0] += quads[i];
  return quads[0];
}

/* The sums of four vectors. */
INLINE Quad
sum_each (const Vector vectors[4])
{
  const Quad a = sum_to_quad (vectors[0]), b = sum_to_quad (vectors[1]);
  const Quad c = sum_to_quad (vectors[2]), d = sum_to_quad (vectors[3]);
  const Quad ab = __builtin_shufflevector (a, b, 0, 4, 1, 5)
      + __builtin_shufflevector (a, b, 2, 6, 3, 7);
  const Quad cd = __builtin_shufflevector (c, d, 0, 4, 1, 5)
      + __builtin_shufflevector (c, d, 2, 6, 3, 7);

  return __builtin_shufflevector (ab, cd, 0, 1, 4, 5)
      + __builtin_shufflevector (ab, cd, 2, 3, 6, 7);
}
#endif

/* Computes a column of results, @rows of them; the number is a constant after
 * inlining. The last vector of a segment may overlap the one before; weights
 * are zero for what both have. */
INLINE void
dot_rows (const CnnMultiply job, gsize row, gsize column, const guint rows)
{
  const gsize last = job.depth - VECTOR;
  const gsize vectors = (job.depth + VECTOR - 1) / VECTOR;
  const gfloat *weights = job.b + column * job.n_segments * vectors * VECTOR;
  const gfloat bias = job.bias ? job.bias[column] : 0.0f;
  gfloat *to = job.c + row * job.c_row + column;
  Vector sums[DOT_SUMS] = { (Vector) { 0 } };

  for (gsize s = 0; s < job.n_segments; s++) {
    const gfloat *from = job.a + row * job.a_row + job.segments[s];

    for (gsize i = 0; i < vectors; i++, weights += VECTOR) {
      const gfloat *values = from + MIN (i * VECTOR, last);
      const Vector weight = load (weights);

      UNROLL
      for (guint r = 0; r < rows; r++)
        sums[r] += load (values + r * job.a_row) * weight;
    }
  }
  for (guint first = 0; first < rows; first += 4) {
    const Quad results = sum_each (sums + first);

    for (guint r = 0; r < MIN (rows - first, 4); r++, to += job.c_row)
      *to = CLAMP (results[r] + bias, job.clamp.least, job.clamp.most);
  }
}

static void
dot (const CnnMultiply *job)
{
  gsize row = 0;

  for (; row + DOT_SUMS <= job->rows; row += DOT_SUMS) {
    for (gsize column = 0; column < job->columns; column++)
      dot_rows (*job, row, column, DOT_SUMS);
  }
  for (; row < job->rows; row++) {
    for (gsize column = 0; column < job->columns; column++)
      dot_rows (*job, row, column, 1);
  }
}
