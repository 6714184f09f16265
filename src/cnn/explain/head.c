/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/explain/head.h"

static const CnnLayer *
get_layer (const CnnModel *model, guint node)
{
  return cnn_model_get_node (model, node)->layer;
}

/* Functions that turn logits into probabilities, without changing their
 * order. */
static gboolean
is_squashing (CnnActivation activation)
{
  switch (activation) {
    case CNN_ACTIVATION_SIGMOID:
    case CNN_ACTIVATION_LOG_SIGMOID:
    case CNN_ACTIVATION_HARD_SIGMOID:
    case CNN_ACTIVATION_HARD_SIGMOID_KERAS_2:
    case CNN_ACTIVATION_SOFTMAX:
    case CNN_ACTIVATION_LOG_SOFTMAX:
      return TRUE;
    default:
      return FALSE;
  }
}

/* Skips layers that only pass values on, and one that only squashes. The node
 * that is found computes its own values, so that it can be backpropagated. */
static guint
find_logits (const CnnModel *model, guint output, gboolean *squashed)
{
  guint node = output;
  gboolean behind_squashing = FALSE;

  *squashed = FALSE;
  while (cnn_model_get_node (model, node)->n_inputs > 0) {
    const CnnLayer *layer = get_layer (model, node);
    const CnnLayerRole role = layer->class->role;
    const gboolean squashes = !behind_squashing
        && is_squashing (layer->activation);

    if (role != CNN_LAYER_ROLE_VIEW && !squashes)
      break;
    if (squashes && role != CNN_LAYER_ROLE_ACTIVATION) {
      *squashed = TRUE;
      break;
    }
    behind_squashing = behind_squashing || squashes;
    node = cnn_model_get_node_input (model, node, 0);
  }
  return node;
}

static gboolean
reads_marked (const CnnModel *model, guint node, const guint8 *marked)
{
  for (guint i = 0; i < cnn_model_get_node (model, node)->n_inputs; i++) {
    if (marked[cnn_model_get_node_input (model, node, i)])
      return TRUE;
  }
  return FALSE;
}

/* Marks @node and all nodes on which it depends. */
static guint8 *
mark_ancestors (const CnnModel *model, guint node)
{
  guint8 *marked = g_new0 (guint8, model->nodes->len);

  marked[node] = TRUE;
  for (guint i = node + 1; i-- > 0;) {
    for (guint k = 0; marked[i] && k < cnn_model_get_node (model, i)->n_inputs;
         k++)
      marked[cnn_model_get_node_input (model, i, k)] = TRUE;
  }
  return marked;
}

/* Marks @node and all nodes that depend on it. */
static guint8 *
mark_descendants (const CnnModel *model, guint node)
{
  guint8 *marked = g_new0 (guint8, model->nodes->len);

  marked[node] = TRUE;
  for (guint i = node + 1; i < model->nodes->len; i++)
    marked[i] = reads_marked (model, i, marked);
  return marked;
}

static gboolean
check_target (const CnnModel *model, guint target, const guint8 *ancestors,
    guint logits, GError **error)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, target);
  const gchar *name = cnn_model_get_node_name (model, target);

  if (shape->rank != 3) {
    g_autofree gchar *text = cnn_shape_to_string (shape);

    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "layer '%s' gives %s, not height x width x channels: explain by a "
        "layer with maps",
        name, text);
    return FALSE;
  }
  if (target == logits) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "layer '%s' gives the scores itself: explain by a layer before it",
        name);
    return FALSE;
  }
  if (!ancestors[target]) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "layer '%s' has no part in the scores, which layer '%s' gives: explain "
        "by a layer that leads to that one",
        name, cnn_model_get_node_name (model, logits));
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_gradient (const CnnModel *model, guint node, GError **error)
{
  const CnnLayer *layer = get_layer (model, node);

  if (layer->class->backpropagate || layer->class->role == CNN_LAYER_ROLE_VIEW)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "layer '%s' (%s) has no derivative, so that no layer before it can "
      "explain the output: explain by a layer behind it",
      layer->name, layer->class->name);
  return FALSE;
}

/* Appends the inputs of a head's node that are not part of the head. */
static void
append_sides (CnnHead *head, const CnnModel *model, guint node,
    const guint8 *descendants, guint8 *seen)
{
  for (guint i = 0; i < cnn_model_get_node (model, node)->n_inputs; i++) {
    const guint input = cnn_model_get_node_input (model, node, i);

    if (!descendants[input] && !seen[input])
      g_array_append_val (head->sides, input);
    seen[input] = TRUE;
  }
}

gboolean
cnn_head_init (CnnHead *head, const CnnModel *model, guint output, guint target,
    GError **error)
{
  g_autofree guint8 *ancestors = NULL, *descendants = NULL, *seen = NULL;

  *head = (CnnHead) { .target = target };
  head->logits = find_logits (model, output, &head->squashed);
  head->nodes = g_array_new (FALSE, FALSE, sizeof (guint));
  head->sides = g_array_new (FALSE, FALSE, sizeof (guint));
  ancestors = mark_ancestors (model, head->logits);
  descendants = mark_descendants (model, target);
  seen = g_new0 (guint8, model->nodes->len);
  if (!check_target (model, target, ancestors, head->logits, error))
    return FALSE;
  for (guint node = target + 1; node <= head->logits; node++) {
    if (!ancestors[node] || !descendants[node])
      continue;
    if (!check_gradient (model, node, error))
      return FALSE;
    g_array_append_val (head->nodes, node);
    append_sides (head, model, node, descendants, seen);
  }
  return TRUE;
}

void
cnn_head_clear (CnnHead *head)
{
  g_clear_pointer (&head->nodes, g_array_unref);
  g_clear_pointer (&head->sides, g_array_unref);
}

static gboolean
is_map (const CnnModel *model, guint node)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, node);
  const CnnLayerRole role = get_layer (model, node)->class->role;

  return shape->rank == 3 && (shape->dims[0] > 1 || shape->dims[1] > 1)
      && role != CNN_LAYER_ROLE_VIEW && role != CNN_LAYER_ROLE_INPUT;
}

gint
cnn_head_find_last_map (const CnnModel *model, guint output)
{
  gboolean squashed;
  const guint logits = find_logits (model, output, &squashed);
  g_autofree guint8 *ancestors = mark_ancestors (model, logits);

  for (guint node = logits; node-- > 0;) {
    if (ancestors[node] && is_map (model, node))
      return (gint) node;
  }
  return -1;
}
