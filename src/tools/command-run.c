/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/plan.h"
#include "tools/array-file.h"
#include "tools/command.h"
#include "tools/table.h"

/* About a screenful of values; of more, only the first few are printed. */
#define MAX_PRINTED 256
#define N_FIRST 8

/* All nodes, including those that only pass values on. */
static GArray *
select_all (const CnnModel *model)
{
  GArray *nodes = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < cnn_model_get_n_nodes (model); i++)
    g_array_append_val (nodes, i);
  return nodes;
}

static GArray *
select_layers (const Options *options, const CnnModel *model, GError **error)
{
  const gchar *choice = options->layers ? options->layers : "all";

  if (options->layers && !options->output_dir) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--layers says what to write: it needs --output-dir");
    return NULL;
  }
  if (!options->output_dir)
    return g_array_new (FALSE, FALSE, sizeof (guint));
  return g_str_equal (choice, "all")
      ? select_all (model)
      : command_select_layers (model, choice, error);
}

static gboolean
check_inputs (const Options *options, const CnnModel *model, GError **error)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);
  const guint n_given = options->inputs ? g_strv_length (options->inputs) : 0;
  g_autoptr (GString) names = g_string_new (NULL);

  if (n_given == n_inputs)
    return TRUE;
  for (guint i = 0; i < n_inputs; i++) {
    g_autofree gchar *shape = cnn_shape_to_string (
        cnn_model_get_node_shape (model, inputs[i]));

    g_string_append_printf (names, "%s%s (%s)", i ? ", " : "",
        cnn_model_get_node_name (model, inputs[i]), shape);
  }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--input is given %u times; it must be given once for each of %s",
      n_given, names->str);
  return FALSE;
}

static gboolean
read_inputs (const Options *options, const CnnModel *model, CnnPlan *plan,
    GError **error)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);

  for (guint i = 0; i < n_inputs; i++) {
    if (!array_file_read (options->inputs[i],
            cnn_model_get_node_shape (model, inputs[i]),
            cnn_plan_get_input (plan, i), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_layers (const CnnModel *model, const CnnPlan *plan, const GArray *nodes,
    const gchar *folder, GError **error)
{
  g_autofree guint *calls = command_count_calls (model);

  if (!command_make_folder (folder, error))
    return FALSE;
  for (guint i = 0; i < nodes->len; i++) {
    const guint node = g_array_index (nodes, guint, i);
    g_autofree gchar *path = command_get_layer_path (model, node, calls[node],
        folder, ".npy");

    if (!array_file_write (path, cnn_model_get_node_shape (model, node),
            cnn_plan_get_activation (plan, node), error))
      return FALSE;
  }
  g_print ("%u layers written to %s\n", nodes->len, folder);
  return TRUE;
}

static void
print_output (const CnnModel *model, const CnnPlan *plan, guint node)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, node);
  const gfloat *values = cnn_plan_get_activation (plan, node);
  const gsize count = cnn_shape_size (shape);
  const gsize n_printed = count <= MAX_PRINTED ? count : N_FIRST;
  g_autofree gchar *size = cnn_shape_to_string (shape);
  g_autofree gchar *name = table_make_printable (
      g_strdup (cnn_model_get_node_name (model, node)));

  g_print ("%s (%s):", name, size);
  for (gsize i = 0; i < n_printed; i++)
    g_print (" %.9g", values[i]);
  g_print ("%s\n", n_printed < count ? " ..." : "");
}

gboolean
command_run (const Options *options, GError **error)
{
  g_autoptr (CnnModel) model = command_load_model (options, error);
  g_autoptr (GArray) nodes = NULL;
  g_autoptr (CnnPlan) plan = NULL;
  const guint *outputs;
  guint n_outputs;

  if (!model || !check_inputs (options, model, error))
    return FALSE;
  nodes = select_layers (options, model, error);
  if (!nodes)
    return FALSE;
  plan = cnn_plan_new (model, (const guint *) nodes->data, nodes->len, error);
  if (!plan || !read_inputs (options, model, plan, error))
    return FALSE;
  cnn_plan_run (plan);
  if (options->output_dir
      && !write_layers (model, plan, nodes, options->output_dir, error))
    return FALSE;
  outputs = cnn_model_get_outputs (model, &n_outputs);
  for (guint i = 0; i < n_outputs; i++)
    print_output (model, plan, outputs[i]);
  return TRUE;
}
