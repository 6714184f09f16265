/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/model-file.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/model-error.h"

#define CONVERT "activationmap-convert model.keras FOLDER"
#define CONVERT_SOURCE "convert the Keras model that it was made from: " CONVERT
#define SAVE_AS_KERAS                                                       \
  "save it from Python as a Keras file, "                                   \
  "tf_keras.models.load_model(FOLDER).save('model.h5'), and convert that: " \
  "activationmap-convert model.h5 NEW-FOLDER"

/**
 * Kind:
 * @name: name of the kind in messages
 * @suffix: (nullable): suffix of the file's name
 * @magic: (nullable): first bytes of the file
 * @advice: (nullable): advice in messages; %NULL if activationmap-convert reads
 *   the file
 */
typedef struct {
  const gchar *name;
  const gchar *suffix;
  const gchar *magic;
  const gchar *advice;
} Kind;

#define SAVED_MODEL "a SavedModel of TensorFlow"
#define PYTORCH "a PyTorch file"
#define AS_ONNX                                                   \
  "export it from PyTorch with torch.onnx.export () and convert " \
  "that: activationmap-convert model.onnx NEW-FOLDER"

static const Kind kinds[] = {
  { "a Keras file", NULL, "\x89HDF\r\n\x1a\n", NULL },
  { "a Keras file", ".keras", "PK", NULL },
  { SAVED_MODEL, "saved_model.pb", NULL, SAVE_AS_KERAS },
  { SAVED_MODEL, "saved_model.pbtxt", NULL, SAVE_AS_KERAS },
  { "a graph-model of TensorFlow.js", "tensorflowjs_model.pb", NULL,
      CONVERT_SOURCE },
  { "a graph of TensorFlow", ".pb", NULL, CONVERT_SOURCE },
  { "a file of TensorFlow Lite", ".tflite", NULL, CONVERT_SOURCE },
  { "an ONNX file", ".onnx", NULL, NULL },
  { PYTORCH, ".pt", NULL, AS_ONNX },
  { PYTORCH, ".pth", NULL, AS_ONNX },
  { "a zip archive", ".zip", "PK", "unpack it, and give what is in it" },
  { "a web page", NULL, "<",
      "download the file itself ('raw'), not the page that shows it" },
};

#define MAX_START 8

static gboolean
is_of_kind (const Kind *kind, const gchar *path, const gchar *start,
    gsize length)
{
  const gsize size = kind->magic ? strlen (kind->magic) : 0;

  return length >= size && (size == 0 || memcmp (start, kind->magic, size) == 0)
      && (!kind->suffix || g_str_has_suffix (path, kind->suffix));
}

static const Kind *
find_kind (const gchar *path)
{
  gchar start[MAX_START];
  const gsize length = file_peek (path, start, sizeof start);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (is_of_kind (&kinds[i], path, start, length))
      return &kinds[i];
  }
  return NULL;
}

/* Files that do not exist or cannot be read are reported later, on reading. */
static gboolean
check_file (const gchar *path, GError **error)
{
  const Kind *kind = g_file_test (path, G_FILE_TEST_IS_REGULAR)
      ? find_kind (path)
      : NULL;
  g_autofree gchar *quoted = g_shell_quote (path);
  g_autofree gchar *command =
      g_strdup_printf ("make a model of it: activationmap-convert %s FOLDER",
          quoted);

  if (!kind)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED, "%s: is %s; %s",
      path, kind->name, kind->advice ? kind->advice : command);
  return FALSE;
}

static gboolean
check_file_in (const gchar *folder, const gchar *name, GError **error)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  if (check_file (path, error))
    return TRUE;
  g_prefix_error (error, "%s: has no model.json; ", folder);
  return FALSE;
}

/* Checks a folder without a model.json. Files with a fixed name come first. */
static gboolean
check_folder (const gchar *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const gchar *name;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (kinds[i].suffix && !check_file_in (folder, kinds[i].suffix, error))
      return FALSE;
  }
  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    if (!check_file_in (folder, name, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_is_local (const gchar *path, GError **error)
{
  g_autofree gchar *local = g_filename_from_uri (path, NULL, NULL);

  if (!strstr (path, "://") || g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (local) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "%s: is an address, not a path: give %s", path, local);
    return FALSE;
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "%s: is an address, and models are not downloaded: save model.json and "
      "the files that its 'paths' name in a folder (with wget or curl -LO), "
      "and give that folder",
      path);
  return FALSE;
}

gchar *
cnn_model_file_find (const gchar *path, GError **error)
{
  g_autofree gchar *file = NULL;

  if (!check_is_local (path, error))
    return NULL;
  file = g_file_test (path, G_FILE_TEST_IS_DIR)
      ? g_build_filename (path, "model.json", NULL)
      : g_strdup (path);
  if (!g_file_test (file, G_FILE_TEST_EXISTS) && !check_folder (path, error))
    return NULL;
  return check_file (file, error) ? g_steal_pointer (&file) : NULL;
}

gboolean
cnn_model_file_check_json (const cJSON *root, GError **error)
{
  const cJSON *topology = json_get (root, "modelTopology");
  const cJSON *format = json_get (root, "format");
  const gchar *what = NULL;

  if ((cJSON_IsString (format)
          && g_str_equal (format->valuestring, "graph-model"))
      || json_get (topology, "node")) {
    what =
        "is a graph-model of TensorFlow.js, which has operations in place of "
        "layers; " CONVERT_SOURCE;
  } else if (!topology && json_get (root, "class_name")) {
    what = "holds the layers of a Keras model without its weights; convert it "
           "with them: activationmap-convert --architecture THIS-FILE "
           "model.weights.h5 FOLDER";
  }
  if (what)
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED, what);
  return !what;
}

gboolean
cnn_model_file_check_source (const gchar *path, GError **error)
{
  const gboolean is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autofree gchar *file = is_folder ? cnn_model_file_find (path, error) : NULL;
  const Kind *kind = is_folder ? NULL : find_kind (path);

  if (is_folder && !file)
    return FALSE;
  if (file && g_file_test (file, G_FILE_TEST_EXISTS)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "%s: has a model.json, and needs no conversion", path);
    return FALSE;
  }
  if (kind && kind->advice) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED, "%s: is %s; %s",
        path, kind->name, kind->advice);
    return FALSE;
  }
  return TRUE;
}
