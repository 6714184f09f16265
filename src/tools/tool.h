/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "tools/commands.h"

G_BEGIN_DECLS

/* What several commands do. */

CnnLimits tool_get_limits (const Options *options);

/**
 * tool_get_input_size:
 *
 * Returns: (transfer none) (nullable): what the command line asks for
 */
const CnnInputSize *tool_get_input_size (const Options *options);

/**
 * tool_load_model:
 *
 * Returns: (transfer full): the model of the command line; %NULL with a
 *   %MODEL_ERROR
 */
CnnModel *tool_load_model (const Options *options, GError **error);

/**
 * tool_select_layers:
 * @choice: see cnn_layer_selection_new()
 *
 * Returns: (transfer full) (element-type guint): nodes; %NULL with a
 *   %MODEL_ERROR
 */
GArray *tool_select_layers (const CnnModel *model, const gchar *choice,
    GError **error);

/**
 * tool_make_folder:
 *
 * Makes a folder, and those above it, unless it is there.
 *
 * Returns: FALSE with a %G_FILE_ERROR
 */
gboolean tool_make_folder (const gchar *path, GError **error);

/**
 * tool_get_layer_path:
 * @extension: such as ".npy"
 *
 * The file of a node has the name of its layer, in which all that means
 * something in a path or in a URI is percent-encoded: "block/conv" becomes
 * "block%2Fconv". The second call of a shared layer has "#2" behind it, and so
 * on. So each node has a file of its own, and it lies in the folder.
 *
 * Returns: (transfer full): the path of the file
 */
gchar *tool_get_layer_path (const CnnModel *model, guint node,
    const gchar *folder, const gchar *extension);

/**
 * tool_count_call:
 *
 * Returns: which call of its layer a node is, from 1
 */
guint tool_count_call (const CnnModel *model, guint node);

G_END_DECLS
