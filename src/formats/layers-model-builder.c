/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/layers-model-builder.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/model-error.h"

#define MAX_VARIABLES 4

typedef struct {
  const gchar *variable;
  CnnShape shape;
  gfloat *values;
} Weight;

typedef struct {
  const gchar *class_name;
  gchar *name;
  gchar *origin;
  cJSON *config;
  guint *inputs;
  guint n_inputs;
  CnnShape shape;
  Weight weights[MAX_VARIABLES];
  guint n_weights;
  gboolean training;
  gboolean is_used;
} Layer;

struct _LayersModelBuilder {
  GPtrArray *layers;
  guint64 n_values;
};

static void
layer_free (gpointer data)
{
  Layer *layer = data;

  for (guint i = 0; i < layer->n_weights; i++)
    g_free (layer->weights[i].values);
  cJSON_Delete (layer->config);
  g_free (layer->inputs);
  g_free (layer->origin);
  g_free (layer->name);
  g_free (layer);
}

LayersModelBuilder *
layers_model_builder_new (void)
{
  LayersModelBuilder *builder = g_new0 (LayersModelBuilder, 1);

  builder->layers = g_ptr_array_new_with_free_func (layer_free);
  return builder;
}

void
layers_model_builder_free (LayersModelBuilder *builder)
{
  g_ptr_array_unref (builder->layers);
  g_free (builder);
}

static Layer *
get_layer (const LayersModelBuilder *builder, guint layer)
{
  return g_ptr_array_index (builder->layers, layer);
}

guint
layers_model_builder_add (LayersModelBuilder *builder, const gchar *class_name,
    const gchar *name, cJSON *config, const guint *inputs, guint n_inputs,
    const CnnShape *shape)
{
  Layer *layer = g_new0 (Layer, 1);

  layer->class_name = class_name;
  layer->name = g_strdup (name);
  layer->config = config;
  layer->inputs = g_memdup2 (inputs, n_inputs * sizeof *inputs);
  layer->n_inputs = n_inputs;
  layer->shape = *shape;
  g_ptr_array_add (builder->layers, layer);
  return builder->layers->len - 1;
}

void
layers_model_builder_take_weight (LayersModelBuilder *builder,
    const gchar *variable, const CnnShape *shape, gfloat *values)
{
  Layer *layer = get_layer (builder, builder->layers->len - 1);

  g_assert (layer->n_weights < MAX_VARIABLES);
  builder->n_values += cnn_shape_size (shape);
  layer->weights[layer->n_weights++] = (Weight) { variable, *shape, values };
}

void
layers_model_builder_set_training (LayersModelBuilder *builder)
{
  get_layer (builder, builder->layers->len - 1)->training = TRUE;
}

guint64
layers_model_builder_count_values (const LayersModelBuilder *builder)
{
  return builder->n_values;
}

const CnnShape *
layers_model_builder_get_shape (const LayersModelBuilder *builder, guint layer)
{
  return &get_layer (builder, layer)->shape;
}

void
layers_model_builder_set_origin (LayersModelBuilder *builder, guint layer,
    const gchar *tensor)
{
  Layer *self = get_layer (builder, layer);

  if (!self->origin)
    self->origin = g_utf8_make_valid (tensor, -1);
}

gboolean
layers_model_builder_is (const LayersModelBuilder *builder, guint layer,
    const gchar *class_name, const gchar *key, const gchar *value)
{
  const Layer *self = get_layer (builder, layer);
  const cJSON *item = key ? json_get (self->config, key) : NULL;

  return g_str_equal (self->class_name, class_name)
      && (!key
          || (cJSON_IsString (item) && g_str_equal (item->valuestring, value)));
}

guint
layers_model_builder_copy (LayersModelBuilder *builder, guint layer)
{
  const Layer *from = get_layer (builder, layer);
  const guint copy = layers_model_builder_add (builder, from->class_name,
      from->name, cJSON_Duplicate (from->config, TRUE), from->inputs,
      from->n_inputs, &from->shape);

  for (guint i = 0; i < from->n_weights; i++) {
    const Weight *weight = &from->weights[i];

    layers_model_builder_take_weight (builder, weight->variable, &weight->shape,
        g_memdup2 (weight->values,
            cnn_shape_size (&weight->shape) * sizeof *weight->values));
  }
  return copy;
}

cJSON *
layers_model_builder_get_config (LayersModelBuilder *builder, guint layer)
{
  return get_layer (builder, layer)->config;
}

/* Inputs are made before the layers that read them. */
static void
mark_used (LayersModelBuilder *builder, const guint *outputs, guint n_outputs)
{
  for (guint i = 0; i < n_outputs; i++)
    get_layer (builder, outputs[i])->is_used = TRUE;
  for (guint i = builder->layers->len; i > 0; i--) {
    const Layer *layer = get_layer (builder, i - 1);

    for (guint k = 0; layer->is_used && k < layer->n_inputs; k++)
      get_layer (builder, layer->inputs[k])->is_used = TRUE;
  }
}

/* Makes the names of all used layers different. */
static void
distinguish (LayersModelBuilder *builder)
{
  g_autoptr (GHashTable)
      counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < builder->layers->len; i++) {
    Layer *layer = get_layer (builder, i);
    gchar *name = layer->is_used ? g_strdup (layer->name) : NULL;

    while (name && g_hash_table_contains (counts, name)) {
      const guint number = GPOINTER_TO_UINT (
          g_hash_table_lookup (counts, layer->name));

      g_free (name);
      name = g_strdup_printf ("%s_%u", layer->name, number);
      g_hash_table_insert (counts, g_strdup (layer->name),
          GUINT_TO_POINTER (number + 1));
    }
    if (!name)
      continue;
    g_hash_table_insert (counts, g_strdup (name), GUINT_TO_POINTER (1));
    g_free (layer->name);
    layer->name = name;
  }
}

/* A reference to the first output of the first call of a layer. */
static cJSON *
create_reference (const gchar *name)
{
  cJSON *reference = cJSON_CreateArray ();

  cJSON_AddItemToArray (reference, cJSON_CreateString (name));
  cJSON_AddItemToArray (reference, cJSON_CreateNumber (0));
  cJSON_AddItemToArray (reference, cJSON_CreateNumber (0));
  return reference;
}

static cJSON *
create_entry (const LayersModelBuilder *builder, const Layer *layer)
{
  cJSON *entry = cJSON_CreateObject (), *nodes, *node, *config;

  config = cJSON_Duplicate (layer->config, TRUE);
  cJSON_AddStringToObject (config, "name", layer->name);
  cJSON_AddStringToObject (config, "dtype", "float32");
  cJSON_AddStringToObject (entry, "class_name", layer->class_name);
  cJSON_AddStringToObject (entry, "name", layer->name);
  cJSON_AddItemToObject (entry, "config", config);
  if (layer->origin)
    cJSON_AddStringToObject (entry, "origin", layer->origin);
  nodes = cJSON_AddArrayToObject (entry, "inbound_nodes");
  if (layer->n_inputs == 0)
    return entry;
  node = cJSON_CreateArray ();
  for (guint i = 0; i < layer->n_inputs; i++) {
    cJSON *reference = create_reference (
        get_layer (builder, layer->inputs[i])->name);
    cJSON *arguments = cJSON_CreateObject ();

    if (layer->training)
      cJSON_AddTrueToObject (arguments, "training");
    cJSON_AddItemToArray (reference, arguments);
    cJSON_AddItemToArray (node, reference);
  }
  cJSON_AddItemToArray (nodes, node);
  return entry;
}

static cJSON *
create_config (const LayersModelBuilder *builder, const gchar *name,
    const guint *outputs, guint n_outputs)
{
  cJSON *root = cJSON_CreateObject ();
  cJSON *config, *layers, *list;

  cJSON_AddStringToObject (root, "class_name", "Functional");
  config = cJSON_AddObjectToObject (root, "config");
  cJSON_AddStringToObject (config, "name", name);
  layers = cJSON_AddArrayToObject (config, "layers");
  list = cJSON_AddArrayToObject (config, "input_layers");
  for (guint i = 0; i < builder->layers->len; i++) {
    const Layer *layer = get_layer (builder, i);

    if (!layer->is_used)
      continue;
    cJSON_AddItemToArray (layers, create_entry (builder, layer));
    if (layer->n_inputs == 0)
      cJSON_AddItemToArray (list, create_reference (layer->name));
  }
  list = cJSON_AddArrayToObject (config, "output_layers");
  for (guint i = 0; i < n_outputs; i++)
    cJSON_AddItemToArray (list,
        create_reference (get_layer (builder, outputs[i])->name));
  return root;
}

static gboolean
check_finite (const Weight *weight, const gchar *name, GError **error)
{
  const gsize count = cnn_shape_size (&weight->shape);

  for (gsize i = 0; i < count; i++) {
    if (!isfinite (weight->values[i])) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "weight '%s': value %" G_GSIZE_FORMAT " is not finite", name, i);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
move_weights (Layer *layer, LayersModel *model, GError **error)
{
  for (guint i = 0; layer->is_used && i < layer->n_weights; i++) {
    Weight *weight = &layer->weights[i];
    g_autofree gchar *name = g_strconcat (layer->name, "/", weight->variable,
        NULL);

    if (!check_finite (weight, name, error)
        || !layers_model_take_weight (model, name, &weight->shape,
            g_steal_pointer (&weight->values), error))
      return FALSE;
  }
  return TRUE;
}

LayersModel *
layers_model_builder_finish (LayersModelBuilder *builder, const gchar *name,
    const guint *outputs, guint n_outputs, GError **error)
{
  g_autoptr (LayersModel) model = layers_model_new ();

  mark_used (builder, outputs, n_outputs);
  distinguish (builder);
  model->keras_version = g_strdup ("2.15.0");
  model->backend = g_strdup ("tensorflow");
  model->config = create_config (builder, name, outputs, n_outputs);
  for (guint i = 0; i < builder->layers->len; i++) {
    if (!move_weights (get_layer (builder, i), model, error))
      return NULL;
  }
  return g_steal_pointer (&model);
}
