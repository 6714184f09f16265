/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/weight-store.h"

#include "base/aligned.h"
#include "base/json.h"
#include "base/model-error.h"
#include "cnn/model/shard-reader.h"
#include "cnn/model/weight-names.h"

/* A limit far beyond real networks, which keeps hostile manifests cheap. */
#define MAX_WEIGHTS 16384

/**
 * Weight:
 * @values: %NULL once taken
 */
typedef struct {
  CnnShape shape;
  gfloat *values;
} Weight;

/**
 * CnnWeightStore:
 * @weights: weights in the order of their names
 * @bytes: size of all tensors as float32
 */
struct _CnnWeightStore {
  CnnWeightNames *names;
  GPtrArray *weights;
  gsize bytes;
};

static void
weight_free (gpointer data)
{
  Weight *weight = data;

  aligned_free (weight->values);
  g_free (weight);
}

/* Adds a weight without values. */
static Weight *
add_weight (CnnWeightStore *store, const gchar *name, const CnnShape *shape,
    GError **error)
{
  Weight *weight;

  if (store->weights->len == MAX_WEIGHTS) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "is beyond the limit of %d weights", MAX_WEIGHTS);
    return NULL;
  }
  if (!cnn_weight_names_add (store->names, name, error))
    return NULL;
  weight = g_new0 (Weight, 1);
  weight->shape = *shape;
  g_ptr_array_add (store->weights, weight);
  return weight;
}

static gboolean
load_weight (CnnWeightStore *store, const cJSON *entry, guint number,
    CnnShardReader *reader, GError **error)
{
  const gchar *name = json_get_string (entry, "name", error);
  CnnTensorEncoding encoding;
  Weight *weight;
  CnnShape shape;

  if (name && cnn_tensor_encoding_parse (&encoding, entry, error)
      && cnn_shape_from_json (json_get (entry, "shape"), "shape", &shape, error)
      && (weight = add_weight (store, name, &shape, error))
      && (weight->values = cnn_shard_reader_read (reader, &encoding,
              cnn_shape_size (&shape), error)))
    return TRUE;
  if (name)
    g_prefix_error (error, "weight '%s': ", name);
  else
    g_prefix_error (error, "weights[%u]: ", number);
  return FALSE;
}

static gboolean
load_group (CnnWeightStore *store, const cJSON *group, const gchar *folder,
    gsize max_bytes, GError **error)
{
  const cJSON *paths = json_get (group, "paths");
  const cJSON *entries = json_get (group, "weights");
  g_autoptr (CnnShardReader) reader = NULL;
  const cJSON *entry;
  guint number = 0;

  if (!cJSON_IsArray (paths) || !cJSON_IsArray (entries)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' is missing or no list",
        cJSON_IsArray (paths) ? "weights" : "paths");
    return FALSE;
  }
  reader = cnn_shard_reader_new (paths, folder, max_bytes, error);
  if (!reader)
    return FALSE;
  cJSON_ArrayForEach (entry, entries)
  {
    if (!load_weight (store, entry, number++, reader, error))
      return FALSE;
  }
  return cnn_shard_reader_check_end (reader, error);
}

static gsize
measure_weight (const cJSON *entry)
{
  CnnShape shape;
  gsize bytes;

  /* load_weight() reports a shape that is wrong. */
  if (!cnn_shape_from_json (json_get (entry, "shape"), "shape", &shape, NULL))
    return 0;
  return cnn_shape_count (&shape, &bytes)
          && g_size_checked_mul (&bytes, bytes, sizeof (gfloat))
      ? bytes
      : G_MAXSIZE;
}

/* Called before anything is allocated, so that the error can report the whole
 * sum. */
static gboolean
measure_weights (CnnWeightStore *store, const cJSON *manifest, gsize max_bytes,
    GError **error)
{
  const cJSON *group, *entry;

  cJSON_ArrayForEach (group, manifest)
  {
    cJSON_ArrayForEach (entry, json_get (group, "weights"))
    {
      if (!g_size_checked_add (&store->bytes, store->bytes,
              measure_weight (entry)))
        store->bytes = G_MAXSIZE;
    }
  }
  if (store->bytes <= max_bytes)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
      "the weights take %" G_GSIZE_FORMAT " bytes (%.1f MiB), beyond the limit "
      "of %" G_GSIZE_FORMAT " bytes",
      store->bytes, (gdouble) store->bytes / (1 << 20), max_bytes);
  return FALSE;
}

CnnWeightStore *
cnn_weight_store_load (const cJSON *manifest, const gchar *folder,
    gsize max_bytes, GError **error)
{
  g_autoptr (CnnWeightStore) store = g_new0 (CnnWeightStore, 1);
  const cJSON *group;
  guint number = 0;

  store->weights = g_ptr_array_new_with_free_func (weight_free);
  store->names = cnn_weight_names_new ();
  if (!cJSON_IsArray (manifest)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'weightsManifest' is missing or no list");
    return NULL;
  }
  if (!measure_weights (store, manifest, max_bytes, error))
    return NULL;
  cJSON_ArrayForEach (group, manifest)
  {
    if (!load_group (store, group, folder, max_bytes, error)) {
      g_prefix_error (error, "weightsManifest[%u]: ", number);
      return NULL;
    }
    number++;
  }
  return g_steal_pointer (&store);
}

void
cnn_weight_store_free (CnnWeightStore *store)
{
  cnn_weight_names_free (store->names);
  g_ptr_array_unref (store->weights);
  g_free (store);
}

gsize
cnn_weight_store_get_bytes (const CnnWeightStore *store)
{
  return store->bytes;
}

static gboolean
contains (const CnnWeightStore *store, const gchar *layer,
    const gchar *variable)
{
  gint rival;

  return cnn_weight_names_find (store->names, layer, variable, &rival) >= 0;
}

/* Returns the number of the weight of a variable, or -1. */
static gint
find_weight (const CnnWeightStore *store, const gchar *layer,
    const gchar *variable, GError **error)
{
  gint rival;
  const gint number = cnn_weight_names_find (store->names, layer, variable,
      &rival);

  if (number < 0) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "weight '%s/%s' is not in the weights manifest: the weights are not of "
        "this model, or were saved in part",
        layer, variable);
  } else if (rival >= 0) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "weight '%s/%s' could be '%s' or '%s'", layer, variable,
        cnn_weight_names_get (store->names, (guint) rival),
        cnn_weight_names_get (store->names, (guint) number));
    return -1;
  }
  return number;
}

/* Sizes of 0 are those of the weight. */
static void
fill_in (CnnShape *shape, const CnnShape *weight)
{
  for (guint i = 0; i < MIN (shape->rank, weight->rank); i++) {
    if (shape->dims[i] == 0)
      shape->dims[i] = weight->dims[i];
  }
}

/* Returns the values of a weight, which the caller then owns. */
static gfloat *
take_values (CnnWeightStore *store, guint number, CnnShape *shape,
    GError **error)
{
  const gchar *name = cnn_weight_names_get (store->names, number);
  Weight *weight = g_ptr_array_index (store->weights, number);

  fill_in (shape, &weight->shape);
  if (!cnn_shape_equal (&weight->shape, shape)) {
    g_autofree gchar *is = cnn_shape_to_string (&weight->shape);
    g_autofree gchar *expected = cnn_shape_to_string (shape);

    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "weight '%s' is %s in the manifest, but the layer needs %s", name, is,
        expected);
    return NULL;
  }
  if (!weight->values) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "weight '%s' belongs to another layer already", name);
    return NULL;
  }
  return g_steal_pointer (&weight->values);
}

static gboolean
take_variable (CnnWeightStore *store, const CnnLayer *layer,
    CnnVariable *variable, GError **error)
{
  const gchar *name = variable->name;
  gint number;

  if (variable->other_name && !contains (store, layer->name, name))
    name = variable->other_name;
  number = find_weight (store, layer->name, name, error);
  if (number < 0)
    return FALSE;
  *variable->values = take_values (store, (guint) number, &variable->shape,
      error);
  return *variable->values != NULL;
}

/* Whether another call of a layer needs weights of the shapes that it has. */
static gboolean
check_shared (const CnnLayer *layer, const CnnVariable *variables,
    guint n_variables, GError **error)
{
  for (guint i = 0; i < n_variables; i++) {
    const CnnShape *bound = &layer->variables[i].shape;

    if (!cnn_shape_equal (bound, &variables[i].shape)) {
      g_autofree gchar *is = cnn_shape_to_string (bound);
      g_autofree gchar *needed = cnn_shape_to_string (&variables[i].shape);

      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "is shared by inputs that do not fit: its '%s' is %s for one and %s "
          "for another",
          variables[i].name, is, needed);
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
cnn_weight_store_bind (CnnWeightStore *store, CnnLayer *layer,
    const CnnShape *input, GError **error)
{
  CnnVariable variables[CNN_MAX_VARIABLES] = { 0 };
  guint n_variables;

  if (!layer->class->declare)
    return TRUE;
  n_variables = layer->class->declare (layer, input, variables);
  if (layer->bound)
    return check_shared (layer, variables, n_variables, error);
  layer->bound = TRUE;
  for (guint i = 0; i < n_variables; i++) {
    layer->variables[i] = variables[i];
    layer->n_variables = i + 1;
    if (!take_variable (store, layer, &layer->variables[i], error))
      return FALSE;
  }
  return !layer->class->prepare || layer->class->prepare (layer, error);
}

gboolean
cnn_weight_store_check_empty (CnnWeightStore *store, GError **error)
{
  for (guint i = 0; i < store->weights->len; i++) {
    const Weight *weight = g_ptr_array_index (store->weights, i);

    if (weight->values) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "weight '%s' belongs to no layer: the weights are not of this "
          "model",
          cnn_weight_names_get (store->names, i));
      return FALSE;
    }
  }
  return TRUE;
}
