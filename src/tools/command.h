/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * Options:
 * @model: a folder or its model.json
 * @picture: of the command image
 * @inputs: (array zero-terminated=1): NumPy or raw files, one for each input
 * @layers: (nullable): as cnn_layer_selection_new() takes them
 * @output_dir: (nullable): where to write files
 * @labels: (nullable): a file with one label a line
 * @input_size: of the model's input, if it leaves it open; else all 0
 * @max_memory: of the model, in MiB
 * @seconds: how long to measure
 *
 * The command line.
 */
typedef struct {
  const gchar *model;
  const gchar *picture;
  GStrv inputs;
  gchar *layers;
  gchar *output_dir;
  gchar *labels;
  CnnInputSize input_size;
  gint64 max_memory;
  gdouble seconds;
} Options;

/**
 * Command:
 *
 * Does one thing with a model, and prints what it finds to stdout.
 *
 * Returns: FALSE with an error: a %MODEL_ERROR, a %G_FILE_ERROR, or a
 *   %G_OPTION_ERROR when the command line makes no sense
 */
typedef gboolean (*Command) (const Options *options, GError **error);

/* A table of the layers with their shapes, parameters and operations. */
gboolean command_summary (const Options *options, GError **error);

/* Runs the model on arrays and writes what its layers give. */
gboolean command_run (const Options *options, GError **error);

/* Runs the model on a picture and draws the maps of its layers. */
gboolean command_image (const Options *options, GError **error);

/* Measures how long each layer takes. */
gboolean command_bench (const Options *options, GError **error);

/* What several commands do. */

CnnLimits command_get_limits (const Options *options);

/**
 * command_get_input_size:
 *
 * Returns: (transfer none) (nullable): what the command line asks for
 */
const CnnInputSize *command_get_input_size (const Options *options);

/**
 * command_load_model:
 *
 * Returns: (transfer full): the model of the command line; %NULL with a
 *   %MODEL_ERROR
 */
CnnModel *command_load_model (const Options *options, GError **error);

/**
 * command_select_layers:
 * @choice: see cnn_layer_selection_new()
 *
 * Returns: (transfer full) (element-type guint): nodes; %NULL with a
 *   %MODEL_ERROR
 */
GArray *command_select_layers (const CnnModel *model, const gchar *choice,
    GError **error);

/**
 * command_make_folder:
 *
 * Makes a folder, and those above it, unless it is there.
 *
 * Returns: FALSE with a %G_FILE_ERROR
 */
gboolean command_make_folder (const gchar *path, GError **error);

/**
 * command_count_calls:
 *
 * Returns: (transfer full) (array): for each node, which call of its layer it
 *   is, from 1
 */
guint *command_count_calls (const CnnModel *model);

/**
 * command_get_layer_path:
 * @call: of the node, by command_count_calls()
 * @extension: such as ".npy"
 *
 * The file of a node has the name of its layer, in which all that means
 * something in a path or in a URI is percent-encoded: "block/conv" becomes
 * "block%2Fconv". The second call of a shared layer has "#2" behind it, and so
 * on. So each node has a file of its own, and it lies in the folder.
 *
 * Returns: (transfer full): the path of the file
 */
gchar *command_get_layer_path (const CnnModel *model, guint node, guint call,
    const gchar *folder, const gchar *extension);

G_END_DECLS
