/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model-private.h"
#include "cnn/plan/layer-selection.h"

G_BEGIN_DECLS

/**
 * CnnHead:
 * @target: the node whose activations explain the decision
 * @logits: the node that computes the values to explain
 * @squashed: whether the layer of @logits also applies a sigmoid or softmax,
 *   which is left out
 * @nodes: (element-type guint): nodes that lead from the target to the logits,
 *   in order of computation, excluding the target and including the logits
 * @sides: (element-type guint): other nodes that these nodes read
 *
 * The part of a model between the target and the decision. Private to
 * src/cnn/explain.
 */
typedef struct {
  guint target;
  guint logits;
  gboolean squashed;
  GArray *nodes;
  GArray *sides;
} CnnHead;

/**
 * cnn_head_init:
 * @output: the output to explain
 * @target: the target node; see cnn_explainer_find_target()
 *
 * Returns: FALSE with a %MODEL_ERROR that names the layer if the target is not
 *   a feature map or does not lead to the output, or if a layer in between has
 *   no derivative
 */
gboolean cnn_head_init (CnnHead *head, const CnnModel *model, guint output,
    guint target, GError **error);

void cnn_head_clear (CnnHead *head);

/**
 * cnn_head_find_last_map:
 *
 * Returns: the last node before the logits of @output that is a feature map of
 *   more than one cell, or -1
 */
gint cnn_head_find_last_map (const CnnModel *model, guint output);

G_END_DECLS
