/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference.h"
#include "cnn/kernels/vector.h"
#include "cnn/plan/kernel-operations.h"

/**
 * Normalization:
 * @scale: whether there is a @gamma
 * @center: whether there is a @beta
 *
 * gamma * (x - mean) / sqrt (variance + epsilon) + beta.
 */
typedef struct {
  CnnLayer layer;
  gdouble epsilon;
  gboolean scale;
  gboolean center;
  gfloat *gamma;
  gfloat *beta;
} Normalization;

static gboolean
configure_normalization (Normalization *self, const cJSON *config,
    GError **error)
{
  self->epsilon = 1e-3;
  self->scale = self->center = TRUE;
  return json_get_number (config, "epsilon", &self->epsilon, error)
      && json_get_boolean (config, "scale", &self->scale, error)
      && json_get_boolean (config, "center", &self->center, error);
}

/* Returns the number of variables, 0 to 2. */
static guint
declare_gamma_and_beta (Normalization *self, const CnnShape *shape,
    CnnVariable *variables)
{
  guint n = 0;

  if (self->scale) {
    variables[n++] = (CnnVariable) { "gamma", NULL, TRUE, *shape,
      &self->gamma };
  }
  if (self->center)
    variables[n++] = (CnnVariable) { "beta", NULL, TRUE, *shape, &self->beta };
  return n;
}

/**
 * BatchNormalization:
 * @axis: axis along which each index has its own mean and variance
 * @length: length of the axis
 * @trainable: whether the layer was not frozen
 * @training: whether mean and variance are those of the layer's own input
 * @mean: mean of the training data; @variance likewise
 * @factor: gamma / sqrt (variance + epsilon)
 * @shift: beta - mean * factor
 */
typedef struct {
  Normalization base;
  gint axis;
  gsize length;
  gboolean trainable;
  gboolean training;
  gfloat *mean;
  gfloat *variance;
  gfloat *factor;
  gfloat *shift;
} BatchNormalization;

static gboolean
batch_normalization_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  BatchNormalization *self = (BatchNormalization *) layer;

  self->axis = -1;
  self->trainable = TRUE;
  return cnn_layer_configure_axis (&self->axis, config, error)
      && json_get_boolean (config, "trainable", &self->trainable, error)
      && configure_normalization (&self->base, config, error);
}

/* A frozen layer uses the statistics of its training data even so. */
static void
batch_normalization_set_training (CnnLayer *layer)
{
  BatchNormalization *self = (BatchNormalization *) layer;

  self->training = self->trainable;
}

static gboolean
batch_normalization_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const BatchNormalization *self = (const BatchNormalization *) layer;

  *output = inputs[0];
  if (self->training && self->base.epsilon <= 0.0) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "'epsilon' is not above 0");
    return FALSE;
  }
  return cnn_layer_check_axis (self->axis, &inputs[0], error);
}

static guint
batch_normalization_declare (CnnLayer *layer, const CnnShape *input,
    CnnVariable *variables)
{
  BatchNormalization *self = (BatchNormalization *) layer;
  const gint length = input->dims[cnn_layer_find_dimension (self->axis, input)];
  const CnnShape shape = { 1, { length } };
  guint n = declare_gamma_and_beta (&self->base, &shape, variables);

  self->length = (gsize) length;
  variables[n++] = (CnnVariable) { "moving_mean", NULL, FALSE, shape,
    &self->mean };
  variables[n++] = (CnnVariable) { "moving_variance", NULL, FALSE, shape,
    &self->variance };
  return n;
}

static gboolean
batch_normalization_prepare (CnnLayer *layer, GError **error)
{
  BatchNormalization *self = (BatchNormalization *) layer;
  const gfloat *gamma = self->base.gamma, *beta = self->base.beta;

  self->factor = g_new (gfloat, self->length);
  self->shift = g_new (gfloat, self->length);
  for (gsize i = 0; i < self->length; i++) {
    gdouble variance = self->variance[i] + self->base.epsilon;
    gdouble factor = (gamma ? gamma[i] : 1.0) / sqrt (variance);

    if (!(variance > 0.0) || !(fabs (factor) <= G_MAXFLOAT)) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'moving_variance' of channel %" G_GSIZE_FORMAT " is %g, which with "
          "'epsilon' %g cannot be divided by",
          i, self->variance[i], self->base.epsilon);
      return FALSE;
    }
    self->factor[i] = (gfloat) factor;
    self->shift[i] = (gfloat) ((beta ? beta[i] : 0.0) - self->mean[i] * factor);
  }
  return TRUE;
}

/* Of one channel of a picture: y = (x - mean) * factor. */
typedef struct {
  gdouble mean;
  gdouble factor;
} Statistics;

static Statistics
measure_channel (const gfloat *channel, const CnnAxisView *view,
    gdouble epsilon)
{
  const gsize step = view->length * view->inner;
  const gdouble count = (gdouble) (view->outer * view->inner);
  gdouble sum = 0.0, squares = 0.0, mean;

  for (gsize o = 0; o < view->outer; o++) {
    for (gsize i = 0; i < view->inner; i++)
      sum += channel[o * step + i];
  }
  mean = sum / count;
  for (gsize o = 0; o < view->outer; o++) {
    for (gsize i = 0; i < view->inner; i++) {
      const gdouble difference = channel[o * step + i] - mean;

      squares += difference * difference;
    }
  }
  return (Statistics) { mean, 1.0 / sqrt (squares / count + epsilon) };
}

static void
run_in_training (const BatchNormalization *self, const CnnTensor *input,
    const CnnTensor *output)
{
  const CnnAxisView view = cnn_layer_get_axis_view (self->axis, output->shape);
  const gfloat *gamma = self->base.gamma, *beta = self->base.beta;
  const gsize step = view.length * view.inner;

  for (gsize k = 0; k < view.length; k++) {
    const gsize at = k * view.inner;
    const Statistics statistics = measure_channel (input->data + at, &view,
        self->base.epsilon);
    const gdouble factor = statistics.factor * (gamma ? gamma[k] : 1.0);

    for (gsize o = 0; o < view.outer; o++) {
      for (gsize i = at + o * step; i < at + o * step + view.inner; i++) {
        output->data[i] = (gfloat) ((input->data[i] - statistics.mean) * factor
            + (beta ? beta[k] : 0.0));
      }
    }
  }
}

static void
batch_normalization_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const BatchNormalization *self = (const BatchNormalization *) layer;
  const CnnShape *shape = output->shape;
  const CnnAxisView view = cnn_layer_get_axis_view (self->axis, shape);
  const gfloat *values = inputs[0].data;
  gfloat *normalized = output->data;

  if (self->training) {
    run_in_training (self, &inputs[0], output);
    return;
  }
  for (gsize o = 0; o < view.outer; o++) {
    for (gsize k = 0; k < view.length; k++) {
      const gfloat beta = self->base.beta ? self->base.beta[k] : 0.0f;

      for (gsize i = 0; i < view.inner; i++) {
        *normalized++ = (*values++ - self->mean[k]) * self->factor[k] + beta;
      }
    }
  }
}

/**
 * Sums:
 * @gradient: of the derivatives
 * @covariance: of each derivative times its value's distance from the mean
 * @output: of each derivative times its output
 */
typedef struct {
  gdouble gradient;
  gdouble covariance;
  gdouble output;
} Sums;

static Sums
sum_channel (const CnnBackpropagation *job, const CnnAxisView *view, gsize at,
    gdouble mean)
{
  const gsize step = view->length * view->inner;
  Sums sums = { 0.0, 0.0, 0.0 };

  for (gsize o = 0; o < view->outer; o++) {
    for (gsize i = at + o * step; i < at + o * step + view->inner; i++) {
      const gdouble gradient = job->gradient.data[i];

      sums.gradient += gradient;
      sums.covariance += gradient * (job->inputs[0].data[i] - mean);
      sums.output += gradient * job->output.data[i];
    }
  }
  return sums;
}

/* As for a LayerNormalization over all axes but the channels: with n the
 * normalised values and g the derivatives with respect to them, g - mean (g) -
 * n * mean (g * n), over the deviation. */
static void
backpropagate_channel (const BatchNormalization *self, CnnBackpropagation *job,
    const CnnAxisView *view, gsize k)
{
  const gfloat *input = job->inputs[0].data;
  const gsize step = view->length * view->inner, at = k * view->inner;
  const gdouble count = (gdouble) (view->outer * view->inner);
  const Statistics statistics = measure_channel (input + at, view,
      self->base.epsilon);
  const Sums sums = sum_channel (job, view, at, statistics.mean);
  const gdouble square = statistics.factor * statistics.factor;
  const gdouble factor = statistics.factor
      * (self->base.gamma ? self->base.gamma[k] : 1.0);

  job->constant += sums.output;
  for (gsize o = 0; o < view->outer; o++) {
    for (gsize i = at + o * step; i < at + o * step + view->inner; i++) {
      const gdouble gradient = factor
          * (job->gradient.data[i] - sums.gradient / count
              - (input[i] - statistics.mean) * square * sums.covariance
                  / count);

      job->input_gradients[0].data[i] += (gfloat) gradient;
      job->constant -= gradient * input[i];
    }
  }
}

static void
batch_normalization_backpropagate (const CnnLayer *layer,
    CnnBackpropagation *job)
{
  const BatchNormalization *self = (const BatchNormalization *) layer;
  const CnnShape *shape = job->gradient.shape;
  const CnnAxisView view = cnn_layer_get_axis_view (self->axis, shape);
  const gfloat *gradient = job->gradient.data;
  gfloat *input_gradient = job->input_gradients[0].data;

  if (self->training) {
    for (gsize k = 0; k < view.length; k++)
      backpropagate_channel (self, job, &view, k);
    return;
  }
  for (gsize o = 0; o < view.outer; o++) {
    for (gsize k = 0; k < view.length; k++) {
      for (gsize i = 0; i < view.inner; i++) {
        job->constant += (gdouble) *gradient * self->shift[k];
        *input_gradient++ += *gradient++ * self->factor[k];
      }
    }
  }
}

static void
batch_normalization_clear (CnnLayer *layer)
{
  BatchNormalization *self = (BatchNormalization *) layer;

  g_free (self->factor);
  g_free (self->shift);
}

static gboolean
batch_normalization_get_affine (const CnnLayer *layer, const CnnShape *input,
    const gfloat **factor, const gfloat **shift)
{
  const BatchNormalization *self = (const BatchNormalization *) layer;

  if (self->training
      || cnn_layer_find_dimension (self->axis, input) != (gint) input->rank - 1)
    return FALSE;
  *factor = self->factor;
  *shift = self->shift;
  return TRUE;
}

static CnnOperation *
batch_normalization_make_operation (const CnnLayer *layer,
    const CnnShape *inputs, guint n_inputs, const CnnShape *output,
    const CnnFusion *fusion)
{
  const gfloat *factor, *shift;

  if (!batch_normalization_get_affine (layer, &inputs[0], &factor, &shift))
    return NULL;
  return cnn_scaling_operation_new (factor, shift, output, fusion);
}

const CnnLayerClass cnn_batch_normalization_class = {
  .name = "BatchNormalization",
  .instance_size = sizeof (BatchNormalization),
  .role = CNN_LAYER_ROLE_NORMALIZATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = batch_normalization_configure,
  .set_training = batch_normalization_set_training,
  .infer_shape = batch_normalization_infer_shape,
  .declare = batch_normalization_declare,
  .prepare = batch_normalization_prepare,
  .run = batch_normalization_run,
  .backpropagate = batch_normalization_backpropagate,
  .make_operation = batch_normalization_make_operation,
  .get_affine = batch_normalization_get_affine,
  .clear = batch_normalization_clear,
};

/**
 * LayerNormalization:
 * @axes: axes to normalise over, as in the configuration
 * @weights_shape: shape of gamma and beta: that of the input along the axes, 1
 *   in all other dimensions
 *
 * Mean and variance are computed from the values along the axes.
 */
typedef struct {
  Normalization base;
  gint axes[CNN_MAX_RANK];
  guint n_axes;
  CnnShape weights_shape;
} LayerNormalization;

static gboolean
configure_axes (LayerNormalization *self, const cJSON *axes, GError **error)
{
  const cJSON *item = cJSON_IsArray (axes) ? axes->child : axes;

  if (!axes) {
    self->axes[self->n_axes++] = -1;
    return TRUE;
  }
  for (; item; item = cJSON_IsArray (axes) ? item->next : NULL) {
    if (self->n_axes == CNN_MAX_RANK
        || !json_to_integer (item, "axis", -CNN_MAX_RANK, CNN_MAX_RANK,
            &self->axes[self->n_axes], error))
      break;
    self->n_axes++;
  }
  if (!item && self->n_axes > 0)
    return TRUE;
  if (error && !*error) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'axis' has none, or more than %d axes", CNN_MAX_RANK);
  }
  return FALSE;
}

static gboolean
layer_normalization_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  LayerNormalization *self = (LayerNormalization *) layer;
  gboolean rms_scaling = FALSE;

  if (!configure_axes (self, json_get (config, "axis"), error)
      || !configure_normalization (&self->base, config, error)
      || !json_get_boolean (config, "rms_scaling", &rms_scaling, error))
    return FALSE;
  if (rms_scaling || self->base.epsilon <= 0.0) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        rms_scaling ? "'rms_scaling' is not supported"
                    : "'epsilon' is not above 0");
    return FALSE;
  }
  return TRUE;
}

/* Weights have the dimensions of the axes in the order of the configuration,
 * which must be the order in memory. */
static gboolean
layer_normalization_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const LayerNormalization *self = (const LayerNormalization *) layer;
  gint last = -1;

  *output = inputs[0];
  for (guint i = 0; i < self->n_axes; i++) {
    gint dimension = cnn_layer_find_dimension (self->axes[i], &inputs[0]);

    if (!cnn_layer_check_axis (self->axes[i], &inputs[0], error))
      return FALSE;
    if (dimension <= last) {
      g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
          "'axis' is not in ascending order");
      return FALSE;
    }
    last = dimension;
  }
  return TRUE;
}

static guint
layer_normalization_declare (CnnLayer *layer, const CnnShape *input,
    CnnVariable *variables)
{
  LayerNormalization *self = (LayerNormalization *) layer;
  CnnShape shape = { self->n_axes, { 0 } };

  self->weights_shape.rank = input->rank;
  for (guint i = 0; i < input->rank; i++)
    self->weights_shape.dims[i] = 1;
  for (guint i = 0; i < self->n_axes; i++) {
    gint dimension = cnn_layer_find_dimension (self->axes[i], input);

    shape.dims[i] = self->weights_shape.dims[dimension] =
        input->dims[dimension];
  }
  return declare_gamma_and_beta (&self->base, &shape, variables);
}

/**
 * Walk:
 * @n: number of dimensions
 * @sizes: sizes of the dimensions
 * @steps: distance in memory of neighbours along each dimension, in values
 *
 * An iteration over some of the dimensions of a tensor.
 */
typedef struct {
  guint n;
  gsize sizes[CNN_MAX_RANK];
  gsize steps[CNN_MAX_RANK];
} Walk;

static gsize
walk_count (const Walk *walk)
{
  gsize count = 1;

  for (guint i = 0; i < walk->n; i++)
    count *= walk->sizes[i];
  return count;
}

static gsize
walk_offset (const Walk *walk, gsize index)
{
  gsize offset = 0;

  for (guint i = walk->n; i > 0; i--) {
    offset += index % walk->sizes[i - 1] * walk->steps[i - 1];
    index /= walk->sizes[i - 1];
  }
  return offset;
}

/* Splits the dimensions into those to normalise over and the others. */
static void
split_dimensions (const LayerNormalization *self, const CnnShape *shape,
    Walk *normalized, Walk *others)
{
  gsize steps[CNN_MAX_RANK];
  gsize step = 1;
  guint axis = 0;

  for (guint i = shape->rank; i > 0; i--) {
    steps[i - 1] = step;
    step *= (gsize) shape->dims[i - 1];
  }
  for (guint i = 0; i < shape->rank; i++) {
    gboolean is_axis = axis < self->n_axes
        && cnn_layer_find_dimension (self->axes[axis], shape) == (gint) i;
    Walk *walk = is_axis ? normalized : others;

    axis += is_axis;
    walk->sizes[walk->n] = (gsize) shape->dims[i];
    walk->steps[walk->n++] = steps[i];
  }
}

static void
normalize (const gfloat *values, gfloat *output, const Walk *walk, gsize count,
    gdouble epsilon)
{
  gdouble mean = 0.0, variance = 0.0, factor;

  for (gsize i = 0; i < count; i++)
    mean += values[walk_offset (walk, i)];
  mean /= (gdouble) count;
  for (gsize i = 0; i < count; i++) {
    gdouble difference = values[walk_offset (walk, i)] - mean;

    variance += difference * difference;
  }
  factor = 1.0 / sqrt (variance / (gdouble) count + epsilon);
  for (gsize i = 0; i < count; i++) {
    gsize at = walk_offset (walk, i);

    output[at] = (gfloat) ((values[at] - mean) * factor);
  }
}

static void
layer_normalization_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const LayerNormalization *self = (const LayerNormalization *) layer;
  const CnnTensor gamma = { &self->weights_shape, self->base.gamma };
  const CnnTensor beta = { &self->weights_shape, self->base.beta };
  Walk normalized = { 0 }, others = { 0 };
  gsize n_others, count;

  split_dimensions (self, output->shape, &normalized, &others);
  n_others = walk_count (&others);
  count = walk_count (&normalized);
  for (gsize i = 0; i < n_others; i++) {
    gsize at = walk_offset (&others, i);

    normalize (inputs[0].data + at, output->data + at, &normalized, count,
        self->base.epsilon);
  }
  if (gamma.data)
    cnn_combine (CNN_COMBINATION_MULTIPLY, &gamma, output);
  if (beta.data)
    cnn_combine (CNN_COMBINATION_ADD, &beta, output);
}

/* With n the normalized values, and g the derivatives with respect to them:
 * (g - mean (g) - n * mean (g * n)) / sqrt (variance + epsilon). */
static void
denormalize (const gfloat *values, const gfloat *gradient,
    gfloat *input_gradient, const Walk *walk, gsize count, gdouble epsilon)
{
  gdouble mean = 0.0, variance = 0.0, mean_gradient = 0.0, covariance = 0.0;
  gdouble factor;

  for (gsize i = 0; i < count; i++) {
    const gsize at = walk_offset (walk, i);

    mean += values[at];
    mean_gradient += gradient[at];
  }
  mean /= (gdouble) count;
  mean_gradient /= (gdouble) count;
  for (gsize i = 0; i < count; i++) {
    const gsize at = walk_offset (walk, i);
    const gdouble difference = values[at] - mean;

    variance += difference * difference;
    covariance += difference * gradient[at];
  }
  factor = 1.0 / sqrt (variance / (gdouble) count + epsilon);
  covariance /= (gdouble) count;
  for (gsize i = 0; i < count; i++) {
    const gsize at = walk_offset (walk, i);

    input_gradient[at] += (gfloat) (factor
        * (gradient[at] - mean_gradient
            - (values[at] - mean) * factor * factor * covariance));
  }
}

static gdouble
sum_products (const CnnTensor *a, const gfloat *b)
{
  const gsize size = cnn_shape_size (a->shape);
  gdouble sum = 0.0;

  for (gsize i = 0; i < size; i++)
    sum += (gdouble) a->data[i] * b[i];
  return sum;
}

static void
layer_normalization_backpropagate (const CnnLayer *layer,
    CnnBackpropagation *job)
{
  const LayerNormalization *self = (const LayerNormalization *) layer;
  const CnnTensor gamma = { &self->weights_shape, self->base.gamma };
  const CnnShape *shape = job->output.shape;
  Walk normalized = { 0 }, others = { 0 };
  gsize n_others, count;

  job->constant += sum_products (&job->gradient, job->output.data);
  if (gamma.data)
    cnn_combine (CNN_COMBINATION_MULTIPLY, &gamma, &job->gradient);
  split_dimensions (self, shape, &normalized, &others);
  n_others = walk_count (&others);
  count = walk_count (&normalized);
  memset (job->scratch, 0, cnn_shape_size (shape) * sizeof *job->scratch);
  for (gsize i = 0; i < n_others; i++) {
    const gsize at = walk_offset (&others, i);

    denormalize (job->inputs[0].data + at, job->gradient.data + at,
        job->scratch + at, &normalized, count, self->base.epsilon);
  }
  job->constant -= sum_products (&job->inputs[0], job->scratch);
  cnn_add (job->input_gradients[0].data, job->scratch, cnn_shape_size (shape));
}

const CnnLayerClass cnn_layer_normalization_class = {
  .name = "LayerNormalization",
  .instance_size = sizeof (LayerNormalization),
  .role = CNN_LAYER_ROLE_NORMALIZATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = layer_normalization_configure,
  .infer_shape = layer_normalization_infer_shape,
  .declare = layer_normalization_declare,
  .run = layer_normalization_run,
  .backpropagate = layer_normalization_backpropagate,
};
