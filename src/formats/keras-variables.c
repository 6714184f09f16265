/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/keras-variables.h"

#include "base/json.h"

/* @key: (nullable): the variable exists unless the configuration sets this key
 * to false, or if it starts with "!" unless the configuration has it. */
typedef struct {
  const gchar *name;
  const gchar *key;
} Variable;

typedef struct {
  const gchar *class_name;
  Variable variables[KERAS_MAX_VARIABLES];
} LayerVariables;

static const LayerVariables classes[] = {
  { "Dense", { { "kernel" }, { "bias", "use_bias" } } },
  { "Conv1D", { { "kernel" }, { "bias", "use_bias" } } },
  { "Conv2D", { { "kernel" }, { "bias", "use_bias" } } },
  { "Conv2DTranspose", { { "kernel" }, { "bias", "use_bias" } } },
  { "DepthwiseConv2D", { { "depthwise_kernel" }, { "bias", "use_bias" } } },
  { "SeparableConv2D",
      { { "depthwise_kernel" }, { "pointwise_kernel" },
          { "bias", "use_bias" } } },
  { "BatchNormalization",
      { { "gamma", "scale" }, { "beta", "center" }, { "moving_mean" },
          { "moving_variance" } } },
  { "LayerNormalization", { { "gamma", "scale" }, { "beta", "center" } } },
  { "GroupNormalization", { { "gamma", "scale" }, { "beta", "center" } } },
  { "Normalization",
      { { "mean", "!mean" }, { "variance", "!mean" }, { "count", "!mean" } } },
  { "PReLU", { { "alpha" } } },
};

static gboolean
is_present (const Variable *variable, const cJSON *config)
{
  const gchar *key = variable->key;

  if (!key)
    return TRUE;
  return *key == '!' ? !json_get (config, key + 1)
                     : !cJSON_IsFalse (json_get (config, key));
}

guint
keras_variables_list (const gchar *class_name, const cJSON *config,
    const gchar *names[KERAS_MAX_VARIABLES])
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++) {
    const Variable *variables = classes[i].variables;

    if (!g_str_equal (classes[i].class_name, class_name))
      continue;
    for (guint k = 0; k < KERAS_MAX_VARIABLES && variables[k].name; k++) {
      if (is_present (&variables[k], config))
        names[n++] = variables[k].name;
    }
  }
  return n;
}
