/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/keras-h5.h"

#include <string.h>

#include "base/model-error.h"
#include "formats/keras-weights.h"

#define WEIGHTS "model_weights"

/* Name -> layer, both borrowed from the model. Of two layers with the same name
 * the first counts. */
static GHashTable *
index_layers (const LayersModel *model)
{
  GHashTable *layers = g_hash_table_new (g_str_hash, g_str_equal);
  const cJSON *entry;

  cJSON_ArrayForEach (entry, layers_model_get_layers (model->config))
  {
    const gchar *name = layers_model_get_layer_name (entry);

    if (name && !g_hash_table_contains (layers, name))
      g_hash_table_insert (layers, (gpointer) name, (gpointer) entry);
  }
  return layers;
}

static gboolean
has_component (const gchar *path, const gchar *name)
{
  g_auto (GStrv) components = g_strsplit (path, "/", -1);

  return g_strv_contains ((const gchar *const *) components, name);
}

/*
 * The name of a weight in the manifest, by which the loader finds it. As in
 * tensorflowjs_converter, it is kept if it contains the layer's name. If not,
 * because the layer was renamed or the name was taken when its variables were
 * made ("conv2d_1/kernel" in layer "conv2d"), the layer's name replaces all but
 * the last component. Weights of nested models do not contain the name of the
 * outer layer; it is put in front only if two of them have the same name.
 */
static gchar *
name_weight (const LayersModel *model, GHashTable *layers, const gchar *layer,
    const gchar *weight_name)
{
  g_autofree gchar *name = g_str_has_suffix (weight_name, ":0")
      ? g_strndup (weight_name, strlen (weight_name) - 2)
      : g_strdup (weight_name);
  gboolean is_model =
      layers_model_get_layers (g_hash_table_lookup (layers, layer)) != NULL;

  if (is_model) {
    if (strchr (name, '/') && !layers_model_has_weight (model, name))
      return g_steal_pointer (&name);
    return g_strconcat (layer, "/", name, NULL);
  }
  if (has_component (name, layer) || strchr (layer, '/'))
    return g_steal_pointer (&name);
  return g_strconcat (layer, "/",
      strrchr (name, '/') ? strrchr (name, '/') + 1 : name, NULL);
}

/* @root: path of the group of all layers, "" if it is the file */
static gboolean
read_layer (LayersModel *model, Hdf5Reader *reader, GHashTable *layers,
    const gchar *root, const gchar *layer, GError **error)
{
  g_autofree gchar *group = *root ? g_strconcat (root, "/", layer, NULL)
                                  : g_strdup (layer);
  g_auto (GStrv)
      names = hdf5_reader_get_strings (reader, group, "weight_names", error);

  for (guint i = 0; names && names[i]; i++) {
    g_autofree gchar *path = g_strconcat (group, "/", names[i], NULL);
    g_autofree gchar *name = name_weight (model, layers, layer, names[i]);
    CnnShape shape;
    gfloat *values = hdf5_reader_get_values (reader, path, &shape, error);

    if (!values
        || !layers_model_take_weight (model, name, &shape, values, error))
      return FALSE;
  }
  return names != NULL;
}

static gboolean
read_config (LayersModel *model, Hdf5Reader *reader, GError **error)
{
  g_autofree gchar *text = NULL;
  g_autoptr (GBytes) json = NULL;

  if (!hdf5_reader_has_attribute (reader, "", "model_config")) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "has weights only (attribute 'model_config' is missing): save the "
        "whole "
        "model with model.save (), or give a file with what model.to_json () "
        "returns, with --architecture FILE");
    return FALSE;
  }
  text = hdf5_reader_get_string (reader, "", "model_config", error);
  if (!text)
    return FALSE;
  json = g_bytes_new_static (text, strlen (text));
  return layers_model_set_config (model, json, "model_config", error);
}

/* An attribute that may be missing, as in files from Keras 1. */
static gboolean
read_optional (Hdf5Reader *reader, const gchar *name, const gchar *otherwise,
    gchar **text, GError **error)
{
  *text = hdf5_reader_has_attribute (reader, "", name)
      ? hdf5_reader_get_string (reader, "", name, error)
      : g_strdup (otherwise);
  return *text != NULL;
}

static gboolean
read_weights (LayersModel *model, Hdf5Reader *reader, const gchar *root,
    GError **error)
{
  g_autoptr (GHashTable) layers = index_layers (model);
  g_auto (GStrv)
      names = hdf5_reader_get_strings (reader, root, "layer_names", error);

  for (guint i = 0; names && names[i]; i++) {
    if (!read_layer (model, reader, layers, root, names[i], error)) {
      g_prefix_error (error, "layer '%s': ", names[i]);
      return FALSE;
    }
  }
  return names != NULL;
}

LayersModel *
keras_h5_read (GBytes *file, gsize max_bytes, GError **error)
{
  g_autoptr (Hdf5Reader) reader = hdf5_reader_new (file, max_bytes, error);
  g_autoptr (LayersModel) model = layers_model_new ();

  if (!reader
      || !read_optional (reader, "keras_version", "1.0.0",
          &model->keras_version, error)
      || !read_optional (reader, "backend", "tensorflow", &model->backend,
          error)
      || !read_config (model, reader, error)
      || !read_weights (model, reader, WEIGHTS, error))
    return NULL;
  return g_steal_pointer (&model);
}

/* A file of the legacy format lists its layers; a long list is split. */
static gboolean
is_legacy (Hdf5Reader *reader)
{
  return hdf5_reader_has_attribute (reader, "", "layer_names")
      || hdf5_reader_has_attribute (reader, "", "layer_names0");
}

LayersModel *
keras_h5_read_weights (GBytes *file, GBytes *architecture, gsize max_bytes,
    GError **error)
{
  g_autoptr (Hdf5Reader) reader = hdf5_reader_new (file, max_bytes, error);
  g_autoptr (LayersModel) model = layers_model_new ();
  gboolean done;

  if (!reader
      || !layers_model_set_config (model, architecture, "--architecture",
          error))
    return NULL;
  model->backend = g_strdup ("tensorflow");
  if (is_legacy (reader))
    done = read_weights (model, reader, "", error);
  else if (hdf5_reader_has_group (reader, WEIGHTS))
    done = read_weights (model, reader, WEIGHTS, error);
  else
    done = keras_weights_read (model, reader, error);
  return done ? g_steal_pointer (&model) : NULL;
}
