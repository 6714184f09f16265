/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/explain/knock-outs.h"

#include <string.h>

#include "cnn/model/layer-selection.h"
#include "cnn/model/model-private.h"

static gboolean
parse_channel (const gchar *text, const CnnModel *model, guint node,
    guint *channel, GError **error)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, node);
  const gint channels = shape->rank ? shape->dims[shape->rank - 1] : 1;
  guint64 number;

  if (g_ascii_string_to_unsigned (text, 10, 0, (guint64) channels - 1, &number,
          NULL)) {
    *channel = (guint) number;
    return TRUE;
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "'%s' is no channel of layer '%s', which has channels 0 to %d", text,
      cnn_model_get_node_name (model, node), channels - 1);
  return FALSE;
}

/* What only passes on the values of another layer has none of its own. */
static gboolean
check_computed (const CnnModel *model, guint node, GError **error)
{
  const CnnLayer *layer = cnn_model_get_node (model, node)->layer;

  if (layer->class->run)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "layer '%s' (%s) computes nothing that could be set to zero", layer->name,
      layer->class->name);
  return FALSE;
}

/* @item is taken apart. */
static gboolean
parse_item (gchar *item, const CnnModel *model, CnnKnockOut *knock_out,
    GError **error)
{
  gchar *colon = strrchr (item, ':');
  CnnSelectedLayer block;

  if (!colon) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "knock-out '%s' is not layer:channel", item);
    return FALSE;
  }
  *colon = '\0';
  if (!cnn_layer_selection_find_block (model, g_strstrip (item), &block, error)
      || !check_computed (model, block.node, error)
      || !parse_channel (g_strstrip (colon + 1), model, block.node,
          &knock_out->channel, error))
    return FALSE;
  knock_out->node = block.node;
  knock_out->layer = cnn_model_get_node_name (model, block.node);
  return TRUE;
}

GArray *
cnn_knock_outs_parse (const CnnModel *model, const gchar *text, GError **error)
{
  g_autoptr (GArray)
      knock_outs = g_array_new (FALSE, FALSE, sizeof (CnnKnockOut));
  g_auto (GStrv) items = g_strsplit (text ? text : "", ",", -1);

  for (guint i = 0; items[i]; i++) {
    CnnKnockOut knock_out;

    if (!*g_strstrip (items[i]))
      continue;
    if (!parse_item (items[i], model, &knock_out, error))
      return NULL;
    g_array_append_val (knock_outs, knock_out);
  }
  return g_steal_pointer (&knock_outs);
}
