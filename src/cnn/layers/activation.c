/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/activation.h"

#include <math.h>

#include "base/model-error.h"
#include "cnn/layers/activation-functions.h"

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
cnn_activation_from_name (const gchar *name, CnnDialect dialect,
    CnnActivation *activation, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (activation_names); i++) {
    if (!g_str_equal (name, activation_names[i].name))
      continue;
    *activation = activation_names[i].activation;
    if (*activation == CNN_ACTIVATION_HARD_SIGMOID
        && dialect != CNN_DIALECT_KERAS_3)
      *activation = CNN_ACTIVATION_HARD_SIGMOID_KERAS_2;
    return TRUE;
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "function '%s' is not supported", name);
  return FALSE;
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

static void
softmax (gfloat *row, gsize channels)
{
  gfloat max = row[0];
  gfloat sum = 0.0f;

  for (gsize c = 1; c < channels; c++)
    max = MAX (max, row[c]);
  for (gsize c = 0; c < channels; c++) {
    row[c] = expf (row[c] - max);
    sum += row[c];
  }
  for (gsize c = 0; c < channels; c++)
    row[c] /= sum;
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
      for (gsize row = 0; row < rows; row++)
        softmax (data + row * channels, channels);
      break;
  }
}
