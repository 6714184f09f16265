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

G_END_DECLS
