/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Frames as they occur in practice: too short, empty, or still of the size
 * before new caps. */

#include "common.h"

#define MODEL test_path ("golden/models/original-small")
#define WIDTH 160
#define HEIGHT 120
#define N_BAD_FRAMES 5

static const gchar *const elements[] = {
  "facetracker",
  "cnninference model=%s roi-type=\"\"",
  "activationoverlay",
  "activationoverlay layout=beside",
  "activationmap model=%s face-model=\"\" roi-type=\"\"",
};

static GstElement *
make_element (guint index)
{
  g_autofree gchar *line = g_strdup (elements[index]);
  const gchar *place = strstr (line, "%s");

  if (place) {
    g_autofree gchar *head = g_strndup (line, (gsize) (place - line));
    g_autofree gchar *whole = g_strconcat (head, MODEL, place + 2, NULL);

    return test_element ("%s", whole);
  }
  return test_element ("%s", line);
}

/* Returns a frame whose GstVideoMeta contradicts the caps. */
static GstBuffer *
make_stale_frame (const gchar *format, guint width, guint height)
{
  GstBuffer *buffer = test_frame (format, (gint) width, (gint) height, 0);

  gst_buffer_add_video_meta (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      gst_video_format_from_string (format), width, height);
  return buffer;
}

static GstBuffer *
make_bad_frame (guint kind)
{
  switch (kind) {
    case 0:
      return gst_buffer_new ();
    case 1:
      return gst_buffer_new_and_alloc (WIDTH);
    case 2:
      return test_frame ("I420", WIDTH / 2, HEIGHT / 2, 0);
    case 3:
      return make_stale_frame ("I420", 2 * WIDTH, 2 * HEIGHT);
    default:
      return make_stale_frame ("YUY2", WIDTH, HEIGHT);
  }
}

/* Bad frames are passed on or dropped without an error, and the next good frame
 * is processed as usual. */
GST_START_TEST (test_bad_frames)
{
  GstElement *element = make_element ((guint) __i__);
  GstHarness *harness = test_harness (gst_object_ref (element), "I420", WIDTH,
      HEIGHT);
  GstBuffer *buffer;

  gst_buffer_unref (test_push (harness, test_frame ("I420", WIDTH, HEIGHT, 0)));
  for (guint kind = 0; kind < N_BAD_FRAMES; kind++) {
    buffer = make_bad_frame (kind);
    GST_BUFFER_PTS (buffer) = kind * GST_MSECOND;
    fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_OK);
  }
  while ((buffer = gst_harness_try_pull (harness)))
    gst_buffer_unref (buffer);
  buffer = test_push (harness, test_frame ("I420", WIDTH, HEIGHT, 3));
  if (strstr (elements[__i__], "roi-type"))
    fail_unless (gst_buffer_get_nth_activation_meta (buffer, 0) != NULL);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (test_count_messages (element, GST_MESSAGE_ERROR), 0);
  gst_object_unref (element);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Frames longer than a Cairo surface can be are passed on unchanged. */
GST_START_TEST (test_huge_frames)
{
  static const gchar *const layouts[] = { "dock", "face", "beside" };
  const gint sizes[][2] = { { 40000, 32 }, { 32, 40000 } };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (layouts); i++) {
    const gint width = sizes[i % 2][0], height = sizes[i % 2][1];
    g_autofree gchar *line = g_strdup_printf (
        "cnninference model=%s roi-type=\"\" explain=grad-cam ! "
        "activationoverlay layout=%s",
        MODEL, layouts[i / 2]);
    GstHarness *harness = test_parse_harness (line, "GRAY8", width, height);
    GstBuffer *frame = test_frame ("GRAY8", width, height, 0);
    g_autoptr (GBytes) bytes = test_copy_bytes (frame);
    GstBuffer *buffer = test_push (harness, frame);

    fail_unless (gst_buffer_get_nth_activation_meta (buffer, 0) != NULL);
    fail_unless (test_same_bytes (buffer, bytes));
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

static GstPadProbeReturn
count_frame (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_atomic_int_inc ((gint *) data);
  return GST_PAD_PROBE_OK;
}

/* Waits for the next frame. An error until then fails the test. */
static void
wait_for_frame (GstBus *bus, gint *n_frames)
{
  const gint last = g_atomic_int_get (n_frames);

  for (guint i = 0; i < 3000 && g_atomic_int_get (n_frames) == last; i++) {
    GstMessage *message = gst_bus_timed_pop_filtered (bus, 10 * GST_MSECOND,
        GST_MESSAGE_ERROR);

    fail_unless (message == NULL, "ended after %d frames", last);
  }
  fail_unless (g_atomic_int_get (n_frames) > last, "no frames come");
}

/* An input-selector passes one more frame of the old size after the new
 * caps. */
GST_START_TEST (test_input_selector)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *line = g_strdup_printf (
      "input-selector name=s sync-streams=false ! activationmap name=map "
      "model=%s face-model=\"\" roi-type=\"\" ! fakesink name=sink "
      "videotestsrc is-live=true ! video/x-raw,format=I420,width=320,"
      "height=240,framerate=200/1 ! queue max-size-buffers=2 ! s.sink_0 "
      "videotestsrc is-live=true ! video/x-raw,format=I420,width=160,"
      "height=120,framerate=200/1 ! queue max-size-buffers=2 ! s.sink_1",
      MODEL);
  GstElement *pipeline = gst_parse_launch (line, &error);
  g_autoptr (GstElement) selector = NULL;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GstBus) bus = NULL;
  gint n_frames = 0;

  fail_unless (error == NULL, "%s", error ? error->message : "");
  selector = gst_bin_get_by_name (GST_BIN (pipeline), "s");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, count_frame, &n_frames,
      NULL);
  bus = gst_element_get_bus (pipeline);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (guint i = 0; i < 60; i++) {
    g_autoptr (GstPad) active = gst_element_get_static_pad (selector,
        i % 2 ? "sink_1" : "sink_0");

    wait_for_frame (bus, &n_frames);
    g_object_set (selector, "active-pad", active, NULL);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}
GST_END_TEST;

static Suite *
bad_frames_suite (void)
{
  Suite *suite = suite_create ("field-bad-frames");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_loop_test (tests, test_bad_frames, 0,
      (gint) G_N_ELEMENTS (elements));
  tcase_add_test (tests, test_huge_frames);
  tcase_add_test (tests, test_input_selector);
  return suite;
}

GST_CHECK_MAIN (bad_frames);
