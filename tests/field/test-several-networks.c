/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Two networks that analyse the same face. */

#include "common.h"

#include <cjson/cJSON.h>

#define MODEL test_path ("golden/models/original-small")
#define WIDTH 640
#define HEIGHT 480

static const Rect box = { 40, 150, 150, 150 };

/* Adds a prediction for the face from a network with one layer for
 * @attribute. */
static void
add_prediction (GstBuffer *buffer, const gchar *attribute)
{
  const gchar *const labels[] = { "low", "high", NULL };
  const gfloat scores[] = { 0.25f, 0.75f };
  const gfloat value = (gfloat) attribute[0];
  const gfloat data[] = { 0, value, value, 0 };
  g_autofree gchar *name = g_strconcat (attribute, "-net", NULL);
  g_autofree gchar *layer = g_strconcat ("conv_", attribute, NULL);
  g_autoptr (GstActivationsBuilder)
      builder = gst_activations_builder_new (name, attribute, labels);
  g_autoptr (GstActivations) activations = NULL;

  gst_activations_builder_set_scores (builder, scores, 2, 1);
  gst_activations_builder_add_layer (builder, layer, NULL, 2, 2, 1, data, 4);
  activations = gst_activations_builder_finish (builder);
  test_add_prediction (buffer, activations, 1, &box);
}

/* Returns the drawing for a face that two networks have analysed, first @one
 * and then @other. NULL stands for no network. */
static GBytes *
draw (const gchar *properties, const gchar *one, const gchar *other,
    gboolean expects_warning)
{
  GstElement *element =
      test_element ("activationoverlay draw-boxes=false draw-labels=false %s",
          properties);
  GstHarness *harness = test_harness (element, "I420", WIDTH, HEIGHT);
  GstBuffer *buffer = test_black_frame ("I420", WIDTH, HEIGHT, 0);
  GBytes *bytes;

  if (one)
    add_prediction (buffer, one);
  if (other)
    add_prediction (buffer, other);
  buffer = test_push (harness, buffer);
  bytes = test_copy_bytes (buffer);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (test_count_messages (element, GST_MESSAGE_WARNING),
      expects_warning);
  gst_harness_teardown (harness);
  return bytes;
}

/* The panel shows the maps of the network with the name or the attribute that
 * was asked for, of the last one, or of all. */
GST_START_TEST (test_panel_model)
{
  g_autoptr (GBytes) age = draw ("", "mood", "age", FALSE);
  g_autoptr (GBytes) mood = draw ("", "age", "mood", FALSE);
  static const struct {
    const gchar *properties;
    gboolean is_age;
  } choices[] = { { "", FALSE }, { "panel-model=age", TRUE },
    { "panel-model=mood-net", FALSE }, { "panel-model=age-net", TRUE },
    { "panel-model=age panel-layers=conv_age", TRUE },
    { "panel-layers=conv_mood", FALSE },
    { "panel-model=mood panel-layers=\" all \"", FALSE } };
  g_autoptr (GBytes) all = draw ("panel-model=all", "age", "mood", FALSE);

  fail_if (g_bytes_equal (age, mood));
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++) {
    g_autoptr (GBytes)
        drawn = draw (choices[i].properties, "age", "mood", FALSE);

    fail_unless (g_bytes_equal (drawn, choices[i].is_age ? age : mood), "%s",
        choices[i].properties);
  }
  fail_if (g_bytes_equal (all, age) || g_bytes_equal (all, mood));
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GBytes)
        named = draw (i ? "panel-model=all panel-layers=conv_mood"
                        : "panel-model=all panel-layers=conv_age",
            "age", "mood", FALSE);

    fail_if (g_bytes_equal (named, all));
  }
}
GST_END_TEST;

/* A network or layer that does not exist causes a warning, and nothing is drawn
 * in its place. Asking for no network is not a mistake. */
GST_START_TEST (test_unknown_model)
{
  g_autoptr (GBytes) empty = draw ("", NULL, NULL, FALSE);
  g_autoptr (GBytes) unknown = draw ("panel-model=height", "age", "mood", TRUE);
  g_autoptr (GBytes)
      no_layer = draw ("panel-layers=conv_x,conv_mood", "age", "mood", TRUE);
  g_autoptr (GBytes) none = draw ("panel-model=\"\"", "age", "mood", FALSE);
  g_autoptr (GBytes) mood = draw ("", "age", "mood", FALSE);

  fail_unless (g_bytes_equal (none, empty));
  fail_unless (g_bytes_equal (unknown, empty));
  fail_unless (g_bytes_equal (no_layer, mood));
}
GST_END_TEST;

/* A second bin draws its own label and panel, and does not draw over the boxes,
 * the label and the panel of the first. */
GST_START_TEST (test_two_bins)
{
  const gboolean beside = __i__ == 1;
  g_autofree gchar *first =
      g_strdup_printf ("activationmap face-model=\"\" model=%s attribute=age",
          MODEL);
  g_autofree gchar *both = g_strdup_printf (
      "%s ! activationmap face-model=\"\" model=%s attribute=mood %s", first,
      MODEL, beside ? "layout=beside" : "");
  GstHarness *harnesses[2] = { test_parse_harness (first, "GRAY8", WIDTH,
                                   HEIGHT),
    test_parse_harness (both, "GRAY8", WIDTH, HEIGHT) };
  GstBuffer *frames[2];
  GBytes *bytes[3];
  const guint8 *before, *one, *two;
  guint n_kept = 0, n_added = 0;
  gsize stride;

  for (guint i = 0; i < 2; i++) {
    GstBuffer *buffer = test_black_frame ("GRAY8", WIDTH, HEIGHT, 0);

    test_add_region (buffer, "face", 1, 240, 200, 150, 150);
    if (i == 0)
      bytes[2] = test_copy_bytes (buffer);
    frames[i] = test_push (harnesses[i], buffer);
    bytes[i] = test_copy_bytes (frames[i]);
  }
  stride = g_bytes_get_size (bytes[1]) / HEIGHT;
  for (gint y = 0; y < HEIGHT; y++) {
    before = (const guint8 *) g_bytes_get_data (bytes[2], NULL) + y * WIDTH;
    one = (const guint8 *) g_bytes_get_data (bytes[0], NULL) + y * WIDTH;
    two = (const guint8 *) g_bytes_get_data (bytes[1], NULL) + y * stride;
    for (gint x = 0; x < WIDTH; x++) {
      fail_unless (one[x] == before[x] || one[x] == two[x],
          "drawn over at %d,%d", x, y);
      n_kept += one[x] != before[x];
      n_added += two[x] != one[x];
    }
  }
  fail_unless (n_kept > 1000 && n_added > 100);
  fail_unless (beside || n_added > 1000);
  for (guint i = 0; i < 2; i++) {
    gst_buffer_unref (frames[i]);
    gst_harness_teardown (harnesses[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bytes); i++)
    g_bytes_unref (bytes[i]);
}
GST_END_TEST;

/* The JSON has both predictions in the same object. */
GST_START_TEST (test_json)
{
  g_autofree gchar *line =
      g_strdup_printf ("cnninference model=%s attribute=age ! videoconvert ! "
                       "cnninference model=%s attribute=mood ! regionjson",
          MODEL, MODEL);
  GstHarness *harness = test_parse_harness (line, "RGB", WIDTH, HEIGHT);
  GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree gchar *text = NULL;
  cJSON *frame, *objects;

  test_add_region (buffer, "face", 0, 40, 150, 150, 150);
  buffer = test_push (harness, buffer);
  bytes = test_copy_bytes (buffer);
  gst_buffer_unref (buffer);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  frame = cJSON_Parse (text);
  objects = cJSON_GetObjectItem (frame, "objects");
  fail_unless_equals_int (cJSON_GetArraySize (objects), 1);
  fail_unless (cJSON_HasObjectItem (cJSON_GetArrayItem (objects, 0), "age")
      && cJSON_HasObjectItem (cJSON_GetArrayItem (objects, 0), "mood"));
  cJSON_Delete (frame);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static Suite *
several_networks_suite (void)
{
  Suite *suite = suite_create ("field-several-networks");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_test (tests, test_panel_model);
  tcase_add_test (tests, test_unknown_model);
  tcase_add_loop_test (tests, test_two_bins, 0, 2);
  tcase_add_test (tests, test_json);
  return suite;
}

GST_CHECK_MAIN (several_networks);
