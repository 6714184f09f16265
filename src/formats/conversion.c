/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/conversion.h"

#include <string.h>

#include "base/file.h"
#include "base/model-error.h"
#include "cnn/model/model-file.h"
#include "formats/keras-archive.h"
#include "formats/keras-h5.h"
#include "formats/tfjs-dialect.h"
#ifdef HAVE_ONNX
#include "formats/onnx-reader.h"
#endif

/* A file also holds the optimizer's state, up to two moments per weight, and
 * some metadata. */
#define MAX_FILE_RATIO 4

#define MAX_NOTES 8

#define HDF5_SIGNATURE "\x89HDF"

/**
 * ModelFormat:
 * @name: what error messages call it
 * @signature: the first bytes of its files
 * @read: reads a file whose weights take at most @max_bytes as float32; @size
 *   is that of an input that the file leaves open, if not %NULL; returns %NULL
 *   with a %MODEL_ERROR on failure
 */
typedef struct {
  const gchar *name;
  const gchar *signature;
  LayersModel *(*read) (GBytes *file, const CnnInputSize *size, gsize max_bytes,
      GError **error);
} ModelFormat;

/* Keras files keep an open size, which the loader then sets. */
static LayersModel *
read_h5 (GBytes *file, const CnnInputSize *size, gsize max_bytes,
    GError **error)
{
  return keras_h5_read (file, max_bytes, error);
}

static LayersModel *
read_archive (GBytes *file, const CnnInputSize *size, gsize max_bytes,
    GError **error)
{
  return keras_archive_read (file, max_bytes, error);
}

#ifndef HAVE_ONNX
static LayersModel *
onnx_read (GBytes *file, const CnnInputSize *size, gsize max_bytes,
    GError **error)
{
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "is an ONNX file, which this build cannot read: build with "
      "-Donnx=enabled");
  return NULL;
}
#endif

/* An ONNX file begins with the version of the format, field 1. */
static const ModelFormat formats[] = {
  { "HDF5 (.h5)", HDF5_SIGNATURE, read_h5 },
  { "a zip archive (.keras)", "PK\3\4", read_archive },
  { "ONNX", "\x08", onnx_read },
};

static gboolean
has_signature (GBytes *file, const gchar *signature)
{
  gsize size;
  const gchar *data = g_bytes_get_data (file, &size);

  return size >= strlen (signature)
      && memcmp (data, signature, strlen (signature)) == 0;
}

LayersModel *
conversion_read (GBytes *file, const CnnInputSize *input_size, gsize max_bytes,
    GError **error)
{
  g_autoptr (GString) names = g_string_new ("is neither ");

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    if (has_signature (file, formats[i].signature))
      return formats[i].read (file, input_size, max_bytes, error);
    g_string_append_printf (names, "%s%s", i ? " nor " : "", formats[i].name);
  }
  if (has_signature (file, "{")) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "is JSON: a model.json needs no conversion, and a file with what "
        "model.to_json () returned belongs to --architecture, beside the "
        "weights");
    return NULL;
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "%s; save the model from Keras with model.save (\"model.keras\"), or "
      "export it as ONNX",
      names->str);
  return NULL;
}

/* Refuses a folder that holds a model for TensorFlow.js. */
static gboolean
check_needs_conversion (const gchar *path, GError **error)
{
  g_autofree gchar *model = g_build_filename (path, "model.json", NULL);

  if (!g_file_test (model, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "%s: holds a model.json, which needs no conversion: give the folder to "
      "activationmap (model=%s) or activationmap-model as it is",
      path, path);
  return FALSE;
}

/* The size that the user gives, or NULL. */
static const CnnInputSize *
get_input_size (const Conversion *conversion)
{
  const CnnInputSize *size = &conversion->preprocess.input_size;

  return size->height > 0 ? size : NULL;
}

static LayersModel *
read_weights (GBytes *file, const gchar *architecture, gsize max_bytes,
    GError **error)
{
  const CnnLimits limits = CNN_LIMITS_DEFAULT;
  g_autoptr (GBytes) text = NULL;

  if (!has_signature (file, HDF5_SIGNATURE)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "is no HDF5 file (.h5), to which alone --architecture belongs");
    return NULL;
  }
  text = file_read (architecture, limits.json_bytes, error);
  return text ? keras_h5_read_weights (file, text, max_bytes, error) : NULL;
}

static LayersModel *
read_input (const Conversion *conversion, GError **error)
{
  const CnnLimits limits = CNN_LIMITS_DEFAULT;
  const gchar *path = conversion->input;
  g_autoptr (GBytes) file = NULL;
  LayersModel *model;

  if (!check_needs_conversion (path, error)
      || !cnn_model_file_check_source (path, error))
    return NULL;
  file = file_read (path, limits.memory_bytes * MAX_FILE_RATIO, error);
  if (!file)
    return NULL;
  model = conversion->architecture
      ? read_weights (file, conversion->architecture, limits.memory_bytes,
          error)
      : conversion_read (file, get_input_size (conversion), limits.memory_bytes,
          error);
  if (!model)
    g_prefix_error (error, "%s: ", path);
  return model;
}

static guint64
count_values (const LayersModel *model)
{
  guint64 count = 0;

  for (guint i = 0; i < model->weights->len; i++) {
    const LayersModelWeight *weight = g_ptr_array_index (model->weights, i);

    count += cnn_shape_size (&weight->shape);
  }
  return count;
}

static void
print_summary (const Conversion *conversion, const LayersModel *keras,
    const CnnModel *model)
{
  if (model) {
    guint n_inputs, n_outputs;
    const guint *inputs = cnn_model_get_inputs (model, &n_inputs);
    const guint *outputs = cnn_model_get_outputs (model, &n_outputs);
    g_autofree gchar *from = cnn_shape_to_string (
        cnn_model_get_node_shape (model, inputs[0]));
    g_autofree gchar *to = cnn_shape_to_string (
        cnn_model_get_node_shape (model, outputs[0]));

    g_print ("%s: %u layers from %s to %s, ", cnn_model_get_name (model),
        cnn_model_get_n_nodes (model), from, to);
  }
  g_print ("%u tensors with %" G_GUINT64_FORMAT " weights in %" G_GUINT64_FORMAT
           " bytes, from %s\n",
      keras->weights->len, count_values (keras),
      layers_model_writer_measure (keras, &conversion->writer), keras->source);
}

static void
print_notes (const GPtrArray *notes)
{
  const guint count = MIN (notes->len, MAX_NOTES);

  for (guint i = 0; i < count; i++)
    g_printerr ("activationmap-convert: note: %s\n",
        (const gchar *) g_ptr_array_index (notes, i));
  if (count < notes->len)
    g_printerr ("activationmap-convert: note: and %u more of this kind\n",
        notes->len - count);
}

/* The loader's messages name a file in the temporary folder, which the user
 * never sees. */
static void
name_input (const Conversion *conversion, const gchar *folder, GError *error)
{
  g_autofree gchar *path = g_build_filename (folder, "model.json", NULL);
  const gchar *reason = g_str_has_prefix (error->message, path)
      ? error->message + strlen (path) + 2
      : error->message;
  gchar *message = g_strdup_printf ("%s: %s (--no-check converts it anyway)",
      conversion->input, reason);

  g_free (error->message);
  error->message = message;
}

/* Returns FALSE if the model is refused. If it cannot be loaded but is kept
 * anyway, @model is NULL. */
static gboolean
load_output (const Conversion *conversion, const gchar *folder,
    CnnModel **model, GError **error)
{
  g_autoptr (GError) reason = NULL;

  *model = cnn_model_load_sized (folder, NULL, get_input_size (conversion),
      &reason);
  if (*model)
    return TRUE;
  name_input (conversion, folder, reason);
  if (!conversion->check) {
    g_printerr ("activationmap-convert: %s\n", reason->message);
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

gchar *
conversion_find_input (const gchar *path)
{
  g_autofree gchar *inside = g_build_filename (path, "keras_model.h5", NULL);

  return g_file_test (inside, G_FILE_TEST_IS_REGULAR)
      ? g_steal_pointer (&inside)
      : g_strdup (path);
}

/* A file beside the model is there for this purpose, and comes first. */
static gboolean
take_hints (Conversion *conversion, PreprocessHints *hints, GError **error)
{
  if (!preprocess_hints_read_modelinfo (hints, conversion->input, error))
    return FALSE;
  if (preprocess_options_take_hints (&conversion->preprocess, hints, error))
    return TRUE;
  g_prefix_error (error, "%s: ", conversion->input);
  return FALSE;
}

gboolean
conversion_run (Conversion *conversion, const gchar *folder, GError **error)
{
  g_autoptr (LayersModel) keras = read_input (conversion, error);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CnnModel) model = NULL;

  if (!keras || !take_hints (conversion, &keras->hints, error))
    return FALSE;
  tfjs_dialect_apply (keras, notes);
  if (!layers_model_writer_write (keras, folder, &conversion->writer, error)
      || !load_output (conversion, folder, &model, error)
      || (model && tfjs_dialect_settle_shapes (keras, model)
          && !layers_model_writer_replace_topology (keras, folder, error)))
    return FALSE;
  if (model)
    preprocess_options_complete (&conversion->preprocess, model,
        conversion->input);
  else /* nobody knows whether they fit */
    g_clear_pointer (&conversion->preprocess.names, g_strfreev);
  if (!preprocess_writer_write (&conversion->preprocess, model, folder, error))
    return FALSE;
  print_summary (conversion, keras, model);
  print_notes (notes);
  return TRUE;
}
