/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include "cnn/layers/layer.h"

G_BEGIN_DECLS

typedef struct _CnnTopology CnnTopology;

/**
 * CnnTopologyEntry:
 * @name: name in the whole model: "model/layer" in a nested model
 * @layer: (nullable): %NULL for a nested model, and for an input of one
 * @activation: (nullable): a layer that stands in the place of @layer's
 *   activation function. As if both were a nested model, it has the name of the
 *   entry, and @layer that name twice
 * @model: (nullable): a nested model
 * @config: (nullable): configuration of an input of a nested model
 * @input: number of the topology's input that this is, or -1
 * @first_call: index of the first of its calls, which are consecutive
 *
 * An item of the list "layers".
 */
typedef struct {
  gchar *name;
  CnnLayer *layer;
  CnnLayer *activation;
  CnnTopology *model;
  const cJSON *config;
  gint input;
  guint first_call;
  guint n_calls;
} CnnTopologyEntry;

/**
 * CnnTopologyCall:
 * @entry: index of the entry that is called
 * @first_edge: index of the first of the edges that it reads, which are
 *   consecutive
 */
typedef struct {
  guint entry;
  guint first_edge;
  guint n_edges;
} CnnTopologyCall;

/**
 * CnnTopologyEdge:
 *
 * A tensor: one of the outputs of a call.
 */
typedef struct {
  guint call;
  guint tensor;
} CnnTopologyEdge;

/**
 * CnnTopology:
 * @entries: (element-type CnnTopologyEntry): items of the list "layers"
 * @calls: (element-type CnnTopologyCall): calls of the entries
 * @edges: (element-type CnnTopologyEdge): tensors that the calls read
 * @inputs: (element-type guint): entries, in the order of the model's inputs
 * @outputs: (element-type CnnTopologyEdge): outputs of the model
 *
 * The graph of one model as its file describes it, with all names resolved.
 */
struct _CnnTopology {
  gchar *name;
  GArray *entries;
  GArray *calls;
  GArray *edges;
  GArray *inputs;
  GArray *outputs;
};

/**
 * cnn_topology_parse:
 * @json: the `modelTopology` of a model.json, as the converter or as tfjs
 *   itself writes it: Sequential, Functional or Model. Must outlive the result
 * @layers: (inout) (element-type CnnLayer): array to which all layers are
 *   appended, including nested ones
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
CnnTopology *cnn_topology_parse (const cJSON *json, GPtrArray *layers,
    GError **error);

/**
 * cnn_topology_find_first_layer:
 * @layers: the layers of a Sequential model, at least one
 *
 * Returns: (transfer none): the entry of the layer that determines the shape of
 *   the input: the first one, which may be in a nested model
 */
const cJSON *cnn_topology_find_first_layer (const cJSON *layers);

/**
 * cnn_topology_find_input_config:
 * @config: configuration of a Sequential model with at least one layer
 *
 * Returns: (transfer none) (nullable): the object that has the shape of the
 *   input
 */
const cJSON *cnn_topology_find_input_config (const cJSON *config);

void cnn_topology_free (CnnTopology *topology);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CnnTopology, cnn_topology_free)

G_END_DECLS
