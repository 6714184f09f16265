/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/receptive-field.h"

#include "cnn/model/model-private.h"

gint
cnn_receptive_field_get_side (const CnnModel *model, guint node, guint axis)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, node);

  return shape->rank == 3 ? shape->dims[axis] : 1;
}

gboolean
cnn_receptive_field_get_reach (const CnnModel *model, guint node, guint input,
    guint axis, gint cell, CnnReach *reach)
{
  const CnnLayer *layer = cnn_model_get_node (model, node)->layer;
  const gint input_side = cnn_receptive_field_get_side (model, input, axis);
  const gint side = cnn_receptive_field_get_side (model, node, axis);

  *reach = (CnnReach) { cell, cell };
  if (layer->class->get_reach)
    *reach = layer->class->get_reach (layer, axis, input_side, side, cell);
  else if (input_side != side)
    return FALSE;
  return TRUE;
}

/* What @cell sees of the network's input through one of the node's inputs,
 * whose own cells see @fields. */
static CnnReach
look_through (const CnnModel *model, guint node, guint input, guint axis,
    gint cell, const CnnReach *fields)
{
  const gint last = cnn_receptive_field_get_side (model, input, axis) - 1;
  CnnReach reach;

  if (!cnn_receptive_field_get_reach (model, node, input, axis, cell, &reach))
    reach = (CnnReach) { 0, last };
  return (CnnReach) { fields[CLAMP (reach.first, 0, last)].first,
    fields[CLAMP (reach.last, 0, last)].last };
}

static CnnReach
look_through_all (const CnnModel *model, guint node, guint axis, gint cell,
    CnnReach *const *fields)
{
  const guint n_inputs = cnn_model_get_node (model, node)->n_inputs;
  CnnReach seen = { cell, cell };

  for (guint i = 0; i < n_inputs; i++) {
    const guint input = cnn_model_get_node_input (model, node, i);
    const CnnReach part = look_through (model, node, input, axis, cell,
        fields[input]);

    seen.first = i == 0 ? part.first : MIN (seen.first, part.first);
    seen.last = i == 0 ? part.last : MAX (seen.last, part.last);
  }
  return seen;
}

CnnReach *
cnn_receptive_field_find (const CnnModel *model, guint node, guint axis)
{
  g_autofree CnnReach **fields = g_new (CnnReach *, node + 1);

  for (guint i = 0; i <= node; i++) {
    const gint side = cnn_receptive_field_get_side (model, i, axis);

    fields[i] = g_new (CnnReach, (gsize) side);
    for (gint cell = 0; cell < side; cell++)
      fields[i][cell] = look_through_all (model, i, axis, cell, fields);
  }
  for (guint i = 0; i < node; i++)
    g_free (fields[i]);
  return fields[node];
}
