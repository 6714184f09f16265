/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tools/command.h"
#include "tools/table.h"

static const TableColumn columns[] = {
  { "Layer (class)", FALSE },
  { "Output shape", FALSE },
  { "Parameters", TRUE },
  { "MACs", TRUE },
  { "Connected to", FALSE },
};

/* Parameters of all layers, shared ones counted once; MACs of all nodes. */
typedef struct {
  guint64 parameters;
  guint64 trainable;
  guint64 macs;
} Totals;

/* As Keras prints it, with an open batch dimension: (None, 50, 50, 3) */
static gchar *
format_shape (const CnnShape *shape)
{
  GString *text = g_string_new ("(None");

  for (guint i = 0; i < shape->rank; i++)
    g_string_append_printf (text, ", %d", shape->dims[i]);
  return g_string_free (g_string_append_c (text, ')'), FALSE);
}

/* Whether each node's only input is the node before it. */
static gboolean
is_chain (const CnnModel *model)
{
  for (guint i = 0; i < cnn_model_get_n_nodes (model); i++) {
    guint n_inputs;
    const guint *inputs = cnn_model_get_node_inputs (model, i, &n_inputs);

    if (n_inputs != (i > 0) || (i > 0 && inputs[0] != i - 1))
      return FALSE;
  }
  return TRUE;
}

static gchar *
format_inputs (const CnnModel *model, guint node)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_node_inputs (model, node, &n_inputs);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_inputs; i++)
    g_string_append_printf (text, "%s%s", i ? ", " : "",
        cnn_model_get_node_name (model, inputs[i]));
  return g_string_free (text, FALSE);
}

static void
add_row (Table *table, const CnnModel *model, guint node, guint call,
    gboolean has_inputs, Totals *totals)
{
  guint64 trainable;
  guint64 parameters = cnn_model_get_node_params (model, node, &trainable);
  guint64 macs = cnn_model_get_node_macs (model, node);

  table_take (table,
      g_strdup_printf ("%s (%s)", cnn_model_get_node_name (model, node),
          cnn_model_get_node_class (model, node)));
  table_take (table, format_shape (cnn_model_get_node_shape (model, node)));
  table_take (table,
      call > 1 ? g_strdup ("shared") : table_format_count (parameters));
  table_take (table, table_format_count (macs));
  if (has_inputs)
    table_take (table, format_inputs (model, node));
  if (call == 1) {
    totals->parameters += parameters;
    totals->trainable += trainable;
  }
  totals->macs += macs;
}

static void
print_total (const gchar *what, guint64 parameters)
{
  g_autofree gchar *count = table_format_count (parameters);

  g_print ("%s: %s (%.2f MiB)\n", what, count,
      (gdouble) (parameters * sizeof (gfloat)) / (1 << 20));
}

gboolean
command_summary (const Options *options, GError **error)
{
  g_autoptr (CnnModel) model = command_load_model (options, error);
  g_autoptr (Table) table = NULL;
  g_autofree guint *calls = NULL;
  g_autofree gchar *name = NULL;
  g_autofree gchar *macs = NULL;
  Totals totals = { 0 };
  gboolean has_inputs;

  if (!model)
    return FALSE;
  has_inputs = !is_chain (model);
  calls = command_count_calls (model);
  table = table_new (columns, G_N_ELEMENTS (columns) - !has_inputs);
  for (guint i = 0; i < cnn_model_get_n_nodes (model); i++)
    add_row (table, model, i, calls[i], has_inputs, &totals);
  name = table_make_printable (g_strdup (cnn_model_get_name (model)));
  macs = table_format_count (totals.macs);

  g_print ("Model: \"%s\"\n", name);
  table_print (table);
  print_total ("Total params", totals.parameters);
  print_total ("Trainable params", totals.trainable);
  print_total ("Non-trainable params", totals.parameters - totals.trainable);
  g_print ("Multiply-accumulates: %s\n", macs);
  g_print ("Weights and activations: %.2f MiB\n",
      (gdouble) cnn_model_get_memory (model) / (1 << 20));
  table_print_line (table, '_');
  return TRUE;
}
