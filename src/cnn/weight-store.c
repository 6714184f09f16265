/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/weight-store.h"

#include <math.h>
#include <string.h>

#include "cnn/cnn-error.h"
#include "cnn/file.h"
#include "cnn/json.h"

typedef struct {
  gchar *name;
  CnnShape shape;
  gfloat *values; /* NULL once taken */
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
  g_free (weight->values);
  g_free (weight);
}

/* A path may name a file in or below the model's folder and nothing else. */
static gboolean
shard_path_is_safe (const gchar *path)
{
  g_auto (GStrv) components = NULL;

  if (path[0] == '/' || strchr (path, '\\') || strchr (path, ':'))
    return FALSE;
  components = g_strsplit (path, "/", -1);
  return !g_strv_contains ((const gchar *const *) components, "..");
}

static gboolean
append_shard (GByteArray *bytes, const gchar *folder, const cJSON *path,
    gsize max_size, GError **error)
{
  g_autofree gchar *file = NULL;
  g_autoptr (GBytes) shard = NULL;
  gsize size;

  if (!cJSON_IsString (path) || !path->valuestring[0]
      || !shard_path_is_safe (path->valuestring)) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "weightsManifest: '%s' is no relative path below the model's folder",
        cJSON_IsString (path) ? path->valuestring : "paths");
    return FALSE;
  }
  file = g_build_filename (folder, path->valuestring, NULL);
  shard = cnn_file_read (file, max_size - bytes->len, error);
  if (!shard)
    return FALSE;
  size = g_bytes_get_size (shard);
  g_byte_array_append (bytes, g_bytes_get_data (shard, NULL), (guint) size);
  return TRUE;
}

/* Bytes and values are the same words, little-endian on disk. */
static gboolean
decode_float32 (const guint8 *bytes, gfloat *values, gsize count)
{
  for (gsize i = 0; i < count; i++) {
    guint32 word;

    memcpy (&word, bytes + i * sizeof word, sizeof word);
    word = GUINT32_FROM_LE (word);
    memcpy (&values[i], &word, sizeof word);
    if (!isfinite (values[i]))
      return FALSE;
  }
  return TRUE;
}

/* Reads one entry of "weights": what it is called and how large it is. */
static Weight *
parse_weight (CnnWeightStore *store, const cJSON *entry, gsize *count,
    const CnnLimits *limits, GError **error)
{
  const gchar *name = cnn_json_get_string (entry, "name", error);
  const gchar *dtype = name ? cnn_json_get_string (entry, "dtype", error)
                            : NULL;
  g_autofree gchar *stripped = NULL;
  Weight *weight;
  CnnShape shape;
  gsize size;

  if (!dtype
      || !cnn_json_to_shape (
          cnn_json_get (entry, "shape"), "shape", FALSE, &shape, error)) {
    g_prefix_error (error, "weightsManifest: weight '%s': ", name ? name : "?");
    return NULL;
  }
  stripped = g_str_has_suffix (name, ":0") ? g_strndup (name, strlen (name) - 2)
                                           : g_strdup (name);
  if (store->weights->len == MAX_WEIGHTS) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
        "weightsManifest: has more than %d weights", MAX_WEIGHTS);
    return NULL;
  }
  if (g_hash_table_contains (store->by_name, stripped)) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "weightsManifest: weight '%s' is there twice", name);
    return NULL;
  }
  if (cnn_json_get (entry, "quantization") || !g_str_equal (dtype, "float32")) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_UNSUPPORTED,
        "weightsManifest: weight '%s' is %s of type %s; only float32 is "
        "supported: save the model without quantisation",
        name, cnn_json_get (entry, "quantization") ? "quantised" : "plain",
        dtype);
    return NULL;
  }
  if (!cnn_shape_count (&shape, count)
      || !g_size_checked_mul (&size, *count, sizeof (gfloat))
      || !g_size_checked_add (&store->bytes, store->bytes, size)
      || store->bytes > limits->memory_bytes) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
        "weightsManifest: weight '%s' takes the model beyond the limit of "
        "%" G_GSIZE_FORMAT " bytes",
        name, limits->memory_bytes);
    return NULL;
  }
  weight = g_new0 (Weight, 1);
  weight->name = g_steal_pointer (&stripped);
  weight->shape = shape;
  return weight;
}

static gboolean
load_values (Weight *weight, const GByteArray *bytes, gsize *offset,
    gsize count, GError **error)
{
  gsize size = count * sizeof (gfloat);

  if (size > bytes->len - *offset) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "weight '%s' needs %" G_GSIZE_FORMAT " bytes, but its shards have only "
        "%" G_GSIZE_FORMAT " left: a shard is truncated",
        weight->name, size, bytes->len - *offset);
    return FALSE;
  }
  weight->values = g_try_new (gfloat, MAX (count, 1));
  if (!weight->values) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
        "no memory for weight '%s' of %" G_GSIZE_FORMAT " bytes", weight->name,
        size);
    return FALSE;
  }
  if (!decode_float32 (bytes->data + *offset, weight->values, count)) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "weight '%s' holds a value that is not finite", weight->name);
    return FALSE;
  }
  *offset += size;
  return TRUE;
}

static gboolean
load_group (CnnWeightStore *store, const cJSON *group, const gchar *folder,
    const CnnLimits *limits, GError **error)
{
  const cJSON *paths = cnn_json_get (group, "paths");
  const cJSON *entries = cnn_json_get (group, "weights");
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const cJSON *item;
  gsize offset = 0;

  if (!cJSON_IsArray (paths) || !cJSON_IsArray (entries)) {
    g_set_error_literal (error, CNN_ERROR, CNN_ERROR_INVALID,
        "weightsManifest: a group lacks its 'paths' or 'weights'");
    return FALSE;
  }
  cJSON_ArrayForEach (item, paths)
  {
    if (!append_shard (
            bytes, folder, item, MIN (limits->memory_bytes, G_MAXINT32), error))
      return FALSE;
  }
  cJSON_ArrayForEach (item, entries)
  {
    gsize count = 0;
    Weight *weight = parse_weight (store, item, &count, limits, error);

    if (!weight)
      return FALSE;
    g_ptr_array_add (store->weights, weight);
    g_hash_table_insert (store->by_name, weight->name, weight);
    if (!load_values (weight, bytes, &offset, count, error)) {
      g_prefix_error (error, "%s: ",
          cJSON_IsString (paths->child) ? paths->child->valuestring : "shard");
      return FALSE;
    }
  }
  if (offset != bytes->len) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "%s: the shards of the group have %u bytes, its weights need "
        "%" G_GSIZE_FORMAT,
        cJSON_IsString (paths->child) ? paths->child->valuestring : "shard",
        bytes->len, offset);
    return FALSE;
  }
  return TRUE;
}

CnnWeightStore *
cnn_weight_store_load (const cJSON *manifest, const gchar *folder,
    const CnnLimits *limits, GError **error)
{
  g_autoptr (CnnWeightStore) store = g_new0 (CnnWeightStore, 1);
  const cJSON *group;

  store->weights = g_ptr_array_new_with_free_func (weight_free);
  store->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  if (!cJSON_IsArray (manifest)) {
    g_set_error_literal (error, CNN_ERROR, CNN_ERROR_INVALID,
        "'weightsManifest' is missing or no list");
    return NULL;
  }
  cJSON_ArrayForEach (group, manifest)
  {
    if (!load_group (store, group, folder, limits, error))
      return NULL;
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

/* TRUE for ".../LAYER/.../VARIABLE". */
static gboolean
name_matches (const gchar *name, const gchar *layer, const gchar *variable)
{
  g_auto (GStrv) components = NULL;
  guint n;

  if (!g_str_has_suffix (name, variable))
    return FALSE;
  components = g_strsplit (name, "/", -1);
  n = g_strv_length (components);
  return n >= 2 && g_str_equal (components[n - 1], variable)
      && g_strv_contains ((const gchar *const *) components, layer);
}

static Weight *
find_weight (CnnWeightStore *store, const gchar *layer, const gchar *variable,
    GError **error)
{
  g_autofree gchar *exact = g_strconcat (layer, "/", variable, NULL);
  Weight *found = g_hash_table_lookup (store->by_name, exact);

  for (guint i = 0; !found && i < store->weights->len; i++) {
    Weight *weight = g_ptr_array_index (store->weights, i);

    if (!name_matches (weight->name, layer, variable))
      continue;
    for (guint k = i + 1; k < store->weights->len; k++) {
      Weight *other = g_ptr_array_index (store->weights, k);

      if (name_matches (other->name, layer, variable)) {
        g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
            "weight '%s' could be '%s' or '%s'", exact, weight->name,
            other->name);
        return NULL;
      }
    }
    found = weight;
  }
  if (!found) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "weight '%s' is not in the weights manifest", exact);
  }
  return found;
}

gfloat *
cnn_weight_store_take (CnnWeightStore *store, const gchar *layer,
    const gchar *variable, const CnnShape *shape, GError **error)
{
  Weight *weight = find_weight (store, layer, variable, error);

  if (!weight)
    return NULL;
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
