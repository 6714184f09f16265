/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/weight-store.h"

#include "base/aligned.h"
#include "base/json.h"
#include "base/model-error.h"
#include "cnn/model/shard-reader.h"
#include "cnn/model/tensor-encoding.h"
#include "cnn/model/weight-names.h"

/**
 * Weight:
 * @values: NULL once taken
 */
typedef struct {
  CnnShape shape;
  gfloat *values;
} Weight;

/* Far beyond what a real network has; keeps hostile manifests cheap. */
#define MAX_WEIGHTS 16384

/**
 * CnnWeightStore:
 * @weights: in the order of their names
 * @bytes: of all tensors as float32, to hold against the limit
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

/* Reads into the end of the values, whose encoded form is never larger, and
 * decodes from there. */
static gboolean
load_values (Weight *weight, const CnnTensorEncoding *encoding,
    CnnShardReader *reader, GError **error)
{
  gsize count = cnn_shape_size (&weight->shape);
  gsize n_finite, size = count * cnn_tensor_encoding_get_size (encoding);
  guint8 *bytes;

  weight->values = aligned_try_new (count);
  if (!weight->values) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
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
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "value %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
      " is not finite; the last one is in '%s'",
      n_finite, count, cnn_shard_reader_get_file (reader));
  return FALSE;
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
  if (!cnn_shape_from_json (json_get (entry, "shape"), "shape", &shape, NULL))
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
    cJSON_ArrayForEach (entry, json_get (group, "weights"))
    {
      if (!g_size_checked_add (&store->bytes, store->bytes,
              measure_weight (entry)))
        store->bytes = G_MAXSIZE;
    }
  }
  if (store->bytes <= limits->memory_bytes)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
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
  store->names = cnn_weight_names_new ();
  if (!cJSON_IsArray (manifest)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
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
  cnn_weight_names_free (store->names);
  g_ptr_array_unref (store->weights);
  g_free (store);
}

gsize
cnn_weight_store_get_bytes (const CnnWeightStore *store)
{
  return store->bytes;
}

gboolean
cnn_weight_store_contains (const CnnWeightStore *store, const gchar *layer,
    const gchar *variable)
{
  gint rival;

  return cnn_weight_names_find (store->names, layer, variable, &rival) >= 0;
}

gfloat *
cnn_weight_store_take (CnnWeightStore *store, const gchar *layer,
    const gchar *variable, const CnnShape *shape, GError **error)
{
  gint rival;
  const gint number = cnn_weight_names_find (store->names, layer, variable,
      &rival);
  const gchar *name;
  Weight *weight;

  if (number < 0) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "weight '%s/%s' is not in the weights manifest", layer, variable);
    return NULL;
  }
  name = cnn_weight_names_get (store->names, (guint) number);
  if (rival >= 0) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "weight '%s/%s' could be '%s' or '%s'", layer, variable,
        cnn_weight_names_get (store->names, (guint) rival), name);
    return NULL;
  }
  weight = g_ptr_array_index (store->weights, number);
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

gboolean
cnn_weight_store_check_empty (CnnWeightStore *store, GError **error)
{
  for (guint i = 0; i < store->weights->len; i++) {
    const Weight *weight = g_ptr_array_index (store->weights, i);

    if (weight->values) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "weight '%s' belongs to no layer",
          cnn_weight_names_get (store->names, i));
      return FALSE;
    }
  }
  return TRUE;
}
