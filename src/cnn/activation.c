/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/activation.h"

#include <math.h>

#include "cnn/cnn-error.h"

static const struct {
  const gchar *name;
  CnnActivation activation;
} activation_names[] = {
  { "linear", CNN_ACTIVATION_LINEAR },
  { "relu", CNN_ACTIVATION_RELU },
  { "relu6", CNN_ACTIVATION_RELU6 },
  { "sigmoid", CNN_ACTIVATION_SIGMOID },
  { "tanh", CNN_ACTIVATION_TANH },
  { "elu", CNN_ACTIVATION_ELU },
  { "selu", CNN_ACTIVATION_SELU },
  { "softplus", CNN_ACTIVATION_SOFTPLUS },
  { "softsign", CNN_ACTIVATION_SOFTSIGN },
  { "swish", CNN_ACTIVATION_SWISH },
  { "silu", CNN_ACTIVATION_SWISH },
  { "softmax", CNN_ACTIVATION_SOFTMAX },
};

gboolean
cnn_activation_from_name (
    const gchar *name, CnnActivation *activation, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (activation_names); i++) {
    if (g_str_equal (name, activation_names[i].name)) {
      *activation = activation_names[i].activation;
      return TRUE;
    }
  }
  g_set_error (error, CNN_ERROR, CNN_ERROR_UNSUPPORTED,
      "activation function '%s' is not supported", name);
  return FALSE;
}

static inline gfloat
sigmoid (gfloat x)
{
  return 1.0f / (1.0f + expf (-x));
}

static inline gfloat
elu (gfloat x)
{
  return x < 0.0f ? expm1f (x) : x;
}

/* log (1 + exp (x)) without overflow. */
static inline gfloat
softplus (gfloat x)
{
  return MAX (x, 0.0f) + log1pf (expf (-fabsf (x)));
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
cnn_activation_apply (
    CnnActivation activation, gfloat *data, gsize rows, gsize channels)
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
    case CNN_ACTIVATION_SIGMOID:
      APPLY (sigmoid (x));
    case CNN_ACTIVATION_TANH:
      APPLY (tanhf (x));
    case CNN_ACTIVATION_ELU:
      APPLY (elu (x));
    case CNN_ACTIVATION_SELU:
      APPLY (selu_scale * (x < 0.0f ? selu_alpha * expm1f (x) : x));
    case CNN_ACTIVATION_SOFTPLUS:
      APPLY (softplus (x));
    case CNN_ACTIVATION_SOFTSIGN:
      APPLY (x / (1.0f + fabsf (x)));
    case CNN_ACTIVATION_SWISH:
      APPLY (x * sigmoid (x));
    case CNN_ACTIVATION_SOFTMAX:
      for (gsize row = 0; row < rows; row++)
        softmax (data + row * channels, channels);
      break;
  }
}
