/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/filters.h"

#include <string.h>

#include "cnn/model/channel-kernel.h"
#include "cnn/model/model-private.h"

/* Returns the first convolution, or -1. */
static gint
find_convolution (const CnnModel *model)
{
  for (guint i = 0; i < cnn_model_get_n_nodes (model); i++) {
    if (cnn_model_get_node (model, i)->layer->class->role
        == CNN_LAYER_ROLE_CONVOLUTION)
      return (gint) i;
  }
  return -1;
}

/* Whether the channels of a layer's output are those of its input. */
static gboolean
keeps_channels (const CnnModel *model, guint node)
{
  switch (cnn_model_get_node (model, node)->layer->class->role) {
    case CNN_LAYER_ROLE_ACTIVATION:
    case CNN_LAYER_ROLE_NORMALIZATION:
    case CNN_LAYER_ROLE_POOLING:
    case CNN_LAYER_ROLE_RESAMPLING:
    case CNN_LAYER_ROLE_VIEW:
      return TRUE;
    default:
      return FALSE;
  }
}

/* The channels of a feature map, or of an input that has none for itself. */
static gint
count_channels (const CnnShape *shape)
{
  return shape->rank == 3 ? shape->dims[2] : 1;
}

static gboolean
reads_input (const CnnModel *model, guint node)
{
  guint n_inputs;
  const guint input = cnn_model_get_inputs (model, &n_inputs)[0];
  const gint n_channels = count_channels (
      cnn_model_get_node_shape (model, input));

  for (node = cnn_model_get_node_input (model, node, 0); node != input;
       node = cnn_model_get_node_input (model, node, 0)) {
    if (!keeps_channels (model, node)
        || count_channels (cnn_model_get_node_shape (model, node))
            != n_channels)
      return FALSE;
  }
  return TRUE;
}

static CnnFilters
describe (const CnnModel *model, guint node, const CnnShape *kernel)
{
  const guint input = cnn_model_get_node_input (model, node, 0);

  return (CnnFilters) { .node = node,
    .count = cnn_model_get_node_shape (model, node)->dims[2],
    .height = kernel->dims[0],
    .width = kernel->dims[1],
    .channels = cnn_model_get_node_shape (model, input)->dims[2] };
}

/* Returns 0 if there are too many. */
static gsize
count_values (const CnnFilters *filters)
{
  const gint sides[] = { filters->count, filters->height, filters->width,
    filters->channels };
  gsize n_values = 1;

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++) {
    if ((gsize) sides[i] > CNN_FILTERS_MAX_VALUES / n_values)
      return 0;
    n_values *= (gsize) sides[i];
  }
  return n_values;
}

/* Channels that a filter does not read have weights of zero. */
static void
copy_kernels (const CnnModel *model, const CnnShape *kernel,
    CnnFilters *filters)
{
  const gint n_read = kernel->dims[2];
  const gint n_cells = filters->height * filters->width;
  g_autofree gfloat *values = g_new (gfloat, cnn_shape_size (kernel));
  gfloat *cell = filters->kernels;

  for (gint filter = 0; filter < filters->count; filter++) {
    guint first;

    cnn_channel_kernel_copy (model, filters->node, (guint) filter, &first,
        values);
    for (gint i = 0; i < n_cells; i++, cell += filters->channels)
      memcpy (cell + first, values + i * n_read,
          (gsize) n_read * sizeof *values);
  }
}

gboolean
cnn_filters_find (const CnnModel *model, CnnFilters *filters)
{
  const gint node = find_convolution (model);
  CnnShape kernel;
  gsize n_values;

  if (node < 0 || !reads_input (model, (guint) node)
      || !cnn_channel_kernel_get_shape (model, (guint) node, &kernel))
    return FALSE;
  *filters = describe (model, (guint) node, &kernel);
  n_values = count_values (filters);
  if (n_values == 0)
    return FALSE;
  filters->kernels = g_new0 (gfloat, n_values);
  copy_kernels (model, &kernel, filters);
  return TRUE;
}

void
cnn_filters_clear (CnnFilters *filters)
{
  g_clear_pointer (&filters->kernels, g_free);
}
