/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/keras-weights.h"

#include "base/json.h"
#include "base/model-error.h"
#include "formats/keras-variables.h"

#define MAX_NESTING 16

#define CONTAINER "layers"

/* Keras 2.12 to 2.15 name the group of layers after this attribute. */
#define OLD_CONTAINER "_layer_checkpoint_dependencies"

/**
 * Container:
 * @separator: what separates the names in @path: "/", or "\\" in files that
 *   some versions wrote on Windows, where it is a part of the groups' names
 * @path: path of a group of layers in the weights file
 * @parent: (nullable): name of the nested model that contains them
 * @is_old: whether an old version wrote the file, which counts each layer with
 *   weights twice
 * @next: (element-type utf8 guint): class in snake case -> next number
 */
typedef struct {
  LayersModel *model;
  Hdf5Reader *reader;
  const gchar *separator;
  gchar *path;
  const gchar *parent;
  gboolean is_old;
  GHashTable *next;
} Container;

static gboolean read_layers (const Container *outer, const cJSON *layers,
    const gchar *path, const gchar *parent, guint depth, GError **error);

/* As Keras does: BatchNormalization becomes batch_normalization, Conv2D conv2d
 * and PReLU p_re_lu. A capital starts a word if a small letter precedes or
 * follows it. */
static gchar *
to_snake_case (const gchar *class_name)
{
  GString *name = g_string_new (NULL);

  for (const gchar *c = class_name; *c; c++) {
    if (!g_ascii_isalnum (*c) && *c != '_')
      continue;
    if (c > class_name && g_ascii_isupper (*c)
        && (g_ascii_islower (c[1]) || g_ascii_islower (c[-1])))
      g_string_append_c (name, '_');
    g_string_append_c (name, g_ascii_tolower (*c));
  }
  return g_string_free (name, FALSE);
}

/* The group of a model, or of all its layers, holds nothing but groups. On
 * Windows there is none, only groups whose names begin with it. */
static gboolean
has_container (const Container *container, const gchar *path)
{
  g_autofree gchar *prefix = g_strconcat (path, container->separator, NULL);

  return hdf5_reader_has_group (container->reader, path)
      || hdf5_reader_has_member (container->reader, "", prefix);
}

/* The group of the next layer of a class. Old files skip numbers. */
static gchar *
find_group (Container *container, const gchar *class_name)
{
  gchar *snake = to_snake_case (class_name);
  guint first = GPOINTER_TO_UINT (g_hash_table_lookup (container->next, snake));
  gchar *group = NULL;
  guint number = first;

  for (; !group && number <= first + (container->is_old ? 1 : 0); number++) {
    g_autofree gchar *suffix = number > 0 ? g_strdup_printf ("_%u", number)
                                          : g_strdup ("");
    g_autofree gchar *path = g_strconcat (container->path, container->separator,
        snake, suffix, NULL);

    if (has_container (container, path))
      group = g_steal_pointer (&path);
  }
  g_hash_table_insert (container->next, snake,
      GUINT_TO_POINTER (group ? number : first + 1));
  return group;
}

/* Recent files name the layer that the variables belong to. */
static gboolean
check_name (Container *container, const gchar *vars, const gchar *layer,
    GError **error)
{
  g_autofree gchar *name = NULL;

  if (!hdf5_reader_has_attribute (container->reader, vars, "name"))
    return TRUE;
  name = hdf5_reader_get_string (container->reader, vars, "name", error);
  if (name && !g_str_equal (name, layer)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' holds the variables of layer '%s'", vars, name);
    return FALSE;
  }
  return name != NULL;
}

/* Layers of different nested models may have the same name. */
static gchar *
name_weight (const Container *container, const gchar *layer,
    const gchar *variable)
{
  g_autofree gchar *name = g_strconcat (layer, "/", variable, NULL);

  if (!container->parent || !layers_model_has_weight (container->model, name))
    return g_steal_pointer (&name);
  return g_strconcat (container->parent, "/", name, NULL);
}

static gboolean
read_variables (Container *container, const cJSON *entry,
    const gchar *class_name, const gchar *layer, GError **error)
{
  const gchar *names[KERAS_MAX_VARIABLES];
  guint n = keras_variables_list (class_name, json_get (entry, "config"),
      names);
  g_autofree gchar *group = find_group (container, class_name);
  g_autofree gchar *vars = g_strconcat (group ? group : container->path,
      "/vars", NULL);
  guint n_members = group ? hdf5_reader_count_members (container->reader, vars)
                          : 0;

  if (n > 0 && !group) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "has no weights in the file: they are not of this model");
    return FALSE;
  }
  if (n_members != n) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "'%s' has %u variables, but a layer of this class is known to have %u",
        vars, n_members, n);
    return FALSE;
  }
  if (n > 0 && !check_name (container, vars, layer, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    g_autofree gchar *path = g_strdup_printf ("%s/%u", vars, i);
    g_autofree gchar *name = name_weight (container, layer, names[i]);
    CnnShape shape;
    gfloat *values = hdf5_reader_get_values (container->reader, path, &shape,
        error);

    if (!values
        || !layers_model_take_weight (container->model, name, &shape, values,
            error))
      return FALSE;
  }
  return TRUE;
}

/* A layer, or a model used as one. */
static gboolean
read_entry (Container *container, const cJSON *entry, guint depth,
    GError **error)
{
  const gchar *class_name = json_get_string (entry, "class_name", error);
  const gchar *name = layers_model_get_layer_name (entry);
  const cJSON *layers = layers_model_get_layers (entry);
  gboolean done = FALSE;

  if (!class_name)
    return FALSE;
  if (!name) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "a layer of class %s has no name", class_name);
    return FALSE;
  }
  if (layers) {
    g_autofree gchar *group = find_group (container, class_name);

    if (group)
      done = read_layers (container, layers, group, name, depth + 1, error);
    else
      g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "is not in the file with the weights");
  } else {
    done = read_variables (container, entry, class_name, name, error);
  }
  if (!done)
    g_prefix_error (error, "layer '%s' (%s): ", name, class_name);
  return done;
}

/* @path: path of the model, "" for the outermost one */
static gchar *
get_container_path (const Container *outer, const gchar *path,
    const gchar *name)
{
  return *path ? g_strconcat (path, outer->separator, name, NULL)
               : g_strdup (name);
}

static gboolean
read_layers (const Container *outer, const cJSON *layers, const gchar *path,
    const gchar *parent, guint depth, GError **error)
{
  g_autofree gchar *old = get_container_path (outer, path, OLD_CONTAINER);
  Container container = { outer->model, outer->reader, outer->separator,
    .parent = parent };
  gboolean done = TRUE;
  const cJSON *entry;

  if (depth > MAX_NESTING) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "models are nested too deeply");
    return FALSE;
  }
  container.is_old = has_container (outer, old);
  container.path = container.is_old
      ? g_steal_pointer (&old)
      : get_container_path (outer, path, CONTAINER);
  container.next = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      NULL);
  cJSON_ArrayForEach (entry, layers)
  {
    done = read_entry (&container, entry, depth, error);
    if (!done)
      break;
  }
  g_hash_table_unref (container.next);
  g_free (container.path);
  return done;
}

gboolean
keras_weights_read (LayersModel *model, Hdf5Reader *reader, GError **error)
{
  const gboolean from_windows = hdf5_reader_has_member (reader, "",
                                    CONTAINER "\\")
      || hdf5_reader_has_member (reader, "", OLD_CONTAINER "\\");
  const Container root = { model, reader, from_windows ? "\\" : "/" };
  const cJSON *layers = layers_model_get_layers (model->config);

  if (!layers) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "the model has no list of layers; only Sequential and Functional "
        "models can be converted, not subclasses of Model");
    return FALSE;
  }
  return read_layers (&root, layers, "", NULL, 0, error);
}
