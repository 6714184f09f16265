/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests of cnninference with a model that has a preprocess.json: the values
 * that reach its input, computed here from the pixels, and which setting wins
 * where a property and the file differ. */

#include "common.h"

#include <math.h>
#include <string.h>

#define SIDE 64

/* Writes a model with @channels channels, three classes, and a preprocess.json
 * that consists of the version and @fields. */
static gchar *
write_model (gint channels, const gchar *fields)
{
  gchar *folder = test_write_model (SIDE, SIDE, channels, 3);
  g_autofree gchar *text = g_strdup_printf ("{\"version\":1,%s}", fields);

  test_write_file (folder, "preprocess.json", text, -1);
  test_write_file (folder, "names.txt", "happy\nsad\nneutral\n", -1);
  test_write_file (folder, "labels.txt", "x\ny\nz\n", -1);
  return folder;
}

#define TM_IMAGE                            \
  "{\"packageName\":\"@teachablemachine/"   \
  "image\",\"labels\":[\"rock\",\"paper\"," \
  "\"scissors\"],\"imageSize\":64,\"tmVersion\":\"2.4.4\"}"

/* Writes an export of Teachable Machine. */
static gchar *
write_export (const gchar *metadata)
{
  gchar *folder = test_write_model (SIDE, SIDE, 3, 3);

  test_write_file (folder, "metadata.json", metadata, -1);
  return folder;
}

static GstHarness *
make_harness (const gchar *folder, const gchar *properties, gint side)
{
  return test_harness (test_element ("cnninference model=%s layers=in %s",
                           folder, properties),
      "RGB", side, side);
}

static const GstActivations *
get_activations (GstBuffer *buffer)
{
  GstActivationMeta *meta = gst_buffer_get_nth_activation_meta (buffer, 0);

  fail_unless (meta != NULL);
  return meta->activations;
}

/* Returns one value of an RGB picture, interpolated bilinearly in double
 * precision. */
static gdouble
sample (const guint8 *pixels, gint stride, const Rect *crop, gdouble x,
    gdouble y, gint channel)
{
  const gint left = (gint) x, top = (gint) y;
  const gint right = MIN (left + 1, crop->width - 1);
  const gint bottom = MIN (top + 1, crop->height - 1);
  const gdouble fx = x - left, fy = y - top;
  const guint8 *origin = pixels + crop->y * stride + crop->x * 3 + channel;

  return (1 - fy)
      * ((1 - fx) * origin[top * stride + left * 3]
          + fx * origin[top * stride + right * 3])
      + fy
      * ((1 - fx) * origin[bottom * stride + left * 3]
          + fx * origin[bottom * stride + right * 3]);
}

/* Returns where the convention @resize takes output sample @i of %SIDE from in
 * an input of @size. */
static gdouble
locate (const gchar *resize, gint i, gint size)
{
  gdouble position;

  if (g_str_equal (resize, "legacy"))
    position = (gdouble) i * size / SIDE;
  else if (g_str_equal (resize, "align-corners"))
    position = (gdouble) i * (size - 1) / (SIDE - 1);
  else
    position = (i + 0.5) * size / SIDE - 0.5;
  return CLAMP (position, 0.0, size - 1.0);
}

/* The weights of red, green and blue in channel @channel of the input. */
static void
get_weights (const gchar *channels, gint channel, gdouble weights[3])
{
  static const gdouble luma[3] = { 0.299, 0.587, 0.114 };

  memset (weights, 0, 3 * sizeof *weights);
  if (g_str_equal (channels, "gray"))
    memcpy (weights, luma, sizeof luma);
  else
    weights[g_str_equal (channels, "bgr") ? 2 - channel : channel] = 1.0;
}

typedef struct {
  const gchar *resize;
  const gchar *channels;
  gdouble scale;
  gdouble offset;
} Case;

static const Case cases[] = {
  { "half-pixel", "gray", 2.0 / 255.0, -1.0 },
  { "align-corners", "gray", 1.0 / 255.0, 0.0 },
  { "legacy", "gray", 1.0, 0.0 },
  { "half-pixel", "rgb", 2.0 / 255.0, -1.0 },
  { "legacy", "bgr", 1.0, -117.5 },
  { "align-corners", "bgr", -1.0 / 255.0, 1.0 },
};

static void
check_input (GstBuffer *buffer, const Case *due, const Rect *crop, gint side)
{
  guint height, width, channels;
  gsize n_values;
  const gfloat *input = gst_activations_get_layer_data (get_activations (
                                                            buffer),
      0, &height, &width, &channels, &n_values);
  GstMapInfo map;

  fail_unless_equals_int (height, SIDE);
  fail_unless_equals_int (width, SIDE);
  fail_unless_equals_int (channels,
      g_str_equal (due->channels, "gray") ? 1 : 3);
  gst_buffer_map (buffer, &map, GST_MAP_READ);
  for (guint i = 0; i < SIDE * SIDE * channels; i++) {
    const gdouble x = locate (due->resize, i / channels % SIDE, crop->width);
    const gdouble y = locate (due->resize, i / channels / SIDE, crop->height);
    gdouble weights[3];
    gdouble value = 0.0;

    get_weights (due->channels, i % channels, weights);
    for (gint k = 0; k < 3; k++)
      value += weights[k] * sample (map.data, side * 3, crop, x, y, k);
    value = value * due->scale + due->offset;
    fail_unless (fabs (input[i] - value) <= 2e-3 * fabs (due->scale),
        "value %d is %g, not %g", i, input[i], value);
  }
  gst_buffer_unmap (buffer, &map);
}

/* The whole frame is scaled to the size of the input. */
GST_START_TEST (test_input)
{
  const Case *due = &cases[__i__];
  const gint side = 100; /* its rows of RGB have no padding */
  const Rect frame = { 0, 0, side, side };
  g_autofree gchar *fields = g_strdup_printf ("\"resize\":\"%s\","
                                              "\"channels\":\"%s\","
                                              "\"scale\":%.17g,"
                                              "\"offset\":%.17g",
      due->resize, due->channels, due->scale, due->offset);
  gchar *folder = write_model (g_str_equal (due->channels, "gray") ? 1 : 3,
      fields);
  GstHarness *harness = make_harness (folder, "roi-type=\"\"", side);
  GstBuffer *buffer = test_push (harness, test_frame ("RGB", side, side, 0));

  check_input (buffer, due, &frame, side);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

/* Fields of preprocess.json, properties, and what is expected: the label in the
 * middle, the attribute, and the crop of the box 30,34 40x32. */
static const struct {
  const gchar *fields;
  const gchar *properties;
  const gchar *label;
  const gchar *attribute;
  Rect crop;
} words[] = {
  { "\"labels\":\"names.txt\",\"attribute\":\"mood\",\"crop_scale\":1.5", "",
      "sad", "mood", { 20, 26, 60, 48 } },
  { "\"attribute\":\"mood\"", "", "y", "mood", { 30, 34, 40, 32 } },
  { "\"crop_scale\":0.5", "", "y", "class", { 40, 42, 20, 16 } },
  { "\"attribute\":\"mood\",\"crop_scale\":1.5", "attribute=face roi-scale=2.0",
      "y", "face", { 10, 18, 80, 64 } },
  /* The values that hold without the file, set explicitly. */
  { "\"attribute\":\"mood\",\"crop_scale\":1.5",
      "attribute=gender roi-scale=1.0", "y", "gender", { 30, 34, 40, 32 } },
  /* The defaults, which leave the values to the model. */
  { "\"attribute\":\"mood\",\"crop_scale\":1.5", "attribute=\"\" roi-scale=0",
      "y", "mood", { 20, 26, 60, 48 } },
};

static GstBuffer *
push_face (GstHarness *harness, guint number)
{
  GstBuffer *buffer = test_frame ("RGB", 100, 100, number);

  test_add_region (buffer, "face", 1, 30, 34, 40, 32);
  return test_push (harness, buffer);
}

GST_START_TEST (test_whose_word_counts)
{
  const Case like = { "legacy", "gray", 1.0 / 255.0, 0.0 };
  gchar *folder = write_model (1, words[__i__].fields);
  GstHarness *harness = make_harness (folder, words[__i__].properties, 100);
  GstBuffer *buffer = push_face (harness, 0);
  const GstActivations *activations = get_activations (buffer);

  fail_unless_equals_string (gst_activations_get_label (activations, 1),
      words[__i__].label);
  fail_unless_equals_string (gst_activations_get_attribute (activations),
      words[__i__].attribute);
  fail_unless (
      gst_video_region_of_interest_meta_get_param (test_nth_region (buffer, 0),
          words[__i__].attribute)
      != NULL);
  check_input (buffer, &like, &words[__i__].crop, 100);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

/* The property labels, even if it is set while playing, takes precedence over
 * the file, and the file over labels.txt. */
GST_START_TEST (test_labels)
{
  gchar *folder = write_model (1, "\"labels\":\"names.txt\"");
  g_autofree gchar *other = g_build_filename (folder, "other.txt", NULL);
  static const gchar *const due[] = { "sad", "b", "sad" };
  GstHarness *harness = make_harness (folder, "", 100);

  test_write_file (folder, "other.txt", "a\nb\nc\n", -1);
  for (guint i = 0; i < G_N_ELEMENTS (due); i++) {
    GstBuffer *buffer;

    g_object_set (harness->element, "labels", i == 1 ? other : NULL, NULL);
    buffer = push_face (harness, i);
    fail_unless_equals_string (
        gst_activations_get_label (get_activations (buffer), 1), due[i]);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

/* A new model brings its own settings. One without a preprocess.json has none
 * of those of the model before. */
GST_START_TEST (test_model_change)
{
  gchar *folder = write_model (1, "\"attribute\":\"mood\",\"crop_scale\":2");
  gchar *plain = test_write_model (SIDE, SIDE, 1, 3);
  const Case like = { "legacy", "gray", 1.0 / 255.0, 0.0 };
  const Rect box = { 30, 34, 40, 32 };
  GstHarness *harness = make_harness (folder, "", 100);
  GstBuffer *buffer = push_face (harness, 0);

  fail_unless_equals_string (gst_activations_get_attribute (
                                 get_activations (buffer)),
      "mood");
  gst_buffer_unref (buffer);
  g_object_set (harness->element, "model", plain, NULL);
  buffer = push_face (harness, 1);
  fail_unless_equals_string (gst_activations_get_attribute (
                                 get_activations (buffer)),
      "class");
  fail_unless_equals_string (
      gst_activations_get_label (get_activations (buffer), 1), "class 1");
  check_input (buffer, &like, &box, 100);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  test_remove_folder (folder);
  test_remove_folder (plain);
}
GST_END_TEST;

/* Pushes a frame of @width x @height whose rows of RGB have no padding. */
static GstBuffer *
push_wide (GstHarness *harness, gint width, gint height)
{
  g_autoptr (GstCaps) caps = test_caps ("RGB", width, height);

  gst_harness_set_src_caps (harness, gst_caps_ref (caps));
  return test_push (harness, test_frame ("RGB", width, height, 0));
}

/* The folder is all that it takes: its labels, its range, and the square in the
 * middle. What it predicts has no name. */
GST_START_TEST (test_teachable_machine)
{
  const Case like = { "half-pixel", "rgb", 1.0 / 127.0, -1.0 };
  const Rect square = { 40, 0, 120, 120 };
  gchar *folder = write_export (TM_IMAGE);
  GstHarness *harness = make_harness (folder,
      "roi-type=\"\" post-messages=true", SIDE);
  GstBuffer *buffer = push_wide (harness, 200, 120);
  const GstActivations *activations = get_activations (buffer);
  gdouble x, y, width, height;

  fail_unless_equals_string (gst_activations_get_label (activations, 2),
      "scissors");
  fail_unless_equals_string (gst_activations_get_attribute (activations),
      "class");
  check_input (buffer, &like, &square, 200);
  gst_activations_get_maps_area (activations, &x, &y, &width, &height);
  fail_unless_equals_float (x, 0.2f);
  fail_unless_equals_float (y, 0.0);
  fail_unless (fabs (width - 0.6) < 1e-6);
  fail_unless_equals_float (height, 1.0);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

/* Nothing says what it predicts, so JSON says `class`. */
GST_START_TEST (test_json)
{
  gchar *folder = write_export (TM_IMAGE);
  g_autofree gchar *chain = g_strdup_printf ("cnninference model=%s ! "
                                             "regionjson",
      folder);
  GstHarness *harness = test_parse_harness (chain, "RGB", 100, 100);
  GstBuffer *buffer = push_face (harness, 0);
  g_autofree gchar *text = NULL;
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  text = g_strndup ((const gchar *) map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  fail_unless (strstr (text, "\"class\":{") != NULL, "%s", text);
  fail_unless (strstr (text, "gender") == NULL, "%s", text);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

/* The region that the result is about stays what it was, and the metadata says
 * what of it the network saw, of which roi-scale is a part. */
GST_START_TEST (test_fit_of_region)
{
  static const struct {
    const gchar *fit;
    gdouble area[4];
  } fits[] = { { "stretch", { -0.25, -0.25, 1.5, 1.5 } },
    { "cover", { -0.1, -0.25, 1.2, 1.5 } },
    /* 51 of 64 rows, the first of which is number 6 */
    { "contain", { -0.25, -0.25 - 6 * 1.5 / 51, 1.5, 64 * 1.5 / 51 } } };
  const Case like = { "legacy", "gray", 1.0 / 255.0, 0.0 };
  const Rect square = { 26, 26, 48, 48 };

  for (guint i = 0; i < G_N_ELEMENTS (fits); i++) {
    g_autofree gchar *fields = g_strdup_printf ("\"fit\":\"%s\"", fits[i].fit);
    gchar *folder = write_model (1, fields);
    GstHarness *harness = make_harness (folder, "roi-scale=1.5", 100);
    GstBuffer *buffer = push_face (harness, 0); /* 30,34 40x32 */
    GstActivationMeta *meta = gst_buffer_get_nth_activation_meta (buffer, 0);
    gdouble area[4];

    fail_unless_equals_int (meta->x, 30);
    fail_unless_equals_int (meta->width, 40);
    gst_activations_get_maps_area (meta->activations, &area[0], &area[1],
        &area[2], &area[3]);
    for (guint k = 0; k < G_N_ELEMENTS (area); k++)
      fail_unless (fabs (area[k] - fits[i].area[k]) < 1e-6, "%s: %u is %g",
          fits[i].fit, k, area[k]);
    if (g_str_equal (fits[i].fit, "cover"))
      check_input (buffer, &like, &square, 100);
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
    test_remove_folder (folder);
  }
}
GST_END_TEST;

static const struct {
  const gchar *metadata;
  gint code;
  const gchar *text;
} refused_exports[] = {
  { "{\"packageName\":\"@teachablemachine/pose\",\"labels\":[\"a\"]}",
      GST_LIBRARY_ERROR_INIT, "a pose model of Teachable Machine" },
  { "{\"tfjsSpeechCommandsVersion\":\"0.4.0\"}", GST_LIBRARY_ERROR_INIT,
      "an audio model of Teachable Machine" },
  { "{\"packageName\":\"@teachablemachine/image\",\"labels\":[\"a\"]}",
      GST_LIBRARY_ERROR_INIT, "metadata.json has 1 labels" },
  { "[", GST_LIBRARY_ERROR_INIT, "metadata.json: is not valid JSON" },
};

GST_START_TEST (test_refused_export)
{
  gchar *folder = write_export (refused_exports[__i__].metadata);
  GstElement *element = test_element ("cnninference model=%s", folder);

  test_expect_no_start (element);
  test_expect_error (element, GST_LIBRARY_ERROR, refused_exports[__i__].code,
      refused_exports[__i__].text);
  gst_object_unref (element);
  test_remove_folder (folder);
}
GST_END_TEST;

static const struct {
  const gchar *fields;
  gboolean is_resource;
  gint code;
  const gchar *text;
} errors[] = {
  { "\"scale\":\"much\"", FALSE, GST_LIBRARY_ERROR_INIT,
      "preprocess.json: 'scale'" },
  { "\"channels\":\"rgb\"", FALSE, GST_LIBRARY_ERROR_INIT,
      "preprocess.json: 'channels' is 'rgb', but the model takes 1" },
  { "\"labels\":\"none.txt\"", TRUE, GST_RESOURCE_ERROR_NOT_FOUND, "none.txt" },
  { "\"labels\":\"model.json\"", FALSE, GST_LIBRARY_ERROR_SETTINGS,
      "model.json: has 1 labels" },
  { "\"labels\":\"../labels.txt\"", FALSE, GST_LIBRARY_ERROR_INIT,
      "preprocess.json: 'labels'" },
  { "\"speed\":9", FALSE, GST_LIBRARY_ERROR_INIT, "'speed'" },
};

GST_START_TEST (test_errors)
{
  gchar *folder = write_model (1, errors[__i__].fields);
  GstElement *element = test_element ("cnninference model=%s", folder);

  test_expect_no_start (element);
  test_expect_error (element,
      errors[__i__].is_resource ? GST_RESOURCE_ERROR : GST_LIBRARY_ERROR,
      errors[__i__].code, errors[__i__].text);
  gst_object_unref (element);
  test_remove_folder (folder);
}
GST_END_TEST;

static Suite *
foreign_model_suite (void)
{
  Suite *suite = suite_create ("foreign-model");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_loop_test (tests, test_input, 0, (gint) G_N_ELEMENTS (cases));
  tcase_add_loop_test (tests, test_whose_word_counts, 0,
      (gint) G_N_ELEMENTS (words));
  tcase_add_test (tests, test_labels);
  tcase_add_test (tests, test_model_change);
  tcase_add_test (tests, test_teachable_machine);
  tcase_add_test (tests, test_json);
  tcase_add_test (tests, test_fit_of_region);
  tcase_add_loop_test (tests, test_refused_export, 0,
      (gint) G_N_ELEMENTS (refused_exports));
  tcase_add_loop_test (tests, test_errors, 0, (gint) G_N_ELEMENTS (errors));
  return suite;
}

GST_CHECK_MAIN (foreign_model);
