/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/combination.h"

#include "cnn/kernels/vector.h"

#define COMBINE(expression)           \
  for (gsize i = 0; i < count; i++) { \
    gfloat a = first[i];              \
    gfloat b = second[i * step];      \
    output[i] = (expression);         \
  }                                   \
  break

/* Inline, so that each caller gets loops of its own. */
static inline void
combine_stepping (CnnCombination combination, const gfloat *first,
    const gfloat *second, gsize step, gfloat *output, gsize count)
{
  switch (combination) {
    case CNN_COMBINATION_COPY:
      for (gsize i = 0; i < count; i++)
        output[i] = second[i * step];
      break;
    case CNN_COMBINATION_ADD:
      COMBINE (a + b);
    case CNN_COMBINATION_SUBTRACT:
      COMBINE (a - b);
    case CNN_COMBINATION_MULTIPLY:
      COMBINE (a * b);
    case CNN_COMBINATION_MAXIMUM:
      COMBINE (MAX (a, b));
    case CNN_COMBINATION_MINIMUM:
      COMBINE (MIN (a, b));
  }
}

static void
combine_row (CnnCombination combination, const gfloat *input, gsize step,
    gfloat *output, gsize count)
{
  if (step == 0)
    combine_stepping (combination, output, input, 0, output, count);
  else
    combine_stepping (combination, output, input, 1, output, count);
}

/* How far to go in @input for a step in each dimension of @output: nowhere
 * where a dimension is repeated. */
static void
find_steps (const CnnShape *input, const CnnShape *output,
    gsize steps[CNN_MAX_RANK])
{
  gsize step = 1;

  for (guint i = 0; i < output->rank; i++) {
    guint at = output->rank - 1 - i;
    gint size = i < input->rank ? input->dims[input->rank - 1 - i] : 1;

    steps[at] = size == 1 ? 0 : step;
    step *= (gsize) size;
  }
}

static void
combine_dimension (CnnCombination combination, const gfloat *input,
    const gsize *steps, const gint *sizes, guint rank, gfloat **output)
{
  if (rank == 1) {
    combine_row (combination, input, steps[0], *output, (gsize) sizes[0]);
    *output += sizes[0];
    return;
  }
  for (gint i = 0; i < sizes[0]; i++) {
    combine_dimension (combination, input + (gsize) i * steps[0], steps + 1,
        sizes + 1, rank - 1, output);
  }
}

void
cnn_combine (CnnCombination combination, const CnnTensor *input,
    const CnnTensor *output)
{
  gsize steps[CNN_MAX_RANK] = { 0 };
  gfloat *values = output->data;

  if (cnn_shape_equal (input->shape, output->shape)) {
    combine_row (combination, input->data, 1, values,
        cnn_shape_size (output->shape));
    return;
  }
  find_steps (input->shape, output->shape, steps);
  combine_dimension (combination, input->data, steps, output->shape->dims,
      output->shape->rank, &values);
}

static void
sum_dimension (const gfloat **gradient, const gsize *steps, const gint *sizes,
    guint rank, gfloat *input_gradient)
{
  if (rank == 0) {
    *input_gradient += *(*gradient)++;
    return;
  }
  for (gint i = 0; i < sizes[0]; i++) {
    sum_dimension (gradient, steps + 1, sizes + 1, rank - 1,
        input_gradient + (gsize) i * steps[0]);
  }
}

void
cnn_sum_repeated (const CnnTensor *gradient, const CnnTensor *input_gradient)
{
  gsize steps[CNN_MAX_RANK] = { 0 };
  const gfloat *values = gradient->data;

  if (cnn_shape_equal (gradient->shape, input_gradient->shape)) {
    cnn_add (input_gradient->data, values, cnn_shape_size (gradient->shape));
    return;
  }
  find_steps (input_gradient->shape, gradient->shape, steps);
  sum_dimension (&values, steps, gradient->shape->dims, gradient->shape->rank,
      input_gradient->data);
}

void
cnn_combine_pair (CnnCombination combination, const gfloat *first,
    const gfloat *second, gfloat *output, gsize count)
{
  combine_stepping (combination, first, second, 1, output, count);
}
