/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * Options:
 * @model: path of a model's folder or model.json
 * @picture: (nullable): path of the picture, for the image command
 * @inputs: (array zero-terminated=1) (nullable): paths of NumPy or raw files,
 *   one for each input
 * @layers: (nullable): see cnn_layer_selection_new()
 * @output_dir: (nullable): folder to write to
 * @labels: (nullable): path of a file with one label per line
 * @output: (nullable): the output that is the prediction, see
 *   cnn_model_find_output()
 * @input_size: size of an input that the model leaves open, 0x0 if not given
 * @max_memory: limit for the model, in MiB
 * @max_macs: limit for one run of the model, in millions of
 *   multiply-accumulates
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
  gchar *output;
  CnnInputSize input_size;
  gint64 max_memory;
  gint64 max_macs;
  gdouble seconds;
} Options;

/**
 * Command:
 *
 * Runs a command and prints its result to stdout.
 *
 * Returns: FALSE with a %MODEL_ERROR, a %G_FILE_ERROR, or a %G_OPTION_ERROR if
 *   the command line is wrong
 */
typedef gboolean (*Command) (const Options *options, GError **error);

/* Prints a table of the layers with their shapes, parameters and MACs. */
gboolean command_summary (const Options *options, GError **error);

/* Runs the model on arrays, and writes the outputs of its layers. */
gboolean command_run (const Options *options, GError **error);

/* Runs the model on a picture and draws the maps of its layers. */
gboolean command_image (const Options *options, GError **error);

/* Measures how long each layer takes. */
gboolean command_bench (const Options *options, GError **error);

/* Helpers of several commands. */

CnnLimits command_get_limits (const Options *options);

/**
 * command_get_input_size:
 *
 * Returns: (transfer none) (nullable): the size given on the command line
 */
const CnnInputSize *command_get_input_size (const Options *options);

/**
 * command_load_model:
 *
 * Returns: (transfer full): the model given on the command line; %NULL with a
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
 * Makes a folder and its parents unless they exist.
 *
 * Returns: FALSE with a %G_FILE_ERROR
 */
gboolean command_make_folder (const gchar *path, GError **error);

/**
 * command_count_calls:
 *
 * Returns: (transfer full) (array): for each node, which call of its layer it
 *   is, counted from 1
 */
guint *command_count_calls (const CnnModel *model);

/**
 * command_get_layer_path:
 * @call: the node's call number, from command_count_calls()
 * @extension: such as ".npy"
 *
 * The file is named after the layer, with all characters that are special in a
 * path or URI percent-encoded: "block/conv" becomes "block%2Fconv". "#2" is
 * appended for the second call of a shared layer, and so on. This way each node
 * has a file of its own, and none is outside the folder.
 *
 * Returns: (transfer full): the path of the file
 */
gchar *command_get_layer_path (const CnnModel *model, guint node, guint call,
    const gchar *folder, const gchar *extension);

G_END_DECLS
