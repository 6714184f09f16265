/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/keras-archive.h"

#include "base/json.h"
#include "base/model-error.h"
#include "formats/keras-weights.h"
#include "formats/zip-reader.h"

#define MAX_JSON ((gsize) 16 << 20)

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

  if (!archive || !read_metadata (model, archive, error))
    return NULL;
  config = zip_reader_get (archive, "config.json", MAX_JSON, error);
  if (!config || !layers_model_set_config (model, config, "config.json", error))
    return NULL;
  weights = zip_reader_get (archive, "model.weights.h5", G_MAXSIZE, error);
  if (!weights)
    return NULL;
  reader = hdf5_reader_new (weights, max_bytes, error);
  if (!reader || !keras_weights_read (model, reader, error)) {
    g_prefix_error (error, "model.weights.h5: ");
    return NULL;
  }
  return g_steal_pointer (&model);
}
