/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * CnnPredictionKind:
 * @CNN_PREDICTION_CLASSES: one of several classes, each with a score
 * @CNN_PREDICTION_LABELS: any number of several labels, each with a score of
 *   its own
 * @CNN_PREDICTION_NUMBER: a number, such as an age
 * @CNN_PREDICTION_MAPS: an image, which has no label
 */
typedef enum {
  CNN_PREDICTION_CLASSES,
  CNN_PREDICTION_LABELS,
  CNN_PREDICTION_NUMBER,
  CNN_PREDICTION_MAPS,
  CNN_PREDICTION_N_KINDS
} CnnPredictionKind;

/**
 * CnnPrediction:
 * @output: node of the output
 * @n_classes: classes or labels; 0 for other kinds
 * @n_values: values of the output
 * @are_logits: whether they still need a sigmoid or softmax
 *
 * What the values of an output mean.
 */
typedef struct {
  guint output;
  CnnPredictionKind kind;
  guint n_classes;
  gsize n_values;
  gboolean are_logits;
} CnnPrediction;

/**
 * cnn_prediction_describe:
 * @output: node of one of the model's outputs
 *
 * Tells the meaning of an output by its shape and the activation function that
 * it ends with:
 *
 * - an output of a height and a width above 1 is an image;
 * - several values that end with a sigmoid are labels;
 * - any other values are classes, and logits if there is no activation
 *   function;
 * - a single value that ends with a sigmoid or softmax is the probability of
 *   the second of two classes;
 * - any other single value is a number.
 */
CnnPrediction cnn_prediction_describe (const CnnModel *model, guint output);

/**
 * cnn_prediction_take_as_logit:
 * @prediction: a number
 *
 * Takes a number as the logit of the second of two classes. Which of the two it
 * is cannot be told from the network.
 */
void cnn_prediction_take_as_logit (CnnPrediction *prediction);

/**
 * cnn_prediction_count_scores:
 *
 * Returns: how many values cnn_prediction_compute() writes: one for each class
 *   or label, one for a number, and none for an image
 */
static inline guint
cnn_prediction_count_scores (CnnPredictionKind kind, guint n_classes)
{
  return kind == CNN_PREDICTION_NUMBER ? 1 : n_classes;
}

/**
 * cnn_prediction_compute:
 * @output: the values of the output
 * @scores: (out caller-allocates): cnn_prediction_count_scores() values
 *
 * Converts an output to one score per class, or to the number. A single value p
 * becomes the scores 1 - p and p. A sigmoid is applied to a single logit, a
 * softmax to several. All other values are used directly.
 *
 * Returns: the class with the highest score; class 1 of a single value needs
 *   p > 0.5
 */
guint cnn_prediction_compute (const CnnPrediction *prediction,
    const gfloat *output, gfloat *scores);

G_END_DECLS
