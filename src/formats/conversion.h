/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/layers-model-writer.h"
#include "formats/preprocess-writer.h"

G_BEGIN_DECLS

/**
 * Conversion:
 * @input: path of the file
 * @architecture: (nullable): path of a text from `model.to_json ()`, if @input
 *   is a Keras file that has weights only
 * @preprocess: what is left open is filled in by conversion_run()
 * @check: whether to refuse a model that this engine cannot load
 */
typedef struct {
  const gchar *input;
  const gchar *architecture;
  LayersModelWriterOptions writer;
  PreprocessOptions preprocess;
  gboolean check;
} Conversion;

/**
 * conversion_read:
 * @file: contents of a file in a supported format
 * @input_size: (nullable): size of an input that the file leaves open
 * @max_bytes: limit for all weights together, as float32
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
LayersModel *conversion_read (GBytes *file, const CnnInputSize *input_size,
    gsize max_bytes, GError **error);

/**
 * conversion_find_input:
 * @path: a file, or the folder of an export of Teachable Machine for Keras
 *
 * Returns: (transfer full): the file to convert
 */
gchar *conversion_find_input (const gchar *path);

/**
 * conversion_run:
 * @folder: exists and is empty
 *
 * Converts the file into the folder, loads the result as a check, and prints a
 * summary to stdout.
 *
 * Returns: FALSE with an error that begins with the name of the file
 */
gboolean conversion_run (Conversion *conversion, const gchar *folder,
    GError **error);

G_END_DECLS
