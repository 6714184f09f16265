/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model-view.h"

#include <gio/gio.h>

#include "base/stored-number.h"
#include "cnn/model/channel-kernel.h"
#include "cnn/plan/receptive-field.h"

struct _ModelView {
  Classifier *classifier;
};

ModelView *
model_view_new (const ClassifierSource *source, GError **error)
{
  Classifier *classifier = classifier_load (source, error);
  ModelView *self;

  if (!classifier)
    return NULL;
  self = g_new0 (ModelView, 1);
  self->classifier = classifier;
  return self;
}

void
model_view_free (ModelView *self)
{
  classifier_free (self->classifier);
  g_free (self);
}

static cJSON *
describe_shape (const CnnShape *shape)
{
  return cJSON_CreateIntArray (shape->dims, (gint) shape->rank);
}

static cJSON *
describe_inputs (const CnnModel *model, guint node)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_node_inputs (model, node, &n_inputs);
  cJSON *list = cJSON_CreateArray ();

  for (guint i = 0; i < n_inputs; i++)
    cJSON_AddItemToArray (list,
        cJSON_CreateString (cnn_model_get_node_name (model, inputs[i])));
  return list;
}

/* The first and the last row (or column) of the input that each row of a map
 * sees, one after the other. */
static cJSON *
describe_fields (const CnnModel *model, guint node, guint axis)
{
  const gint side = cnn_receptive_field_get_side (model, node, axis);
  g_autofree CnnReach *fields = cnn_receptive_field_find (model, node, axis);
  cJSON *list = cJSON_CreateArray ();

  for (gint i = 0; i < side; i++) {
    cJSON_AddItemToArray (list, cJSON_CreateNumber ((gdouble) fields[i].first));
    cJSON_AddItemToArray (list, cJSON_CreateNumber ((gdouble) fields[i].last));
  }
  return list;
}

static cJSON *
describe_layer (const CnnModel *model, guint node)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, node);
  cJSON *layer = cJSON_CreateObject ();
  CnnShape kernel;

  cJSON_AddStringToObject (layer, "name",
      cnn_model_get_node_name (model, node));
  cJSON_AddStringToObject (layer, "class",
      cnn_model_get_node_class (model, node));
  cJSON_AddItemToObject (layer, "inputs", describe_inputs (model, node));
  cJSON_AddItemToObject (layer, "shape", describe_shape (shape));
  cJSON_AddNumberToObject (layer, "parameters",
      (gdouble) cnn_model_get_node_params (model, node, NULL));
  cJSON_AddNumberToObject (layer, "macs",
      (gdouble) cnn_model_get_node_macs (model, node));
  if (cnn_channel_kernel_get_shape (model, node, &kernel))
    cJSON_AddItemToObject (layer, "kernel", describe_shape (&kernel));
  if (shape->rank == 3) {
    cJSON_AddItemToObject (layer, "rows", describe_fields (model, node, 0));
    cJSON_AddItemToObject (layer, "columns", describe_fields (model, node, 1));
  }
  return layer;
}

static cJSON *
describe_labels (const ModelView *self)
{
  guint n_classes = 0;
  const gchar *const *labels = classifier_get_labels (self->classifier,
      &n_classes);

  return cJSON_CreateStringArray (labels, (gint) n_classes);
}

cJSON *
model_view_describe (const ModelView *self)
{
  const CnnModel *model = classifier_get_model (self->classifier);
  cJSON *root = cJSON_CreateObject ();
  cJSON *layers;

  cJSON_AddStringToObject (root, "name", cnn_model_get_name (model));
  cJSON_AddStringToObject (root, "attribute",
      classifier_get_attribute (self->classifier));
  cJSON_AddItemToObject (root, "labels", describe_labels (self));
  layers = cJSON_AddArrayToObject (root, "layers");
  for (guint i = 0; i < cnn_model_get_n_nodes (model); i++)
    cJSON_AddItemToArray (layers, describe_layer (model, i));
  return root;
}

static GBytes *
copy_kernel (const CnnModel *model, guint node, guint channel,
    const CnnShape *shape, guint *first_input)
{
  const gsize n_values = cnn_shape_size (shape);
  gfloat *values = g_new (gfloat, n_values);

  cnn_channel_kernel_copy (model, node, channel, first_input, values);
  stored_float32_convert (values, n_values);
  return g_bytes_new_take (values, n_values * sizeof *values);
}

GBytes *
model_view_copy_kernel (const ModelView *self, const gchar *layer,
    guint channel, guint *first_input, GError **error)
{
  const CnnModel *model = classifier_get_model (self->classifier);
  const gint node = cnn_model_find_node (model, layer);
  CnnShape shape;

  if (node < 0 || !cnn_channel_kernel_get_shape (model, (guint) node, &shape)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
        "There is no layer \"%s\" with a kernel for each channel", layer);
    return NULL;
  }
  if (channel >= cnn_shape_get_channels (
          cnn_model_get_node_shape (model, (guint) node))) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
        "\"%s\" has no channel %u", layer, channel);
    return NULL;
  }
  return copy_kernel (model, (guint) node, channel, &shape, first_input);
}
