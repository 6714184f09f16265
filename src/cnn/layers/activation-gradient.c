/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/activation-gradient.h"

#include <math.h>

#include "cnn/layers/activation-functions.h"

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

/* Of the functions that need it, at @x, where the value is @y. */
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

/* What is cut off at 6 no longer depends on the input. */
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

/* d softmax_i / d x_k = y_i * ((i == k) - y_k); for the logarithm,
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
