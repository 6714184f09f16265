/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers files that users mistake for a model: the error says what the file is
 * and how to get a model from it. */

#include <glib/gstdio.h>
#include <string.h>

#include "cnn/model/model.h"

#define LFS_POINTER                                   \
  "version https://git-lfs.github.com/spec/v1\n"      \
  "oid sha256:"                                       \
  "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa" \
  "5e2ca24d17e2393\nsize 12345\n"
#define WITH_SHARD                                                      \
  "{\"modelTopology\":{\"class_name\":\"Sequential\",\"config\":[]},"   \
  "\"weightsManifest\":[{\"paths\":[\"w.bin\"],\"weights\":[{\"name\":" \
  "\"a/b\",\"shape\":[1],\"dtype\":\"float32\"}]}]}"
#define HDF5 "\x89HDF\r\n\x1a\n and more"

/**
 * Case:
 * @file: name of a file in the folder
 * @other: (nullable): name of another file there, a Git LFS pointer
 * @given: (nullable): the file to load; %NULL for the folder itself
 * @words: (array zero-terminated=1): words that the error contains
 */
typedef struct {
  const gchar *name;
  const gchar *file;
  const gchar *content;
  const gchar *other;
  const gchar *given;
  const gchar *words[4];
} Case;

static const Case cases[] = {
  { "saved-model", "saved_model.pb", "", NULL, NULL,
      { "SavedModel", "activationmap-convert model.h5" } },
  { "saved-model-text", "saved_model.pbtxt", "x", NULL, NULL,
      { "SavedModel", "activationmap-convert" } },
  { "saved-model-file", "saved_model.pb", "x", NULL, "saved_model.pb",
      { "SavedModel", "activationmap-convert" } },
  { "graph-model", "model.json",
      "{\"format\":\"graph-model\",\"modelTopology\":{}}", NULL, NULL,
      { "graph-model of TensorFlow.js", "activationmap-convert" } },
  { "graph-model-without-format", "model.json",
      "{\"modelTopology\":{\"node\":[],\"versions\":{}}}", NULL, NULL,
      { "graph-model of TensorFlow.js", "activationmap-convert" } },
  { "old-graph-model", "tensorflowjs_model.pb", "x", NULL, NULL,
      { "graph-model of TensorFlow.js", "activationmap-convert" } },
  { "architecture", "model.json",
      "{\"class_name\":\"Sequential\",\"config\":{}}", NULL, NULL,
      { "without its weights", "activationmap-convert" } },
  { "lfs-model", "model.json", LFS_POINTER, NULL, NULL,
      { "Git LFS pointer", "git lfs pull" } },
  { "lfs-model-file", "model.json", LFS_POINTER, NULL, "model.json",
      { "Git LFS pointer", "git lfs pull" } },
  { "lfs-shard", "model.json", WITH_SHARD, "w.bin", NULL,
      { "w.bin", "Git LFS pointer", "git lfs pull" } },
  { "lfs-keras", "model.h5", LFS_POINTER, NULL, "model.h5",
      { "Git LFS pointer", "git lfs pull" } },
  { "keras-hdf5", "my model.h5", HDF5, NULL, "my model.h5",
      { "is a Keras file", "activationmap-convert '" } },
  { "keras-without-suffix", "model", HDF5, NULL, "model",
      { "is a Keras file", "activationmap-convert '" } },
  { "keras-archive", "model.keras", "PK\x03\x04", NULL, "model.keras",
      { "is a Keras file", "activationmap-convert '" } },
  { "folder-with-keras", "model.h5", HDF5, NULL, NULL,
      { "has no model.json", "model.h5: is a Keras file",
          "activationmap-convert '" } },
  { "tflite", "model.tflite", "\x1c", NULL, "model.tflite",
      { "TensorFlow Lite", "activationmap-convert" } },
  { "onnx", "model.onnx", "\x08\x07", NULL, "model.onnx",
      { "ONNX", "activationmap-convert" } },
  { "pytorch", "model.pt", "PK\x03\x04", NULL, "model.pt",
      { "PyTorch", "activationmap-convert" } },
  { "web-page", "model.json", "<!DOCTYPE html>\n<html>", NULL, NULL,
      { "is a web page", "download the file itself" } },
  { "utf-16", "model.json", "\xff\xfe{", NULL, NULL,
      { "model.json", "UTF-16", "UTF-8" } },
  { "nothing", "readme.txt", "x", NULL, NULL,
      { "model.json: cannot be opened" } },
};

static gchar *
write_file (const gchar *folder, const gchar *name, const gchar *content)
{
  gchar *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  return path;
}

static void
check_error (const gchar *model, const gchar *const *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (cnn_model_load (model, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (g_quark_to_string (error->domain), ==, "cnn-error-quark");
  g_test_message ("%s", error->message);
  for (guint i = 0; words[i]; i++) {
    if (!strstr (error->message, words[i]))
      g_error ("'%s' does not say '%s'", error->message, words[i]);
  }
}

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *file = write_file (folder, self->file, self->content);
  g_autofree gchar *other = self->other
      ? write_file (folder, self->other, LFS_POINTER)
      : NULL;
  g_autofree gchar *given = g_build_filename (folder, self->given, NULL);

  check_error (given, self->words);
  g_remove (file);
  if (other)
    g_remove (other);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_address (void)
{
  static const gchar *const remote[] = { "https://example.com/model.json",
    "http://localhost:8000/my-model", "HTTPS://EXAMPLE.COM/model.json",
    "gs://bucket/model", "hf://somebody/model" };
  const gchar *const words[] = { "is an address", "wget", "folder", NULL };
  const gchar *const local[] = { "is an address", "give /no/model", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (remote); i++)
    check_error (remote[i], words);
  check_error ("file:///no/model", local);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path = g_strconcat ("/cnn/model-file/", cases[i].name,
        NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/cnn/model-file/address", test_address);
  return g_test_run ();
}
