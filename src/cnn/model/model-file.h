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
 * The path that a user gives for a model: a model.json, the folder that holds
 * it, or another kind of file, which errors call by its name.
 */

/**
 * cnn_model_file_find:
 * @path: a model.json, or the folder that holds it
 *
 * Returns: (transfer full): the path of the model.json, which may not exist;
 *   %NULL with a %MODEL_ERROR that says what @path is instead, such as a URI,
 *   a SavedModel or a Keras file, and which command makes a model from it
 */
gchar *cnn_model_file_find (const gchar *path, GError **error);

/**
 * cnn_model_file_check_json:
 * @root: of a file that should be a model.json
 *
 * Returns: FALSE with a %MODEL_ERROR_UNSUPPORTED of the same kind for JSON of
 *   TensorFlow or Keras that is not a layers-model
 */
gboolean cnn_model_file_check_json (const cJSON *root, GError **error);

G_END_DECLS
