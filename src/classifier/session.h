/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "classifier/classifier.h"
#include "classifier/result.h"
#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * ClassifierSession:
 *
 * A network with its labels, ready to run on regions of frames. It serves one
 * thread at a time, and allocates nothing while it runs.
 */
typedef struct _ClassifierSession ClassifierSession;

/**
 * ClassifierQuestion:
 * @attribute: (nullable): what the model predicts; %NULL for what
 *   classifier_get_attribute() says
 * @uncertain_below: the score that a class needs to be predicted; 0 for none
 * @layers: (nullable): the layers whose activations to keep, see
 *   cnn_layer_selection_new(); %NULL or empty for none. "auto" includes an
 *   output that is an image
 * @explain: whether to explain predictions, by @method
 * @method: the method of explanation
 * @target_class: (nullable): a label or the number of a class; %NULL or empty
 *   for the predicted class, or the label with the highest score
 * @target_layer: (nullable): see cnn_explainer_find_target()
 * @knock_out: (nullable): see cnn_knock_outs_parse(); applies also without
 *   @explain
 *
 * What to compute for each picture besides the prediction.
 */
typedef struct {
  const gchar *attribute;
  gfloat uncertain_below;
  const gchar *layers;
  gboolean explain;
  CnnCamMethod method;
  const gchar *target_class;
  const gchar *target_layer;
  const gchar *knock_out;
} ClassifierQuestion;

/**
 * classifier_session_new:
 *
 * Loads a model, which must take pictures: see classifier_load(). Call
 * classifier_session_ask() before running it.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
ClassifierSession *classifier_session_new (const ClassifierSource *source,
    GError **error);

void classifier_session_free (ClassifierSession *session);

/**
 * classifier_session_ask:
 * @warnings: (element-type utf8): receives a message for each part of @question
 *   that this model cannot answer, such as a layer that it does not have: the
 *   part in quotes, such as 'layers', and the reason. All other parts are
 *   answered
 *
 * Prepares the network to run. May be called again with another question.
 *
 * Returns: FALSE with a %MODEL_ERROR, after which the session cannot run
 */
gboolean classifier_session_ask (ClassifierSession *session,
    const ClassifierQuestion *question, GPtrArray *warnings, GError **error);

/**
 * classifier_session_get_classifier:
 *
 * Returns: (transfer none): the network with its preprocessing
 */
const Classifier *classifier_session_get_classifier (
    const ClassifierSession *session);

/**
 * classifier_session_get_range_hint:
 *
 * Returns: (nullable) (transfer none): see classifier_get_range_hint()
 */
const gchar *classifier_session_get_range_hint (
    const ClassifierSession *session);

/**
 * classifier_session_run:
 * @crop: the part of @frame to run on; beyond the frame, its border repeats
 * @region: the part of @frame that the result is about, at least 1x1, to which
 *   the result's view is relative
 *
 * Returns: (transfer none): the prediction and whatever else was asked for,
 *   valid until the next run
 */
const ClassifierResult *classifier_session_run (ClassifierSession *session,
    const ImageFrame *frame, const Rect *crop, const Rect *region);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClassifierSession, classifier_session_free)

G_END_DECLS
