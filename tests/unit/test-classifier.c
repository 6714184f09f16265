/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers loading a network together with its labels and its limits. */

#include "classifier/classifier.h"

#include <glib/gstdio.h>

/* A network that returns its input. */
#define MODEL                                                           \
  "{\"modelTopology\":{\"class_name\":\"Sequential\",\"config\":{"      \
  "\"name\":\"m\",\"layers\":[{\"class_name\":\"InputLayer\","          \
  "\"config\":{\"name\":\"in\",\"batch_input_shape\":[null,%d,%d,3]}}," \
  "{\"class_name\":\"Dropout\",\"config\":{\"name\":\"drop\"}}]}},"     \
  "\"weightsManifest\":[]}"

static Classifier *
load (gint height, gint width, const CnnLimits *limits, GError **error)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (folder, "model.json", NULL);
  g_autofree gchar *text = g_strdup_printf (MODEL, height, width);
  Classifier *classifier;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  classifier = classifier_load (folder, NULL, NULL, limits, error);
  g_remove (path);
  g_rmdir (folder);
  return classifier;
}

static void
test_numbered (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Classifier) classifier = load (20, 30, NULL, &error);
  guint n_classes;
  const gchar *const *labels;

  g_assert_no_error (error);
  labels = classifier_get_labels (classifier, &n_classes);
  g_assert_cmpuint (n_classes, ==, 1800);
  g_assert_cmpstr (labels[1799], ==, "class 1799");
}

static void
test_too_many (void)
{
  const CnnLimits limits = { 1 << 20, 1 << 16, 0 };
  g_autoptr (GError) error = NULL;

  g_assert_null (load (4096, 4096, NULL, &error));
  g_assert_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT);
  g_test_message ("%s", error->message);
  g_clear_error (&error);
  g_assert_null (load (20, 30, &limits, &error));
  g_assert_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/classifier/numbered", test_numbered);
  g_test_add_func ("/classifier/too-many", test_too_many);
  return g_test_run ();
}
