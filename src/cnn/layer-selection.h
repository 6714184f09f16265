/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model.h"

G_BEGIN_DECLS

/**
 * CnnSelectedLayer:
 * @node: whose activations are shown
 * @source: the layer that they are named for: where @node only pools or
 *   activates the output of a convolution, that convolution; else @node
 */
typedef struct {
  guint node;
  guint source;
} CnnSelectedLayer;

/**
 * cnn_layer_selection_new:
 * @choice: "auto": each convolution after its activation and pooling;
 *   "all": every layer that computes something; else names of layers,
 *   separated by commas
 *
 * Chooses the layers whose activations are to be kept, in order of computation
 * for "auto" and "all", as named otherwise.
 *
 * Returns: (transfer full) (element-type CnnSelectedLayer): %NULL with
 *   %CNN_ERROR_ARGUMENT for a name that is not in the model
 */
GArray *cnn_layer_selection_new (const CnnModel *model, const gchar *choice,
    GError **error);

G_END_DECLS
