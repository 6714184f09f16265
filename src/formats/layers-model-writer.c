/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/layers-model-writer.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/stored-number.h"

#define MODEL_JSON "model.json"
#define HALF_FLOAT_MAX 65504.0f

gboolean
weight_encoding_from_string (const gchar *name, WeightEncoding *encoding)
{
  if (g_str_equal (name, "float16"))
    *encoding = WEIGHT_ENCODING_FLOAT16;
  else if (g_str_equal (name, "uint8"))
    *encoding = WEIGHT_ENCODING_UINT8;
  else
    return FALSE;
  return TRUE;
}

static gboolean
fits_half_float (const LayersModelWeight *weight)
{
  gsize count = cnn_shape_size (&weight->shape);

  for (gsize i = 0; i < count; i++) {
    if (fabsf (weight->values[i]) > HALF_FLOAT_MAX)
      return FALSE;
  }
  return TRUE;
}

static WeightEncoding
choose (WeightEncoding encoding, const LayersModelWeight *weight)
{
  if (weight->shape.rank < 2
      || (encoding == WEIGHT_ENCODING_FLOAT16 && !fits_half_float (weight)))
    return WEIGHT_ENCODING_FLOAT32;
  return encoding;
}

gsize
weight_encoding_measure (WeightEncoding encoding,
    const LayersModelWeight *weight)
{
  static const gsize sizes[] = { 4, 2, 1 };

  return cnn_shape_size (&weight->shape) * sizes[choose (encoding, weight)];
}

static void
append_float32 (const LayersModelWeight *weight, gsize count, GByteArray *bytes)
{
  for (gsize i = 0; i < count; i++) {
    guint32 word;

    memcpy (&word, &weight->values[i], sizeof word);
    word = GUINT32_TO_LE (word);
    g_byte_array_append (bytes, (const guint8 *) &word, sizeof word);
  }
}

static void
append_float16 (const LayersModelWeight *weight, gsize count, GByteArray *bytes)
{
  for (gsize i = 0; i < count; i++) {
    guint16 word = GUINT16_TO_LE (half_float_encode (weight->values[i]));

    g_byte_array_append (bytes, (const guint8 *) &word, sizeof word);
  }
}

/* Shifts the range slightly so that zero is represented exactly. */
static void
find_range (const LayersModelWeight *weight, gsize count, gdouble *scale,
    gdouble *min)
{
  gdouble max = weight->values[0];

  *min = max;
  for (gsize i = 1; i < count; i++) {
    *min = fmin (*min, weight->values[i]);
    max = fmax (max, weight->values[i]);
  }
  *scale = (max - *min) / 255.0;
  if (*scale == 0.0)
    *scale = 1.0;
  else if (*min <= 0.0 && max >= 0.0)
    *min = -nearbyint (-*min / *scale) * *scale;
}

static void
append_uint8 (const LayersModelWeight *weight, gsize count, gdouble scale,
    gdouble min, GByteArray *bytes)
{
  for (gsize i = 0; i < count; i++) {
    gdouble step = nearbyint ((weight->values[i] - min) / scale);
    guint8 byte = (guint8) CLAMP (step, 0.0, 255.0);

    g_byte_array_append (bytes, &byte, 1);
  }
}

static cJSON *
describe (const LayersModelWeight *weight)
{
  cJSON *entry = cJSON_CreateObject ();

  cJSON_AddStringToObject (entry, "name", weight->name);
  cJSON_AddItemToObject (entry, "shape",
      cJSON_CreateIntArray (weight->shape.dims, (gint) weight->shape.rank));
  cJSON_AddStringToObject (entry, "dtype", "float32");
  return entry;
}

cJSON *
weight_encoding_apply (WeightEncoding encoding, const LayersModelWeight *weight,
    GByteArray *bytes)
{
  gsize count = cnn_shape_size (&weight->shape);
  cJSON *entry = describe (weight);
  gdouble scale, min;
  cJSON *object;

  switch (choose (encoding, weight)) {
    case WEIGHT_ENCODING_FLOAT32:
      append_float32 (weight, count, bytes);
      return entry;
    case WEIGHT_ENCODING_FLOAT16:
      append_float16 (weight, count, bytes);
      object = cJSON_AddObjectToObject (entry, "quantization");
      cJSON_AddStringToObject (object, "dtype", "float16");
      break;
    case WEIGHT_ENCODING_UINT8:
    default:
      find_range (weight, count, &scale, &min);
      append_uint8 (weight, count, scale, min, bytes);
      object = cJSON_AddObjectToObject (entry, "quantization");
      cJSON_AddStringToObject (object, "dtype", "uint8");
      cJSON_AddNumberToObject (object, "scale", scale);
      cJSON_AddNumberToObject (object, "min", min);
      break;
  }
  cJSON_AddStringToObject (object, "original_dtype", "float32");
  return entry;
}

/**
 * Shards:
 * @pending: bytes that are not in a file yet
 */
typedef struct {
  const gchar *folder;
  GByteArray *pending;
  gsize size;
  guint n_shards;
  guint n_written;
} Shards;

static gchar *
name_shard (const Shards *shards, guint number)
{
  return g_strdup_printf ("group1-shard%uof%u.bin", number, shards->n_shards);
}

static gboolean
write_file (const gchar *folder, const gchar *name, gconstpointer data,
    gsize size, GError **error)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  return g_file_set_contents_full (path, data, (gssize) size,
      G_FILE_SET_CONTENTS_NONE, 0666, error);
}

/* Writes all full shards, and at the end the rest as the last one. */
static gboolean
flush (Shards *shards, gboolean at_end, GError **error)
{
  gsize done = 0;

  while (shards->pending->len - done >= shards->size
      || (at_end && shards->pending->len > done)) {
    gsize size = MIN (shards->pending->len - done, shards->size);
    g_autofree gchar *name = name_shard (shards, ++shards->n_written);

    if (!write_file (shards->folder, name, shards->pending->data + done, size,
            error))
      return FALSE;
    done += size;
  }
  if (done > 0)
    g_byte_array_remove_range (shards->pending, 0, (guint) done);
  return TRUE;
}

guint64
layers_model_writer_measure (const LayersModel *model,
    const LayersModelWriterOptions *options)
{
  guint64 total = 0;

  for (guint i = 0; i < model->weights->len; i++)
    total += weight_encoding_measure (options->encoding,
        g_ptr_array_index (model->weights, i));
  return total;
}

static gboolean
write_weights (const LayersModel *model, Shards *shards, cJSON *entries,
    const LayersModelWriterOptions *options, guint64 total, GError **error)
{
  guint64 done = 0;

  for (guint i = 0; i < model->weights->len; i++) {
    const LayersModelWeight *weight = g_ptr_array_index (model->weights, i);

    cJSON_AddItemToArray (entries,
        weight_encoding_apply (options->encoding, weight, shards->pending));
    if (!flush (shards, FALSE, error))
      return FALSE;
    done += weight_encoding_measure (options->encoding, weight);
    if (options->progress)
      options->progress (i + 1, model->weights->len, done, total);
  }
  return flush (shards, TRUE, error);
}

/* A manifest with a single group. */
static cJSON *
create_manifest (const Shards *shards, cJSON *entries)
{
  cJSON *manifest = cJSON_CreateArray ();
  cJSON *group = cJSON_CreateObject ();
  cJSON *paths = cJSON_AddArrayToObject (group, "paths");

  for (guint i = 1; i <= shards->n_shards; i++) {
    g_autofree gchar *name = name_shard (shards, i);

    cJSON_AddItemToArray (paths, cJSON_CreateString (name));
  }
  cJSON_AddItemToObject (group, "weights", entries);
  cJSON_AddItemToArray (manifest, group);
  return manifest;
}

static cJSON *
create_topology (const LayersModel *model)
{
  cJSON *topology = cJSON_CreateObject ();

  cJSON_AddStringToObject (topology, "keras_version", model->keras_version);
  cJSON_AddStringToObject (topology, "backend", model->backend);
  cJSON_AddItemReferenceToObject (topology, "model_config", model->config);
  return topology;
}

static cJSON *
create_model_json (const LayersModel *model, cJSON *manifest)
{
  cJSON *root = cJSON_CreateObject ();

  cJSON_AddStringToObject (root, "format", "layers-model");
  cJSON_AddStringToObject (root, "generatedBy", model->source);
  cJSON_AddStringToObject (root, "convertedBy",
      "activationmap-convert " CONVERT_VERSION);
  cJSON_AddItemToObject (root, "modelTopology", create_topology (model));
  cJSON_AddItemToObject (root, "weightsManifest", manifest);
  return root;
}

gboolean
layers_model_writer_write_json (const cJSON *root, const gchar *folder,
    const gchar *name, GError **error)
{
  gchar *text = json_print (root);
  gboolean done;

  if (!text) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOMEM,
        "%s: no memory for its text", name);
    return FALSE;
  }
  done = write_file (folder, name, text, strlen (text), error);
  cJSON_free (text);
  return done;
}

gboolean
layers_model_writer_write (const LayersModel *model, const gchar *folder,
    const LayersModelWriterOptions *options, GError **error)
{
  guint64 total = layers_model_writer_measure (model, options);
  Shards shards = { folder, g_byte_array_new (), options->shard_size };
  cJSON *entries = cJSON_CreateArray ();
  cJSON *root;
  gboolean done;

  shards.n_shards = (guint) ((total + shards.size - 1) / shards.size);
  done = write_weights (model, &shards, entries, options, total, error);
  root = create_model_json (model, create_manifest (&shards, entries));
  done = done
      && layers_model_writer_write_json (root, folder, MODEL_JSON, error);
  cJSON_Delete (root);
  g_byte_array_unref (shards.pending);
  return done;
}

gboolean
layers_model_writer_replace_topology (const LayersModel *model,
    const gchar *folder, GError **error)
{
  g_autofree gchar *path = g_build_filename (folder, MODEL_JSON, NULL);
  g_autoptr (GBytes) text = file_read (path, G_MAXSIZE, error);
  cJSON *root = text ? json_parse (text, error) : NULL;
  gboolean done = root != NULL;

  if (root) {
    cJSON_ReplaceItemInObjectCaseSensitive (root, "modelTopology",
        create_topology (model));
    /* GLib 2.74 does not truncate a file that is there. */
    g_unlink (path);
    done = layers_model_writer_write_json (root, folder, MODEL_JSON, error);
  }
  cJSON_Delete (root);
  return done;
}
