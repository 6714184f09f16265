/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/plan/plan.h"

G_BEGIN_DECLS

/**
 * CnnSelectedLayer:
 * @node: node whose activations are shown
 * @source: node after which they are named: the convolution if @node only pools
 *   or activates the output of one, otherwise @node
 */
typedef struct {
  guint node;
  guint source;
} CnnSelectedLayer;

/**
 * cnn_layer_selection_new:
 * @choice: "auto" for each convolution after its activation and pooling, "all"
 *   for every layer that computes something, or names of layers, separated by
 *   commas
 *
 * Chooses the layers whose activations are kept, in order of computation for
 * "auto" and "all", and in the given order otherwise.
 *
 * Returns: (transfer full) (element-type CnnSelectedLayer): %NULL with
 *   %MODEL_ERROR_ARGUMENT for a name that is not in the model
 */
GArray *cnn_layer_selection_new (const CnnModel *model, const gchar *choice,
    GError **error);

/**
 * cnn_layer_selection_find_block:
 * @name: name of a layer; that of a convolution selects the convolution with
 *   the normalisation, activation and pooling behind it, as for "auto"
 * @block: (out): the last layer of the block, and its source
 *
 * Returns: FALSE with %MODEL_ERROR_ARGUMENT if the model has no such layer
 */
gboolean cnn_layer_selection_find_block (const CnnModel *model,
    const gchar *name, CnnSelectedLayer *block, GError **error);

/**
 * cnn_layer_selection_find_source:
 *
 * Returns: #CnnSelectedLayer.source for a @node
 */
guint cnn_layer_selection_find_source (const CnnModel *model, guint node);

/**
 * cnn_layer_selection_describe:
 *
 * Feature maps keep their shape; everything else is shown as a vector.
 *
 * Returns: the description of a layer's activations before it is run; its names
 *   are owned by the model
 */
CnnLayerMaps cnn_layer_selection_describe (const CnnModel *model,
    const CnnSelectedLayer *selected);

G_END_DECLS
