/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/keras-config.h"

#include "base/json.h"

/* A variable is there unless the key is false. */
typedef struct {
  const gchar *name;
  const gchar *key;
} Variable;

typedef struct {
  const gchar *class_name;
  Variable variables[MAX_LAYER_VARIABLES];
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
  { "PReLU", { { "alpha" } } },
};

guint
layer_variables_get (const gchar *class_name, const cJSON *config,
    const gchar *names[MAX_LAYER_VARIABLES])
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++) {
    const Variable *variables = classes[i].variables;

    if (!g_str_equal (classes[i].class_name, class_name))
      continue;
    for (guint k = 0; k < MAX_LAYER_VARIABLES && variables[k].name; k++) {
      if (!variables[k].key
          || !cJSON_IsFalse (json_get (config, variables[k].key)))
        names[n++] = variables[k].name;
    }
  }
  return n;
}

/* Keras: a capital begins a word if a small letter follows it, or if one is
 * before it. */
gchar *
layer_variables_to_snake_case (const gchar *class_name)
{
  GString *name = g_string_new (NULL);

  for (const gchar *c = class_name; *c; c++) {
    if (!g_ascii_isalnum (*c) && *c != '_')
      continue;
    if (c > class_name && g_ascii_isupper (*c)
        && (g_ascii_islower (c[1]) || g_ascii_islower (c[-1])))
      g_string_append_c (name, '_');
    g_string_append_c (name, g_ascii_tolower (*c));
  }
  return g_string_free (name, FALSE);
}
