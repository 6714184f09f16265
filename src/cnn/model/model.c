/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/model.h"

#include "base/file.h"
#include "base/json.h"
#include "cnn/model/model-builder.h"
#include "cnn/model/model-file.h"
#include "cnn/model/model-private.h"
#include "cnn/model/spelling.h"
#include "cnn/model/topology.h"
#include "cnn/model/weight-store.h"

static CnnModel *
model_new (void)
{
  CnnModel *model = g_new0 (CnnModel, 1);

  g_atomic_ref_count_init (&model->ref_count);
  model->layers = g_ptr_array_new_with_free_func (
      (GDestroyNotify) cnn_layer_free);
  model->nodes = g_array_new (FALSE, TRUE, sizeof (CnnNode));
  model->edges = g_array_new (FALSE, FALSE, sizeof (guint));
  model->inputs = g_array_new (FALSE, FALSE, sizeof (guint));
  model->outputs = g_array_new (FALSE, FALSE, sizeof (guint));
  model->readers = g_array_new (FALSE, FALSE, sizeof (gint));
  return model;
}

CnnModel *
cnn_model_ref (CnnModel *model)
{
  g_atomic_ref_count_inc (&model->ref_count);
  return model;
}

void
cnn_model_unref (CnnModel *model)
{
  if (!g_atomic_ref_count_dec (&model->ref_count))
    return;
  g_free (model->name);
  g_ptr_array_unref (model->layers);
  g_array_unref (model->nodes);
  g_array_unref (model->edges);
  g_array_unref (model->inputs);
  g_array_unref (model->outputs);
  g_array_unref (model->readers);
  g_free (model);
}

/* Finds the readers of all nodes; called when nodes and edges are complete. */
static void
find_readers (CnnModel *model)
{
  g_autofree guint8 *has_several = g_new0 (guint8, model->nodes->len);
  const gint none = -1;

  for (guint i = 0; i < model->nodes->len; i++)
    g_array_append_val (model->readers, none);
  for (guint i = 0; i < model->nodes->len; i++) {
    for (guint k = 0; k < cnn_model_get_node (model, i)->n_inputs; k++) {
      const guint read = cnn_model_get_node_input (model, i, k);
      gint *reader = &g_array_index (model->readers, gint, read);

      has_several[read] |= *reader >= 0 && *reader != (gint) i;
      *reader = (gint) i;
    }
  }
  for (guint i = 0; i < model->nodes->len; i++) {
    if (has_several[i])
      g_array_index (model->readers, gint, i) = none;
  }
}

static CnnModel *
build (const cJSON *json, CnnWeightStore *weights, const CnnLimits *limits,
    const CnnInputSize *size, GError **error)
{
  g_autoptr (CnnModel) model = model_new ();
  g_autoptr (CnnTopology)
      topology = cnn_topology_parse (json, model->layers, error);

  if (!topology)
    return NULL;
  model->name = g_strdup (topology->name);
  if (!cnn_model_build (model, topology, weights, limits, size, error)
      || !cnn_weight_store_check_empty (weights, error))
    return NULL;
  find_readers (model);
  return g_steal_pointer (&model);
}

static CnnModel *
load_from_json (cJSON *root, const gchar *folder, const CnnLimits *limits,
    const CnnInputSize *size, GError **error)
{
  const gchar *format = NULL;
  cJSON *topology = cJSON_GetObjectItemCaseSensitive (root, "modelTopology");
  g_autoptr (CnnWeightStore) weights = NULL;

  if (!cnn_model_file_check_json (root, error))
    return NULL;
  if (json_get (root, "format")
      && !(format = json_get_string (root, "format", error)))
    return NULL;
  if (format && !g_str_equal (format, "layers-model")) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "is of format '%s'; only 'layers-model' is supported: save it from "
        "Keras, or from tfjs with LayersModel.save()",
        format);
    return NULL;
  }
  if (!cJSON_IsObject (topology)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'modelTopology' is missing: this is no model.json of a layers-model");
    return NULL;
  }
  cnn_spelling_unify (topology);
  weights = cnn_weight_store_load (json_get (root, "weightsManifest"), folder,
      limits->memory_bytes, error);
  return weights ? build (topology, weights, limits, size, error) : NULL;
}

CnnModel *
cnn_model_load (const gchar *path, const CnnLimits *limits, GError **error)
{
  return cnn_model_load_sized (path, limits, NULL, error);
}

CnnModel *
cnn_model_load_sized (const gchar *path, const CnnLimits *limits,
    const CnnInputSize *size, GError **error)
{
  const CnnLimits default_limits = CNN_LIMITS_DEFAULT;
  g_autofree gchar *file = NULL, *folder = NULL;
  g_autoptr (GBytes) text = NULL;
  CnnModel *model = NULL;
  cJSON *root;

  if (!limits)
    limits = &default_limits;
  if ((size && !cnn_input_size_check (size, error))
      || !(file = cnn_model_file_find (path, error))
      || !(text = file_read (file, limits->json_bytes, error)))
    return NULL;
  folder = g_path_get_dirname (file);
  root = json_parse (text, error);
  if (root)
    model = load_from_json (root, folder, limits, size, error);
  cJSON_Delete (root);
  if (!model)
    g_prefix_error (error, "%s: ", file);
  return model;
}

const gchar *
cnn_model_get_name (const CnnModel *model)
{
  return model->name;
}

guint
cnn_model_get_n_nodes (const CnnModel *model)
{
  return model->nodes->len;
}

gint
cnn_model_find_node (const CnnModel *model, const gchar *layer_name)
{
  for (guint i = 0; i < model->nodes->len; i++) {
    if (g_str_equal (cnn_model_get_node_name (model, i), layer_name))
      return (gint) i;
  }
  return -1;
}

const gchar *
cnn_model_get_node_name (const CnnModel *model, guint node)
{
  return cnn_model_get_node (model, node)->layer->name;
}

const gchar *
cnn_model_get_node_class (const CnnModel *model, guint node)
{
  return cnn_model_get_node (model, node)->layer->class->name;
}

const CnnShape *
cnn_model_get_node_shape (const CnnModel *model, guint node)
{
  return &cnn_model_get_node (model, node)->shape;
}

const guint *
cnn_model_get_node_inputs (const CnnModel *model, guint node, guint *n_inputs)
{
  const CnnNode *self = cnn_model_get_node (model, node);

  *n_inputs = self->n_inputs;
  return (const guint *) model->edges->data + self->first_input;
}

guint64
cnn_model_get_node_params (const CnnModel *model, guint node,
    guint64 *trainable)
{
  const CnnLayer *layer = cnn_model_get_node (model, node)->layer;
  guint64 all = 0, trained = 0;

  for (guint i = 0; i < layer->n_variables; i++) {
    gsize count = cnn_shape_size (&layer->variables[i].shape);

    all += count;
    if (layer->variables[i].trainable)
      trained += count;
  }
  if (trainable)
    *trainable = trained;
  return all;
}

guint64
cnn_model_get_node_macs (const CnnModel *model, guint node)
{
  const CnnNode *self = cnn_model_get_node (model, node);

  if (!self->layer->class->count_macs)
    return 0;
  return self->layer->class->count_macs (self->layer,
      cnn_model_get_node_shape (model,
          cnn_model_get_node_input (model, node, 0)),
      &self->shape);
}

gsize
cnn_model_get_memory (const CnnModel *model)
{
  gsize values = 0;

  for (guint i = 0; i < model->nodes->len; i++)
    values += cnn_shape_size (cnn_model_get_node_shape (model, i));
  for (guint i = 0; i < model->layers->len; i++) {
    const CnnLayer *layer = g_ptr_array_index (model->layers, i);

    for (guint k = 0; k < layer->n_variables; k++)
      values += cnn_shape_size (&layer->variables[k].shape);
  }
  return values * sizeof (gfloat);
}

GStrv
cnn_model_list_layer_classes (void)
{
  guint n_classes;
  const CnnLayerClass *const *classes = cnn_layer_get_classes (&n_classes);
  GStrv names = g_new0 (gchar *, n_classes + 1);

  for (guint i = 0; i < n_classes; i++)
    names[i] = g_strdup (classes[i]->name);
  return names;
}

const guint *
cnn_model_get_inputs (const CnnModel *model, guint *n_inputs)
{
  *n_inputs = model->inputs->len;
  return (const guint *) model->inputs->data;
}

const guint *
cnn_model_get_outputs (const CnnModel *model, guint *n_outputs)
{
  *n_outputs = model->outputs->len;
  return (const guint *) model->outputs->data;
}

static const gchar *
get_output_name (const CnnModel *model, guint index)
{
  return cnn_model_get_node_name (model,
      g_array_index (model->outputs, guint, index));
}

static void
set_output_error (const CnnModel *model, const gchar *name, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < model->outputs->len; i++)
    g_string_append_printf (known, "%s%s", i ? ", " : "",
        get_output_name (model, i));
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "the model has no output '%s'; it has %s, numbered from 0", name,
      known->str);
}

gboolean
cnn_model_find_output (const CnnModel *model, const gchar *name, guint *index,
    GError **error)
{
  const guint n_outputs = model->outputs->len;
  guint64 number;

  *index = 0;
  if (!name || !*name)
    return TRUE;
  for (guint i = 0; i < n_outputs; i++) {
    if (g_str_equal (get_output_name (model, i), name)) {
      *index = i;
      return TRUE;
    }
  }
  if (g_ascii_string_to_unsigned (name, 10, 0, n_outputs - 1, &number, NULL)) {
    *index = (guint) number;
    return TRUE;
  }
  set_output_error (model, name, error);
  return FALSE;
}

CnnActivation
cnn_model_get_output_activation (const CnnModel *model, guint node)
{
  while (cnn_model_get_node (model, node)->layer->class->role
      == CNN_LAYER_ROLE_VIEW)
    node = cnn_model_get_node_input (model, node, 0);
  return cnn_model_get_node (model, node)->layer->activation;
}

gint
cnn_model_find_only_reader (const CnnModel *model, guint node)
{
  return g_array_index (model->readers, gint, node);
}
