/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * CnnReference:
 * @layer: name of a layer, borrowed from the JSON
 * @node: number of the call of the layer, as counted in the file
 * @tensor: number of the output of that call
 *
 * A reference to a tensor in a topology.
 */
typedef struct {
  const gchar *layer;
  gint node;
  gint tensor;
} CnnReference;

/**
 * cnn_inbound_nodes_parse:
 * @nodes: (nullable): the `inbound_nodes` of a layer
 * @merges: whether one call of the layer may read several tensors
 * @references: (inout) (element-type CnnReference): array to which the tensors
 *   that all calls read are appended
 * @counts: (inout) (element-type guint): array to which the number of tensors
 *   that each call reads is appended
 * @n_training: (inout): number of calls with training=True, to be added to
 *
 * Reads the calls of a layer. Keras 2 and tfjs write
 * [[["layer", node, tensor, {}], ...], ...], a list for each call; some writers
 * leave out lists of one element. Keras 3 writes {"args": [...], "kwargs":
 * {...}} for each call, with tensors as objects.
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean cnn_inbound_nodes_parse (const cJSON *nodes, gboolean merges,
    GArray *references, GArray *counts, guint *n_training, GError **error);

/**
 * cnn_references_parse:
 * @list: (nullable): [["layer", node, tensor], ...]; without the outer list if
 *   there is only one, and an object if tensors have names
 * @what: name of the list in error messages
 * @references: (inout) (element-type CnnReference): array to append to
 */
gboolean cnn_references_parse (const cJSON *list, const gchar *what,
    GArray *references, GError **error);

G_END_DECLS
