/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include <string.h>

#include "base/model-error.h"
#include "cnn/kernels/reference.h"
#include "cnn/kernels/vector.h"
#include "cnn/plan/kernel-operations.h"

/* Dimensions of 1, and missing ones at the front, are repeated. */
static gboolean
broadcast (CnnShape *shape, const CnnShape *other)
{
  CnnShape result = shape->rank >= other->rank ? *shape : *other;

  for (guint i = 0; i < MIN (shape->rank, other->rank); i++) {
    gint a = shape->dims[shape->rank - 1 - i];
    gint b = other->dims[other->rank - 1 - i];

    if (a != b && a != 1 && b != 1)
      return FALSE;
    result.dims[result.rank - 1 - i] = a == 1 ? b : a;
  }
  *shape = result;
  return TRUE;
}

static gboolean
merge_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  *output = inputs[0];
  for (guint i = 1; i < n_inputs; i++) {
    if (!broadcast (output, &inputs[i])) {
      g_autofree gchar *a = cnn_shape_to_string (output);
      g_autofree gchar *b = cnn_shape_to_string (&inputs[i]);

      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "its inputs of %s and %s do not fit", a, b);
      return FALSE;
    }
  }
  return TRUE;
}

static inline void
merge (CnnCombination combination, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  guint next = 1;

  if (n_inputs > 1 && cnn_shape_equal (inputs[0].shape, output->shape)) {
    cnn_combine_pair (combination, inputs[0].data, &inputs[1], output);
    next = 2;
  } else {
    cnn_combine (CNN_COMBINATION_COPY, &inputs[0], output);
  }
  for (; next < n_inputs; next++)
    cnn_combine (combination, &inputs[next], output);
}

#define MERGE_RUN(function, combination)                                \
  static void function (const CnnLayer *layer, const CnnTensor *inputs, \
      guint n_inputs, const CnnTensor *output)                          \
  {                                                                     \
    merge (combination, inputs, n_inputs, output);                      \
  }

MERGE_RUN (add_run, CNN_COMBINATION_ADD)
MERGE_RUN (subtract_run, CNN_COMBINATION_SUBTRACT)
MERGE_RUN (multiply_run, CNN_COMBINATION_MULTIPLY)
MERGE_RUN (maximum_run, CNN_COMBINATION_MAXIMUM)
MERGE_RUN (minimum_run, CNN_COMBINATION_MINIMUM)

static void
average_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const gsize size = cnn_shape_size (output->shape);

  merge (CNN_COMBINATION_ADD, inputs, n_inputs, output);
  for (gsize i = 0; i < size; i++)
    output->data[i] /= (gfloat) n_inputs;
}

static void
add_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  for (guint i = 0; i < job->n_inputs; i++)
    cnn_sum_repeated (&job->gradient, &job->input_gradients[i]);
}

static void
scale_gradient (CnnBackpropagation *job, gfloat factor)
{
  const gsize size = cnn_shape_size (job->gradient.shape);

  for (gsize i = 0; i < size; i++)
    job->gradient.data[i] *= factor;
}

static void
average_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  scale_gradient (job, 1.0f / (gfloat) job->n_inputs);
  add_backpropagate (layer, job);
}

static void
subtract_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  cnn_sum_repeated (&job->gradient, &job->input_gradients[0]);
  scale_gradient (job, -1.0f);
  cnn_sum_repeated (&job->gradient, &job->input_gradients[1]);
}

/* Each input gets the product of all others. A product counts once in the
 * output, but once for each input in sums of values times derivatives. */
static void
multiply_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const CnnTensor product = { job->output.shape, job->scratch };
  const gsize size = cnn_shape_size (job->output.shape);
  gdouble sum = 0.0;

  for (gsize i = 0; i < size; i++)
    sum += (gdouble) job->gradient.data[i] * job->output.data[i];
  job->constant += (1.0 - job->n_inputs) * sum;
  for (guint i = 0; i < job->n_inputs; i++) {
    cnn_combine (CNN_COMBINATION_COPY, &job->gradient, &product);
    for (guint k = 0; k < job->n_inputs; k++) {
      if (k != i)
        cnn_combine (CNN_COMBINATION_MULTIPLY, &job->inputs[k], &product);
    }
    cnn_sum_repeated (&product, &job->input_gradients[i]);
  }
}

/* The gradient goes to the input that was selected, the first of equal ones. */
static void
select_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const CnnTensor taken = { job->output.shape, job->scratch };
  const gsize size = cnn_shape_size (job->output.shape);

  for (guint i = 0; i < job->n_inputs; i++) {
    cnn_combine (CNN_COMBINATION_COPY, &job->inputs[i], &taken);
    for (gsize k = 0; k < size; k++) {
      const gboolean is_taken = taken.data[k] == job->output.data[k];

      taken.data[k] = is_taken ? job->gradient.data[k] : 0.0f;
      job->gradient.data[k] = is_taken ? 0.0f : job->gradient.data[k];
    }
    cnn_sum_repeated (&taken, &job->input_gradients[i]);
  }
}

/* Sums and products of two, which is what networks have. */
#define MERGE_MAKE_OPERATION(function, product)                       \
  static CnnOperation *function (const CnnLayer *layer,               \
      const CnnShape *inputs, guint n_inputs, const CnnShape *output, \
      const CnnFusion *fusion)                                        \
  {                                                                   \
    return n_inputs == 2                                              \
        ? cnn_merging_operation_new (product, inputs, output, fusion) \
        : NULL;                                                       \
  }

MERGE_MAKE_OPERATION (add_make_operation, FALSE)
MERGE_MAKE_OPERATION (multiply_make_operation, TRUE)

#define MERGE_CLASS(symbol, keras_name, min, max, run_function, \
    backpropagate_function, make_operation_function)            \
  const CnnLayerClass symbol = {                                \
    .name = keras_name,                                         \
    .instance_size = sizeof (CnnLayer),                         \
    .role = CNN_LAYER_ROLE_MERGE,                               \
    .min_inputs = min,                                          \
    .max_inputs = max,                                          \
    .infer_shape = merge_infer_shape,                           \
    .run = run_function,                                        \
    .backpropagate = backpropagate_function,                    \
    .make_operation = make_operation_function,                  \
  }

MERGE_CLASS (cnn_add_class, "Add", 1, G_MAXUINT, add_run, add_backpropagate,
    add_make_operation);
MERGE_CLASS (cnn_average_class, "Average", 1, G_MAXUINT, average_run,
    average_backpropagate, NULL);
MERGE_CLASS (cnn_maximum_class, "Maximum", 1, G_MAXUINT, maximum_run,
    select_backpropagate, NULL);
MERGE_CLASS (cnn_minimum_class, "Minimum", 1, G_MAXUINT, minimum_run,
    select_backpropagate, NULL);
MERGE_CLASS (cnn_multiply_class, "Multiply", 1, G_MAXUINT, multiply_run,
    multiply_backpropagate, multiply_make_operation);
MERGE_CLASS (cnn_subtract_class, "Subtract", 2, 2, subtract_run,
    subtract_backpropagate, NULL);

typedef struct {
  CnnLayer layer;
  gint axis;
} Concatenate;

static gboolean
concatenate_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Concatenate *self = (Concatenate *) layer;

  self->axis = -1;
  return cnn_layer_configure_axis (&self->axis, config, error);
}

/* Whether two shapes are equal except for one dimension. */
static gboolean
shapes_fit (const CnnShape *a, const CnnShape *b, guint dimension)
{
  CnnShape other = *b;

  other.dims[dimension] = a->dims[dimension];
  return cnn_shape_equal (a, &other);
}

static gboolean
concatenate_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Concatenate *self = (const Concatenate *) layer;
  guint dimension;
  gint64 size = 0;

  if (!cnn_layer_check_axis (self->axis, &inputs[0], error))
    return FALSE;
  dimension = (guint) cnn_layer_find_dimension (self->axis, &inputs[0]);
  *output = inputs[0];
  for (guint i = 0; i < n_inputs; i++) {
    if (!shapes_fit (&inputs[0], &inputs[i], dimension)) {
      g_autofree gchar *a = cnn_shape_to_string (&inputs[0]);
      g_autofree gchar *b = cnn_shape_to_string (&inputs[i]);

      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "its inputs of %s and %s do not fit", a, b);
      return FALSE;
    }
    size += inputs[i].dims[dimension];
  }
  return cnn_layer_set_dimension (output, dimension, size, error);
}

static void
concatenate_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const gint axis = ((const Concatenate *) layer)->axis;
  const guint dimension = (guint) cnn_layer_find_dimension (axis,
      output->shape);
  const CnnAxisView whole = cnn_axis_view (output->shape, dimension);
  gfloat *begin = output->data;

  for (guint i = 0; i < n_inputs; i++) {
    gsize part = inputs[i].shape->dims[dimension] * whole.inner;

    for (gsize o = 0; o < whole.outer; o++) {
      memcpy (begin + o * whole.length * whole.inner, inputs[i].data + o * part,
          part * sizeof *begin);
    }
    begin += part;
  }
}

static void
concatenate_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const gint axis = ((const Concatenate *) layer)->axis;
  const guint dimension = (guint) cnn_layer_find_dimension (axis,
      job->gradient.shape);
  const CnnAxisView whole = cnn_axis_view (job->gradient.shape, dimension);
  const gfloat *begin = job->gradient.data;

  for (guint i = 0; i < job->n_inputs; i++) {
    const CnnTensor *to = &job->input_gradients[i];
    const gsize part = (gsize) to->shape->dims[dimension] * whole.inner;

    for (gsize o = 0; o < whole.outer; o++) {
      cnn_add (to->data + o * part, begin + o * whole.length * whole.inner,
          part);
    }
    begin += part;
  }
}

const CnnLayerClass cnn_concatenate_class = {
  .name = "Concatenate",
  .instance_size = sizeof (Concatenate),
  .role = CNN_LAYER_ROLE_MERGE,
  .min_inputs = 1,
  .max_inputs = G_MAXUINT,
  .configure = concatenate_configure,
  .infer_shape = concatenate_infer_shape,
  .run = concatenate_run,
  .backpropagate = concatenate_backpropagate,
};
