/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests of regionjson: each frame becomes a line with the right contents. */

#include "common.h"

#include <cjson/cJSON.h>
#include <string.h>

#define WIDTH 640
#define HEIGHT 480

static GstHarness *
make_harness (const gchar *properties)
{
  return test_harness (test_element ("regionjson %s", properties), "I420",
      WIDTH, HEIGHT);
}

/* Pushes a frame and returns the text of its line, without the end of line. */
static gchar *
push (GstHarness *harness, GstBuffer *buffer)
{
  const GstClockTime timestamp = GST_BUFFER_PTS (buffer);
  const GstClockTime duration = GST_BUFFER_DURATION (buffer);
  g_autoptr (GBytes) bytes = NULL;
  gconstpointer data;
  gchar *line;
  gsize size;

  buffer = test_push (harness, buffer);
  fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), timestamp);
  fail_unless_equals_uint64 (GST_BUFFER_DURATION (buffer), duration);
  fail_unless (test_nth_region (buffer, 0) == NULL);
  bytes = test_copy_bytes (buffer);
  gst_buffer_unref (buffer);
  data = g_bytes_get_data (bytes, &size);
  fail_unless (size > 1 && ((const gchar *) data)[size - 1] == '\n');
  line = g_strndup (data, size - 1);
  fail_unless_equals_int (strlen (line), size - 1);
  fail_unless (strchr (line, '\n') == NULL);
  fail_unless (g_utf8_validate (line, -1, NULL));
  return line;
}

static cJSON *
push_and_parse (GstHarness *harness, GstBuffer *buffer)
{
  g_autofree gchar *line = push (harness, buffer);
  cJSON *frame = cJSON_Parse (line);

  fail_unless (frame != NULL, "%s", line);
  return frame;
}

static const cJSON *
get (const cJSON *object, const gchar *key)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, key);

  fail_unless (item != NULL, "no %s", key);
  return item;
}

static void
check_text (const cJSON *object, const gchar *key, const gchar *text)
{
  fail_unless_equals_string (cJSON_GetStringValue (get (object, key)), text);
}

static void
check_number (const cJSON *object, const gchar *key, gdouble number)
{
  fail_unless_equals_float (cJSON_GetNumberValue (get (object, key)), number);
}

GST_START_TEST (test_lines)
{
  GstHarness *harness = make_harness ("");
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
  g_autofree gchar *empty = push (harness, buffer);
  g_autofree gchar *plain = NULL;
  g_autofree gchar *no_time = NULL;

  fail_unless_equals_string (empty,
      "{\"resolution\":{\"width\":640,\"height\":480},\"timestamp\":0,"
      "\"objects\":[]}");

  g_object_set (harness->element, "source", "file:///a \"b\".mkv", NULL);
  buffer = test_frame ("I420", WIDTH, HEIGHT, 3);
  test_add_region (buffer, "car", 0, 1, 2, 3, 4);
  plain = push (harness, buffer);
  fail_unless_equals_string (plain,
      "{\"resolution\":{\"width\":640,\"height\":480},"
      "\"source\":\"file:///a \\\"b\\\".mkv\",\"timestamp\":100000000,"
      "\"objects\":[{\"x\":1,\"y\":2,\"w\":3,\"h\":4,\"region_id\":0,"
      "\"roi_type\":\"car\"}]}");

  g_object_set (harness->element, "source", NULL, NULL);
  buffer = test_frame ("I420", WIDTH, HEIGHT, 4);
  GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
  no_time = push (harness, buffer);
  fail_unless_equals_string (no_time,
      "{\"resolution\":{\"width\":640,\"height\":480},\"objects\":[]}");
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Timestamps are exact to the nanosecond, even after a year. */
GST_START_TEST (test_long_time)
{
  GstHarness *harness = make_harness ("");
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
  g_autofree gchar *line = NULL;

  GST_BUFFER_PTS (buffer) = G_GUINT64_CONSTANT (31536000000000001);
  line = push (harness, buffer);
  fail_unless (strstr (line, "\"timestamp\":31536000000000001,") != NULL, "%s",
      line);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_parameters)
{
  GstHarness *harness = make_harness ("");
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
  GstVideoRegionOfInterestMeta *region = test_add_region (buffer, "face", 5, 64,
      48, 128, 240);
  const cJSON *object, *detection, *box, *gender;
  cJSON *frame;

  gst_video_region_of_interest_meta_add_param (region,
      gst_structure_new ("detection", "x_min", G_TYPE_DOUBLE, -0.1, "x_max",
          G_TYPE_DOUBLE, 0.3, "y_min", G_TYPE_DOUBLE, 0.1, "y_max",
          G_TYPE_DOUBLE, 1.25, "confidence", G_TYPE_DOUBLE, 0.875, "label_id",
          G_TYPE_INT, 3, NULL));
  gst_video_region_of_interest_meta_add_param (region,
      gst_structure_new ("object_id", "id", G_TYPE_INT, 77, NULL));
  gst_video_region_of_interest_meta_add_param (region,
      gst_structure_new ("gender", "label", G_TYPE_STRING, "Female",
          "confidence", G_TYPE_DOUBLE, 0.75, "label_id", G_TYPE_INT, 0,
          "model_name", G_TYPE_STRING, "net", NULL));
  gst_video_region_of_interest_meta_add_param (region,
      gst_structure_new ("landmarks", "label", G_TYPE_STRING, "no model",
          NULL));
  frame = push_and_parse (harness, buffer);
  object = cJSON_GetArrayItem (get (frame, "objects"), 0);
  check_number (object, "region_id", 5);
  check_number (object, "id", 77);
  detection = get (object, "detection");
  check_number (detection, "confidence", 0.875);
  check_number (detection, "label_id", 3);
  check_text (detection, "label", "face");
  box = get (detection, "bounding_box");
  check_number (box, "x_min", -0.1);
  check_number (box, "x_max", 0.3);
  check_number (box, "y_min", 0.1);
  check_number (box, "y_max", 1.25);
  gender = get (object, "gender");
  check_text (gender, "label", "Female");
  check_number (gender, "confidence", 0.75);
  check_number (gender, "label_id", 0);
  check_text (get (gender, "model"), "name", "net");
  fail_if (cJSON_HasObjectItem (object, "landmarks"));
  cJSON_Delete (frame);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static void
add_activations (GstBuffer *buffer, const gchar *roi_type, gint x, gint y,
    guint width, guint height)
{
  const gfloat data[] = { 1.0f };
  GstActivations *activations = test_activations (1, 1, 1, data);

  gst_buffer_add_activation_meta (buffer, activations, roi_type, x, y, width,
      height);
  gst_activations_unref (activations);
}

/* Predictions whose parameters were lost on the way, or that are for the whole
 * frame, are still written, and none is written twice. */
GST_START_TEST (test_predictions)
{
  GstHarness *harness = make_harness ("");
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
  const cJSON *objects, *object, *attribute;
  cJSON *frame;

  test_add_region (buffer, "face", 3, 10, 20, 30, 40);
  test_add_region (buffer, "face", 4, 50, 60, 70, 80);
  add_activations (buffer, "face", 50, 60, 70, 80);
  add_activations (buffer, "face", 50, 60, 70, 80);
  add_activations (buffer, NULL, 0, 0, WIDTH, HEIGHT);
  frame = push_and_parse (harness, buffer);
  objects = get (frame, "objects");
  fail_unless_equals_int (cJSON_GetArraySize (objects), 3);
  fail_if (cJSON_HasObjectItem (cJSON_GetArrayItem (objects, 0), "attribute"));
  for (gint i = 1; i < 3; i++) {
    object = cJSON_GetArrayItem (objects, i);
    attribute = get (object, "attribute");
    check_text (attribute, "label", "high");
    check_number (attribute, "label_id", 1);
    check_number (attribute, "confidence", 0.75);
    check_text (get (attribute, "model"), "name", "model");
  }
  check_number (object, "w", WIDTH);
  fail_if (cJSON_HasObjectItem (object, "region_id"));
  fail_if (cJSON_HasObjectItem (object, "roi_type"));
  cJSON_Delete (frame);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Whatever other elements attach, a line is valid JSON. */
GST_START_TEST (test_strange_parameters)
{
  GstHarness *harness = make_harness ("");
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
  GstVideoRegionOfInterestMeta *region = test_add_region (buffer, "\xfe", -7,
      G_MAXUINT, G_MAXUINT, G_MAXUINT, 0);
  const cJSON *object;
  cJSON *frame;

  g_object_set (harness->element, "source", "\xff\x01\"", NULL);
  gst_video_region_of_interest_meta_add_param (region,
      gst_structure_new ("detection", "x_min", G_TYPE_STRING, "left",
          "confidence", G_TYPE_DOUBLE, g_ascii_strtod ("nan", NULL), NULL));
  gst_video_region_of_interest_meta_add_param (region,
      gst_structure_new_empty ("object_id"));
  gst_video_region_of_interest_meta_add_param (region,
      gst_structure_new ("x", "label", G_TYPE_STRING, "\n\x01", "model_name",
          G_TYPE_STRING, "", NULL));
  frame = push_and_parse (harness, buffer);
  object = cJSON_GetArrayItem (get (frame, "objects"), 0);
  check_number (object, "x", 0);
  check_number (object, "h", 0);
  check_number (get (object, "unclipped"), "x", -1);
  check_number (get (object, "unclipped"), "w", G_MAXINT);
  check_number (object, "region_id", -7);
  fail_if (cJSON_HasObjectItem (object, "id"));
  cJSON_Delete (frame);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Pixels are not read, so neither their format nor their number matters. */
GST_START_TEST (test_any_format)
{
  static const gchar *const formats[] = { "I420", "P010_10LE", "ARGB64",
    "NV12" };
  GstHarness *harness = make_harness ("");

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    g_autoptr (GstCaps) caps = NULL;
    cJSON *frame;

    gst_harness_set_src_caps (harness, test_caps (formats[i], 10 + i, 20));
    frame = push_and_parse (harness, gst_buffer_new ());
    check_number (get (frame, "resolution"), "width", 10 + i);
    cJSON_Delete (frame);
    caps = gst_pad_get_current_caps (harness->sinkpad);
    fail_unless (gst_structure_has_name (gst_caps_get_structure (caps, 0),
        "application/x-json"));
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* In a pipeline with the other elements, the lines can be written to a file. */
GST_START_TEST (test_pipeline)
{
  g_autofree gchar *folder = g_dir_make_tmp ("regionjson-XXXXXX", NULL);
  g_autofree gchar *file = g_build_filename (folder, "lines", NULL);
  g_autofree gchar *line = g_strdup_printf (
      "videotestsrc num-buffers=10 ! facetracker face-model=%s ! cnninference "
      "model=%s ! regionjson ! filesink location=%s",
      TEST_FACE_MODEL, test_path ("golden/models/original-small"), file);
  g_autofree gchar *text = NULL;
  g_auto (GStrv) lines = NULL;
  GstElement *pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstBus) bus = NULL;
  GstMessage *message;

  fail_unless (pipeline != NULL);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (message && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  fail_unless (g_file_get_contents (file, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  fail_unless_equals_int (g_strv_length (lines), 11);
  for (guint i = 0; i < 10; i++) {
    cJSON *frame = cJSON_Parse (lines[i]);

    fail_unless (frame != NULL);
    cJSON_Delete (frame);
  }
  test_remove_folder (g_steal_pointer (&folder));
}
GST_END_TEST;

static Suite *
regionjson_suite (void)
{
  Suite *suite = suite_create ("regionjson");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_test (tests, test_lines);
  tcase_add_test (tests, test_long_time);
  tcase_add_test (tests, test_parameters);
  tcase_add_test (tests, test_predictions);
  tcase_add_test (tests, test_strange_parameters);
  tcase_add_test (tests, test_any_format);
  tcase_add_test (tests, test_pipeline);
  return suite;
}

GST_CHECK_MAIN (regionjson);
