/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/activation.h"

#include <math.h>

#include "base/model-error.h"

static const struct {
  const gchar *name;
  CnnActivation activation;
} activation_names[] = {
  { "linear", CNN_ACTIVATION_LINEAR },
  { "relu", CNN_ACTIVATION_RELU },
  { "relu6", CNN_ACTIVATION_RELU6 },
  { "leaky_relu", CNN_ACTIVATION_LEAKY_RELU },
  { "sigmoid", CNN_ACTIVATION_SIGMOID },
  { "log_sigmoid", CNN_ACTIVATION_LOG_SIGMOID },
  { "hard_sigmoid", CNN_ACTIVATION_HARD_SIGMOID },
  { "hard_tanh", CNN_ACTIVATION_HARD_TANH },
  { "hard_silu", CNN_ACTIVATION_HARD_SILU },
  { "hard_swish", CNN_ACTIVATION_HARD_SILU },
  { "tanh", CNN_ACTIVATION_TANH },
  { "tanh_shrink", CNN_ACTIVATION_TANH_SHRINK },
  { "soft_shrink", CNN_ACTIVATION_SOFT_SHRINK },
  { "hard_shrink", CNN_ACTIVATION_HARD_SHRINK },
  { "elu", CNN_ACTIVATION_ELU },
  { "celu", CNN_ACTIVATION_ELU },
  { "selu", CNN_ACTIVATION_SELU },
  { "exponential", CNN_ACTIVATION_EXPONENTIAL },
  { "softplus", CNN_ACTIVATION_SOFTPLUS },
  { "squareplus", CNN_ACTIVATION_SQUAREPLUS },
  { "softsign", CNN_ACTIVATION_SOFTSIGN },
  { "swish", CNN_ACTIVATION_SWISH },
  { "silu", CNN_ACTIVATION_SWISH },
  { "mish", CNN_ACTIVATION_MISH },
  { "gelu", CNN_ACTIVATION_GELU },
  { "gelu_new", CNN_ACTIVATION_GELU_NEW },
  { "softmax", CNN_ACTIVATION_SOFTMAX },
  { "log_softmax", CNN_ACTIVATION_LOG_SOFTMAX },
};

gboolean
cnn_activation_from_name (const gchar *name, CnnActivation *activation,
    GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (activation_names); i++) {
    if (g_str_equal (name, activation_names[i].name)) {
      *activation = activation_names[i].activation;
      return TRUE;
    }
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "function '%s' is not supported", name);
  return FALSE;
}

static inline gfloat
sigmoid (gfloat x)
{
  return 1.0f / (1.0f + expf (-x));
}

/* log (1 + exp (x)) without overflow. */
static inline gfloat
softplus (gfloat x)
{
  return MAX (x, 0.0f) + log1pf (expf (-fabsf (x)));
}

static inline gfloat
hard_sigmoid (gfloat x)
{
  return CLAMP (x / 6.0f + 0.5f, 0.0f, 1.0f);
}

static inline gfloat
elu (gfloat x)
{
  return x < 0.0f ? expm1f (x) : x;
}

static inline gfloat
soft_shrink (gfloat x)
{
  return x > 0.5f ? x - 0.5f : x < -0.5f ? x + 0.5f : 0.0f;
}

static inline gfloat
gelu (gfloat x)
{
  return 0.5f * x * (1.0f + erff (x * (gfloat) 0.707106781));
}

static inline gfloat
gelu_new (gfloat x)
{
  const gfloat sqrt_2_by_pi = 0.797884561f;

  return 0.5f * x * (1.0f + tanhf (sqrt_2_by_pi * (x + 0.044715f * x * x * x)));
}

static void
log_softmax (gfloat *row, gsize channels)
{
  gfloat max = row[0];
  gfloat sum = 0.0f, log_sum;

  for (gsize c = 1; c < channels; c++)
    max = MAX (max, row[c]);
  for (gsize c = 0; c < channels; c++)
    sum += expf (row[c] - max);
  log_sum = max + logf (sum);
  for (gsize c = 0; c < channels; c++)
    row[c] -= log_sum;
}

void
cnn_softmax_apply (const gfloat *input, gfloat *output, gsize count, gsize step)
{
  gfloat max = input[0];
  gfloat sum = 0.0f;

  for (gsize i = 1; i < count; i++)
    max = MAX (max, input[i * step]);
  for (gsize i = 0; i < count; i++) {
    output[i * step] = expf (input[i * step] - max);
    sum += output[i * step];
  }
  for (gsize i = 0; i < count; i++)
    output[i * step] /= sum;
}

#define APPLY(expression)             \
  for (gsize i = 0; i < count; i++) { \
    gfloat x = data[i];               \
    data[i] = (expression);           \
  }                                   \
  break

void
cnn_activation_apply (CnnActivation activation, gfloat *data, gsize rows,
    gsize channels)
{
  const gfloat selu_scale = 1.05070098f, selu_alpha = 1.67326324f;
  gsize count = rows * channels;

  switch (activation) {
    case CNN_ACTIVATION_LINEAR:
      break;
    case CNN_ACTIVATION_RELU:
      APPLY (MAX (x, 0.0f));
    case CNN_ACTIVATION_RELU6:
      APPLY (CLAMP (x, 0.0f, 6.0f));
    case CNN_ACTIVATION_LEAKY_RELU:
      APPLY (x < 0.0f ? 0.2f * x : x);
    case CNN_ACTIVATION_SIGMOID:
      APPLY (sigmoid (x));
    case CNN_ACTIVATION_LOG_SIGMOID:
      APPLY (-softplus (-x));
    case CNN_ACTIVATION_HARD_SIGMOID:
      APPLY (hard_sigmoid (x));
    case CNN_ACTIVATION_HARD_SIGMOID_KERAS_2:
      APPLY (CLAMP (0.2f * x + 0.5f, 0.0f, 1.0f));
    case CNN_ACTIVATION_HARD_TANH:
      APPLY (CLAMP (x, -1.0f, 1.0f));
    case CNN_ACTIVATION_HARD_SILU:
      APPLY (x * hard_sigmoid (x));
    case CNN_ACTIVATION_TANH:
      APPLY (tanhf (x));
    case CNN_ACTIVATION_TANH_SHRINK:
      APPLY (x - tanhf (x));
    case CNN_ACTIVATION_SOFT_SHRINK:
      APPLY (soft_shrink (x));
    case CNN_ACTIVATION_HARD_SHRINK:
      APPLY (fabsf (x) > 0.5f ? x : 0.0f);
    case CNN_ACTIVATION_ELU:
      APPLY (elu (x));
    case CNN_ACTIVATION_SELU:
      APPLY (selu_scale * (x < 0.0f ? selu_alpha * expm1f (x) : x));
    case CNN_ACTIVATION_EXPONENTIAL:
      APPLY (expf (x));
    case CNN_ACTIVATION_SOFTPLUS:
      APPLY (softplus (x));
    case CNN_ACTIVATION_SQUAREPLUS:
      APPLY (0.5f * (x + sqrtf (x * x + 4.0f)));
    case CNN_ACTIVATION_SOFTSIGN:
      APPLY (x / (1.0f + fabsf (x)));
    case CNN_ACTIVATION_SWISH:
      APPLY (x * sigmoid (x));
    case CNN_ACTIVATION_MISH:
      APPLY (x * tanhf (softplus (x)));
    case CNN_ACTIVATION_GELU:
      APPLY (gelu (x));
    case CNN_ACTIVATION_GELU_NEW:
      APPLY (gelu_new (x));
    case CNN_ACTIVATION_LOG_SOFTMAX:
      for (gsize row = 0; row < rows; row++)
        log_softmax (data + row * channels, channels);
      break;
    case CNN_ACTIVATION_SOFTMAX:
      for (gsize row = 0; row < rows; row++) {
        gfloat *values = data + row * channels;

        cnn_softmax_apply (values, values, channels, 1);
      }
      break;
  }
}

gboolean
cnn_activation_needs_input (CnnActivation activation)
{
  return activation > CNN_ACTIVATION_LEAKY_RELU;
}

static gfloat
differentiate_gelu (gfloat x)
{
  const gfloat sqrt_half = 0.707106781f, density = 0.398942280f;

  return 0.5f * (1.0f + erff (x * sqrt_half))
      + x * density * expf (-0.5f * x * x);
}

static gfloat
differentiate_gelu_new (gfloat x)
{
  const gfloat sqrt_2_by_pi = 0.797884561f, cubic = 0.044715f;
  const gfloat t = tanhf (sqrt_2_by_pi * (x + cubic * x * x * x));

  return 0.5f * (1.0f + t)
      + 0.5f * x * (1.0f - t * t) * sqrt_2_by_pi
      * (1.0f + 3.0f * cubic * x * x);
}

static gfloat
differentiate_mish (gfloat x)
{
  const gfloat t = tanhf (softplus (x));

  return t + x * (1.0f - t * t) * sigmoid (x);
}

/* The derivative at @x, where the value is @y, of a pointwise function of which
 * cnn_activation_needs_input() holds. */
static gfloat
differentiate (CnnActivation activation, gfloat x, gfloat y)
{
  switch (activation) {
    case CNN_ACTIVATION_SIGMOID:
      return y * (1.0f - y);
    case CNN_ACTIVATION_LOG_SIGMOID:
      return sigmoid (-x);
    case CNN_ACTIVATION_HARD_SIGMOID:
      return y > 0.0f && y < 1.0f ? 1.0f / 6.0f : 0.0f;
    case CNN_ACTIVATION_HARD_SIGMOID_KERAS_2:
      return y > 0.0f && y < 1.0f ? 0.2f : 0.0f;
    case CNN_ACTIVATION_HARD_TANH:
      return fabsf (x) < 1.0f ? 1.0f : 0.0f;
    case CNN_ACTIVATION_HARD_SILU:
      return fabsf (x) < 3.0f ? x / 3.0f + 0.5f : hard_sigmoid (x);
    case CNN_ACTIVATION_TANH:
      return 1.0f - y * y;
    case CNN_ACTIVATION_TANH_SHRINK:
      return (x - y) * (x - y);
    case CNN_ACTIVATION_SOFT_SHRINK:
    case CNN_ACTIVATION_HARD_SHRINK:
      return fabsf (x) > 0.5f ? 1.0f : 0.0f;
    case CNN_ACTIVATION_ELU:
      return x < 0.0f ? y + 1.0f : 1.0f;
    case CNN_ACTIVATION_SELU:
      return 1.05070098f * (x < 0.0f ? 1.67326324f * expf (x) : 1.0f);
    case CNN_ACTIVATION_EXPONENTIAL:
      return y;
    case CNN_ACTIVATION_SOFTPLUS:
      return sigmoid (x);
    case CNN_ACTIVATION_SQUAREPLUS:
      return 0.5f * (1.0f + x / sqrtf (x * x + 4.0f));
    case CNN_ACTIVATION_SOFTSIGN:
      return 1.0f / ((1.0f + fabsf (x)) * (1.0f + fabsf (x)));
    case CNN_ACTIVATION_SWISH:
      return sigmoid (x) * (1.0f + x - y);
    case CNN_ACTIVATION_MISH:
      return differentiate_mish (x);
    case CNN_ACTIVATION_GELU:
      return differentiate_gelu (x);
    case CNN_ACTIVATION_GELU_NEW:
      return differentiate_gelu_new (x);
    default:
      g_assert_not_reached ();
  }
}

static gdouble
backpropagate_pointwise (CnnActivation activation, const gfloat *input,
    const gfloat *output, gfloat *gradient, gsize count)
{
  gdouble constant = 0.0;

  for (gsize i = 0; i < count; i++) {
    const gfloat slope = differentiate (activation, input[i], output[i]);

    constant += (gdouble) gradient[i] * (output[i] - slope * input[i]);
    gradient[i] *= slope;
  }
  return constant;
}

/* Values that are clipped at 6 are constant and no longer depend on the
 * input. */
static gdouble
backpropagate_relu6 (const gfloat *output, gfloat *gradient, gsize count)
{
  gdouble constant = 0.0;

  for (gsize i = 0; i < count; i++) {
    if (output[i] >= 6.0f)
      constant += (gdouble) gradient[i] * output[i];
    if (!(output[i] > 0.0f && output[i] < 6.0f))
      gradient[i] = 0.0f;
  }
  return constant;
}

/* With y the output, d y_i / d x_k is y_i * ((i == k) - y_k); for the logarithm
 * (i == k) - exp (y_k). */
gdouble
cnn_softmax_backpropagate (gboolean logarithm, const gfloat *input,
    const gfloat *output, gfloat *gradient, gsize count, gsize step)
{
  gdouble constant = 0.0, sum = 0.0;

  for (gsize i = 0; i < count * step; i += step) {
    constant += (gdouble) gradient[i] * output[i];
    sum += logarithm ? gradient[i] : (gdouble) gradient[i] * output[i];
  }
  for (gsize i = 0; i < count * step; i += step) {
    const gdouble y = output[i];

    gradient[i] = (gfloat) (logarithm ? gradient[i] - exp (y) * sum
                                      : y * (gradient[i] - sum));
    constant -= (gdouble) gradient[i] * input[i];
  }
  return constant;
}

static gdouble
backpropagate_softmax (gboolean logarithm, const gfloat *input,
    const gfloat *output, gfloat *gradient, gsize rows, gsize channels)
{
  gdouble constant = 0.0;

  for (gsize row = 0; row < rows; row++) {
    const gsize at = row * channels;

    constant += cnn_softmax_backpropagate (logarithm, input + at, output + at,
        gradient + at, channels, 1);
  }
  return constant;
}

gdouble
cnn_activation_backpropagate (CnnActivation activation, const gfloat *input,
    const gfloat *output, gfloat *gradient, gsize rows, gsize channels)
{
  const gsize count = rows * channels;

  switch (activation) {
    case CNN_ACTIVATION_LINEAR:
      return 0.0;
    case CNN_ACTIVATION_RELU:
      for (gsize i = 0; i < count; i++)
        gradient[i] = output[i] > 0.0f ? gradient[i] : 0.0f;
      return 0.0;
    case CNN_ACTIVATION_LEAKY_RELU:
      for (gsize i = 0; i < count; i++)
        gradient[i] *= output[i] > 0.0f ? 1.0f : 0.2f;
      return 0.0;
    case CNN_ACTIVATION_RELU6:
      return backpropagate_relu6 (output, gradient, count);
    case CNN_ACTIVATION_SOFTMAX:
    case CNN_ACTIVATION_LOG_SOFTMAX:
      return backpropagate_softmax (activation == CNN_ACTIVATION_LOG_SOFTMAX,
          input, output, gradient, rows, channels);
    default:
      return backpropagate_pointwise (activation, input, output, gradient,
          count);
  }
}
