/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests what the rows and columns of a map see of the network's input. */

#include "cnn/plan/receptive-field.h"

static CnnModel *
load_default_model (void)
{
  g_autofree gchar *path = g_test_build_filename (G_TEST_DIST, "..", "..",
      "model", "gender", NULL);
  g_autoptr (GError) error = NULL;
  CnnModel *model = cnn_model_load (path, NULL, &error);

  g_assert_no_error (error);
  return model;
}

static void
check_field (const CnnModel *model, const gchar *name, gint cell, gint first,
    gint last)
{
  const guint node = (guint) cnn_model_find_node (model, name);

  for (guint axis = 0; axis < 2; axis++) {
    g_autofree CnnReach *fields = cnn_receptive_field_find (model, node, axis);

    g_assert_cmpint (fields[cell].first, ==, first);
    g_assert_cmpint (fields[cell].last, ==, last);
  }
}

/* 5x5 convolutions with two cells of padding around, each pooled by two. */
static void
test_convolutions (void)
{
  g_autoptr (CnnModel) model = load_default_model ();

  check_field (model, "input_1", 7, 7, 7);
  check_field (model, "conv2d_1", 10, 8, 12);
  check_field (model, "max_pooling2d_1", 10, 18, 23);
  /* Rows 2 i - 2 to 2 i + 3 of a map whose own are 2 i - 2 to 2 i + 3. */
  check_field (model, "max_pooling2d_2", 5, 14, 29);
}

/* Padding is no part of the picture. */
static void
test_edges (void)
{
  g_autoptr (CnnModel) model = load_default_model ();

  check_field (model, "conv2d_1", 0, 0, 2);
  check_field (model, "conv2d_1", 49, 47, 49);
  check_field (model, "max_pooling2d_1", 24, 46, 49);
}

/* Each unit of a dense layer is computed from everything. */
static void
test_vectors (void)
{
  g_autoptr (CnnModel) model = load_default_model ();

  g_assert_cmpint (cnn_receptive_field_get_side (model,
                       (guint) cnn_model_find_node (model, "dense_1"), 0),
      ==, 1);
  check_field (model, "dense_1", 0, 0, 49);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/receptive-field/convolutions", test_convolutions);
  g_test_add_func ("/receptive-field/edges", test_edges);
  g_test_add_func ("/receptive-field/vectors", test_vectors);
  return g_test_run ();
}
