/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include <math.h>

#include "base/json.h"

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
  /* The common ones have a name. */
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
  /* Only what is larger than theta passes. */
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

static void
rectifier_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Rectifier *self = (const Rectifier *) layer;
  const gfloat *values = job->inputs[0].data, *output = job->output.data;
  const gsize size = cnn_shape_size (job->output.shape);

  for (gsize i = 0; i < size; i++) {
    gfloat slope = values[i] > self->threshold ? 1.0f : self->slope;

    if (values[i] >= self->maximum)
      slope = 0.0f;
    job->constant += (gdouble) job->gradient.data[i]
        * (output[i] - slope * values[i]);
    job->input_gradients[0].data[i] += job->gradient.data[i] * slope;
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
    .only_activation = TRUE,                                    \
  }

RECTIFIER_CLASS (cnn_leaky_relu_class, "LeakyReLU", leaky_relu_configure);
RECTIFIER_CLASS (cnn_relu_class, "ReLU", relu_configure);
RECTIFIER_CLASS (cnn_thresholded_relu_class, "ThresholdedReLU",
    thresholded_relu_configure);
