/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/layer-selection.h"

#include "cnn/model/model-private.h"
#include "cnn/plan/interior.h"

static CnnLayerRole
get_role (const CnnModel *model, guint node)
{
  return cnn_model_get_node (model, node)->layer->class->role;
}

/* Whether a layer only changes the values of a map one by one. */
static gboolean
is_pointwise (CnnLayerRole role)
{
  return role == CNN_LAYER_ROLE_ACTIVATION
      || role == CNN_LAYER_ROLE_NORMALIZATION;
}

/* Follows a convolution to the end of its block: through layers that keep the
 * shape, up to and including a pooling. */
static guint
find_block_end (const CnnModel *model, guint convolution)
{
  guint end = convolution;
  gint reader = cnn_model_find_only_reader (model, convolution);

  while (reader >= 0) {
    CnnLayerRole role = get_role (model, (guint) reader);

    if (role == CNN_LAYER_ROLE_POOLING)
      return (guint) reader;
    if (is_pointwise (role))
      end = (guint) reader;
    else if (role != CNN_LAYER_ROLE_VIEW
        || cnn_model_get_node_shape (model, (guint) reader)->rank != 3)
      break;
    reader = cnn_model_find_only_reader (model, (guint) reader);
  }
  return end;
}

guint
cnn_layer_selection_find_source (const CnnModel *model, guint node)
{
  guint source = node;

  for (;;) {
    CnnLayerRole role = get_role (model, source);

    if (role == CNN_LAYER_ROLE_CONVOLUTION)
      return source;
    if (role != CNN_LAYER_ROLE_POOLING && role != CNN_LAYER_ROLE_VIEW
        && !is_pointwise (role))
      return node;
    source = cnn_model_get_node_input (model, source, 0);
  }
}

static void
append (GArray *selection, guint node, guint source)
{
  const CnnSelectedLayer layer = { node, source };

  g_array_append_val (selection, layer);
}

static void
select_auto (const CnnModel *model, GArray *selection)
{
  for (guint i = 0; i < model->nodes->len; i++) {
    if (get_role (model, i) == CNN_LAYER_ROLE_CONVOLUTION)
      append (selection, find_block_end (model, i), i);
  }
}

static void
select_all (const CnnModel *model, GArray *selection)
{
  for (guint i = 0; i < model->nodes->len; i++) {
    CnnLayerRole role = get_role (model, i);

    if (role != CNN_LAYER_ROLE_INPUT && role != CNN_LAYER_ROLE_VIEW)
      append (selection, i, i);
  }
}

static gint
find_node (const CnnModel *model, const gchar *name, GError **error)
{
  const gint node = cnn_model_find_node (model, name);
  g_autoptr (GString) known = g_string_new (NULL);

  if (node >= 0)
    return node;
  for (guint i = 0; i < model->nodes->len; i++) {
    g_string_append_printf (known, "%s%s", i ? ", " : "",
        cnn_model_get_node_name (model, i));
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "the model has no layer '%s'; it has %s", name, known->str);
  return -1;
}

static gboolean
select_named (const CnnModel *model, const gchar *choice, GArray *selection,
    GError **error)
{
  g_auto (GStrv) names = g_strsplit (choice, ",", -1);

  for (guint i = 0; names[i]; i++) {
    gint node;

    if (!*g_strstrip (names[i]))
      continue;
    node = find_node (model, names[i], error);
    if (node < 0)
      return FALSE;
    append (selection, (guint) node,
        cnn_layer_selection_find_source (model, (guint) node));
  }
  return TRUE;
}

GArray *
cnn_layer_selection_new (const CnnModel *model, const gchar *choice,
    GError **error)
{
  g_autoptr (GArray)
      selection = g_array_new (FALSE, FALSE, sizeof (CnnSelectedLayer));

  if (g_str_equal (choice, "auto"))
    select_auto (model, selection);
  else if (g_str_equal (choice, "all"))
    select_all (model, selection);
  else if (!select_named (model, choice, selection, error))
    return NULL;
  return g_steal_pointer (&selection);
}

gboolean
cnn_layer_selection_find_block (const CnnModel *model, const gchar *name,
    CnnSelectedLayer *block, GError **error)
{
  const gint node = find_node (model, name, error);

  if (node < 0)
    return FALSE;
  block->node = (guint) node;
  if (get_role (model, block->node) == CNN_LAYER_ROLE_CONVOLUTION)
    block->node = find_block_end (model, block->node);
  block->source = cnn_layer_selection_find_source (model, block->node);
  return TRUE;
}

CnnLayerMaps
cnn_layer_selection_describe (const CnnModel *model,
    const CnnSelectedLayer *selected)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, selected->node);
  CnnLayerMaps layer = { .name = cnn_model_get_node_name (model,
                             selected->node),
    .source = cnn_model_get_node_name (model, selected->source) };

  if (shape->rank == 3) {
    layer.height = shape->dims[0];
    layer.width = shape->dims[1];
    layer.channels = shape->dims[2];
    layer.interior = cnn_interior_find (model, selected->node);
  } else {
    layer.height = layer.width = 1;
    layer.channels = (gint) cnn_shape_size (shape);
  }
  return layer;
}
