/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/channel-kernel.h"

#include "cnn/model/model-private.h"

static const CnnVariable *
get_kernel (const CnnModel *model, guint node)
{
  return &cnn_model_get_node (model, node)->layer->variables[0];
}

static gboolean
has_class (const CnnModel *model, guint node, const gchar *name)
{
  return g_str_equal (cnn_model_get_node_class (model, node), name);
}

gboolean
cnn_channel_kernel_get_shape (const CnnModel *model, guint node,
    CnnShape *shape)
{
  const gboolean depthwise = has_class (model, node, "DepthwiseConv2D");

  if (!depthwise && !has_class (model, node, "Conv2D"))
    return FALSE;
  *shape = get_kernel (model, node)->shape;
  shape->rank = 3;
  if (depthwise)
    shape->dims[2] = 1;
  return TRUE;
}

static guint
find_first_input (const CnnModel *model, guint node, guint channel)
{
  const CnnShape *kernel = &get_kernel (model, node)->shape;
  const guint filters = (guint) kernel->dims[3];
  const guint input = cnn_model_get_node_input (model, node, 0);
  gsize groups;

  if (has_class (model, node, "DepthwiseConv2D"))
    return channel / filters;
  groups = cnn_shape_get_channels (cnn_model_get_node_shape (model, input))
      / (gsize) kernel->dims[2];
  return (guint) (channel / (filters / groups) * (gsize) kernel->dims[2]);
}

void
cnn_channel_kernel_copy (const CnnModel *model, guint node, guint channel,
    guint *first_input, gfloat *values)
{
  const CnnVariable *kernel = get_kernel (model, node);
  /* Weights for one output channel lie this far apart. */
  gsize step = (gsize) kernel->shape.dims[3];
  gsize n_values = cnn_shape_size (&kernel->shape) / step;

  if (has_class (model, node, "DepthwiseConv2D")) {
    step *= (gsize) kernel->shape.dims[2];
    n_values /= (gsize) kernel->shape.dims[2];
  }
  for (gsize i = 0; i < n_values; i++)
    values[i] = (*kernel->values)[i * step + channel];
  *first_input = find_first_input (model, node, channel);
}
