/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Part of kernels_tmpl.c: dense layers. */

/* The number of inputs whose weights are read side by side, so that a sum is
 * read and written only once for all of them. */
#define DENSE_INPUTS 8

/* Adds the products of the @n inputs with the given indices. */
INLINE void
add_inputs (const gfloat *input, const guint32 *indices, const gfloat *kernel,
    gsize units, gfloat *output, const gint n)
{
  const gfloat *rows[DENSE_INPUTS];
  Vector values[DENSE_INPUTS];
  gsize unit = 0;

  UNROLL
  for (gint i = 0; i < n; i++) {
    rows[i] = kernel + indices[i] * units;
    values[i] = broadcast (input[indices[i]]);
  }
  for (; unit + VECTOR <= units; unit += VECTOR) {
    Vector sum = load (output + unit);

    UNROLL
    for (gint i = 0; i < n; i++)
      sum += values[i] * load (rows[i] + unit);
    store (output + unit, sum);
  }
  for (; unit < units; unit++) {
    gfloat sum = output[unit];

    UNROLL
    for (gint i = 0; i < n; i++)
      sum += FIRST (values[i]) * rows[i][unit];
    output[unit] = sum;
  }
}

static void
dense (const gfloat *input, gsize inputs, const gfloat *kernel,
    const gfloat *bias, gsize units, gfloat *output, guint32 *indices)
{
  gsize n_indices = 0, i = 0;

  for (gsize k = 0; k < inputs; k++) {
    indices[n_indices] = (guint32) k;
    n_indices += input[k] != 0.0f;
  }
  if (bias)
    memcpy (output, bias, units * sizeof *output);
  else
    memset (output, 0, units * sizeof *output);
  for (; i + DENSE_INPUTS <= n_indices; i += DENSE_INPUTS)
    add_inputs (input, indices + i, kernel, units, output, DENSE_INPUTS);
  for (; i < n_indices; i++)
    add_inputs (input, indices + i, kernel, units, output, 1);
}
