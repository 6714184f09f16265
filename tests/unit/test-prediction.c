/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the output of a network means, and the fields of preprocess.json that
 * say more about it. */

#include "classifier/classifier.h"

#include <glib/gstdio.h>
#include <string.h>

/* A network of layers without weights. */
#define MODEL                                                            \
  "{\"modelTopology\":{\"class_name\":\"Sequential\",\"config\":{"       \
  "\"name\":\"m\",\"layers\":[{\"class_name\":\"InputLayer\","           \
  "\"config\":{\"name\":\"in\",\"batch_input_shape\":[null,%d,%d,%d]}}," \
  "%s]}},\"weightsManifest\":[]}"
#define FLATTEN "{\"class_name\":\"Flatten\",\"config\":{\"name\":\"flat\"}}"
#define MEAN                                    \
  "{\"class_name\":\"GlobalAveragePooling2D\"," \
  "\"config\":{\"name\":\"mean\"}}"
#define DROPOUT "{\"class_name\":\"Dropout\",\"config\":{\"name\":\"drop\"}}"
#define ACTIVATION(function)                                     \
  "{\"class_name\":\"Activation\",\"config\":{\"name\":\"end\"," \
  "\"activation\":\"" function "\"}}"

typedef struct {
  gint height;
  gint width;
  gint channels;
  const gchar *layers;
  const gchar *preprocess; /* text of preprocess.json, or NULL */
  const gchar *labels;     /* text of labels.txt, or NULL */
} Case;

static void
write_file (const gchar *folder, const gchar *name, const gchar *text)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  if (text)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_folder (const gchar *folder)
{
  static const gchar *const names[] = { "model.json", "preprocess.json",
    "labels.txt" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *path = g_build_filename (folder, names[i], NULL);

    g_remove (path);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static Classifier *
load (const Case *test, GError **error)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *text = g_strdup_printf (MODEL, test->height, test->width,
      test->channels, test->layers);
  const ClassifierSource source = { .model = folder };
  Classifier *classifier;

  write_file (folder, "model.json", text);
  write_file (folder, "preprocess.json", test->preprocess);
  write_file (folder, "labels.txt", test->labels);
  classifier = classifier_load (&source, error);
  remove_folder (folder);
  return classifier;
}

static void
test_kinds (void)
{
  static const struct {
    Case test;
    CnnPredictionKind kind;
    guint n_classes;
    const gchar *attribute;
  } cases[] = {
    { { 2, 2, 3, MEAN }, CNN_PREDICTION_CLASSES, 3, "class" },
    { { 2, 2, 3, MEAN "," ACTIVATION ("softmax") }, CNN_PREDICTION_CLASSES, 3,
        "class" },
    { { 2, 2, 3, MEAN "," ACTIVATION ("relu") }, CNN_PREDICTION_CLASSES, 3,
        "class" },
    { { 2, 2, 3, MEAN "," ACTIVATION ("sigmoid") }, CNN_PREDICTION_LABELS, 3,
        "class" },
    { { 2, 2, 3, MEAN "," ACTIVATION ("hard_sigmoid") "," DROPOUT },
        CNN_PREDICTION_LABELS, 3, "class" },
    { { 2, 2, 1, MEAN "," ACTIVATION ("sigmoid") }, CNN_PREDICTION_CLASSES, 2,
        "class" },
    { { 2, 2, 1, MEAN }, CNN_PREDICTION_NUMBER, 0, "value" },
    { { 2, 2, 1, MEAN "," ACTIVATION ("relu") }, CNN_PREDICTION_NUMBER, 0,
        "value" },
    { { 2, 2, 1, MEAN, .labels = "no\nyes\n" }, CNN_PREDICTION_CLASSES, 2,
        "class" },
    { { 2, 2, 1, MEAN, .preprocess = "{\"version\":1,\"attribute\":\"age\"}" },
        CNN_PREDICTION_NUMBER, 0, "age" },
    { { 2, 3, 3, DROPOUT }, CNN_PREDICTION_MAPS, 0, "class" },
    { { 2, 3, 3, ACTIVATION ("sigmoid"), .labels = "a\nb\n" },
        CNN_PREDICTION_MAPS, 0, "class" },
    { { 1, 3, 1, DROPOUT }, CNN_PREDICTION_CLASSES, 3, "class" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Classifier) classifier = load (&cases[i].test, &error);

    g_assert_no_error (error);
    g_test_message ("%s", cases[i].test.layers);
    g_assert_cmpint (classifier_get_prediction (classifier)->kind, ==,
        cases[i].kind);
    g_assert_cmpuint (classifier_get_prediction (classifier)->n_classes, ==,
        cases[i].n_classes);
    g_assert_cmpstr (classifier_get_attribute (classifier), ==,
        cases[i].attribute);
  }
}

/* A single logit of 0 is no more yes than no, and of 2 it is yes. */
static void
test_logit (void)
{
  const Case test = { 2, 2, 1, MEAN, .labels = "no\nyes\n" };
  const gfloat output = 2.0f;
  g_autoptr (Classifier) classifier = load (&test, NULL);
  gfloat scores[2];

  g_assert_cmpuint (cnn_prediction_compute (classifier_get_prediction (
                                                classifier),
                        &output, scores),
      ==, 1);
  g_assert_cmpfloat_with_epsilon (scores[1], 0.880797f, 1e-6f);
  g_assert_cmpfloat_with_epsilon (scores[0], 0.119203f, 1e-6f);
}

static void
check_thresholds (const gchar *preprocess, gfloat first, gfloat last)
{
  const Case test = { 2, 2, 3, MEAN "," ACTIVATION ("sigmoid"), preprocess };
  g_autoptr (GError) error = NULL;
  g_autoptr (Classifier) classifier = load (&test, &error);
  g_autoptr (ClassifierDescription) description = NULL;

  g_assert_no_error (error);
  description = classifier_describe (classifier, "a");
  g_assert_cmpfloat (description->thresholds[0], ==, first);
  g_assert_cmpfloat (description->thresholds[2], ==, last);
}

static void
test_thresholds (void)
{
  check_thresholds (NULL, 0.5f, 0.5f);
  check_thresholds ("{\"version\":1,\"threshold\":0.25}", 0.25f, 0.25f);
  check_thresholds ("{\"version\":1,\"threshold\":[0,0.5,1]}", 0.0f, 1.0f);
}

static void
check_misfit (const gchar *layers, gint channels, const gchar *fields,
    const gchar *words)
{
  g_autofree gchar *preprocess = g_strdup_printf ("{\"version\":1,%s}", fields);
  const Case test = { 2, 2, channels, layers, preprocess };
  g_autoptr (GError) error = NULL;

  g_assert_null (load (&test, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "preprocess.json: "));
  if (!strstr (error->message, words)) {
    g_test_message ("'%s' does not say '%s'", error->message, words);
    g_test_fail ();
  }
}

static void
test_misfits (void)
{
  check_misfit (MEAN, 3, "\"unit\":\"years\"",
      "'unit' is for a number without labels, but the output is classes");
  check_misfit (FLATTEN, 3, "\"threshold\":0.5",
      "'threshold' is for several values that each end with a sigmoid");
  check_misfit (MEAN "," ACTIVATION ("sigmoid"), 3, "\"threshold\":[0.5,0.5]",
      "'threshold' has 2 values, but there are 3 labels");
  check_misfit (MEAN, 1, "\"output\":\"age\"",
      "the model has no output 'age'; it has mean");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prediction/kinds", test_kinds);
  g_test_add_func ("/prediction/logit", test_logit);
  g_test_add_func ("/prediction/thresholds", test_thresholds);
  g_test_add_func ("/prediction/misfits", test_misfits);
  return g_test_run ();
}
