/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers loading a network together with its labels and its limits. */

#include "classifier/classifier.h"

#include <glib/gstdio.h>
#include <string.h>

/* A network without weights, whose input has a shape of @dims and is followed
 * by @layers. */
static gchar *
make_model (const gchar *dims, const gchar *layers)
{
  return g_strdup_printf ("{\"modelTopology\":{\"class_name\":\"Sequential\","
                          "\"config\":{\"name\":\"m\",\"layers\":["
                          "{\"class_name\":\"InputLayer\",\"config\":{"
                          "\"name\":\"in\",\"batch_input_shape\":[null,%s]}},"
                          "%s]}},\"weightsManifest\":[]}",
      dims, layers);
}

#define LAYER(class, name, more) \
  "{\"class_name\":\"" class "\",\"config\":{\"name\":\"" name "\"" more "}}"
#define DROPOUT(name) LAYER ("Dropout", name, "")
#define FLATTEN LAYER ("Flatten", "flat", "")
#define RESCALING(scale, offset) \
  LAYER ("Rescaling", "rescaling", ",\"scale\":" scale ",\"offset\":" offset)

static void
write_file (const gchar *folder, const gchar *name, const gchar *text)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  if (text)
    g_assert_true (g_file_set_contents (path, text, -1, NULL));
  else
    g_remove (path);
}

/* Loads a model with a @preprocess and a @metadata, either of which may be
 * NULL. */
static Classifier *
load_with (const gchar *model, const gchar *preprocess, const gchar *metadata,
    const CnnLimits *limits, GError **error)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  Classifier *classifier;

  write_file (folder, "model.json", model);
  write_file (folder, "preprocess.json", preprocess);
  write_file (folder, "metadata.json", metadata);
  classifier = classifier_load (&(const ClassifierSource) { .model = folder,
                                    .limits = limits },
      error);
  write_file (folder, "model.json", NULL);
  write_file (folder, "preprocess.json", NULL);
  write_file (folder, "metadata.json", NULL);
  g_rmdir (folder);
  return classifier;
}

/* Loads a network that returns its input. */
static Classifier *
load (gint height, gint width, const CnnLimits *limits, GError **error)
{
  g_autofree gchar *dims = g_strdup_printf ("%d,%d,3", height, width);
  g_autofree gchar *model = make_model (dims, FLATTEN);

  return load_with (model, NULL, NULL, limits, error);
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

/* A network that scales pixels itself gets them as they are, unless its folder
 * says otherwise. */
static void
test_own_range (void)
{
  static const struct {
    const gchar *layers;
    const gchar *preprocess;
    gdouble scale, offset;
  } cases[] = {
    { DROPOUT ("drop"), NULL, 1.0 / 255.0, 0.0 },
    { RESCALING ("0.00392156862", "0"), NULL, 1.0, 0.0 },
    { RESCALING ("0.0078431372", "-1"), "{\"version\":1}", 1.0, 0.0 },
    { RESCALING ("[0.01,0.02,0.03]", "[-1,-2,-3]"), NULL, 1.0, 0.0 },
    { LAYER ("ZeroPadding2D", "pad", ",\"padding\":1") "," DROPOUT (
          "drop") "," RESCALING ("0.00392156862", "0"),
        NULL, 1.0, 0.0 },
    { RESCALING ("0.00392156862", "0"), "{\"version\":1,\"scale\":0.5}", 0.5,
        0.0 },
    { RESCALING ("0.00392156862", "0"), "{\"version\":1,\"offset\":-3}",
        1.0 / 255.0, -3.0 },
    /* from 0..1 to -1..1 */
    { RESCALING ("2", "-1"), NULL, 1.0 / 255.0, 0.0 },
    /* of values that are no longer those of pixels */
    { LAYER ("ReLU", "relu", "") "," RESCALING ("0.00392156862", "0"), NULL,
        1.0 / 255.0, 0.0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *model = make_model ("4,4,3", cases[i].layers);
    g_autoptr (GError) error = NULL;
    g_autoptr (Classifier)
        classifier = load_with (model, cases[i].preprocess, NULL, NULL, &error);
    const ClassifierPreprocess *preprocess;

    g_assert_no_error (error);
    preprocess = classifier_get_preprocess (classifier);
    g_assert_cmpfloat (preprocess->scale, ==, cases[i].scale);
    g_assert_cmpfloat (preprocess->offset, ==, cases[i].offset);
  }
}

/* Known layers are pointed out, but the range is not guessed. */
static void
test_hints (void)
{
  static const struct {
    const gchar *layers;
    const gchar *preprocess;
    const gchar *part;
  } cases[] = {
    { DROPOUT ("Conv1") "," DROPOUT ("expanded_conv_depthwise"), NULL,
        "MobileNetV2, which Keras trains with inputs of -1..1" },
    { DROPOUT ("block1_conv1") "," DROPOUT ("block2_conv1"), NULL,
        "VGG, which Keras trains with BGR" },
    { DROPOUT ("block1_conv1") "," DROPOUT ("block2_conv1"),
        "{\"version\":1,\"scale\":1}", NULL },
    { RESCALING ("0.003", "0") "," DROPOUT ("stem_conv") "," DROPOUT (
          "block1a_project_conv"),
        NULL, NULL },
    { DROPOUT ("block1_conv1"), NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *model = make_model ("4,4,3", cases[i].layers);
    g_autoptr (GError) error = NULL;
    g_autoptr (Classifier)
        classifier = load_with (model, cases[i].preprocess, NULL, NULL, &error);
    const gchar *hint;

    g_assert_no_error (error);
    hint = classifier_get_range_hint (classifier);
    if (cases[i].part)
      g_assert_nonnull (strstr (hint, cases[i].part));
    else
      g_assert_null (hint);
  }
}

static void
test_channels (void)
{
  static const struct {
    const gchar *dims;
    guint n_values;
  } cases[] = {
    { "4,6", 24 },
    { "4,6,1", 24 },
    { "4,6,3", 72 },
    { "4,6,4", 96 },
  };
  guint8 pixels[] = { 200, 100, 0, 0 }; /* a multiple of four bytes */
  const ImageFrame frame = { .format = IMAGE_FORMAT_RGB,
    .width = 1,
    .height = 1,
    .plane = { pixels },
    .stride = { 4 },
    .colorimetry = { .kr = 0.299, .kb = 0.114, .full_range = TRUE } };
  const Rect whole = { 0, 0, 1, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *model = make_model (cases[i].dims, FLATTEN);
    g_autoptr (GError) error = NULL;
    g_autoptr (Classifier) classifier = load_with (model,
        "{\"version\":1,\"scale\":0.005}", NULL, NULL, &error);
    g_autoptr (ImageResizer) resizer = NULL;
    gfloat input[96 + 1];
    guint n_classes;

    g_assert_no_error (error);
    classifier_get_labels (classifier, &n_classes);
    g_assert_cmpuint (n_classes, ==, cases[i].n_values);
    resizer = classifier_new_resizer (classifier);
    input[n_classes] = 7.0f;
    image_resizer_run (resizer, &frame, &whole, input);
    g_assert_cmpfloat (input[n_classes], ==, 7.0f);
    if (n_classes == 24)
      g_assert_cmpfloat_with_epsilon (input[0], 0.005f * (59.8f + 58.7f), 1e-5);
    else
      g_assert_cmpfloat_with_epsilon (input[1], 0.5f, 1e-6);
    /* alpha is scaled like the rest */
    if (n_classes == 96)
      g_assert_cmpfloat_with_epsilon (input[3], 0.005f * 255.0f, 1e-6);
  }
}

/* The labels must be those of the model. */
static void
test_exported_labels (void)
{
  static const gchar two[] =
      "{\"packageName\":\"@teachablemachine/image\",\"labels\":[\"a\",\"b\"]}";
  g_autofree gchar *fits = make_model ("1,2,1", DROPOUT ("drop"));
  g_autofree gchar *differs = make_model ("1,3,1", DROPOUT ("drop"));
  g_autoptr (GError) error = NULL;
  g_autoptr (Classifier) classifier = load_with (fits, NULL, two, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (classifier_get_labels (classifier, NULL)[1], ==, "b");
  g_assert_null (load_with (differs, NULL, two, NULL, &error));
  g_assert_error (error, MODEL_ERROR, MODEL_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "metadata.json has 2 labels"));
}

/* Where the network looks, relative to a region in the middle of its crop. */
static void
test_view (void)
{
  static const struct {
    const gchar *fit;
    RectMargins seen, maps;
  } cases[] = {
    { "stretch", { -0.5f, -0.5f, -0.5f, -0.5f },
        { -0.5f, -0.5f, -0.5f, -0.5f } },
    { "cover", { 0.0f, -0.5f, 0.0f, -0.5f }, { 0.0f, -0.5f, 0.0f, -0.5f } },
    { "contain", { -0.5f, -0.5f, -0.5f, -0.5f },
        { -0.5f, -1.5f, -0.5f, -1.5f } },
  };
  g_autofree gchar *model = make_model ("16,16,3", DROPOUT ("drop"));
  const ImageFrame frame = { .width = 400, .height = 300 };
  const Rect region = { 100, 50, 80, 40 }, crop = { 60, 30, 160, 80 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *preprocess = g_strdup_printf ("{\"version\":1,"
                                                    "\"fit\":\"%s\"}",
        cases[i].fit);
    g_autoptr (GError) error = NULL;
    g_autoptr (Classifier)
        classifier = load_with (model, preprocess, NULL, NULL, &error);
    ClassifierView view;

    g_assert_no_error (error);
    classifier_get_view (classifier, &frame, &crop, &region, &view);
    g_assert_cmpmem (&view.seen, sizeof view.seen, &cases[i].seen,
        sizeof view.seen);
    g_assert_cmpmem (&view.maps, sizeof view.maps, &cases[i].maps,
        sizeof view.maps);
  }
}

/* However far the edges are, they can be subtracted from each other. */
static void
test_far_margins (void)
{
  static const Rect rects[] = { { G_MININT, G_MININT, G_MAXINT, G_MAXINT },
    { G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT }, { 7, -9, 30, 20 } };
  const RectMargins none = { 0 };
  const RectMargins far_away = { -RECT_MAX_MARGIN, -RECT_MAX_MARGIN,
    -RECT_MAX_MARGIN, -RECT_MAX_MARGIN };
  const RectMargins crossed = { 1.0f, 1.0f, 1.0f, 1.0f };
  Rect same;

  for (guint i = 0; i < G_N_ELEMENTS (rects); i++) {
    Rect rect = rect_apply_margins (&rects[i], &far_away);

    g_assert_cmpint ((gint64) rect.x + rect.width, <=, 1 << 30);
    g_assert_cmpint (rect.height, >, 0);
    rect = rect_apply_margins (&rects[i], &crossed);
    g_assert_cmpint (rect.width, ==, 1);
  }
  same = rect_apply_margins (&rects[2], &none);
  g_assert_cmpmem (&same, sizeof same, &rects[2], sizeof same);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/classifier/numbered", test_numbered);
  g_test_add_func ("/classifier/too-many", test_too_many);
  g_test_add_func ("/classifier/own-range", test_own_range);
  g_test_add_func ("/classifier/hints", test_hints);
  g_test_add_func ("/classifier/channels", test_channels);
  g_test_add_func ("/classifier/exported-labels", test_exported_labels);
  g_test_add_func ("/classifier/view", test_view);
  g_test_add_func ("/classifier/far-margins", test_far_margins);
  return g_test_run ();
}
