/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layer-selection.h"

#include "cnn/model-private.h"

static CnnLayerRole
get_role (const CnnModel *model, guint node)
{
  return cnn_model_get_node (model, node)->layer->class->role;
}

/* Whether a layer only changes each value of the map that it reads. */
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

/* The convolution whose block @node ends, or @node itself. */
static guint
find_source (const CnnModel *model, guint node)
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

static gboolean
select_named (const CnnModel *model, const gchar *choice, GArray *selection,
    GError **error)
{
  g_auto (GStrv) names = g_strsplit (choice, ",", -1);

  for (guint i = 0; names[i]; i++) {
    gint node;

    if (!*g_strstrip (names[i]))
      continue;
    node = cnn_model_find_node (model, names[i]);
    if (node < 0) {
      g_autoptr (GString) known = g_string_new (NULL);

      for (guint k = 0; k < model->nodes->len; k++) {
        g_string_append_printf (known, "%s%s", k ? ", " : "",
            cnn_model_get_node_name (model, k));
      }
      g_set_error (error, CNN_ERROR, CNN_ERROR_ARGUMENT,
          "the model has no layer '%s'; it has %s", names[i], known->str);
      return FALSE;
    }
    append (selection, (guint) node, find_source (model, (guint) node));
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
