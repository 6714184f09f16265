/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layers/layer.h"
#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * CnnNode:
 * @first_input: index into the model's edges
 * @n_inputs: number of consecutive edges that are its inputs
 *
 * One call of a layer.
 */
typedef struct {
  CnnLayer *layer;
  guint first_input;
  guint n_inputs;
  CnnShape shape;
} CnnNode;

struct _CnnModel {
  gatomicrefcount ref_count;
  gchar *name;
  GPtrArray *layers; /* CnnLayer elements, owned */
  GArray *nodes;     /* CnnNode elements, in order of computation */
  GArray *edges;     /* guint elements: the nodes that nodes read */
  GArray *inputs;    /* guint elements */
  GArray *outputs;   /* guint elements */
  GArray *readers;   /* gint elements: the only reader of each node, or -1 */
};

static inline const CnnNode *
cnn_model_get_node (const CnnModel *model, guint node)
{
  return &g_array_index (model->nodes, CnnNode, node);
}

/* The nth node that @node reads. */
static inline guint
cnn_model_get_node_input (const CnnModel *model, guint node, guint input)
{
  return g_array_index (model->edges, guint,
      cnn_model_get_node (model, node)->first_input + input);
}

/**
 * cnn_model_find_only_reader:
 *
 * Returns: the only node that reads @node, or -1 if there is none or several
 */
gint cnn_model_find_only_reader (const CnnModel *model, guint node);

G_END_DECLS
