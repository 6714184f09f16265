/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "linear-model.h"

#include <glib/gstdio.h>

#include "base/stored-number.h"

static void
write_file (const gchar *folder, const gchar *name, gconstpointer contents,
    gssize size)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  /* Replacing an existing file would sync it to the disk, which is slow. */
  g_remove (path);
  g_file_set_contents (path, contents, size, &error);
  g_assert_no_error (error);
}

static gchar *
make_topology (const LinearModel *model)
{
  const gint n_inputs = model->height * model->width * model->channels;
  g_autoptr (GString) outputs = g_string_new (NULL);

  for (guint i = 0; i < model->n_outputs; i++)
    g_string_append_printf (outputs, "%s[\"dense\",0,0]", i > 0 ? "," : "");
  return g_strdup_printf (
      "{\"format\":\"layers-model\",\"modelTopology\":{\"model_config\":{"
      "\"class_name\":\"Functional\",\"config\":{\"name\":\"linear\","
      "\"layers\":["
      "{\"name\":\"input\",\"class_name\":\"InputLayer\",\"inbound_nodes\":[],"
      "\"config\":{\"name\":\"input\",\"batch_input_shape\":[null,%d,%d,%d]}},"
      "{\"name\":\"flat\",\"class_name\":\"Flatten\","
      "\"inbound_nodes\":[[[\"input\",0,0,{}]]],"
      "\"config\":{\"name\":\"flat\"}},"
      "{\"name\":\"dense\",\"class_name\":\"Dense\","
      "\"inbound_nodes\":[[[\"flat\",0,0,{}]]],"
      "\"config\":{\"name\":\"dense\",\"units\":%d,\"use_bias\":true,"
      "\"activation\":\"linear\"}}],"
      "\"input_layers\":[[\"input\",0,0]],\"output_layers\":[%s]}}},"
      "\"weightsManifest\":[{\"paths\":[\"weights.bin\"],\"weights\":["
      "{\"name\":\"dense/kernel\",\"shape\":[%d,%d],\"dtype\":\"float32\"},"
      "{\"name\":\"dense/bias\",\"shape\":[%d],\"dtype\":\"float32\"}]}]}\n",
      model->height, model->width, model->channels, model->n_values,
      outputs->str, n_inputs, model->n_values, model->n_values);
}

void
linear_model_write (const LinearModel *model, const gchar *folder)
{
  const guint n_weights = (guint) (model->height * model->width
      * model->channels * model->n_values);
  g_autofree gchar *topology = make_topology (model);
  g_autofree gfloat *nothing = g_new0 (gfloat, n_weights);
  g_autoptr (GArray) weights = g_array_new (FALSE, FALSE, sizeof (gfloat));

  g_array_append_vals (weights, model->kernel ? model->kernel : nothing,
      n_weights);
  g_array_append_vals (weights, model->bias, (guint) model->n_values);
  stored_float32_convert (weights->data, weights->len);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  write_file (folder, "model.json", topology, -1);
  write_file (folder, "weights.bin", weights->data,
      (gssize) (weights->len * sizeof (gfloat)));
}

void
linear_model_remove (const gchar *folder)
{
  static const gchar *const names[] = { "model.json", "weights.bin",
    "preprocess.json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *path = g_build_filename (folder, names[i], NULL);

    g_remove (path);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}
