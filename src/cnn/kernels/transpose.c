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

/* The same the other way, adding. */
static void
add_dimension (gfloat *input, const gsize *steps, const gint *sizes, guint rank,
    const gfloat **output)
{
  if (rank == 0) {
    *input += *(*output)++;
    return;
  }
  for (gint i = 0; i < sizes[0]; i++) {
    add_dimension (input + (gsize) i * steps[0], steps + 1, sizes + 1, rank - 1,
        output);
  }
}

/* How far to go in a tensor of @shape for a step in each permuted dimension. */
static void
find_steps (const CnnShape *shape, const guint permutation[CNN_MAX_RANK],
    gsize permuted[CNN_MAX_RANK])
{
  gsize steps[CNN_MAX_RANK];
  gsize step = 1;

  for (guint i = shape->rank; i > 0; i--) {
    steps[i - 1] = step;
    step *= (gsize) shape->dims[i - 1];
  }
  for (guint i = 0; i < shape->rank; i++)
    permuted[i] = steps[permutation[i]];
}

void
cnn_transpose (const CnnTensor *input, const guint permutation[CNN_MAX_RANK],
    const CnnTensor *output)
{
  gsize steps[CNN_MAX_RANK];
  gfloat *values = output->data;

  find_steps (input->shape, permutation, steps);
  copy_dimension (input->data, steps, output->shape->dims, output->shape->rank,
      &values);
}

void
cnn_transpose_backpropagate (const CnnTensor *gradient,
    const guint permutation[CNN_MAX_RANK], const CnnTensor *input_gradient)
{
  gsize steps[CNN_MAX_RANK];
  const gfloat *values = gradient->data;

  find_steps (input_gradient->shape, permutation, steps);
  add_dimension (input_gradient->data, steps, gradient->shape->dims,
      gradient->shape->rank, &values);
}
