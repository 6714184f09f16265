/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <cjson/cJSON.h>

#include "base/file.h"
#include "base/json.h"
#include "cnn/model/model-builder.h"
#include "cnn/model/model-file.h"

static CnnModel *
build (const cJSON *json, CnnWeightStore *weights, const CnnLimits *limits,
    const CnnInputSize *size, GError **error)
{
  g_autoptr (CnnModel) model = cnn_model_new ();
  g_autoptr (CnnTopology)
      topology = cnn_topology_parse (json, model->layers, error);

  if (!topology)
    return NULL;
  model->name = g_strdup (topology->name);
  if (!cnn_model_build (model, topology, weights, limits, size, error)
      || !cnn_weight_store_check_empty (weights, error))
    return NULL;
  return g_steal_pointer (&model);
}

static CnnModel *
load_from_json (const cJSON *root, const gchar *folder, const CnnLimits *limits,
    const CnnInputSize *size, GError **error)
{
  const gchar *format = NULL;
  const cJSON *topology = json_get (root, "modelTopology");
  g_autoptr (CnnWeightStore) weights = NULL;

  if (!cnn_model_file_check_json (root, error))
    return NULL;
  if (json_get (root, "format")
      && !(format = json_get_string (root, "format", error)))
    return NULL;
  if (format && !g_str_equal (format, "layers-model")) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "is of format '%s'; only 'layers-model' is supported: save it from "
        "Keras, or from tfjs with LayersModel.save()",
        format);
    return NULL;
  }
  if (!cJSON_IsObject (topology)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'modelTopology' is missing: this is no model.json of a layers-model");
    return NULL;
  }
  weights = cnn_weight_store_load (json_get (root, "weightsManifest"), folder,
      limits, error);
  return weights ? build (topology, weights, limits, size, error) : NULL;
}

CnnModel *
cnn_model_load (const gchar *path, const CnnLimits *limits, GError **error)
{
  return cnn_model_load_sized (path, limits, NULL, error);
}

CnnModel *
cnn_model_load_sized (const gchar *path, const CnnLimits *limits,
    const CnnInputSize *size, GError **error)
{
  const CnnLimits default_limits = CNN_LIMITS_DEFAULT;
  g_autofree gchar *file = NULL, *folder = NULL;
  g_autoptr (GBytes) text = NULL;
  CnnModel *model = NULL;
  cJSON *root;

  if (!limits)
    limits = &default_limits;
  if ((size && !cnn_input_size_check (size, error))
      || !(file = cnn_model_file_find (path, error))
      || !(text = file_read (file, limits->json_bytes, error)))
    return NULL;
  folder = g_path_get_dirname (file);
  root = json_parse (text, error);
  if (root)
    model = load_from_json (root, folder, limits, size, error);
  cJSON_Delete (root);
  if (!model)
    g_prefix_error (error, "%s: ", file);
  return model;
}
