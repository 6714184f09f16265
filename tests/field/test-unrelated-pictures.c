/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Unrelated pictures, none of which may show anything of another, and rare
 * frames of one scene, which do belong together. */

#include "series.h"

#include <glib/gstdio.h>

#define WIDTH 640
#define HEIGHT 480
#define SIDE 32
#define NONE GST_CLOCK_TIME_NONE
#define PALE 156 /* a confidence of 0.81 */

static GstHarness *
make_harness (const gchar *element, const gchar *rate)
{
  GstHarness *harness = gst_harness_new_parse (element);
  g_autofree gchar *caps = g_strdup_printf (
      "video/x-raw,format=GRAY8,width=%d,height=%d,framerate=%s", WIDTH, HEIGHT,
      rate);

  gst_harness_set_src_caps_str (harness, caps);
  return harness;
}

static GstHarness *
make_detector (const gchar *properties, const gchar *rate)
{
  g_autofree gchar *element =
      g_strdup_printf ("facetracker face-model=%s min-size=%d %s",
          TEST_FACE_MODEL, TEST_MIN_SIZE, properties);

  return make_harness (element, rate);
}

/* Returns a picture with a square at @x, or without one if @x is negative. */
static GstBuffer *
make_picture (gint x, GstClockTime pts, GstClockTime duration)
{
  GstBuffer *buffer = test_black_frame ("GRAY8", WIDTH, HEIGHT, 0);

  if (x >= 0)
    test_draw_square (buffer, WIDTH, x, 96, SIDE, PALE);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = duration;
  return buffer;
}

/* Returns the id of the face at @x, 0 for none; there must be no other. */
static gint
find_face (GstHarness *harness, gint x, GstClockTime pts, GstClockTime duration)
{
  GstBuffer *buffer = test_push (harness, make_picture (x, pts, duration));
  GstVideoRegionOfInterestMeta *region = test_nth_region (buffer, 0);
  const gint id = region ? test_object_id (region) : 0;

  fail_unless (test_nth_region (buffer, 1) == NULL);
  if (region)
    fail_unless (x >= 0 && ABS ((gint) region->x - x) <= 2,
        "a face at %u, where %d is due", region->x, x);
  gst_buffer_unref (buffer);
  return id;
}

/* Checks that each picture shows all of its own faces at once, and none of
 * those before. */
static void
check_alone (GstHarness *harness, GstClockTime start, GstClockTime gap,
    GstClockTime duration)
{
  static const gint places[] = { 64, 64, 256, -1, 64, -1, -1, 448 };
  gint next_id = 1;

  for (guint i = 0; i < 5 * G_N_ELEMENTS (places); i++) {
    const gint place = places[i % G_N_ELEMENTS (places)];
    const GstClockTime pts = gap != NONE ? start + i * gap
        : i == 0                         ? start
                                         : NONE;

    fail_unless_equals_int (find_face (harness, place, pts, duration),
        place < 0 ? 0 : next_id);
    next_id += place >= 0;
  }
  gst_harness_teardown (harness);
}

/* Like the output of multifilesrc with jpegdec or pngdec: only the first
 * picture has a timestamp. */
GST_START_TEST (test_without_times)
{
  check_alone (make_detector ("", "0/1"), 0, NONE, NONE);
  check_alone (make_detector ("", "0/1"), NONE, NONE, NONE);
  check_alone (make_detector ("interval=4", "0/1"), 0, NONE, NONE);
  /* All have the same timestamp. */
  check_alone (make_detector ("", "0/1"), 0, 0, NONE);
}
GST_END_TEST;

/* Pictures with a frame rate, such as those of imagesequencesrc, and `off`. */
GST_START_TEST (test_off)
{
  check_alone (make_detector ("follow=off", "30/1"), 0, GST_SECOND / 30,
      GST_SECOND / 30);
  check_alone (make_detector ("follow=off interval=3", "1/1"), 0, GST_SECOND,
      GST_SECOND);
  check_alone (make_detector ("follow=off", "0/1"), 0, NONE, NONE);
}
GST_END_TEST;

/* With `off`, regions of other elements are not followed either. */
GST_START_TEST (test_regions_off)
{
  GstHarness *harness = make_harness ("facetracker face-model=\"\" follow=off",
      "30/1");

  for (guint i = 0; i < 5; i++) {
    GstBuffer *buffer = make_picture (-1, i * GST_SECOND / 30, NONE);

    test_add_region (buffer, "face", 0, 100, 100, 50, 50);
    buffer = test_push (harness, buffer);
    fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)),
        (gint) i + 1);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

static const struct {
  const gchar *rate;
  const gchar *properties;
  GstClockTime first;
  GstClockTime gap; /* NONE: the timestamp does not move on */
  GstClockTime duration;
} scenes[] = {
  /* Live streams know neither their rate nor the duration of their frames. */
  { "0/1", "", 0, GST_SECOND / 30, NONE },
  { "0/1", "", GST_SECOND, GST_SECOND, NONE },
  { "0/1", "", NONE, NONE, GST_SECOND / 25 },
  { "30/1", "", NONE, NONE, NONE },
  { "1/1", "", 0, GST_SECOND, NONE },
  { "1/1", "", NONE, NONE, NONE },
  { "1/1", "", 0, GST_SECOND, GST_SECOND },
  { "1/5", "", 0, 5 * GST_SECOND, NONE },
  { "0/1", "follow=on", NONE, NONE, NONE },
  /* A rate that the camera, or the processor, cannot keep up. */
  { "30/1", "", 0, 700 * GST_MSECOND, NONE },
};

/* In one scene, however rare its frames are, a face keeps its id, even if it is
 * not found in one of them, and no frame shows it where it is not. */
GST_START_TEST (test_scenes)
{
  GstHarness *harness = make_detector (scenes[__i__].properties,
      scenes[__i__].rate);

  for (guint i = 0; i < 40; i++) {
    const gboolean is_missing = scenes[__i__].gap != NONE
        && scenes[__i__].gap > GST_SECOND / 4 && (i == 17 || i == 30);
    const GstClockTime pts = scenes[__i__].gap == NONE
        ? scenes[__i__].first
        : scenes[__i__].first + i * scenes[__i__].gap;

    fail_unless_equals_int (find_face (harness, is_missing ? -1 : 64, pts,
                                scenes[__i__].duration),
        is_missing ? 0 : 1);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* If the detector runs rarely, a face that it misses once keeps its id, but is
 * not shown for another half a second. */
GST_START_TEST (test_rare_looks)
{
  static const guint rates[] = { 10, 30 };

  for (guint k = 0; k < G_N_ELEMENTS (rates); k++) {
    g_autofree gchar *rate = g_strdup_printf ("%u/1", rates[k]);
    GstHarness *harness = make_detector ("interval=16", rate);

    for (guint i = 0; i < 16 * 8; i++) {
      const gboolean is_missing = i / 16 == 5;
      const gint id = find_face (harness, is_missing ? -1 : 64,
          i * GST_SECOND / rates[k], GST_SECOND / rates[k]);

      fail_unless_equals_int (id, is_missing ? 0 : 1);
    }
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* Image files, as people play them. */
GST_START_TEST (test_multifilesrc)
{
  static const gchar *const needed[] = { "pngenc", "pngdec", "multifilesrc",
    "filesink", NULL };
  static const gint places[] = { 64, -1, 256, 448 };
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *source = g_strdup_printf (
      "multifilesrc location=%s/%%d.png stop-index=3 ! pngdec ! videoconvert ! "
      "video/x-raw,format=GRAY8 ! facetracker face-model=%s min-size=%d",
      folder, TEST_FACE_MODEL, TEST_MIN_SIZE);
  GstHarness *harness;

  if (!test_has_elements (needed))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree gchar *name = g_strdup_printf ("%u.png", i);
    g_autoptr (GBytes) bytes = NULL;
    GstBuffer *png;

    harness = make_harness ("pngenc snapshot=false", "30/1");
    png = test_push (harness, make_picture (places[i], 0, NONE));
    bytes = test_copy_bytes (png);
    test_write_file (folder, name, g_bytes_get_data (bytes, NULL),
        (gssize) g_bytes_get_size (bytes));
    gst_buffer_unref (png);
    gst_harness_teardown (harness);
  }
  harness = gst_harness_new_parse (source);
  gst_harness_play (harness);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    GstBuffer *buffer = gst_harness_pull (harness);
    const GstVideoRegionOfInterestMeta *region = test_nth_region (buffer, 0);

    fail_unless_equals_int (region ? (gint) region->x : -1, places[i]);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
  test_remove_folder (g_steal_pointer (&folder));
}
GST_END_TEST;

/* No box, range, map or curve of the picture before is mixed in. */
GST_START_TEST (test_drawing)
{
  static const gchar *const layouts[] = { "layout=dock", "layout=beside",
    "layout=face" };

  for (guint k = 0; k < 2 * G_N_ELEMENTS (layouts); k++) {
    const gchar *layout = layouts[k / 2];
    const gboolean is_off = k % 2 == 1;
    g_autofree gchar *properties = g_strdup_printf ("%s %s", layout,
        is_off ? "follow=off" : "");
    GstHarness *overlay = series_overlay (properties);

    if (!is_off)
      gst_harness_set_src_caps_str (overlay,
          "video/x-raw,format=GRAY8,width=320,height=240,framerate=0/1");
    for (guint i = 0; i < 30; i++) {
      const GstClockTime pts = is_off || i == 0 ? i * GST_SECOND / 30 : NONE;
      g_autoptr (GBytes) drawn = series_draw (overlay, i, pts);

      fail_unless (series_is_drawn_anew (drawn, layout, i), "%s, frame %u",
          properties, i);
    }
    gst_harness_teardown (overlay);
  }
}
GST_END_TEST;

/* Returns the score that the network gives the whole picture. */
static gfloat
predict (GstHarness *harness, guint number, GstClockTime pts)
{
  GstBuffer *buffer = test_frame ("GRAY8", WIDTH, HEIGHT, number);
  GstActivationMeta *meta;
  gfloat score;

  gst_buffer_memset (buffer, 0, (guint8) (50 * number),
      gst_buffer_get_size (buffer) / 2);
  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DURATION (buffer) = NONE;
  buffer = test_push (harness, buffer);
  meta = gst_buffer_get_nth_activation_meta (buffer, 0);
  fail_unless (meta != NULL);
  score = gst_activations_get_score (meta->activations, 0);
  gst_buffer_unref (buffer);
  return score;
}

/* A picture does not keep the prediction for the one before it either. */
GST_START_TEST (test_predictions)
{
  static const gchar *const network = "cnninference roi-type=\"\" ";
  g_autofree gchar *kept = g_strconcat (network, "interval=4", NULL);
  g_autofree gchar *off = g_strconcat (kept, " follow=off", NULL);
  GstHarness *each = make_harness (network, "30/1");
  GstHarness *film = make_harness (kept, "30/1");
  GstHarness *alone = make_harness (off, "30/1");
  GstHarness *timeless = make_harness (kept, "0/1");

  for (guint i = 0; i < 4; i++) {
    const GstClockTime pts = i * GST_SECOND / 30;
    const gfloat score = predict (each, i, pts);

    fail_unless_equals_float (predict (alone, i, pts), score);
    fail_unless_equals_float (predict (timeless, i, i == 0 ? 0 : NONE), score);
    fail_unless ((predict (film, i, pts) == score) == (i == 0));
  }
  gst_harness_teardown (each);
  gst_harness_teardown (film);
  gst_harness_teardown (alone);
  gst_harness_teardown (timeless);
}
GST_END_TEST;

/* One property of the bin sets that of all its children. */
GST_START_TEST (test_bin)
{
  static const gchar *const children[] = { "tracker", "inference", "overlay" };
  GstElement *bin = test_element ("activationmap follow=off");
  gint follow;

  for (guint i = 0; i < G_N_ELEMENTS (children); i++) {
    GstElement *child = gst_bin_get_by_name (GST_BIN (bin), children[i]);

    g_object_get (child, "follow", &follow, NULL);
    fail_unless_equals_int (follow, 2);
    gst_object_unref (child);
  }
  gst_util_set_object_arg (G_OBJECT (bin), "follow", "auto");
  g_object_get (bin, "follow", &follow, NULL);
  fail_unless_equals_int (follow, 0);
  gst_object_unref (bin);
}
GST_END_TEST;

static Suite *
unrelated_pictures_suite (void)
{
  Suite *suite = suite_create ("unrelated-pictures");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_test (tests, test_without_times);
  tcase_add_test (tests, test_off);
  tcase_add_test (tests, test_regions_off);
  tcase_add_loop_test (tests, test_scenes, 0, (gint) G_N_ELEMENTS (scenes));
  tcase_add_test (tests, test_rare_looks);
  tcase_add_test (tests, test_multifilesrc);
  tcase_add_test (tests, test_drawing);
  tcase_add_test (tests, test_predictions);
  tcase_add_test (tests, test_bin);
  return suite;
}

GST_CHECK_MAIN (unrelated_pictures);
