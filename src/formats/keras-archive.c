/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/keras-archive.h"

#include "base/json.h"
#include "base/model-error.h"
#include "formats/hdf5-reader.h"
#include "formats/zip-reader.h"

#define MAX_JSON ((gsize) 16 << 20)
#define MAX_NESTING 16
#define MAX_LAYER_VARIABLES 4

/* Keras 2.12 to 2.15 name the group of layers after this attribute. */
#define OLD_CONTAINER "_layer_checkpoint_dependencies"

/**
 * Container:
 * @path: path of a group of layers in the weights file
 * @parent: (nullable): name of the nested model that contains them
 * @is_old: whether an old version wrote the file, which counts each layer with
 *   weights twice
 * @next: (element-type utf8 guint): class in snake case -> next number
 */
typedef struct {
  LayersModel *model;
  Hdf5Reader *reader;
  gchar *path;
  const gchar *parent;
  gboolean is_old;
  GHashTable *next;
} Container;

static gboolean read_layers (LayersModel *model, Hdf5Reader *reader,
    const cJSON *layers, const gchar *path, const gchar *parent, guint depth,
    GError **error);

/* @key: (nullable): the variable exists unless the configuration sets this key
 * to false. */
typedef struct {
  const gchar *name;
  const gchar *key;
} Variable;

typedef struct {
  const gchar *class_name;
  Variable variables[MAX_LAYER_VARIABLES];
} LayerVariables;

static const LayerVariables classes[] = {
  { "Dense", { { "kernel" }, { "bias", "use_bias" } } },
  { "Conv1D", { { "kernel" }, { "bias", "use_bias" } } },
  { "Conv2D", { { "kernel" }, { "bias", "use_bias" } } },
  { "Conv2DTranspose", { { "kernel" }, { "bias", "use_bias" } } },
  { "DepthwiseConv2D", { { "depthwise_kernel" }, { "bias", "use_bias" } } },
  { "SeparableConv2D",
      { { "depthwise_kernel" }, { "pointwise_kernel" },
          { "bias", "use_bias" } } },
  { "BatchNormalization",
      { { "gamma", "scale" }, { "beta", "center" }, { "moving_mean" },
          { "moving_variance" } } },
  { "LayerNormalization", { { "gamma", "scale" }, { "beta", "center" } } },
  { "GroupNormalization", { { "gamma", "scale" }, { "beta", "center" } } },
  { "PReLU", { { "alpha" } } },
};

/* Lists the variables of a layer by their names in tfjs, in the order in which
 * Keras saves them. Returns 0 for unknown classes and those without any. */
static guint
list_variables (const gchar *class_name, const cJSON *config,
    const gchar *names[MAX_LAYER_VARIABLES])
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++) {
    const Variable *variables = classes[i].variables;

    if (!g_str_equal (classes[i].class_name, class_name))
      continue;
    for (guint k = 0; k < MAX_LAYER_VARIABLES && variables[k].name; k++) {
      if (!variables[k].key
          || !cJSON_IsFalse (json_get (config, variables[k].key)))
        names[n++] = variables[k].name;
    }
  }
  return n;
}

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
    g_autofree gchar *path = g_strconcat (container->path, "/", snake, suffix,
        NULL);

    if (hdf5_reader_has_group (container->reader, path))
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
  const gchar *names[MAX_LAYER_VARIABLES];
  guint n = list_variables (class_name, json_get (entry, "config"), names);
  g_autofree gchar *group = find_group (container, class_name);
  g_autofree gchar *vars = g_strconcat (group ? group : container->path,
      "/vars", NULL);
  guint n_members = group ? hdf5_reader_count_members (container->reader, vars)
                          : 0;

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
      done = read_layers (container->model, container->reader, layers, group,
          name, depth + 1, error);
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

static gboolean
read_layers (LayersModel *model, Hdf5Reader *reader, const cJSON *layers,
    const gchar *path, const gchar *parent, guint depth, GError **error)
{
  const gchar *slash = *path ? "/" : "";
  g_autofree gchar *old = g_strconcat (path, slash, OLD_CONTAINER, NULL);
  Container container = { model, reader, .parent = parent };
  gboolean done = TRUE;
  const cJSON *entry;

  if (depth > MAX_NESTING) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "models are nested too deeply");
    return FALSE;
  }
  container.is_old = hdf5_reader_has_group (reader, old);
  container.path = container.is_old ? g_steal_pointer (&old)
                                    : g_strconcat (path, slash, "layers", NULL);
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

/* Required, because what some layers compute depends on the version. */
static gboolean
read_metadata (LayersModel *model, ZipReader *archive, GError **error)
{
  g_autoptr (GBytes)
      text = zip_reader_get (archive, "metadata.json", MAX_JSON, error);
  cJSON *root = text ? json_parse (text, error) : NULL;

  if (root)
    model->keras_version = g_strdup (
        json_get_string (root, "keras_version", error));
  if (!model->keras_version && text)
    g_prefix_error (error, "metadata.json: ");
  cJSON_Delete (root);
  model->backend = g_strdup ("tensorflow");
  return model->keras_version != NULL;
}

LayersModel *
keras_archive_read (GBytes *file, gsize max_bytes, GError **error)
{
  g_autoptr (ZipReader) archive = zip_reader_new (file, error);
  g_autoptr (LayersModel) model = layers_model_new ();
  g_autoptr (GBytes) config = NULL;
  g_autoptr (GBytes) weights = NULL;
  g_autoptr (Hdf5Reader) reader = NULL;
  const cJSON *layers;

  if (!archive || !read_metadata (model, archive, error))
    return NULL;
  config = zip_reader_get (archive, "config.json", MAX_JSON, error);
  if (!config || !layers_model_set_config (model, config, "config.json", error))
    return NULL;
  layers = layers_model_get_layers (model->config);
  if (!layers) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "config.json: the model has no list of layers; only Sequential and "
        "Functional models can be converted");
    return NULL;
  }
  weights = zip_reader_get (archive, "model.weights.h5", G_MAXSIZE, error);
  if (!weights)
    return NULL;
  reader = hdf5_reader_new (weights, max_bytes, error);
  if (!reader || !read_layers (model, reader, layers, "", NULL, 0, error)) {
    g_prefix_error (error, "model.weights.h5: ");
    return NULL;
  }
  return g_steal_pointer (&model);
}
