/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/input-gain.h"

#include <math.h>

#include "cnn/model/model-private.h"

static gboolean
is_scaling (const CnnLayerClass *class)
{
  return g_str_equal (class->name, "Rescaling")
      || g_str_equal (class->name, "Normalization");
}

/* Whether the values of the input are still those of pixels behind a layer. */
static gboolean
keeps_pixels (const CnnLayerClass *class)
{
  return class->role == CNN_LAYER_ROLE_VIEW
      || class->role == CNN_LAYER_ROLE_MERGE
      || class->role == CNN_LAYER_ROLE_RESAMPLING;
}

static gboolean
reads_pixels (const CnnModel *model, guint node, const gboolean *has_pixels)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_node_inputs (model, node, &n_inputs);

  for (guint i = 0; i < n_inputs; i++) {
    if (has_pixels[inputs[i]])
      return TRUE;
  }
  return FALSE;
}

/* Returns the first node that scales the pixels, or -1. */
static gint
find_scaling (const CnnModel *model)
{
  const guint n_nodes = cnn_model_get_n_nodes (model);
  g_autofree gboolean *has_pixels = g_new0 (gboolean, n_nodes);
  guint n_inputs;

  has_pixels[cnn_model_get_inputs (model, &n_inputs)[0]] = TRUE;
  for (guint i = 0; i < n_nodes; i++) {
    const CnnLayerClass *class = cnn_model_get_node (model, i)->layer->class;

    if (!reads_pixels (model, i, has_pixels))
      continue;
    if (is_scaling (class))
      return (gint) i;
    has_pixels[i] = keeps_pixels (class);
  }
  return -1;
}

/* Fills the layer's input with @value, and returns its output. */
static gfloat *
run_on (const CnnModel *model, guint node, gfloat value)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, node);
  const CnnLayer *layer = cnn_model_get_node (model, node)->layer;
  const gsize size = cnn_shape_size (shape);
  g_autofree gfloat *values = g_new (gfloat, size);
  const CnnTensor input = { shape, values };
  const CnnTensor output = { shape, g_new (gfloat, size) };

  for (gsize i = 0; i < size; i++)
    values[i] = value;
  layer->class->run (layer, &input, 1, &output);
  return output.data;
}

gdouble
cnn_model_get_input_gain (const CnnModel *model)
{
  const gint node = find_scaling (model);
  g_autofree gfloat *black = NULL, *white = NULL;
  gdouble gain = 0.0;
  gsize size;

  if (node < 0)
    return 0.0;
  black = run_on (model, (guint) node, 0.0f);
  white = run_on (model, (guint) node, 1.0f);
  size = cnn_shape_size (cnn_model_get_node_shape (model, (guint) node));
  for (gsize i = 0; i < size; i++)
    gain = MAX (gain, fabs ((gdouble) white[i] - (gdouble) black[i]));
  return gain;
}
