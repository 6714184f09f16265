/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/prediction.h"

#include <string.h>

static guint
first_output (const CnnModel *model)
{
  guint n_outputs;

  return cnn_model_get_outputs (model, &n_outputs)[0];
}

static gsize
count_values (const CnnModel *model)
{
  return cnn_shape_size (
      cnn_model_get_node_shape (model, first_output (model)));
}

guint
cnn_prediction_count_classes (const CnnModel *model)
{
  gsize values = count_values (model);

  return values == 1 ? 2 : (guint) values;
}

guint
cnn_prediction_compute (const CnnModel *model, const gfloat *output,
    gfloat *scores)
{
  const gboolean logits = cnn_model_get_output_activation (model,
                              first_output (model))
      == CNN_ACTIVATION_LINEAR;
  const gsize values = count_values (model);
  guint best = 0;

  if (values == 1) {
    gfloat p = output[0];

    if (logits)
      cnn_activation_apply (CNN_ACTIVATION_SIGMOID, &p, 1, 1);
    scores[0] = 1.0f - p;
    scores[1] = p;
    return p > 0.5f;
  }
  memcpy (scores, output, values * sizeof *scores);
  if (logits)
    cnn_activation_apply (CNN_ACTIVATION_SOFTMAX, scores, 1, values);
  for (guint i = 1; i < values; i++) {
    if (scores[i] > scores[best])
      best = i;
  }
  return best;
}
