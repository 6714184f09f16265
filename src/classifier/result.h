/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "base/rect.h"
#include "classifier/description.h"
#include "classifier/map-turn.h"
#include "cnn/explain/explainer.h"

G_BEGIN_DECLS

/**
 * ClassifierView:
 * @seen: the part of the picture that the network saw
 * @maps: the place that its input, and thus each map, covers; larger than @seen
 *   where there are bars beside the picture
 *
 * Places relative to the region that a result is about.
 */
typedef struct {
  RectMargins seen;
  RectMargins maps;
} ClassifierView;

/**
 * ClassifierResult:
 * @description: the network and what it predicts
 * @scores: (array): classifier_description_count_scores() values: the score of
 *   each class or label, or the number
 * @intact_scores: (array) (nullable): the scores without @knock_outs, if there
 *   are any
 * @winner: the predicted class, or the label with the highest score; 0 without
 *   classes
 * @view: what of the region the network saw
 * @outputs: (array length=n_outputs): the values of all outputs of the network,
 *   as it gives them
 * @output: index of the output that is the prediction, if there are any
 * @layers: (array length=n_layers): the activations that were asked for
 * @input: the input of the network as it got it; without data unless @layers
 *   were asked for
 * @explanation: (nullable): why a class is predicted
 * @knock_outs: (array length=n_knock_outs): the channels that were set to zero;
 *   @scores and @layers are with these at zero
 *
 * The result of running a network on one region of a picture. All names in it
 * belong to the model or to @description.
 */
typedef struct {
  ClassifierDescription *description;
  const gfloat *scores;
  const gfloat *intact_scores;
  guint winner;
  ClassifierView view;
  const CnnLayerMaps *outputs;
  guint n_outputs;
  guint output;
  const CnnLayerMaps *layers;
  guint n_layers;
  CnnLayerMaps input;
  const CnnExplanation *explanation;
  const CnnKnockOut *knock_outs;
  guint n_knock_outs;
} ClassifierResult;

/**
 * classifier_result_copy:
 *
 * Copies all values into one block of memory, and shares the description, which
 * must own all names that are not static. The activations and gradient of an
 * explanation are not copied.
 *
 * Returns: (transfer full): an immutable copy, which may be shared by threads;
 *   drop with classifier_result_unref()
 */
ClassifierResult *classifier_result_copy (const ClassifierResult *result);

/**
 * classifier_result_copy_turned:
 *
 * Copies @result as classifier_result_copy() does, for a picture that has been
 * turned since: the maps of all layers and those of the explanation turn with
 * it, so that a cell still shows the place in the picture that it showed
 * before.
 *
 * Returns: (transfer full): drop with classifier_result_unref()
 */
ClassifierResult *classifier_result_copy_turned (const ClassifierResult *result,
    const MapTurn *turn);

/* Only for results from classifier_result_copy(). */
ClassifierResult *classifier_result_ref (ClassifierResult *result);
void classifier_result_unref (ClassifierResult *result);

/**
 * CLASSIFIER_UNCERTAIN:
 *
 * What is said in place of a class where the network is uncertain.
 */
#define CLASSIFIER_UNCERTAIN "uncertain"

/**
 * classifier_result_is_uncertain:
 *
 * Returns: whether all classes have scores below the description's
 *   uncertain_below; FALSE without classes of which one is predicted
 */
gboolean classifier_result_is_uncertain (const ClassifierResult *result);

/**
 * classifier_result_get_label:
 *
 * Returns: the name of the predicted class, or %CLASSIFIER_UNCERTAIN; of labels
 *   of which any number may be predicted, that with the highest score
 */
const gchar *classifier_result_get_label (const ClassifierResult *result);

/**
 * classifier_result_get_threshold:
 *
 * Returns: the score above which a label is predicted; of classes, that with
 *   which one beats all others for sure
 */
gfloat classifier_result_get_threshold (const ClassifierResult *result,
    guint class);

/**
 * classifier_result_is_predicted:
 *
 * Returns: whether a class is the predicted one, if the network is not
 *   uncertain; or whether the score of a label is above its threshold
 */
gboolean classifier_result_is_predicted (const ClassifierResult *result,
    guint class);

/**
 * classifier_result_to_text:
 *
 * Returns: (transfer full) (nullable): the prediction in words: the label, see
 *   classifier_result_get_label(); all predicted labels, separated by commas,
 *   which may be none; or the number with its unit. %NULL for an image
 */
gchar *classifier_result_to_text (const ClassifierResult *result);

/**
 * CLASSIFIER_NUMBER_SIZE:
 *
 * The bytes that a number takes as text.
 */
#define CLASSIFIER_NUMBER_SIZE 32

/**
 * classifier_format_number:
 * @text: (out caller-allocates): %CLASSIFIER_NUMBER_SIZE bytes
 *
 * Formats a number that a network predicts: with three significant digits, but
 * no fewer than its integer part has, such as "0.713", "71.3" or "1871".
 */
void classifier_format_number (gchar *text, gdouble number);

/**
 * classifier_result_get_contributions:
 *
 * Returns: (nullable) (array): what each channel of @layer adds to the logit
 *   that is explained; %NULL if there is no explanation by this layer
 */
const gfloat *
classifier_result_get_contributions (const ClassifierResult *result,
    const CnnLayerMaps *layer);

/**
 * classifier_result_is_knocked_out:
 *
 * Returns: whether @channel of @layer was set to zero
 */
gboolean classifier_result_is_knocked_out (const ClassifierResult *result,
    const CnnLayerMaps *layer, gint channel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClassifierResult, classifier_result_unref)

G_END_DECLS
