/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

G_BEGIN_DECLS

/*
 * The path that a user gives for a model: a model.json, the folder that
 * contains it, or another kind of file, which errors identify.
 */

/**
 * cnn_model_file_find:
 * @path: a model.json, or the folder that contains it
 *
 * Returns: (transfer full): the path of the model.json, which may not exist;
 *   %NULL with a %MODEL_ERROR that says what @path is instead, such as a URI,
 *   a SavedModel or a Keras file, and which command converts it to a model
 */
gchar *cnn_model_file_find (const gchar *path, GError **error);

/**
 * cnn_model_file_check_source:
 * @path: what a user wants to convert
 *
 * Returns: FALSE with a %MODEL_ERROR if @path is known not to be a file that
 *   activationmap-convert reads: a model that needs no conversion, or another
 *   kind of file or folder
 */
gboolean cnn_model_file_check_source (const gchar *path, GError **error);

/**
 * cnn_model_file_check_json:
 * @root: root of a file that should be a model.json
 *
 * Returns: FALSE with a similar %MODEL_ERROR_UNSUPPORTED for JSON of TensorFlow
 *   or Keras that is not a layers-model
 */
gboolean cnn_model_file_check_json (const cJSON *root, GError **error);

G_END_DECLS
