/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/transpose.h"

/* Steps through @input while @output is filled in order. */
static void
copy_dimension (const gfloat *input, const gsize *steps, const gint *sizes,
    guint rank, gfloat **output)
{
  if (rank == 0) {
    *(*output)++ = *input;
    return;
  }
  for (gint i = 0; i < sizes[0]; i++) {
    copy_dimension (input + (gsize) i * steps[0], steps + 1, sizes + 1,
        rank - 1, output);
  }
}

void
cnn_transpose (const CnnTensor *input, const guint permutation[CNN_MAX_RANK],
    const CnnTensor *output)
{
  const CnnShape *shape = input->shape;
  gsize steps[CNN_MAX_RANK], permuted[CNN_MAX_RANK];
  gsize step = 1;
  gfloat *values = output->data;

  for (guint i = shape->rank; i > 0; i--) {
    steps[i - 1] = step;
    step *= (gsize) shape->dims[i - 1];
  }
  for (guint i = 0; i < shape->rank; i++)
    permuted[i] = steps[permutation[i]];
  copy_dimension (input->data, permuted, output->shape->dims, shape->rank,
      &values);
}
