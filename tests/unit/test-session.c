/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A network with an output of each kind: what is predicted, explained and kept
 * of each. */

#include "classifier/session.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define SIDE 8
#define TOLERANCE 1e-4f

/* Gray values of the quarters of the picture, and their mean in percent. */
static const guint8 quarters[] = { 255, 51, 0, 204 };
#define MEAN 50.0f

static void
fill_picture (guint8 *pixels)
{
  for (guint y = 0; y < SIDE; y++) {
    for (guint x = 0; x < SIDE; x++)
      pixels[y * SIDE + x] = quarters[y / (SIDE / 2) * 2 + x / (SIDE / 2)];
  }
}

static gchar *
get_folder (void)
{
  return g_test_build_filename (G_TEST_DIST, "..", "heads", NULL);
}

static ClassifierSession *
load (const gchar *output, const gchar *labels)
{
  g_autofree gchar *folder = get_folder ();
  const ClassifierSource source = { .model = folder,
    .labels = labels,
    .output = output };
  g_autoptr (GError) error = NULL;
  ClassifierSession *session = classifier_session_new (&source, &error);

  g_assert_no_error (error);
  return session;
}

static const ClassifierResult *
run (ClassifierSession *session, const ClassifierQuestion *question,
    GPtrArray *warnings)
{
  static guint8 pixels[SIDE * SIDE];
  const Rect whole = { 0, 0, SIDE, SIDE };
  const ImageFrame frame = { .format = IMAGE_FORMAT_GRAY8,
    .width = SIDE,
    .height = SIDE,
    .plane = { pixels },
    .stride = { SIDE },
    .colorimetry = { .kr = 0.299, .kb = 0.114, .full_range = TRUE } };
  g_autoptr (GError) error = NULL;

  fill_picture (pixels);
  g_assert_true (classifier_session_ask (session, question, warnings, &error));
  g_assert_no_error (error);
  return classifier_session_run (session, &frame, &whole, &whole);
}

static gfloat
squash (gfloat value)
{
  return 1.0f / (1.0f + expf (4.0f - 8.0f * value));
}

static void
assert_near (gfloat value, gfloat expected)
{
  g_assert_cmpfloat_with_epsilon (value, expected, TOLERANCE);
}

static void
check_text (const ClassifierResult *result, const gchar *expected)
{
  g_autofree gchar *text = classifier_result_to_text (result);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_number (void)
{
  const ClassifierQuestion question = { .explain = TRUE };
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ClassifierSession) session = load (NULL, NULL);
  const ClassifierResult *result = run (session, &question, warnings);

  g_assert_cmpuint (warnings->len, ==, 0);
  g_assert_cmpint (result->description->kind, ==, CNN_PREDICTION_NUMBER);
  g_assert_cmpuint (result->description->n_classes, ==, 0);
  g_assert_cmpstr (result->description->attribute, ==, "age");
  g_assert_cmpstr (result->description->unit, ==, "years");
  assert_near (result->scores[0], MEAN);
  check_text (result, "50.0 years");
  g_assert_cmpstr (result->explanation->layer, ==, "percent");
  assert_near (result->explanation->logit, MEAN);
  assert_near (result->explanation->channel_contributions[0], MEAN);
}

static void
test_labels (void)
{
  const ClassifierQuestion question = { .explain = TRUE };
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ClassifierSession) session = load ("marks", NULL);
  const ClassifierResult *result = run (session, &question, warnings);

  g_assert_cmpint (result->description->kind, ==, CNN_PREDICTION_LABELS);
  g_assert_cmpstr (result->description->attribute, ==, "marks");
  g_assert_null (result->description->unit);
  g_assert_cmpuint (result->description->n_classes, ==, 4);
  for (guint i = 0; i < 4; i++) {
    assert_near (result->scores[i], squash (quarters[i] / 255.0f));
    g_assert_true (
        classifier_result_is_predicted (result, i) == (quarters[i] >= 204));
  }
  g_assert_cmpuint (result->winner, ==, 0);
  check_text (result, "class 0, class 3");
  /* Without a target, the strongest label is explained. */
  g_assert_cmpuint (result->explanation->target_class, ==, 0);
  assert_near (result->explanation->logit, 4.0f);
}

static void
test_classes (void)
{
  const ClassifierQuestion question = { .explain = TRUE,
    .target_class = "class 3" };
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ClassifierSession) session = load ("corner", NULL);
  const ClassifierResult *result = run (session, &question, warnings);

  g_assert_cmpint (result->description->kind, ==, CNN_PREDICTION_CLASSES);
  g_assert_true (classifier_result_is_predicted (result, 0));
  g_assert_false (classifier_result_is_predicted (result, 3));
  check_text (result, "class 0");
  assert_near (result->explanation->logit, 8.0f * 0.8f - 4.0f);
}

/* The output itself is among the layers, and its mean is explained. */
static void
test_image (void)
{
  const ClassifierQuestion question = { .explain = TRUE, .layers = "auto" };
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ClassifierSession) session = load ("mask", NULL);
  const ClassifierResult *result = run (session, &question, warnings);

  g_assert_cmpuint (warnings->len, ==, 0);
  g_assert_cmpint (result->description->kind, ==, CNN_PREDICTION_MAPS);
  g_assert_cmpuint (result->description->n_classes, ==, 0);
  check_text (result, NULL);
  g_assert_cmpuint (result->n_layers, ==, 1);
  g_assert_cmpstr (result->layers[0].name, ==, "mask");
  g_assert_cmpint (result->layers[0].height, ==, SIDE);
  g_assert_cmpint (result->layers[0].width, ==, SIDE);
  assert_near (result->layers[0].data[0], squash (1.0f));
  g_assert_cmpstr (result->explanation->layer, ==, "maps");
  assert_near (result->explanation->logit, 8.0f * MEAN / 100.0f - 4.0f);
  assert_near (result->explanation->logit - result->explanation->bias,
      result->explanation->channel_contributions[0]);
  assert_near (result->explanation->bias, -4.0f);
}

/* The input is kept with the layers, and its colours are those of the
 * picture. */
static void
test_input (void)
{
  const ClassifierQuestion nothing = { .layers = "" };
  const ClassifierQuestion maps = { .layers = "auto" };
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (ClassifierSession) session = load ("mask", NULL);
  const ClassifierResult *result = run (session, &nothing, warnings);

  g_assert_null (result->input.data);
  result = run (session, &maps, warnings);
  g_assert_cmpint (result->input.height, ==, SIDE);
  g_assert_cmpint (result->input.width, ==, SIDE);
  g_assert_cmpint (result->input.channels, ==, 1);
  for (guint i = 0; i < SIDE * SIDE; i++) {
    const guint gray = quarters[i / SIDE / 4 * 2 + i % SIDE / 4];

    assert_near (result->input.data[i], gray / 255.0f);
    g_assert_cmphex (classifier_colors_get_rgb (&result->description->colors,
                         &result->input.data[i]),
        ==, gray * 0x010101);
  }
}

/* All outputs are there, whichever is the prediction. */
static void
test_outputs (void)
{
  static const gchar *const names[] = { "age", "marks", "corner", "mask" };
  const ClassifierQuestion question = { .layers = "" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
    g_autofree gchar *number = g_strdup_printf ("%u", i);
    g_autoptr (ClassifierSession) session = load (number, NULL);
    g_autoptr (ClassifierResult)
        result = classifier_result_copy (run (session, &question, warnings));

    g_assert_cmpuint (result->output, ==, i);
    g_assert_cmpstr (result->description->attribute, ==, names[i]);
    g_assert_cmpuint (result->n_layers, ==, 0);
    g_assert_cmpuint (result->n_outputs, ==, G_N_ELEMENTS (names));
    for (guint k = 0; k < G_N_ELEMENTS (names); k++)
      g_assert_cmpstr (result->outputs[k].name, ==, names[k]);
    assert_near (result->outputs[0].data[0], MEAN);
    assert_near (result->outputs[1].data[1], squash (0.2f));
    g_assert_cmpint (result->outputs[3].height, ==, SIDE);
    assert_near (result->outputs[3].data[SIDE * SIDE - 1], squash (0.8f));
  }
}

static void
check_refused (const gchar *output, const gchar *labels, const gchar *words)
{
  g_autofree gchar *folder = get_folder ();
  const ClassifierSource source = { .model = folder,
    .labels = labels,
    .output = output };
  g_autoptr (GError) error = NULL;

  g_assert_null (classifier_session_new (&source, &error));
  g_assert_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT);
  if (!strstr (error->message, words)) {
    g_test_message ("'%s' does not say '%s'", error->message, words);
    g_test_fail ();
  }
}

static void
test_no_output (void)
{
  check_refused ("gender", NULL,
      "no output 'gender'; it has age, marks, corner, mask, numbered from 0");
  check_refused ("4", NULL, "no output '4'");
}

/* A number and an image have no class to explain. */
static void
test_no_class (void)
{
  static const gchar *const outputs[] = { "age", "mask" };
  const ClassifierQuestion question = { .explain = TRUE, .target_class = "0" };

  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++) {
    g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (ClassifierSession) session = load (outputs[i], NULL);

    g_assert_null (run (session, &question, warnings)->explanation);
    g_assert_cmpuint (warnings->len, ==, 1);
    g_assert_nonnull (
        strstr (g_ptr_array_index (warnings, 0), "which has no classes"));
  }
}

static gchar *
write_labels (const gchar *text)
{
  gchar *path = NULL;
  const gint file = g_file_open_tmp ("activationmap-XXXXXX", &path, NULL);

  g_assert_cmpint (file, >=, 0);
  g_close (file, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

/* Two labels make a number the logit of the second, which has no unit. */
static void
test_logit (void)
{
  g_autofree gchar *path = write_labels ("no\nyes\n");
  g_autofree gchar *folder = get_folder ();
  const ClassifierSource source = { .model = folder, .labels = path };
  g_autoptr (GError) error = NULL;

  g_assert_null (classifier_session_new (&source, &error));
  g_assert_error (error, MODEL_ERROR, MODEL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "preprocess.json: 'unit' is for"));
  check_refused ("marks", path, "has 2 labels");
  g_assert_cmpint (g_remove (path), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/number", test_number);
  g_test_add_func ("/session/labels", test_labels);
  g_test_add_func ("/session/classes", test_classes);
  g_test_add_func ("/session/image", test_image);
  g_test_add_func ("/session/input", test_input);
  g_test_add_func ("/session/outputs", test_outputs);
  g_test_add_func ("/session/no-output", test_no_output);
  g_test_add_func ("/session/no-class", test_no_class);
  g_test_add_func ("/session/logit", test_logit);
  return g_test_run ();
}
