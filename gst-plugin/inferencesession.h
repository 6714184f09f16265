/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "classifier/classifier.h"
#include "cnn/explain/cam.h"
#include "gstactivationmeta.h"
#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * InferenceSession:
 *
 * A network with its labels and the layers to keep, ready to run on regions of
 * frames. It serves one thread at a time.
 */
typedef struct _InferenceSession InferenceSession;

/**
 * InferenceExplanation:
 * @explain: whether predictions are to be explained, by @method
 * @target_class: (nullable): a label or the number of a class; %NULL or empty
 *   for the class that is predicted
 * @layer: (nullable): see cnn_explainer_find_target()
 * @knock_out: (nullable): see cnn_knock_outs_parse(); also without @explain
 *
 * What is asked about predictions.
 */
typedef struct {
  gboolean explain;
  CnnCamMethod method;
  const gchar *target_class;
  const gchar *layer;
  const gchar *knock_out;
} InferenceExplanation;

/**
 * inference_session_new:
 * @model: (nullable): a model.json or its folder; %NULL or empty for the default
 *   model
 * @labels: (nullable): see classifier_load()
 * @layers: see cnn_layer_selection_new()
 * @limits: (nullable): what the model may ask of this machine
 *
 * Loads the model, which must be one of pictures: see classifier_load(). Call
 * inference_session_explain() before running it.
 *
 * Returns: (transfer full): or %NULL with a %CNN_ERROR
 */
InferenceSession *inference_session_new (const gchar *model,
    const gchar *labels, const gchar *layers, const CnnLimits *limits,
    GError **error);

void inference_session_free (InferenceSession *session);

/**
 * inference_session_explain:
 *
 * Makes the network ready to run, and to explain what it predicts.
 *
 * Returns: FALSE with a %CNN_ERROR, after which the session cannot run
 */
gboolean inference_session_explain (InferenceSession *session,
    const InferenceExplanation *explanation, GError **error);

/**
 * inference_session_get_preprocess:
 *
 * Returns: (transfer none): what the model says of its input and output
 */
const ClassifierPreprocess *inference_session_get_preprocess (
    const InferenceSession *session);

/**
 * inference_session_run:
 * @region: the part of @frame to look at; what lies outside repeats its border
 * @attribute: what the model predicts
 * @region_id: the tracked id of the region, or -1
 *
 * Returns: (transfer full): the prediction, the kept activations and what was
 *   asked about them
 */
GstActivations *inference_session_run (InferenceSession *session,
    const ImageFrame *frame, const ImageRect *region, const gchar *attribute,
    gint region_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InferenceSession, inference_session_free)

G_END_DECLS
