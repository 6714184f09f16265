/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/layers-model.h"

#include <string.h>

#include "base/json.h"
#include "base/model-error.h"

/* Far more than any real network has. */
#define MAX_WEIGHTS 16384

static void
weight_free (gpointer data)
{
  LayersModelWeight *weight = data;

  g_free (weight->name);
  g_free (weight->values);
  g_free (weight);
}

LayersModel *
layers_model_new (void)
{
  LayersModel *model = g_new0 (LayersModel, 1);

  model->weights = g_ptr_array_new_with_free_func (weight_free);
  model->weights_by_name = g_hash_table_new (g_str_hash, g_str_equal);
  return model;
}

void
layers_model_free (LayersModel *model)
{
  g_hash_table_unref (model->weights_by_name);
  g_ptr_array_unref (model->weights);
  cJSON_Delete (model->config);
  g_free (model->backend);
  g_free (model->source);
  preprocess_hints_clear (&model->hints);
  g_free (model->keras_version);
  g_free (model);
}

/* Files from Keras 1 hold the bytecode of Lambda layers as text with zeros,
 * which json_parse() refuses. Nobody reads it; a sign that cannot be read takes
 * the place of each. */
static GBytes *
replace_zeros (GBytes *json)
{
  gsize size;
  const gchar *text = g_bytes_get_data (json, &size);
  gchar *copy = g_memdup2 (text, size);

  for (gsize i = 0; i + 6 <= size; i++) {
    if (copy[i] != '\\')
      continue;
    if (memcmp (copy + i, "\\u0000", 6) == 0)
      memcpy (copy + i, "\\ufffd", 6);
    i++;
  }
  return g_bytes_new_take (copy, size);
}

/* What some layers compute depends on the version. The text has it only if it
 * is from model.to_json (), and not if that is from Keras 3. */
static void
set_version (LayersModel *model, const cJSON *root)
{
  const cJSON *version = json_get (root, "keras_version");

  if (!model->keras_version && cJSON_IsString (version))
    model->keras_version = g_strdup (version->valuestring);
  else if (!model->keras_version)
    model->keras_version = g_strdup (
        json_get (root, "module") ? "3.0.0" : "2.0.0");
  model->source = g_strconcat ("keras v", model->keras_version, NULL);
}

gboolean
layers_model_set_config (LayersModel *model, GBytes *json, const gchar *what,
    GError **error)
{
  g_autoptr (GBytes) text = replace_zeros (json);
  cJSON *root = json_parse (text, error);
  cJSON *config = NULL;

  if (root && json_get_string (root, "class_name", error)) {
    config = cJSON_DetachItemFromObjectCaseSensitive (root, "config");
    if (!config)
      g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'config' is missing");
  }
  if (config) {
    set_version (model, root);
    /* The rest is about training or Python. */
    model->config = cJSON_CreateObject ();
    cJSON_AddItemToObject (model->config, "class_name",
        cJSON_DetachItemFromObjectCaseSensitive (root, "class_name"));
    cJSON_AddItemToObject (model->config, "config", config);
  } else {
    g_prefix_error (error, "%s: ", what);
  }
  cJSON_Delete (root);
  return config != NULL;
}

gboolean
layers_model_take_weight (LayersModel *model, const gchar *name,
    const CnnShape *shape, gfloat *values, GError **error)
{
  LayersModelWeight *weight;

  if (layers_model_has_weight (model, name)
      || model->weights->len == MAX_WEIGHTS) {
    g_free (values);
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "weight '%s' occurs twice, or is one too many", name);
    return FALSE;
  }
  weight = g_new0 (LayersModelWeight, 1);
  weight->name = g_strdup (name);
  weight->shape = *shape;
  weight->values = values;
  g_ptr_array_add (model->weights, weight);
  g_hash_table_insert (model->weights_by_name, weight->name, weight);
  return TRUE;
}

gboolean
layers_model_has_weight (const LayersModel *model, const gchar *name)
{
  return g_hash_table_contains (model->weights_by_name, name);
}

const LayersModelWeight *
layers_model_get_weight (const LayersModel *model, const gchar *name)
{
  return g_hash_table_lookup (model->weights_by_name, name);
}

gboolean
layers_model_rename_weight (LayersModel *model, const gchar *name,
    const gchar *other)
{
  LayersModelWeight *weight = g_hash_table_lookup (model->weights_by_name,
      name);

  if (!weight || layers_model_has_weight (model, other))
    return FALSE;
  g_hash_table_remove (model->weights_by_name, name);
  g_free (weight->name);
  weight->name = g_strdup (other);
  g_hash_table_insert (model->weights_by_name, weight->name, weight);
  return TRUE;
}

void
layers_model_remove_weight (LayersModel *model, const gchar *name)
{
  gpointer weight = g_hash_table_lookup (model->weights_by_name, name);

  g_hash_table_remove (model->weights_by_name, name);
  g_ptr_array_remove (model->weights, weight);
}

const cJSON *
layers_model_get_layers (const cJSON *entry)
{
  const cJSON *config = json_get (entry, "config");
  const cJSON *layers = cJSON_IsArray (config) ? config
                                               : json_get (config, "layers");

  return cJSON_IsArray (layers) ? layers : NULL;
}

const gchar *
layers_model_get_layer_name (const cJSON *entry)
{
  const cJSON *name = json_get (entry, "name");

  if (!name)
    name = json_get (json_get (entry, "config"), "name");
  return cJSON_IsString (name) ? name->valuestring : NULL;
}
