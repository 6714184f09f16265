/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tools/command.h"

#include <errno.h>

#include "cnn/plan/layer-selection.h"

CnnLimits
command_get_limits (const Options *options)
{
  CnnLimits limits = CNN_LIMITS_DEFAULT;

  limits.memory_bytes = (gsize) options->max_memory << 20;
  limits.macs = (guint64) options->max_macs * CNN_LIMITS_MACS_UNIT;
  limits.adjustable = TRUE;
  return limits;
}

const CnnInputSize *
command_get_input_size (const Options *options)
{
  return options->input_size.height > 0 ? &options->input_size : NULL;
}

CnnModel *
command_load_model (const Options *options, GError **error)
{
  const CnnLimits limits = command_get_limits (options);

  return cnn_model_load_sized (options->model, &limits,
      command_get_input_size (options), error);
}

GArray *
command_select_layers (const CnnModel *model, const gchar *choice,
    GError **error)
{
  g_autoptr (GArray) selection = cnn_layer_selection_new (model, choice, error);
  GArray *nodes;

  if (!selection)
    return NULL;
  nodes = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < selection->len; i++)
    g_array_append_val (nodes,
        g_array_index (selection, CnnSelectedLayer, i).node);
  return nodes;
}

gboolean
command_make_folder (const gchar *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
      "%s: the folder cannot be made: %s", path, g_strerror (errno));
  return FALSE;
}

guint *
command_count_calls (const CnnModel *model)
{
  const guint n_nodes = cnn_model_get_n_nodes (model);
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  guint *calls = g_new (guint, n_nodes);

  for (guint i = 0; i < n_nodes; i++) {
    const gchar *name = cnn_model_get_node_name (model, i);

    calls[i] = GPOINTER_TO_UINT (g_hash_table_lookup (counts, name)) + 1;
    g_hash_table_insert (counts, (gpointer) name, GUINT_TO_POINTER (calls[i]));
  }
  return calls;
}

gchar *
command_get_layer_path (const CnnModel *model, guint node, guint call,
    const gchar *folder, const gchar *extension)
{
  g_autofree gchar *escaped =
      g_uri_escape_string (cnn_model_get_node_name (model, node), " +,=()[]@",
          TRUE);
  g_autofree gchar *number = call > 1 ? g_strdup_printf ("#%u", call)
                                      : g_strdup ("");
  g_autofree gchar *name = g_strconcat (escaped, number, extension, NULL);

  return g_build_filename (folder, name, NULL);
}
