/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/channel-kernel.h"

#include "cnn/model/model-private.h"

static gint
get_kernel (const CnnModel *model, guint node, guint channel, gint *first,
    gfloat *values)
{
  const guint input = cnn_model_get_node_input (model, node, 0);
  const CnnLayer *layer = cnn_model_get_node (model, node)->layer;

  return layer->class->get_kernel (layer,
      (gint) cnn_shape_get_channels (cnn_model_get_node_shape (model, input)),
      (gint) cnn_shape_get_channels (cnn_model_get_node_shape (model, node)),
      (gint) channel, first, values);
}

gboolean
cnn_channel_kernel_get_shape (const CnnModel *model, guint node,
    CnnShape *shape)
{
  const CnnLayer *layer = cnn_model_get_node (model, node)->layer;
  const gint *size = layer->variables[0].shape.dims;
  gint first;

  if (!layer->class->get_kernel)
    return FALSE;
  *shape = (CnnShape) { 3,
    { size[0], size[1], get_kernel (model, node, 0, &first, NULL) } };
  return TRUE;
}

void
cnn_channel_kernel_copy (const CnnModel *model, guint node, guint channel,
    guint *first_input, gfloat *values)
{
  gint first;

  get_kernel (model, node, channel, &first, values);
  *first_input = (guint) first;
}
