/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The drawing depends on the stream alone, not on how fast it is processed, so
 * that a file gives the same result each time. */

#include "series.h"

#define N_FRAMES 45

static GstHarness *
make_overlay (const gchar *rate)
{
  GstHarness *overlay = series_overlay ("layout=beside");
  g_autofree gchar *caps = g_strdup_printf (
      "video/x-raw,format=GRAY8,width=%d,height=%d,framerate=%s", SERIES_WIDTH,
      SERIES_HEIGHT, rate);

  gst_harness_set_src_caps_str (overlay, caps);
  return overlay;
}

/* Draws every @step th frame of a stream of 30 frames a second, waits for
 * @pause microseconds after each, and returns a checksum of all of them. */
static gchar *
draw_all (const gchar *rate, guint step, gulong pause)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  GstHarness *overlay = make_overlay (rate);

  for (guint i = 0; i < N_FRAMES; i += step) {
    g_autoptr (GBytes) drawn = series_draw (overlay, i, i * GST_SECOND / 30);

    g_checksum_update (checksum, g_bytes_get_data (drawn, NULL),
        (gssize) g_bytes_get_size (drawn));
    g_usleep (pause);
  }
  gst_harness_teardown (overlay);
  return g_strdup (g_checksum_get_string (checksum));
}

/* The panel shows a frame rate after half a second, which does not depend on
 * how fast the frames are processed. */
GST_START_TEST (test_pace)
{
  g_autofree gchar *fast = draw_all ("30/1", 1, 0);
  g_autofree gchar *slow = draw_all ("30/1", 1, 15000);

  fail_unless_equals_string (fast, slow);
}
GST_END_TEST;

/* The rate is measured, so that caps with the actual rate and caps without a
 * rate give the same drawing, unlike caps that promise more frames than
 * come. */
GST_START_TEST (test_missing_frames)
{
  g_autofree gchar *all = draw_all ("30/1", 1, 0);
  g_autofree gchar *variable = draw_all ("0/1", 1, 0);
  g_autofree gchar *half = draw_all ("15/1", 2, 0);
  g_autofree gchar *half_variable = draw_all ("0/1", 2, 0);
  g_autofree gchar *missing = draw_all ("30/1", 2, 0);

  fail_unless_equals_string (all, variable);
  fail_unless_equals_string (half, half_variable);
  fail_if (g_str_equal (half, missing));
}
GST_END_TEST;

static gpointer
keep_busy (gpointer stop)
{
  while (!g_atomic_int_get ((gint *) stop))
    ;
  return NULL;
}

static GstPadProbeReturn
add_to_checksum (GstPad *pad, GstPadProbeInfo *info, gpointer checksum)
{
  g_autoptr (GBytes) bytes = test_copy_bytes (GST_PAD_PROBE_INFO_BUFFER (info));

  g_checksum_update (checksum, g_bytes_get_data (bytes, NULL),
      (gssize) g_bytes_get_size (bytes));
  return GST_PAD_PROBE_OK;
}

/* Returns a checksum of the sample clip as the bin draws it. */
static gchar *
play_clip (void)
{
  g_autofree gchar *description = g_strdup_printf (
      "filesrc location=%s ! qtdemux ! avdec_h264 ! videorate ! "
      "video/x-raw,framerate=10/1 ! "
      "activationmap layout=beside explain=hires-cam ! fakesink name=sink",
      test_path ("../pipelines/sample/sample.mp4"));
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  GstElement *pipeline = gst_parse_launch (description, NULL);
  GstElement *sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  GstPad *pad = gst_element_get_static_pad (sink, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, add_to_checksum, checksum,
      NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  test_wait_for (pipeline, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pad);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
  return g_strdup (g_checksum_get_string (checksum));
}

GST_START_TEST (test_clip)
{
  static const gchar *const needed[] = { "qtdemux", "avdec_h264", "videorate",
    NULL };
  GThread *threads[4];
  g_autofree gchar *idle = NULL;
  g_autofree gchar *busy = NULL;
  gint stop = FALSE;

  if (!test_has_elements (needed))
    return;
  idle = play_clip ();
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("busy", keep_busy, &stop);
  busy = play_clip ();
  g_atomic_int_set (&stop, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  fail_unless_equals_string (idle, busy);
}
GST_END_TEST;

static Suite *
frame_rate_suite (void)
{
  Suite *suite = suite_create ("frame-rate");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_test (tests, test_pace);
  tcase_add_test (tests, test_missing_frames);
  tcase_add_test (tests, test_clip);
  return suite;
}

GST_CHECK_MAIN (frame_rate);
