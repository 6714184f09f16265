/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/prediction.h"

#include <string.h>

static gboolean
is_image (const CnnShape *shape)
{
  return shape->rank == 3 && shape->dims[0] > 1 && shape->dims[1] > 1;
}

/* Functions whose results are probabilities, each by itself. */
static gboolean
is_sigmoid (CnnActivation activation)
{
  return activation == CNN_ACTIVATION_SIGMOID
      || activation == CNN_ACTIVATION_HARD_SIGMOID
      || activation == CNN_ACTIVATION_HARD_SIGMOID_KERAS_2;
}

static CnnPredictionKind
choose_kind (const CnnShape *shape, CnnActivation activation)
{
  const gboolean is_single = cnn_shape_size (shape) == 1;

  if (is_image (shape))
    return CNN_PREDICTION_MAPS;
  if (is_sigmoid (activation))
    return is_single ? CNN_PREDICTION_CLASSES : CNN_PREDICTION_LABELS;
  return is_single && activation != CNN_ACTIVATION_SOFTMAX
      ? CNN_PREDICTION_NUMBER
      : CNN_PREDICTION_CLASSES;
}

CnnPrediction
cnn_prediction_describe (const CnnModel *model, guint output)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, output);
  const CnnActivation activation = cnn_model_get_output_activation (model,
      output);
  CnnPrediction prediction = { .output = output,
    .kind = choose_kind (shape, activation),
    .n_values = cnn_shape_size (shape) };

  if (prediction.kind == CNN_PREDICTION_CLASSES
      || prediction.kind == CNN_PREDICTION_LABELS) {
    prediction.n_classes = MAX ((guint) prediction.n_values, 2);
    prediction.are_logits = activation == CNN_ACTIVATION_LINEAR;
  }
  return prediction;
}

void
cnn_prediction_take_as_logit (CnnPrediction *prediction)
{
  g_return_if_fail (prediction->kind == CNN_PREDICTION_NUMBER);
  prediction->kind = CNN_PREDICTION_CLASSES;
  prediction->n_classes = 2;
  prediction->are_logits = TRUE;
}

static guint
compute_two (const CnnPrediction *prediction, gfloat p, gfloat *scores)
{
  if (prediction->are_logits)
    cnn_activation_apply (CNN_ACTIVATION_SIGMOID, &p, 1, 1);
  scores[0] = 1.0f - p;
  scores[1] = p;
  return p > 0.5f;
}

guint
cnn_prediction_compute (const CnnPrediction *prediction, const gfloat *output,
    gfloat *scores)
{
  const guint n_scores = cnn_prediction_count_scores (prediction->kind,
      prediction->n_classes);
  guint best = 0;

  if (n_scores > prediction->n_values)
    return compute_two (prediction, output[0], scores);
  if (n_scores > 0)
    memcpy (scores, output, n_scores * sizeof *scores);
  if (prediction->are_logits)
    cnn_activation_apply (CNN_ACTIVATION_SOFTMAX, scores, 1, n_scores);
  for (guint i = 1; i < n_scores; i++) {
    if (scores[i] > scores[best])
      best = i;
  }
  return best;
}
