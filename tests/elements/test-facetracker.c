/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests of facetracker: which faces it finds, which ids it gives to regions,
 * and that it changes nothing else. */

#include "common.h"

#include <math.h>

#define WIDTH 640
#define HEIGHT 480

/* Creates a tracker that follows the regions in the frames, without a
 * detector. */
static GstHarness *
make_harness (void)
{
  return test_harness (test_element ("facetracker face-model=\"\""), "GRAY8",
      WIDTH, HEIGHT);
}

/* Returns a frame with a face at each of the @n_faces left edges. */
static GstBuffer *
make_frame (guint number, const gint *edges, guint n_faces)
{
  GstBuffer *buffer = test_frame ("GRAY8", WIDTH, HEIGHT, number);

  for (guint i = 0; i < n_faces; i++)
    test_add_region (buffer, "face", 0, (guint) edges[i], 100, 100, 100);
  return buffer;
}

/* Returns the id that one face gets. */
static gint
follow (GstHarness *harness, guint number, gint edge)
{
  GstBuffer *buffer = test_push (harness, make_frame (number, &edge, 1));
  const gint id = test_object_id (test_nth_region (buffer, 0));

  if (!test_has_analytics ())
    fail_unless_equals_int (test_nth_region (buffer, 0)->id, id);
  gst_buffer_unref (buffer);
  return id;
}

static void
pass_empty (GstHarness *harness, guint number)
{
  gst_buffer_unref (test_push (harness, make_frame (number, NULL, 0)));
}

GST_START_TEST (test_moving_faces)
{
  GstHarness *harness = make_harness ();

  for (guint number = 0; number < 60; number++) {
    const gint edges[] = { 10 + (gint) number * 2, 500 - (gint) number * 3 };
    GstBuffer *buffer = test_push (harness, make_frame (number, edges, 2));

    fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), 1);
    fail_unless_equals_int (test_object_id (test_nth_region (buffer, 1)), 2);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Two faces cross, one of them a third of a face lower. Detectors may list
 * faces in any order. */
GST_START_TEST (test_crossing_faces)
{
  GstHarness *harness = make_harness ();

  for (gint number = 0; number < 50; number++) {
    const guint swapped = (guint) number % 3 == 1;
    GstBuffer *buffer = make_frame ((guint) number, NULL, 0);

    for (guint i = 0; i < 2; i++) {
      if (i == swapped)
        test_add_region (buffer, "face", 0, 100 + 8 * (guint) number, 100, 100,
            100);
      else
        test_add_region (buffer, "face", 0, 500 - 8 * (guint) number, 133, 100,
            100);
    }
    buffer = test_push (harness, buffer);
    for (guint i = 0; i < 2; i++) {
      GstVideoRegionOfInterestMeta *region = test_nth_region (buffer, i);

      fail_unless_equals_int (test_object_id (region),
          region->y == 100 ? 1 : 2);
    }
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Two faces that coincide cannot be told apart, but still have two ids, and no
 * new ones. */
GST_START_TEST (test_coinciding_faces)
{
  GstHarness *harness = make_harness ();

  for (gint number = 0; number < 50; number++) {
    const gint edges[] = { 100 + 8 * number, 500 - 8 * number };
    GstBuffer *buffer = test_push (harness,
        make_frame ((guint) number, edges, 2));

    fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0))
            + test_object_id (test_nth_region (buffer, 1)),
        3);
    fail_if (test_object_id (test_nth_region (buffer, 0))
        == test_object_id (test_nth_region (buffer, 1)));
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_absence)
{
  GstHarness *harness = make_harness ();

  fail_unless_equals_int (follow (harness, 0, 100), 1);
  for (guint number = 1; number < 15; number++)
    pass_empty (harness, number);
  fail_unless_equals_int (follow (harness, 15, 110), 1); /* after 0.5 s */
  for (guint number = 16; number < 31; number++)
    pass_empty (harness, number);
  fail_unless_equals_int (follow (harness, 31, 110), 2); /* after 0.53 s */
  /* A gap without any frames counts like empty frames. */
  fail_unless_equals_int (follow (harness, 40, 110), 2);
  fail_unless_equals_int (follow (harness, 56, 110), 3);
  /* A face at another place is another person, and gets a new id at once. */
  fail_unless_equals_int (follow (harness, 57, 400), 4);
  fail_unless_equals_int (follow (harness, 58, 110), 3);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_roi_type)
{
  GstElement *element = test_element (
      "facetracker face-model=\"\" roi-type=car");
  GstHarness *harness = test_harness (element, "GRAY8", WIDTH, HEIGHT);
  GstBuffer *buffer = make_frame (0, NULL, 0);
  const gchar *types[] = { "face", "car", "cart", "car" };

  for (guint i = 0; i < 4; i++)
    test_add_region (buffer, types[i], 0, 100 * i, 10, 50, 50);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), -1);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 1)), 1);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 2)), -1);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 3)), 2);
  fail_unless (test_nth_region (buffer, 0)->params == NULL);
  fail_unless_equals_int (test_nth_region (buffer, 0)->id, 0);
  gst_buffer_unref (buffer);

  g_object_set (harness->element, "roi-type", "face", NULL);
  fail_unless_equals_int (follow (harness, 1, 100), 3);
  g_object_set (harness->element, "roi-type", NULL, NULL);
  buffer = make_frame (2, NULL, 0);
  test_add_region (buffer, "face", 0, 100, 100, 100, 100);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), -1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_parameters)
{
  GstHarness *harness = make_harness ();
  GstBuffer *buffer = make_frame (0, NULL, 0);
  GstVideoRegionOfInterestMeta *region;
  GstStructure *detection;
  gdouble x_min, x_max, y_min, y_max, confidence;
  gint label_id;

  test_add_region (buffer, "face", 0, 64, 48, 128, 240);
  buffer = test_push (harness, buffer);
  region = test_nth_region (buffer, 0);
  detection = gst_video_region_of_interest_meta_get_param (region, "detection");
  fail_unless (gst_structure_get (detection, "x_min", G_TYPE_DOUBLE, &x_min,
      "x_max", G_TYPE_DOUBLE, &x_max, "y_min", G_TYPE_DOUBLE, &y_min, "y_max",
      G_TYPE_DOUBLE, &y_max, "confidence", G_TYPE_DOUBLE, &confidence,
      "label_id", G_TYPE_INT, &label_id, NULL));
  fail_unless_equals_float (x_min, 0.1);
  fail_unless_equals_float (x_max, 0.3);
  fail_unless_equals_float (y_min, 0.1);
  fail_unless_equals_float (y_max, 0.6);
  fail_unless_equals_float (confidence, 1.0);
  fail_unless_equals_int (g_list_length (region->params), 2);
  fail_unless (region->x == 64 && region->y == 48 && region->w == 128
      && region->h == 240);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_foreign_parameters)
{
  GstHarness *harness = make_harness ();

  for (guint number = 0; number < 3; number++) {
    GstBuffer *buffer = make_frame (number, NULL, 0);
    GstVideoRegionOfInterestMeta *region = test_add_region (buffer, "face", 77,
        64, 48, 128, 240);
    GstStructure *detection = gst_structure_new ("detection", "confidence",
        G_TYPE_DOUBLE, 0.5, NULL);

    gst_video_region_of_interest_meta_add_param (region, detection);
    gst_video_region_of_interest_meta_add_param (region,
        gst_structure_new ("object_id", "id", G_TYPE_INT, 77, "extra",
            G_TYPE_STRING, "kept", NULL));
    gst_video_region_of_interest_meta_add_param (region,
        gst_structure_new_empty ("landmarks"));
    buffer = test_push (harness, buffer);
    region = test_nth_region (buffer, 0);
    fail_unless_equals_int (test_object_id (region), 1);
    fail_unless_equals_int (region->id, 77);
    fail_unless_equals_int (g_list_length (region->params), 3);
    fail_unless (
        gst_video_region_of_interest_meta_get_param (region, "detection")
        == detection);
    fail_unless_equals_int (gst_structure_n_fields (detection), 1);
    fail_unless_equals_string (
        gst_structure_get_string (
            gst_video_region_of_interest_meta_get_param (region, "object_id"),
            "extra"),
        "kept");
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Frames without timestamps are taken to follow at the frame rate. */
GST_START_TEST (test_no_timestamps)
{
  GstHarness *harness = make_harness ();
  const gint edge = 100;

  for (guint number = 0; number < 40; number++) {
    /* seen in frames 0 to 5, in 20 (0.5 s later), and not again until 39 */
    const gboolean seen = number < 6 || number == 20 || number == 39;
    GstBuffer *buffer = make_frame (0, &edge, seen);

    GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
    GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
    buffer = test_push (harness, buffer);
    fail_unless (GST_BUFFER_PTS (buffer) == GST_CLOCK_TIME_NONE);
    if (seen)
      fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)),
          number == 39 ? 2 : 1);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_no_frame_rate)
{
  GstElement *element = test_element ("facetracker face-model=\"\"");
  GstHarness *harness = gst_harness_new_with_element (element, "sink", "src");

  gst_object_unref (element);
  gst_harness_set_src_caps_str (harness,
      "video/x-raw,format=GRAY8,width=640,height=480,framerate=0/1");
  for (guint i = 0; i < 5; i++) {
    const gint edge = 100;
    GstBuffer *buffer = make_frame (0, &edge, 1);

    GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
    buffer = test_push (harness, buffer);
    fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), 1);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_time_jumps)
{
  GstHarness *harness = make_harness ();

  fail_unless_equals_int (follow (harness, 1000, 100), 1);
  fail_unless_equals_int (follow (harness, 1001, 100), 1);
  fail_unless_equals_int (follow (harness, 10, 100), 2); /* back */
  fail_unless_equals_int (follow (harness, 11, 100), 2);
  fail_unless_equals_int (follow (harness, 5000, 100), 3); /* ahead */
  fail_unless_equals_int (follow (harness, 5000, 100), 3); /* no jump */
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_flush)
{
  GstHarness *harness = make_harness ();
  GstSegment segment;

  fail_unless_equals_int (follow (harness, 0, 100), 1);
  fail_unless_equals_int (follow (harness, 1, 100), 1);
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  fail_unless_equals_int (follow (harness, 2, 100), 2);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_caps_change)
{
  GstHarness *harness = make_harness ();
  GstBuffer *buffer;

  fail_unless_equals_int (follow (harness, 0, 100), 1);
  /* Another format of the same size is the same scene. */
  gst_harness_set_src_caps (harness, test_caps ("RGB", WIDTH, HEIGHT));
  buffer = test_frame ("RGB", WIDTH, HEIGHT, 1);
  test_add_region (buffer, "face", 0, 100, 100, 100, 100);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), 1);
  gst_buffer_unref (buffer);
  /* In frames of another size, nothing is where it was. */
  gst_harness_set_src_caps (harness, test_caps ("GRAY8", 320, 240));
  buffer = test_frame ("GRAY8", 320, 240, 2);
  test_add_region (buffer, "face", 0, 100, 100, 100, 100);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), 2);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_restart)
{
  GstHarness *harness = make_harness ();

  fail_unless_equals_int (follow (harness, 0, 100), 1);
  fail_unless_equals_int (gst_element_set_state (harness->element,
                              GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_harness_play (harness);
  gst_harness_set_src_caps (harness, test_caps ("GRAY8", WIDTH, HEIGHT));
  fail_if (follow (harness, 1, 100) == 1);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A detector that has run wild. The worst for a tracker are boxes that all
 * overlap, and boxes that are all new. */
GST_START_TEST (test_thousands)
{
  GstHarness *harness = make_harness ();
  guint n_regions = 0;

  for (guint number = 0; number < 20; number++) {
    GstBuffer *buffer = make_frame (number, NULL, 0);
    GHashTable *ids = g_hash_table_new (NULL, NULL);
    GstVideoRegionOfInterestMeta *region;
    gpointer state = NULL;

    for (guint i = 0; i < 10000; i++) {
      if (number % 2)
        test_add_region (buffer, "face", 0, 100 + i % 2, 100, 100, 100);
      else
        test_add_region (buffer, "face", 0, i % 100 * 6 + number / 2,
            i / 100 * 4 + number / 2, 4, 4);
    }
    buffer = test_push (harness, buffer);
    /* Every region still has an id, and no two share one. */
    while ((region = (GstVideoRegionOfInterestMeta *)
                gst_buffer_iterate_meta_filtered (buffer, &state,
                    GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))) {
      const gint id = test_object_id (region);

      fail_unless (id > 0);
      fail_unless (g_hash_table_add (ids, GINT_TO_POINTER (id)));
      n_regions++;
    }
    g_hash_table_unref (ids);
    gst_buffer_unref (buffer);
  }
  fail_unless_equals_int (n_regions, 20 * 10000);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Even boxes that no picture can hold get ids. */
GST_START_TEST (test_absurd_boxes)
{
  static const guint boxes[][4] = { { 0, 0, 0, 0 }, { 10, 10, 0, 50 },
    { 639, 479, 100, 100 }, { 700, 500, 10, 10 },
    { G_MAXUINT, G_MAXUINT, G_MAXUINT, G_MAXUINT },
    { (guint) -5, (guint) -5, 50, 50 }, { G_MAXINT, 0, G_MAXINT, G_MAXINT } };
  GstHarness *harness = make_harness ();

  for (guint number = 0; number < 3; number++) {
    GstBuffer *buffer = make_frame (number, NULL, 0);

    for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
      test_add_region (buffer, "face", 0, boxes[i][0], boxes[i][1], boxes[i][2],
          boxes[i][3]);
    buffer = test_push (harness, buffer);
    for (guint i = 0; i < G_N_ELEMENTS (boxes); i++)
      fail_unless (test_object_id (test_nth_region (buffer, i)) > 0);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Pixels are never touched, and memory is never copied. */
GST_START_TEST (test_untouched)
{
  GstHarness *harness = make_harness ();
  const gint edges[] = { 100 };

  for (guint n_faces = 0; n_faces < 2; n_faces++) {
    GstBuffer *buffer = make_frame (n_faces, edges, n_faces);
    GstMemory *memory = gst_buffer_peek_memory (buffer, 0);
    g_autoptr (GBytes) bytes = test_copy_bytes (buffer);
    GstBuffer *same;

    same = test_push (harness, buffer);
    fail_unless (same == buffer);
    fail_unless (gst_buffer_peek_memory (same, 0) == memory);
    fail_unless (test_same_bytes (same, bytes));

    /* Somebody else holds the buffer too. */
    buffer = test_push (harness, gst_buffer_ref (same));
    fail_unless (gst_buffer_peek_memory (buffer, 0) == memory);
    fail_unless (test_same_bytes (buffer, bytes));
    gst_buffer_unref (same);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A buffer that somebody else holds does not change either. */
GST_START_TEST (test_shared_buffer)
{
  GstHarness *harness = make_harness ();
  const gint edge = 100;
  GstBuffer *buffer = make_frame (0, &edge, 1);
  GstBuffer *tracked = test_push (harness, gst_buffer_ref (buffer));

  fail_if (tracked == buffer);
  fail_unless_equals_int (test_object_id (test_nth_region (tracked, 0)), 1);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), -1);
  fail_unless_equals_int (test_nth_region (buffer, 0)->id, 0);
  gst_buffer_unref (buffer);
  gst_buffer_unref (tracked);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_formats_accepted)
{
  GstHarness *harness = test_harness (test_element (
                                          "facetracker face-model=\"\""),
      test_formats[__i__], 33, 17);
  GstBuffer *buffer = test_frame (test_formats[__i__], 33, 17, 0);

  test_add_region (buffer, "face", 0, 1, 2, 3, 4);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), 1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Detection of white squares, which are 16 pixels wide in the input of the
 * network and 32 in the frame. */

#define SIDE 32

static GstHarness *
make_detector_for (const gchar *format, const gchar *model,
    const gchar *properties)
{
  return test_harness (test_element ("facetracker face-model=%s min-size=%d %s",
                           test_path (model), TEST_MIN_SIZE, properties),
      format, WIDTH, HEIGHT);
}

static GstHarness *
make_detector (const gchar *properties)
{
  return make_detector_for ("GRAY8", "golden/face-squares", properties);
}

static GstBuffer *
make_square (guint number, gint x, gint y, guint8 luma)
{
  GstBuffer *buffer = test_black_frame ("GRAY8", WIDTH, HEIGHT, number);

  test_draw_square (buffer, WIDTH, x, y, SIDE, luma);
  return buffer;
}

static guint
count_regions (GstBuffer *buffer)
{
  guint n = 0;

  while (test_nth_region (buffer, n))
    n++;
  return n;
}

static void
check_region (GstBuffer *buffer, guint index, gint x, gint y, gint side)
{
  const GstVideoRegionOfInterestMeta *region = test_nth_region (buffer, index);

  fail_unless (region != NULL);
  fail_unless (ABS ((gint) region->x - x) <= 1
          && ABS ((gint) region->y - y) <= 1
          && ABS ((gint) region->w - side) <= 1
          && ABS ((gint) region->h - side) <= 1,
      "%u,%u %ux%u", region->x, region->y, region->w, region->h);
}

/* Pushes a frame; returns the id of the one face in it, or 0. */
static gint
find_face (GstHarness *harness, GstBuffer *buffer)
{
  const guint n = count_regions (buffer = test_push (harness, buffer));
  gint id = 0;

  fail_unless (n <= 1);
  if (n == 1)
    id = test_object_id (test_nth_region (buffer, 0));
  gst_buffer_unref (buffer);
  return id;
}

static gdouble
get_detection (GstVideoRegionOfInterestMeta *region, const gchar *field)
{
  const GstStructure *detection =
      gst_video_region_of_interest_meta_get_param (region, "detection");
  gdouble value;

  fail_unless (gst_structure_get_double (detection, field, &value));
  return value;
}

GST_START_TEST (test_finds)
{
  GstHarness *harness = make_detector ("");
  GstBuffer *buffer = test_push (harness, make_square (0, 128, 96, 255));
  GstVideoRegionOfInterestMeta *region = test_nth_region (buffer, 0);
  gint label_id;

  fail_unless_equals_int (count_regions (buffer), 1);
  check_region (buffer, 0, 128, 96, SIDE);
  fail_unless (region->roi_type == g_quark_from_string ("face"));
  fail_unless_equals_int (region->id, 1);
  fail_unless_equals_int (test_object_id (region), 1);
  fail_unless (fabs (get_detection (region, "x_min") - 128.0 / WIDTH) < 1e-3);
  fail_unless (fabs (get_detection (region, "x_max") - 160.0 / WIDTH) < 1e-3);
  fail_unless (fabs (get_detection (region, "y_min") - 96.0 / HEIGHT) < 1e-3);
  fail_unless (fabs (get_detection (region, "y_max") - 128.0 / HEIGHT) < 1e-3);
  fail_unless (get_detection (region, "confidence") > 0.99);
  fail_unless (gst_structure_get_int (
      gst_video_region_of_interest_meta_get_param (region, "detection"),
      "label_id", &label_id));
  fail_unless_equals_int (label_id, 0);
  fail_unless_equals_int (g_list_length (region->params), 2);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_formats_searched)
{
  const gchar *format = test_formats[__i__];
  GstHarness *harness = make_detector_for (format, "golden/face-squares", "");
  GstBuffer *buffer = test_convert (make_square (0, 192, 256, 255), "GRAY8",
      format, WIDTH, HEIGHT);
  GstMemory *memory = gst_buffer_peek_memory (buffer, 0);
  g_autoptr (GBytes) bytes = test_copy_bytes (buffer);

  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_regions (buffer), 1);
  check_region (buffer, 0, 192, 256, SIDE);
  fail_unless (
      get_detection (test_nth_region (buffer, 0), "confidence") > 0.99);
  fail_unless (gst_buffer_peek_memory (buffer, 0) == memory);
  fail_unless (test_same_bytes (buffer, bytes));
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Faces are found in frames of every size, at any scale. */
GST_START_TEST (test_sizes_searched)
{
  static const struct {
    gint width, height, side, x, y;
  } cases[] = { { 640, 480, 32, 128, 96 }, { 1280, 720, 48, 96, 480 },
    { 320, 240, 16, 32, 48 }, { 160, 120, 16, 32, 48 },
    { 480, 640, 32, 128, 96 }, { 1920, 1080, 72, 720, 360 },
    { 3840, 2160, 144, 720, 1440 }, { 321, 181, 16, 32, 48 },
    { 1279, 719, 32, 128, 96 }, { 17, 19, 16, 0, 0 } };
  GstHarness *harness = make_detector ("");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    GstBuffer *buffer = test_black_frame ("GRAY8", cases[i].width,
        cases[i].height, i);

    gst_harness_set_src_caps (harness,
        test_caps ("GRAY8", cases[i].width, cases[i].height));
    g_object_set (harness->element, "min-size",
        FACE_DETECTOR_MIN_SIDE * cases[i].side / 16, NULL);
    test_draw_square (buffer, cases[i].width, cases[i].x, cases[i].y,
        cases[i].side, 255);
    buffer = test_push (harness, buffer);
    fail_unless_equals_int (count_regions (buffer), 1);
    check_region (buffer, 0, cases[i].x, cases[i].y, cases[i].side);
    /* The frame has another size, so the face gets a new id. */
    fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)),
        (gint) i + 1);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The detector takes one of the largest squares for the middle of a face that
 * is half as large again. This face reaches beyond the frame, and its region is
 * clipped. */
GST_START_TEST (test_clipped)
{
  GstHarness *harness = make_detector ("");
  GstBuffer *buffer = test_black_frame ("GRAY8", WIDTH, HEIGHT, 0);
  GstVideoRegionOfInterestMeta *region;

  test_draw_square (buffer, WIDTH, WIDTH - 64, 0, 64, 255);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_regions (buffer), 1);
  region = test_nth_region (buffer, 0);
  fail_unless_equals_int (region->x, WIDTH - 64 - 16);
  fail_unless_equals_int (region->y, 0);
  fail_unless_equals_int (region->w, 64 + 16);
  fail_unless_equals_int (region->h, 64 + 16);
  fail_unless (fabs (get_detection (region, "x_min") - 560.0 / WIDTH) < 1e-3);
  fail_unless (fabs (get_detection (region, "x_max") - 656.0 / WIDTH) < 1e-3);
  fail_unless (fabs (get_detection (region, "y_min") + 16.0 / HEIGHT) < 1e-3);
  fail_unless (fabs (get_detection (region, "y_max") - 80.0 / HEIGHT) < 1e-3);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static void
draw_colour (GstBuffer *buffer, gint x, gint y, const guint8 *colour)
{
  GstMapInfo map;

  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (gint row = y; row < y + SIDE; row++) {
    for (gint column = x; column < x + SIDE; column++)
      memcpy (map.data + 3 * (row * WIDTH + column), colour, 3);
  }
  gst_buffer_unmap (buffer, &map);
}

/* The second model has another network beside it, which rejects yellow
 * squares. */
GST_START_TEST (test_refined)
{
  static const guint8 white[] = { 255, 255, 255 }, yellow[] = { 180, 180, 0 };
  static const gchar *const models[] = { "golden/face-squares",
    "golden/face-squares-refined" };

  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    GstHarness *harness = make_detector_for ("RGB", models[i], "");
    GstBuffer *buffer = test_black_frame ("RGB", WIDTH, HEIGHT, 0);

    draw_colour (buffer, 128, 96, yellow);
    draw_colour (buffer, 416, 256, white);
    buffer = test_push (harness, buffer);
    fail_unless_equals_int (count_regions (buffer), i == 0 ? 2 : 1);
    check_region (buffer, 0, 416, 256, SIDE);
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

#define PALE 156 /* a confidence of 0.81 */
#define DIM 145  /* 0.44 */
#define DARK 135 /* 0.14 */

GST_START_TEST (test_hysteresis)
{
  GstHarness *harness = make_detector ("");
  static const struct {
    guint8 luma;
    gint id;
  } frames[] = { { 0, 0 }, { DIM, 0 }, { PALE, 0 }, { PALE, 1 }, { DIM, 1 },
    { DIM, 1 }, { DARK, 0 }, { DIM, 1 }, { PALE, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    fail_unless_equals_int (find_face (harness,
                                make_square (i, 128, 96, frames[i].luma)),
        frames[i].id);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The first picture may be the only one, so it needs no second look. */
GST_START_TEST (test_still)
{
  GstHarness *harness = make_detector ("");

  fail_unless_equals_int (find_face (harness, make_square (0, 128, 96, PALE)),
      1);
  gst_harness_teardown (harness);
  harness = make_detector ("confidence=0.9");
  fail_unless_equals_int (find_face (harness, make_square (0, 128, 96, PALE)),
      0);
  g_object_set (harness->element, "confidence", 0.7, NULL);
  fail_unless_equals_int (find_face (harness, make_square (1, 128, 96, PALE)),
      0);
  fail_unless_equals_int (find_face (harness, make_square (2, 128, 96, PALE)),
      1);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_min_size)
{
  GstHarness *harness = make_detector ("");

  g_object_set (harness->element, "min-size", 4 * FACE_DETECTOR_MIN_SIDE, NULL);
  /* A square of 32 pixels has 8 in the input of the network, and is a small
   * face. */
  fail_unless_equals_int (find_face (harness, make_square (0, 128, 96, 255)),
      1);
  g_object_set (harness->element, "min-size", 8 * FACE_DETECTOR_MIN_SIDE, NULL);
  fail_unless_equals_int (find_face (harness, make_square (1, 128, 96, 255)),
      0);
  g_object_set (harness->element, "min-size", 2 * FACE_DETECTOR_MIN_SIDE, NULL);
  fail_unless_equals_int (find_face (harness, make_square (2, 128, 96, 255)),
      1);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_max_faces)
{
  GstHarness *harness = make_detector ("max-faces=2");

  for (guint number = 0; number < 3; number++) {
    GstBuffer *buffer = test_black_frame ("GRAY8", WIDTH, HEIGHT, number);

    for (gint i = 0; i < 4; i++)
      test_draw_square (buffer, WIDTH, 64 + 128 * i, 128, SIDE, 255);
    if (number == 2)
      g_object_set (harness->element, "max-faces", 4, NULL);
    buffer = test_push (harness, buffer);
    fail_unless_equals_int (count_regions (buffer), number == 2 ? 4 : 2);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* All of a crowd is found, if so many are wanted. */
GST_START_TEST (test_crowd)
{
  GstHarness *harness = make_detector_for ("GRAY8",
      "golden/face-squares-refined", "max-faces=50");
  GstBuffer *buffer = test_black_frame ("GRAY8", WIDTH, HEIGHT, 0);

  for (gint i = 0; i < 50; i++)
    test_draw_square (buffer, WIDTH, i % 10 * 64, i / 10 * 96, SIDE, 255);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_regions (buffer), 50);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Where frames come slowly, a place that the first network doubts is inspected
 * in each of them. */
GST_START_TEST (test_slow_frames)
{
  GstHarness *harness = make_detector_for ("GRAY8",
      "golden/face-squares-refined", "");

  for (guint number = 0; number < 8; number++) {
    GstBuffer *buffer = make_square (number, 64 * (gint) (number + 1), 96, 139);

    GST_BUFFER_PTS (buffer) = number * GST_SECOND;
    fail_unless (find_face (harness, buffer) > 0);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The face moves by a tenth of its size in each frame, and is searched for only
 * in every fourth frame. */
GST_START_TEST (test_interval)
{
  GstHarness *harness = make_detector ("interval=4");

  for (guint number = 0; number < 60; number++) {
    const gint x = 64 + 3 * (gint) number;
    GstBuffer *buffer = test_push (harness, make_square (number, x, 96, 255));
    const GstVideoRegionOfInterestMeta *region = test_nth_region (buffer, 0);

    fail_unless_equals_int (count_regions (buffer), 1);
    fail_unless_equals_int (region->id, 1);
    if (number % 4 == 0 || number > 12)
      fail_unless (ABS ((gint) region->x - x) <= 4, "%u in frame %u, not %d",
          region->x, number, x);
    gst_buffer_unref (buffer);
  }
  /* In the frames between, nothing checks whether the face is still there. */
  fail_unless_equals_int (find_face (harness, make_square (60, 300, 96, 0)), 1);
  gst_harness_teardown (harness);
  harness = make_detector ("interval=4");
  find_face (harness, make_square (0, 300, 96, 255));
  for (guint number = 1; number < 4; number++)
    fail_unless_equals_int (find_face (harness,
                                make_square (number, 300, 96, 0)),
        1);
  fail_unless_equals_int (find_face (harness, make_square (4, 300, 96, 0)), 0);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* If frames already have regions of the right type, no faces are searched
 * for. */
GST_START_TEST (test_upstream_first)
{
  GstHarness *harness = make_detector ("");
  GstBuffer *buffer = make_square (0, 128, 96, 255);

  test_add_region (buffer, "face", 0, 300, 300, 50, 60);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_regions (buffer), 1);
  fail_unless_equals_int (test_nth_region (buffer, 0)->x, 300);
  fail_unless_equals_int (test_nth_region (buffer, 0)->h, 60);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), 1);
  gst_buffer_unref (buffer);
  /* Regions of another type do not count. */
  buffer = make_square (1, 128, 96, 255);
  test_add_region (buffer, "car", 0, 300, 300, 50, 60);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_regions (buffer), 2);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), -1);
  check_region (buffer, 1, 128, 96, SIDE);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A region and a detection at the same place are one face. */
GST_START_TEST (test_upstream_fails_at_times)
{
  GstHarness *harness = make_detector ("");

  for (guint number = 0; number < 10; number++) {
    GstBuffer *buffer = make_square (number, 128, 96, 255);

    if (number % 3 == 0)
      test_add_region (buffer, "face", 0, 130, 97, 30, 30);
    fail_unless_equals_int (find_face (harness, buffer), 1);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_no_detection)
{
  static const gchar *const properties[] = { "face-model", "roi-type" };

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++) {
    GstHarness *harness = make_detector ("");

    g_object_set (harness->element, properties[i], "", NULL);
    fail_unless_equals_int (find_face (harness, make_square (0, 128, 96, 255)),
        0);
    g_object_set (harness->element, properties[i],
        i == 0 ? TEST_FACE_MODEL : "person", NULL);
    fail_unless_equals_int (find_face (harness, make_square (1, 128, 96, 255)),
        1);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

GST_START_TEST (test_detector_flush)
{
  GstHarness *harness = make_detector ("interval=10");
  GstSegment segment;

  for (guint number = 0; number < 3; number++)
    fail_unless_equals_int (find_face (harness,
                                make_square (number, 128, 96, 255)),
        1);
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  /* The frame is searched at once, whatever the interval, and the face needs no
   * second look. */
  fail_unless_equals_int (find_face (harness, make_square (3, 416, 96, PALE)),
      2);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Of the frames that are late, only every fifth one is searched. */
GST_START_TEST (test_late)
{
  GstHarness *harness = make_detector ("");
  guint n_found = 0;

  fail_unless_equals_int (find_face (harness, make_square (0, 128, 96, 255)),
      1);
  gst_harness_push_upstream_event (harness,
      gst_event_new_qos (GST_QOS_TYPE_UNDERFLOW, 2.0, GST_SECOND, 0));
  for (guint number = 1; number < 10; number++)
    n_found += find_face (harness, make_square (number, 128, 96, 0)) > 0;
  fail_unless_equals_int (n_found, 4);
  /* The frames are in time again. */
  gst_harness_push_upstream_event (harness,
      gst_event_new_qos (GST_QOS_TYPE_OVERFLOW, 0.5, -(gint64) GST_SECOND / 4,
          GST_SECOND / 3));
  fail_unless (find_face (harness, make_square (10, 128, 96, 255)) > 0);
  /* The face has gone, and after a moment it is no longer expected. */
  for (guint number = 11; number < 15; number++)
    n_found = (guint) find_face (harness, make_square (number, 128, 96, 0));
  fail_unless_equals_int (n_found, 0);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static const struct {
  const gchar *model; /* in tests/golden */
  const gchar *text;
  gboolean is_library;
  gint code;
} bad_models[] = {
  { "nowhere", "nowhere", FALSE, GST_RESOURCE_ERROR_NOT_FOUND },
  { "models/original-small", "original-small", TRUE,
      GST_LIBRARY_ERROR_SETTINGS },
  { "tfjs/pyramid", "face detector", TRUE, GST_LIBRARY_ERROR_INIT },
};

/* A bad model causes an error when the element starts or, while playing, when a
 * frame needs the model. The element works again once it is corrected. */
GST_START_TEST (test_bad_model)
{
  g_autofree gchar *path = g_build_filename ("golden", bad_models[__i__].model,
      NULL);
  GstHarness *harness = make_detector ("");
  GstElement *element = harness->element;
  GstBuffer *buffer;

  g_object_set (element, "face-model", test_path (path), NULL);
  buffer = make_square (0, 128, 96, 255);
  test_add_region (buffer, "face", 0, 300, 300, 50, 60);
  fail_unless_equals_int (find_face (harness, buffer), 1);
  fail_unless_equals_int (test_count_messages (element, GST_MESSAGE_ERROR), 0);
  fail_unless_equals_int (gst_harness_push (harness,
                              make_square (1, 128, 96, 255)),
      GST_FLOW_ERROR);
  for (guint i = 0; i < 2; i++) {
    test_expect_error (element,
        bad_models[__i__].is_library ? GST_LIBRARY_ERROR : GST_RESOURCE_ERROR,
        bad_models[__i__].code, bad_models[__i__].text);
    gst_element_set_state (element, GST_STATE_NULL);
    if (i == 0)
      test_expect_no_start (element);
  }
  g_object_set (element, "face-model", TEST_FACE_MODEL, NULL);
  gst_harness_play (harness);
  gst_harness_set_src_caps (harness, test_caps ("GRAY8", WIDTH, HEIGHT));
  fail_unless (find_face (harness, make_square (2, 128, 96, 255)) > 0);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The detector that comes with the plugin finds no face in noise, nor in a
 * black frame. */
GST_START_TEST (test_default_model)
{
  GstHarness *harness = test_harness (test_element ("facetracker"), "I420",
      WIDTH, HEIGHT);

  fail_unless_equals_int (find_face (harness,
                              test_black_frame ("I420", WIDTH, HEIGHT, 0)),
      0);
  fail_unless_equals_int (find_face (harness,
                              test_frame ("I420", WIDTH, HEIGHT, 1)),
      0);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_short_buffer)
{
  GstHarness *harness = make_detector ("");

  for (guint i = 0; i < 3; i++) {
    gst_buffer_unref (test_push (harness, gst_buffer_new_and_alloc (1000 * i)));
    if (i == 0)
      test_expect_warning (harness->element, "is no frame of");
  }
  fail_unless_equals_int (test_count_messages (harness->element,
                              GST_MESSAGE_WARNING | GST_MESSAGE_ERROR),
      0);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static Suite *
facetracker_suite (void)
{
  Suite *suite = suite_create ("facetracker");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_test (tests, test_moving_faces);
  tcase_add_test (tests, test_crossing_faces);
  tcase_add_test (tests, test_coinciding_faces);
  tcase_add_test (tests, test_absence);
  tcase_add_test (tests, test_roi_type);
  tcase_add_test (tests, test_parameters);
  tcase_add_test (tests, test_foreign_parameters);
  tcase_add_test (tests, test_no_timestamps);
  tcase_add_test (tests, test_no_frame_rate);
  tcase_add_test (tests, test_time_jumps);
  tcase_add_test (tests, test_flush);
  tcase_add_test (tests, test_caps_change);
  tcase_add_test (tests, test_restart);
  tcase_add_test (tests, test_thousands);
  tcase_add_test (tests, test_absurd_boxes);
  tcase_add_test (tests, test_untouched);
  tcase_add_test (tests, test_shared_buffer);
  tcase_add_loop_test (tests, test_formats_accepted, 0, TEST_N_FORMATS);
  tcase_add_test (tests, test_finds);
  tcase_add_loop_test (tests, test_formats_searched, 0, TEST_N_FORMATS);
  tcase_add_test (tests, test_sizes_searched);
  tcase_add_test (tests, test_clipped);
  tcase_add_test (tests, test_refined);
  tcase_add_test (tests, test_hysteresis);
  tcase_add_test (tests, test_still);
  tcase_add_test (tests, test_min_size);
  tcase_add_test (tests, test_max_faces);
  tcase_add_test (tests, test_crowd);
  tcase_add_test (tests, test_slow_frames);
  tcase_add_test (tests, test_interval);
  tcase_add_test (tests, test_upstream_first);
  tcase_add_test (tests, test_upstream_fails_at_times);
  tcase_add_test (tests, test_no_detection);
  tcase_add_test (tests, test_detector_flush);
  tcase_add_test (tests, test_late);
  tcase_add_loop_test (tests, test_bad_model, 0,
      (gint) G_N_ELEMENTS (bad_models));
  tcase_add_test (tests, test_default_model);
  tcase_add_test (tests, test_short_buffer);
  return suite;
}

GST_CHECK_MAIN (facetracker);
