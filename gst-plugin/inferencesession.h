/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

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
 * inference_session_new:
 * @model: (nullable): a model.json or its folder; %NULL or empty for the default
 *   model
 * @labels: (nullable): a file with one label a line; %NULL or empty for
 *   labels.txt beside the model, or numbered classes when there is none
 * @layers: see cnn_layer_selection_new()
 *
 * Loads the model, which must have one input of height x width x 1 (gray) or
 * 3 (R'G'B') channels, filled with pixel values / 255.
 *
 * Returns: (transfer full): or %NULL with a %CNN_ERROR
 */
InferenceSession *inference_session_new (const gchar *model,
    const gchar *labels, const gchar *layers, GError **error);

void inference_session_free (InferenceSession *session);

/**
 * inference_session_run:
 * @region: the part of @frame to look at; what lies outside repeats its border
 * @attribute: what the model predicts
 * @region_id: the tracked id of the region, or -1
 *
 * Returns: (transfer full): the prediction and the kept activations
 */
GstActivations *inference_session_run (InferenceSession *session,
    const ImageFrame *frame, const ImageRect *region, const gchar *attribute,
    gint region_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InferenceSession, inference_session_free)

G_END_DECLS
