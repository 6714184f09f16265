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
 * @target: the node whose activations are said to be the reason
 * @logits: the node that gives the values that are explained
 * @squashed: whether the layer of @logits goes on to apply a sigmoid or
 *   softmax, which is left out
 * @nodes: (element-type guint): what leads from the target to the logits, in
 *   order of computation, without the target and with the logits
 * @sides: (element-type guint): what else these nodes read
 *
 * The part of a model that a decision is taken back through. Private to
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
 * @target: a node; see cnn_explainer_find_target()
 *
 * Returns: FALSE with a %MODEL_ERROR that names the layer when the target is no
 *   feature map, does not lead to the model's first output, or when there is a
 *   layer without a derivative in between
 */
gboolean cnn_head_init (CnnHead *head, const CnnModel *model, guint target,
    GError **error);

void cnn_head_clear (CnnHead *head);

/**
 * cnn_head_find_last_map:
 *
 * Returns: the last node before the logits that is a feature map of more than
 *   one cell, or -1
 */
gint cnn_head_find_last_map (const CnnModel *model);

G_END_DECLS
