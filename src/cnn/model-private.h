/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layer.h"
#include "cnn/model.h"

G_BEGIN_DECLS

/**
 * CnnNode:
 * @input: the node whose output it reads; -1 for an input of the model
 */
typedef struct {
  CnnLayer *layer;
  gint input;
  CnnShape shape;
} CnnNode;

struct _CnnModel {
  gatomicrefcount ref_count;
  gchar *name;
  GPtrArray *layers; /* of CnnLayer, owned */
  GArray *nodes;     /* of CnnNode, in order of computation */
  GArray *inputs;    /* of guint */
  GArray *outputs;   /* of guint */
};

static inline const CnnNode *
cnn_model_get_node (const CnnModel *model, guint node)
{
  return &g_array_index (model->nodes, CnnNode, node);
}

/**
 * cnn_model_new:
 *
 * Returns: (transfer full): a model without layers
 */
CnnModel *cnn_model_new (const gchar *name);

G_END_DECLS
