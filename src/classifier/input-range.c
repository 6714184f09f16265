/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/input-range.h"

#include "classifier/teachable-machine.h"
#include "cnn/model/input-gain.h"

/* Between the gains of layers that take 0..255 (1 / 127.5, 1 / 255, one over a
 * deviation of 50 to 80) and of those that take 0..1 (2, 4). */
#define MAX_PIXEL_GAIN 0.1

/**
 * KnownNetwork:
 * @layers: names of layers that, together, no other network has
 * @hint: see input_range_get_hint()
 *
 * The names are those of keras.applications; the ranges those of the
 * preprocess_input() beside each.
 */
typedef struct {
  const gchar *layers[2];
  const gchar *hint;
} KnownNetwork;

#define MINUS_ONE_TO_ONE                                                      \
  ", which Keras trains with inputs of -1..1 (\"scale\": 2/255, \"offset\": " \
  "-1)"
#define CENTERED                                                           \
  ", which Keras trains with BGR inputs of 0..255 minus the mean of each " \
  "channel (103.939, 116.779, 123.68)"

static const KnownNetwork known_networks[] = {
  { { "conv_dw_1", "conv_pw_1" }, "MobileNet" MINUS_ONE_TO_ONE },
  { { "Conv1", "expanded_conv_depthwise" }, "MobileNetV2" MINUS_ONE_TO_ONE },
  { { "block1_conv1", "block2_sepconv1" }, "Xception" MINUS_ONE_TO_ONE },
  { { "mixed0", "mixed1" }, "InceptionV3" MINUS_ONE_TO_ONE },
  { { "stem_conv", "block1a_project_conv" },
      "EfficientNet, which Keras trains with inputs of 0..255 "
      "(\"scale\": 1, \"offset\": 0)" },
  { { "conv1_conv", "conv2_block1_preact_bn" }, "ResNet V2" MINUS_ONE_TO_ONE },
  { { "conv1_conv", "conv2_block1_add" }, "ResNet" CENTERED },
  { { "res2a_branch2a", "res2a_branch2b" }, "ResNet" CENTERED },
  { { "block1_conv1", "block2_conv1" }, "VGG" CENTERED },
};

/* The name may be that of a layer in a model inside @model. */
static gboolean
has_layer (const CnnModel *model, const gchar *name)
{
  g_autofree gchar *nested = g_strconcat ("/", name, NULL);

  for (guint i = 0; i < cnn_model_get_n_nodes (model); i++) {
    const gchar *found = cnn_model_get_node_name (model, i);

    if (g_str_equal (found, name) || g_str_has_suffix (found, nested))
      return TRUE;
  }
  return FALSE;
}

gboolean
input_range_is_pixels (const CnnModel *model)
{
  const gdouble gain = cnn_model_get_input_gain (model);

  return gain > 0.0 && gain <= MAX_PIXEL_GAIN;
}

const gchar *
input_range_get_hint (const CnnModel *model)
{
  if (cnn_model_get_input_gain (model) > 0.0)
    return NULL;
  if (teachable_machine_made (model))
    return "an image model of Teachable Machine without its metadata.json, "
           "which takes inputs of pixel / 127 - 1 (\"scale\": 1/127, "
           "\"offset\": -1, \"fit\": \"cover\")";
  for (guint i = 0; i < G_N_ELEMENTS (known_networks); i++) {
    const KnownNetwork *known = &known_networks[i];

    if (has_layer (model, known->layers[0])
        && has_layer (model, known->layers[1]))
      return known->hint;
  }
  return NULL;
}
