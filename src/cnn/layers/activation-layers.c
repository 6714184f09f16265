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

static void
activation_layer_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  memcpy (output->data, inputs[0].data,
      cnn_shape_size (output->shape) * sizeof *output->data);
  cnn_layer_apply_activation (layer, output);
}

static void
activation_layer_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  job->before_activation = job->inputs[0].data;
  cnn_layer_backpropagate_activation (layer, job);
  cnn_add (job->input_gradients[0].data, job->gradient.data,
      cnn_shape_size (job->gradient.shape));
}

static CnnOperation *
activation_layer_make_operation (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, const CnnShape *output, const CnnFusion *fusion)
{
  return cnn_activation_operation_new (output, fusion);
}

const CnnLayerClass cnn_activation_layer_class = {
  .name = "Activation",
  .instance_size = sizeof (CnnLayer),
  .role = CNN_LAYER_ROLE_ACTIVATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = cnn_layer_configure_activation,
  .infer_shape = cnn_layer_keep_shape,
  .run = activation_layer_run,
  .backpropagate = activation_layer_backpropagate,
  .make_operation = activation_layer_make_operation,
  .only_activation = TRUE,
};

typedef struct {
  CnnLayer layer;
  gint axis;
} Softmax;

static gboolean
softmax_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Softmax *self = (Softmax *) layer;

  layer->activation = CNN_ACTIVATION_SOFTMAX;
  self->axis = layer->dialect == CNN_DIALECT_TFJS ? 1 : -1;
  return cnn_layer_configure_axis (&self->axis, config, error);
}

static gboolean
softmax_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  *output = inputs[0];
  return cnn_layer_check_axis (((const Softmax *) layer)->axis, &inputs[0],
      error);
}

static void
softmax_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const gint axis = ((const Softmax *) layer)->axis;
  const CnnAxisView view = cnn_layer_get_axis_view (axis, output->shape);

  for (gsize o = 0; o < view.outer; o++) {
    for (gsize i = 0; i < view.inner; i++) {
      gsize at = o * view.length * view.inner + i;

      cnn_softmax_apply (inputs[0].data + at, output->data + at, view.length,
          view.inner);
    }
  }
}

static void
softmax_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const gint axis = ((const Softmax *) layer)->axis;
  const CnnShape *shape = job->output.shape;
  const CnnAxisView view = cnn_layer_get_axis_view (axis, shape);

  for (gsize o = 0; o < view.outer; o++) {
    for (gsize i = 0; i < view.inner; i++) {
      gsize at = o * view.length * view.inner + i;

      job->constant += cnn_softmax_backpropagate (FALSE,
          job->inputs[0].data + at, job->output.data + at,
          job->gradient.data + at, view.length, view.inner);
    }
  }
  cnn_add (job->input_gradients[0].data, job->gradient.data,
      cnn_shape_size (shape));
}

const CnnLayerClass cnn_softmax_class = {
  .name = "Softmax",
  .instance_size = sizeof (Softmax),
  .role = CNN_LAYER_ROLE_ACTIVATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = softmax_configure,
  .infer_shape = softmax_infer_shape,
  .run = softmax_run,
  .backpropagate = softmax_backpropagate,
};

/* Applies the chain rule to value @i, where the layer has the given slope. */
static inline void
backpropagate_slope (CnnBackpropagation *job, gsize i, gfloat slope)
{
  const gfloat gradient = job->gradient.data[i];

  job->constant += (gdouble) gradient
      * (job->output.data[i] - slope * job->inputs[0].data[i]);
  job->input_gradients[0].data[i] += gradient * slope;
}

/* x < 0: alpha * (exp (x) - 1) */
typedef struct {
  CnnLayer layer;
  gfloat alpha;
} Elu;

static gboolean
elu_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  gdouble alpha = 1.0;

  if (!json_get_number (config, "alpha", &alpha, error))
    return FALSE;
  ((Elu *) layer)->alpha = (gfloat) alpha;
  return TRUE;
}

static void
elu_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const gfloat alpha = ((const Elu *) layer)->alpha;
  const gfloat *values = inputs[0].data;
  const gsize size = cnn_shape_size (output->shape);

  for (gsize i = 0; i < size; i++)
    output->data[i] = values[i] < 0.0f ? alpha * expm1f (values[i]) : values[i];
}

static void
elu_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const gfloat alpha = ((const Elu *) layer)->alpha;
  const gfloat *values = job->inputs[0].data, *output = job->output.data;
  const gsize size = cnn_shape_size (job->output.shape);

  for (gsize i = 0; i < size; i++) {
    const gfloat slope = values[i] < 0.0f ? output[i] + alpha : 1.0f;

    backpropagate_slope (job, i, slope);
  }
}

const CnnLayerClass cnn_elu_class = {
  .name = "ELU",
  .instance_size = sizeof (Elu),
  .role = CNN_LAYER_ROLE_ACTIVATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = elu_configure,
  .infer_shape = cnn_layer_keep_shape,
  .run = elu_run,
  .backpropagate = elu_backpropagate,
};

/**
 * Rectifier:
 *
 * x where it is at least @threshold, but at most @maximum; else
 * @slope * (x - @threshold).
 */
typedef struct {
  CnnLayer layer;
  gfloat slope;
  gfloat threshold;
  gfloat maximum;
} Rectifier;

static gboolean
relu_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Rectifier *self = (Rectifier *) layer;
  gdouble slope = 0.0, threshold = 0.0, maximum = INFINITY;

  if (!json_get_number (config, "negative_slope", &slope, error)
      || !json_get_number (config, "threshold", &threshold, error)
      || !json_get_number (config, "max_value", &maximum, error))
    return FALSE;
  self->slope = (gfloat) slope;
  self->threshold = (gfloat) threshold;
  self->maximum = (gfloat) maximum;
  /* Common functions have a name. */
  if (slope == 0.0 && threshold == 0.0 && maximum == 6.0)
    layer->activation = CNN_ACTIVATION_RELU6;
  else if (slope == 0.0 && threshold == 0.0 && maximum == INFINITY)
    layer->activation = CNN_ACTIVATION_RELU;
  return TRUE;
}

static gboolean
leaky_relu_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Rectifier *self = (Rectifier *) layer;
  gdouble slope = 0.3;

  /* Keras 3 renamed the key. */
  if (!json_get_number (config, "alpha", &slope, error)
      || !json_get_number (config, "negative_slope", &slope, error))
    return FALSE;
  self->slope = (gfloat) slope;
  self->maximum = INFINITY;
  return TRUE;
}

static gboolean
thresholded_relu_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  Rectifier *self = (Rectifier *) layer;
  gdouble theta = 1.0;

  if (!json_get_number (config, "theta", &theta, error))
    return FALSE;
  /* Only values larger than theta pass. */
  self->threshold = nextafterf ((gfloat) theta, INFINITY);
  self->maximum = INFINITY;
  return TRUE;
}

static void
rectifier_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const Rectifier *self = (const Rectifier *) layer;
  const gfloat *values = inputs[0].data;
  const gsize size = cnn_shape_size (output->shape);

  for (gsize i = 0; i < size; i++) {
    output->data[i] = values[i] >= self->threshold
        ? MIN (values[i], self->maximum)
        : self->slope * (values[i] - self->threshold);
  }
}

/* Only the functions that have a name. */
static CnnOperation *
rectifier_make_operation (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, const CnnShape *output, const CnnFusion *fusion)
{
  return layer->activation == CNN_ACTIVATION_LINEAR
      ? NULL
      : cnn_activation_operation_new (output, fusion);
}

static void
rectifier_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Rectifier *self = (const Rectifier *) layer;
  const gfloat *values = job->inputs[0].data;
  const gsize size = cnn_shape_size (job->output.shape);

  for (gsize i = 0; i < size; i++) {
    gfloat slope = values[i] > self->threshold ? 1.0f : self->slope;

    if (values[i] >= self->maximum)
      slope = 0.0f;
    backpropagate_slope (job, i, slope);
  }
}

#define RECTIFIER_CLASS(symbol, keras_name, configure_function) \
  const CnnLayerClass symbol = {                                \
    .name = keras_name,                                         \
    .instance_size = sizeof (Rectifier),                        \
    .role = CNN_LAYER_ROLE_ACTIVATION,                          \
    .min_inputs = 1,                                            \
    .max_inputs = 1,                                            \
    .configure = configure_function,                            \
    .infer_shape = cnn_layer_keep_shape,                        \
    .run = rectifier_run,                                       \
    .backpropagate = rectifier_backpropagate,                   \
    .make_operation = rectifier_make_operation,                 \
    .only_activation = TRUE,                                    \
  }

RECTIFIER_CLASS (cnn_leaky_relu_class, "LeakyReLU", leaky_relu_configure);
RECTIFIER_CLASS (cnn_relu_class, "ReLU", relu_configure);
RECTIFIER_CLASS (cnn_thresholded_relu_class, "ThresholdedReLU",
    thresholded_relu_configure);

/**
 * PRelu:
 * @shared: bits of the axes, counted from 1, along which all values have the
 *   same slope
 * @alpha: slopes below zero, repeated along shared axes
 */
typedef struct {
  CnnLayer layer;
  guint shared;
  CnnShape shape;
  gfloat *alpha;
} PRelu;

static gboolean
prelu_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  PRelu *self = (PRelu *) layer;
  const cJSON *axes = json_get (config, "shared_axes");
  const cJSON *item;
  gint axis;

  if (cJSON_IsNumber (axes)) {
    if (!json_to_integer (axes, "shared_axes", 1, CNN_MAX_RANK, &axis, error))
      return FALSE;
    self->shared = 1u << axis;
    return TRUE;
  }
  if (axes && !cJSON_IsArray (axes)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'shared_axes' is no list of axes");
    return FALSE;
  }
  cJSON_ArrayForEach (item, axes)
  {
    if (!json_to_integer (item, "shared_axes", 1, CNN_MAX_RANK, &axis, error))
      return FALSE;
    self->shared |= 1u << axis;
  }
  return TRUE;
}

static gboolean
prelu_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const PRelu *self = (const PRelu *) layer;

  *output = inputs[0];
  if (self->shared >> (inputs[0].rank + 1) == 0)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'shared_axes' has an axis beyond the %u of its input", inputs[0].rank);
  return FALSE;
}

static guint
prelu_declare (CnnLayer *layer, const CnnShape *input, CnnVariable *variables)
{
  PRelu *self = (PRelu *) layer;

  self->shape = *input;
  for (guint i = 0; i < input->rank; i++) {
    if (self->shared & 1u << (i + 1))
      self->shape.dims[i] = 1;
  }
  variables[0] = (CnnVariable) { "alpha", NULL, TRUE, self->shape,
    &self->alpha };
  return 1;
}

/* alpha * min (x, 0) + max (x, 0) */
static void
prelu_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const PRelu *self = (const PRelu *) layer;
  const CnnTensor alpha = { &self->shape, self->alpha };
  const gfloat *values = inputs[0].data;
  const gsize size = cnn_shape_size (output->shape);

  cnn_combine (CNN_COMBINATION_COPY, &alpha, output);
  for (gsize i = 0; i < size; i++)
    output->data[i] = values[i] < 0.0f ? output->data[i] * values[i]
                                       : values[i];
}

static void
prelu_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const PRelu *self = (const PRelu *) layer;
  const CnnTensor alpha = { &self->shape, self->alpha };
  const CnnTensor slopes = { job->output.shape, job->scratch };
  const gfloat *values = job->inputs[0].data;
  const gsize size = cnn_shape_size (job->output.shape);

  cnn_combine (CNN_COMBINATION_COPY, &alpha, &slopes);
  for (gsize i = 0; i < size; i++) {
    job->input_gradients[0].data[i] += values[i] > 0.0f
        ? job->gradient.data[i]
        : job->gradient.data[i] * slopes.data[i];
  }
}

const CnnLayerClass cnn_prelu_class = {
  .name = "PReLU",
  .instance_size = sizeof (PRelu),
  .role = CNN_LAYER_ROLE_ACTIVATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = prelu_configure,
  .infer_shape = prelu_infer_shape,
  .declare = prelu_declare,
  .run = prelu_run,
  .backpropagate = prelu_backpropagate,
};
