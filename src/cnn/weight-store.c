/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/weight-store.h"

#include <string.h>

#include "cnn/aligned.h"
#include "cnn/cnn-error.h"
#include "cnn/json.h"
#include "cnn/shard-reader.h"
#include "cnn/tensor-encoding.h"

/**
 * Weight:
 * @components: of the name: "block/conv/kernel" has three
 * @values: NULL once taken
 */
typedef struct {
  gchar *name;
  GStrv components;
  guint n_components;
  CnnShape shape;
  gfloat *values;
} Weight;

/* Far beyond what a real network has; keeps hostile manifests cheap. */
#define MAX_WEIGHTS 16384

struct _CnnWeightStore {
  GPtrArray *weights;
  GHashTable *by_name; /* borrows from weights */
  gsize bytes; /* of all tensors as float32, to hold against the limit */
};

static void
weight_free (gpointer data)
{
  Weight *weight = data;

  g_free (weight->name);
  g_strfreev (weight->components);
  cnn_aligned_free (weight->values);
  g_free (weight);
}

/* Adds a weight without values, under its name without the ":0" of
 * TensorFlow. */
static Weight *
add_weight (CnnWeightStore *store, const gchar *name, const CnnShape *shape,
    GError **error)
{
  Weight *weight;
  g_autofree gchar *stripped = g_strdup (name);

  if (g_str_has_suffix (name, ":0") && name[2])
    stripped[strlen (name) - 2] = '\0';
  if (store->weights->len == MAX_WEIGHTS) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
        "is beyond the limit of %d weights", MAX_WEIGHTS);
    return NULL;
  }
  if (g_hash_table_contains (store->by_name, stripped)) {
    g_set_error_literal (error, CNN_ERROR, CNN_ERROR_INVALID, "is there twice");
    return NULL;
  }
  weight = g_new0 (Weight, 1);
  weight->name = g_steal_pointer (&stripped);
  weight->components = g_strsplit (weight->name, "/", -1);
  weight->n_components = g_strv_length (weight->components);
  weight->shape = *shape;
  g_ptr_array_add (store->weights, weight);
  g_hash_table_insert (store->by_name, weight->name, weight);
  return weight;
}

/* Reads into the end of the values, whose encoded form is never larger, and
 * decodes from there. */
static gboolean
load_values (Weight *weight, const CnnTensorEncoding *encoding,
    CnnShardReader *reader, GError **error)
{
  gsize count = cnn_shape_size (&weight->shape);
  gsize n_finite, size = count * cnn_tensor_encoding_get_size (encoding);
  guint8 *bytes;

  weight->values = cnn_aligned_try_new (count);
  if (!weight->values) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
        "no memory for its %" G_GSIZE_FORMAT " values", count);
    return FALSE;
  }
  bytes = (guint8 *) (weight->values + count) - size;
  if (!cnn_shard_reader_read (reader, bytes, size, error))
    return FALSE;
  n_finite = cnn_tensor_encoding_decode (encoding, bytes, weight->values,
      count);
  if (n_finite == count)
    return TRUE;
  g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
      "value %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
      " is not finite; the last one is in '%s'",
      n_finite, count, cnn_shard_reader_get_file (reader));
  return FALSE;
}

static gboolean
load_weight (CnnWeightStore *store, const cJSON *entry, guint number,
    CnnShardReader *reader, GError **error)
{
  const gchar *name = cnn_json_get_string (entry, "name", error);
  CnnTensorEncoding encoding;
  Weight *weight;
  CnnShape shape;

  if (name && cnn_tensor_encoding_parse (&encoding, entry, error)
      && cnn_json_to_shape (cnn_json_get (entry, "shape"), "shape", &shape,
          error)
      && (weight = add_weight (store, name, &shape, error))
      && load_values (weight, &encoding, reader, error))
    return TRUE;
  if (name)
    g_prefix_error (error, "weight '%s': ", name);
  else
    g_prefix_error (error, "weights[%u]: ", number);
  return FALSE;
}

static gboolean
load_group (CnnWeightStore *store, const cJSON *group, const gchar *folder,
    const CnnLimits *limits, GError **error)
{
  const cJSON *paths = cnn_json_get (group, "paths");
  const cJSON *entries = cnn_json_get (group, "weights");
  g_autoptr (CnnShardReader) reader = NULL;
  const cJSON *entry;
  guint number = 0;

  if (!cJSON_IsArray (paths) || !cJSON_IsArray (entries)) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "'%s' is missing or no list",
        cJSON_IsArray (paths) ? "weights" : "paths");
    return FALSE;
  }
  reader = cnn_shard_reader_new (paths, folder, limits->memory_bytes, error);
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

  /* What is wrong with a shape is told where it is loaded. */
  if (!cnn_json_to_shape (cnn_json_get (entry, "shape"), "shape", &shape, NULL))
    return 0;
  return cnn_shape_count (&shape, &bytes)
          && g_size_checked_mul (&bytes, bytes, sizeof (gfloat))
      ? bytes
      : G_MAXSIZE;
}

/* Before anything is allocated, so that the error can tell the whole sum. */
static gboolean
measure_weights (CnnWeightStore *store, const cJSON *manifest,
    const CnnLimits *limits, GError **error)
{
  const cJSON *group, *entry;

  cJSON_ArrayForEach (group, manifest)
  {
    cJSON_ArrayForEach (entry, cnn_json_get (group, "weights"))
    {
      if (!g_size_checked_add (&store->bytes, store->bytes,
              measure_weight (entry)))
        store->bytes = G_MAXSIZE;
    }
  }
  if (store->bytes <= limits->memory_bytes)
    return TRUE;
  g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
      "the weights take %" G_GSIZE_FORMAT " bytes (%.1f MiB), beyond the limit "
      "of %" G_GSIZE_FORMAT " bytes",
      store->bytes, (gdouble) store->bytes / (1 << 20), limits->memory_bytes);
  return FALSE;
}

CnnWeightStore *
cnn_weight_store_load (const cJSON *manifest, const gchar *folder,
    const CnnLimits *limits, GError **error)
{
  g_autoptr (CnnWeightStore) store = g_new0 (CnnWeightStore, 1);
  const cJSON *group;
  guint number = 0;

  store->weights = g_ptr_array_new_with_free_func (weight_free);
  store->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  if (!cJSON_IsArray (manifest)) {
    g_set_error_literal (error, CNN_ERROR, CNN_ERROR_INVALID,
        "'weightsManifest' is missing or no list");
    return NULL;
  }
  if (!measure_weights (store, manifest, limits, error))
    return NULL;
  cJSON_ArrayForEach (group, manifest)
  {
    if (!load_group (store, group, folder, limits, error)) {
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
  g_hash_table_unref (store->by_name);
  g_ptr_array_unref (store->weights);
  g_free (store);
}

gsize
cnn_weight_store_get_bytes (const CnnWeightStore *store)
{
  return store->bytes;
}

/* 0 for "kernel", 1 for "kernel_7", as TensorFlow calls it when the graph has a
 * "kernel" already, G_MAXUINT for all else. */
static guint
compare_variable (const gchar *name, const gchar *variable)
{
  gsize length = strlen (variable);

  if (strncmp (name, variable, length) != 0)
    return G_MAXUINT;
  name += length;
  if (!*name)
    return 0;
  return name[0] == '_' && name[1]
          && strspn (name + 1, "0123456789") == strlen (name + 1)
      ? 1
      : G_MAXUINT;
}

/* How many of the @n components of @path are missing from, and how many are in
 * the first @n_components of a name besides them. */
static guint
compare_ancestors (const GStrv components, guint n_components, const GStrv path,
    guint n)
{
  guint missing = 0;

  while (n > 0) {
    if (n_components > 0
        && g_str_equal (components[n_components - 1], path[n - 1]))
      n_components--;
    else
      missing++;
    n--;
  }
  return missing + n_components;
}

/* How far a name is from "PATH/VARIABLE"; G_MAXUINT if it is that of another
 * variable. What counts first is the form of the variable, then how near to it
 * the layer's name is, and then what else is in the name. */
static guint
get_distance (const Weight *weight, const GStrv path, guint n,
    const gchar *variable)
{
  guint last = weight->n_components - 1, at = last;
  guint form = compare_variable (weight->components[last], variable);

  if (form == G_MAXUINT)
    return G_MAXUINT;
  do {
    if (at-- == 0)
      return G_MAXUINT;
  } while (!g_str_equal (weight->components[at], path[n - 1]));
  return form << 24 | MIN (last - 1 - at, 0xff) << 16
      | MIN (compare_ancestors (weight->components, at, path, n - 1), 0xffff);
}

/* The nearest tensor, and whether there is another one just as near. */
static Weight *
find_weight (const CnnWeightStore *store, const gchar *layer,
    const gchar *variable, Weight **rival)
{
  g_autofree gchar *exact = g_strconcat (layer, "/", variable, NULL);
  g_auto (GStrv) path = NULL;
  Weight *nearest = g_hash_table_lookup (store->by_name, exact);
  guint least = G_MAXUINT, n;

  *rival = NULL;
  if (nearest)
    return nearest;
  path = g_strsplit (layer, "/", -1);
  n = g_strv_length (path);
  for (guint i = 0; i < store->weights->len; i++) {
    Weight *weight = g_ptr_array_index (store->weights, i);
    guint distance = get_distance (weight, path, n, variable);

    if (distance > least || distance == G_MAXUINT)
      continue;
    *rival = distance == least ? nearest : NULL;
    nearest = weight;
    least = distance;
  }
  return nearest;
}

gboolean
cnn_weight_store_contains (const CnnWeightStore *store, const gchar *layer,
    const gchar *variable)
{
  Weight *rival;

  return find_weight (store, layer, variable, &rival) != NULL;
}

gfloat *
cnn_weight_store_take (CnnWeightStore *store, const gchar *layer,
    const gchar *variable, const CnnShape *shape, GError **error)
{
  Weight *rival;
  Weight *weight = find_weight (store, layer, variable, &rival);

  if (!weight) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "weight '%s/%s' is not in the weights manifest", layer, variable);
    return NULL;
  }
  if (rival) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "weight '%s/%s' could be '%s' or '%s'", layer, variable, rival->name,
        weight->name);
    return NULL;
  }
  if (!cnn_shape_equal (&weight->shape, shape)) {
    g_autofree gchar *is = cnn_shape_to_string (&weight->shape);
    g_autofree gchar *expected = cnn_shape_to_string (shape);

    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "weight '%s' is %s in the manifest, but the layer needs %s",
        weight->name, is, expected);
    return NULL;
  }
  if (!weight->values) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "weight '%s' belongs to another layer already", weight->name);
    return NULL;
  }
  return g_steal_pointer (&weight->values);
}

gboolean
cnn_weight_store_check_empty (CnnWeightStore *store, GError **error)
{
  for (guint i = 0; i < store->weights->len; i++) {
    const Weight *weight = g_ptr_array_index (store->weights, i);

    if (weight->values) {
      g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
          "weight '%s' belongs to no layer", weight->name);
      return FALSE;
    }
  }
  return TRUE;
}
