/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/layers-model-writer.h"

#include <string.h>

#include "base/json.h"

/**
 * Shards:
 * @pending: bytes for which there is no file yet
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

/* Writes all shards that are full, and what is left at the end. */
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
model_writer_measure (const KerasModel *model,
    const ModelWriterOptions *options)
{
  guint64 total = 0;

  for (guint i = 0; i < model->weights->len; i++)
    total += weight_encoding_measure (options->encoding,
        g_ptr_array_index (model->weights, i));
  return total;
}

static gboolean
write_weights (const KerasModel *model, Shards *shards, cJSON *entries,
    const ModelWriterOptions *options, guint64 total, GError **error)
{
  guint64 done = 0;

  for (guint i = 0; i < model->weights->len; i++) {
    const KerasWeight *weight = g_ptr_array_index (model->weights, i);

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

/* The manifest of one group. */
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
create_model_json (const KerasModel *model, cJSON *manifest)
{
  g_autofree gchar *generator = g_strconcat ("keras v", model->keras_version,
      NULL);
  cJSON *root = cJSON_CreateObject ();
  cJSON *topology;

  cJSON_AddStringToObject (root, "format", "layers-model");
  cJSON_AddStringToObject (root, "generatedBy", generator);
  cJSON_AddStringToObject (root, "convertedBy",
      "activationmap-convert " CONVERT_VERSION);
  topology = cJSON_AddObjectToObject (root, "modelTopology");
  cJSON_AddStringToObject (topology, "keras_version", model->keras_version);
  cJSON_AddStringToObject (topology, "backend", model->backend);
  cJSON_AddItemReferenceToObject (topology, "model_config", model->config);
  cJSON_AddItemToObject (root, "weightsManifest", manifest);
  return root;
}

gboolean
model_writer_write_json (const cJSON *root, const gchar *folder,
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
model_writer_write (const KerasModel *model, const gchar *folder,
    const ModelWriterOptions *options, GError **error)
{
  guint64 total = model_writer_measure (model, options);
  Shards shards = { folder, g_byte_array_new (), options->shard_size };
  cJSON *entries = cJSON_CreateArray ();
  cJSON *root;
  gboolean done;

  shards.n_shards = (guint) ((total + shards.size - 1) / shards.size);
  done = write_weights (model, &shards, entries, options, total, error);
  root = create_model_json (model, create_manifest (&shards, entries));
  done = done && model_writer_write_json (root, folder, "model.json", error);
  cJSON_Delete (root);
  g_byte_array_unref (shards.pending);
  return done;
}
