/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Which metadata belongs to which region: after scaling, with ids of other
 * elements, and with boxes that no picture can hold. */

#include "common.h"

#include <cjson/cJSON.h>
#include <string.h>

#define MODEL test_path ("golden/models/original-small")
#define WIDTH 640
#define HEIGHT 480

static const cJSON *
get (const cJSON *object, const gchar *key)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, key);

  fail_unless (item != NULL, "no %s", key);
  return item;
}

static gint
get_int (const cJSON *object, const gchar *key)
{
  return get (object, key)->valueint;
}

/* Returns the `objects` of the line that comes out. They belong to @frame,
 * which the caller deletes. */
static const cJSON *
push_objects (GstHarness *harness, GstBuffer *buffer, cJSON **frame)
{
  g_autofree gchar *line = NULL;
  g_autoptr (GBytes) bytes = NULL;

  buffer = test_push (harness, buffer);
  bytes = test_copy_bytes (buffer);
  gst_buffer_unref (buffer);
  line = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  *frame = cJSON_Parse (line);
  fail_unless (*frame != NULL, "%s", line);
  return get (*frame, "objects");
}

static const struct {
  gint width;
  gint height;
} sizes[] = { { 320, 240 }, { 480, 360 }, { 800, 600 }, { 960, 720 },
  { 333, 111 }, { 1919, 1079 } };

/* GStreamer rounds the box of a region in its own way. Still, one face stays
 * one object, with or without an id. */
GST_START_TEST (test_scaled)
{
  g_autofree gchar *line = g_strdup_printf (
      "cnninference model=%s ! videoscale add-borders=false ! "
      "capsfilter caps=video/x-raw,width=%d,height=%d ! regionjson",
      MODEL, sizes[__i__].width, sizes[__i__].height);
  GstHarness *harness = test_parse_harness (line, "GRAY8", WIDTH, HEIGHT);

  for (guint i = 0; i < 40; i++) {
    GstBuffer *buffer = test_black_frame ("GRAY8", WIDTH, HEIGHT, i);
    const cJSON *objects, *object;
    cJSON *frame;

    for (gint k = 0; k < 3; k++)
      test_add_region (buffer, "face", k, 7 * i + 150 * (guint) k, 3 * i,
          53 + 3 * i, 41 + 5 * i);
    objects = push_objects (harness, buffer, &frame);
    fail_unless_equals_int (cJSON_GetArraySize (objects), 3);
    cJSON_ArrayForEach (object, objects) get (object, "class");
    cJSON_Delete (frame);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The id of a region belongs to the element that made it, because children
 * refer to it. */
GST_START_TEST (test_foreign_ids)
{
  g_autofree gchar *line =
      g_strdup_printf ("facetracker face-model=\"\" ! cnninference model=%s",
          MODEL);
  GstHarness *harness = test_parse_harness (line, "RGB", WIDTH, HEIGHT);

  for (guint i = 0; i < 3; i++) {
    GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, i);
    GstVideoRegionOfInterestMeta *region;

    test_add_region (buffer, "face", 77, 100, 100, 90, 90);
    test_add_region (buffer, "eye", 78, 120, 120, 20, 20)->parent_id = 77;
    test_add_region (buffer, "face", 0, 300, 100, 90, 90);
    buffer = test_push (harness, buffer);
    region = test_nth_region (buffer, 0);
    fail_unless_equals_int (region->id, 77);
    fail_unless_equals_int (test_object_id (region), 1);
    region = test_nth_region (buffer, 1);
    fail_unless_equals_int (region->id, 78);
    fail_unless_equals_int (region->parent_id, 77);
    fail_unless_equals_int (test_object_id (region), -1);
    region = test_nth_region (buffer, 2);
    if (!test_has_analytics ())
      fail_unless_equals_int (region->id, 2);
    fail_unless_equals_int (test_object_id (region), 2);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A box, the part of it in the frame, and the unclipped box if that is not
 * all. */
static const struct {
  guint box[4];
  gint visible[4];
  gint unclipped[4];
} boxes[] = {
  { { 10, 20, 30, 40 }, { 10, 20, 30, 40 }, { 0 } },
  { { 4294967276u, 10, 50, 50 }, { 0, 10, 30, 50 }, { -20, 10, 50, 50 } },
  { { 600, 470, 100, 100 }, { 600, 470, 40, 10 }, { 600, 470, 100, 100 } },
  { { 0, 0, G_MAXUINT, G_MAXUINT }, { 0, 0, WIDTH, HEIGHT },
      { 0, 0, G_MAXINT, G_MAXINT } },
  { { 700, 10, 20, 20 }, { 0, 0, 0, 0 }, { 700, 10, 20, 20 } },
  { { 10, 20, 0, 40 }, { 0, 0, 0, 0 }, { 10, 20, 0, 40 } },
  { { G_MAXUINT, G_MAXUINT, G_MAXUINT, G_MAXUINT }, { 0, 0, WIDTH, HEIGHT },
      { -1, -1, G_MAXINT, G_MAXINT } },
};

static void
check_box (const cJSON *object, const gint *box)
{
  static const gchar *const keys[] = { "x", "y", "w", "h" };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    fail_unless_equals_int (get_int (object, keys[i]), box[i]);
}

/* Returns the first region of the message that was posted. */
static GstStructure *
pop_region (GstElement *element)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (element);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
  const GValue *list;
  GstStructure *region;

  fail_unless (message != NULL);
  list = gst_structure_get_value (gst_message_get_structure (message),
      "regions");
  region = gst_structure_copy (
      gst_value_get_structure (gst_value_list_get_value (list, 0)));
  gst_message_unref (message);
  return region;
}

static void
check_message (GstElement *element, guint index)
{
  g_autoptr (GstStructure) region = pop_region (element);
  const gboolean is_clipped = boxes[index].unclipped[2] > 0;
  gint x = 0;
  guint left, width;

  fail_unless (gst_structure_get (region, "x", G_TYPE_UINT, &left, "width",
      G_TYPE_UINT, &width, NULL));
  fail_unless_equals_int (left, boxes[index].visible[0]);
  fail_unless_equals_int (width, boxes[index].visible[2]);
  fail_unless_equals_int (gst_structure_get_int (region, "unclipped-x", &x),
      is_clipped);
  fail_unless_equals_int (x, boxes[index].unclipped[0]);
}

GST_START_TEST (test_boxes)
{
  const guint *box = boxes[__i__].box;
  GstElement *inference =
      test_element ("cnninference post-messages=true model=%s", MODEL);
  GstHarness *harness = test_harness (gst_object_ref (inference), "RGB", WIDTH,
      HEIGHT);
  GstHarness *json = test_harness (test_element ("regionjson"), "RGB", WIDTH,
      HEIGHT);
  GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
  const cJSON *objects, *object;
  cJSON *frame;

  test_add_region (buffer, "face", 1, box[0], box[1], box[2], box[3]);
  buffer = test_push (harness, buffer);
  if (box[2] > 0)
    check_message (inference, (guint) __i__);
  objects = push_objects (json, buffer, &frame);
  fail_unless_equals_int (cJSON_GetArraySize (objects), 1);
  object = cJSON_GetArrayItem (objects, 0);
  check_box (object, boxes[__i__].visible);
  if (cJSON_HasObjectItem (object, "unclipped"))
    check_box (get (object, "unclipped"), boxes[__i__].unclipped);
  else
    fail_unless_equals_int (boxes[__i__].unclipped[3], 0);
  cJSON_Delete (frame);
  gst_object_unref (inference);
  gst_harness_teardown (json);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Even for a box that no picture can hold, `detection` has values that are
 * possible. */
GST_START_TEST (test_detection)
{
  GstHarness *harness = test_harness (test_element (
                                          "facetracker face-model=\"\""),
      "RGB", WIDTH, HEIGHT);
  GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
  GstStructure *detection;
  gdouble x_min, x_max;

  test_add_region (buffer, "face", 1, 4294967276u, 10, G_MAXUINT, 20);
  buffer = test_push (harness, buffer);
  detection =
      gst_video_region_of_interest_meta_get_param (test_nth_region (buffer, 0),
          "detection");
  fail_unless (gst_structure_get (detection, "x_min", G_TYPE_DOUBLE, &x_min,
      "x_max", G_TYPE_DOUBLE, &x_max, NULL));
  fail_unless (x_min < 0.0 && x_min > -0.1);
  fail_unless (x_max > 1.0 && x_max < 12.0);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Each prediction finds its region among thousands, many of which share an id
 * or have none, although the order and the rounding differ. */
GST_START_TEST (test_thousands)
{
  enum {
    N_REGIONS = 2000
  };
  const gfloat data[] = { 1.0f };
  GstHarness *harness = test_harness (test_element ("regionjson"), "GRAY8",
      WIDTH, HEIGHT);
  GstBuffer *buffer = test_black_frame ("GRAY8", WIDTH, HEIGHT, 0);
  const cJSON *objects, *object;
  cJSON *frame;

  for (guint i = 0; i < N_REGIONS; i++)
    test_add_region (buffer, "face", (gint) i % 3, i % 40 * 16, i / 40 * 9, 12,
        6);
  for (guint k = 0; k < N_REGIONS; k++) {
    const guint i = k * 7 % N_REGIONS;
    const Rect box = { (gint) i % 40 * 16 + 1, (gint) i / 40 * 9, 13, 5 };
    g_autoptr (GstActivations) activations = test_activations (1, 1, 1, data);

    test_add_prediction (buffer, activations, -1, &box)->region_id = (gint) i
        % 3;
  }
  objects = push_objects (harness, buffer, &frame);
  fail_unless_equals_int (cJSON_GetArraySize (objects), N_REGIONS);
  cJSON_ArrayForEach (object, objects) get (object, "attribute");
  cJSON_Delete (frame);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static Suite *
regions_suite (void)
{
  Suite *suite = suite_create ("field-regions");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_loop_test (tests, test_scaled, 0, (gint) G_N_ELEMENTS (sizes));
  tcase_add_test (tests, test_foreign_ids);
  tcase_add_loop_test (tests, test_boxes, 0, (gint) G_N_ELEMENTS (boxes));
  tcase_add_test (tests, test_detection);
  tcase_add_test (tests, test_thousands);
  return suite;
}

GST_CHECK_MAIN (regions);
