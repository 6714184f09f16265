/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Timestamps as they occur in practice: with small steps back, running
 * backwards, standing still, missing or absurd. Faces keep their ids, and
 * drawings keep their history. */

#include "series.h"
#include "streamclock.h"

#define WIDTH 320
#define HEIGHT 240

#define NONE GST_CLOCK_TIME_NONE
#define MS GST_MSECOND
#define FRAME (GST_SECOND / 30)

static GstVideoInfo *
make_info (gint fps_n, gint fps_d)
{
  GstVideoInfo *info = gst_video_info_new ();

  gst_video_info_set_format (info, GST_VIDEO_FORMAT_GRAY8, WIDTH, HEIGHT);
  GST_VIDEO_INFO_FPS_N (info) = fps_n;
  GST_VIDEO_INFO_FPS_D (info) = fps_d;
  return info;
}

static void
tick (StreamClock *clock, const GstSegment *segment, const GstVideoInfo *info,
    GstClockTime pts, GstClockTime dts)
{
  GstBuffer *buffer = gst_buffer_new ();

  GST_BUFFER_PTS (buffer) = pts;
  GST_BUFFER_DTS (buffer) = dts;
  stream_clock_tick (clock, segment, info, buffer, GST_ACTIVATION_FOLLOW_AUTO);
  gst_buffer_unref (buffer);
}

#define N_STAMPS 6

static const struct {
  const gchar *name;
  gint fps; /* 0 for none */
  GstClockTime pts[N_STAMPS];
  GstClockTime times[N_STAMPS];
  guint anew; /* bit i: frame i starts afresh */
} streams[] = {
  { "steady", 25, { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 },
  { "from anywhere", 25,
      { 9000 * MS, 9040 * MS, 9080 * MS, 9120 * MS, 9160 * MS, 9200 * MS },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 },
  { "jitter", 25,
      { 0, 40 * MS, 40 * MS - 400000, 80 * MS, 80 * MS - 400000, 120 * MS },
      { 0, 40 * MS, 40 * MS, 80 * MS, 80 * MS, 120 * MS }, 1 },
  { "in the order of decoding", 25,
      { 0, 120 * MS, 40 * MS, 80 * MS, 160 * MS, 200 * MS },
      { 0, 120 * MS, 120 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 },
  { "set back a little", 25,
      { 1000 * MS, 1040 * MS, 740 * MS, 780 * MS, 820 * MS, 860 * MS },
      { 0, 40 * MS, 40 * MS, 80 * MS, 120 * MS, 160 * MS }, 1 },
  { "set back", 25, { 9000 * MS, 9040 * MS, 0, 40 * MS, 80 * MS, 120 * MS },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 + 4 },
  { "far ahead", 25,
      { 0, 40 * MS, 99040 * MS, 99080 * MS, 99120 * MS, 99160 * MS },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 + 4 },
  { "a pause", 25, { 0, 40 * MS, 5040 * MS, 5080 * MS, 5120 * MS, 5160 * MS },
      { 0, 40 * MS, 5040 * MS, 5080 * MS, 5120 * MS, 5160 * MS }, 1 },
  { "none", 25, { NONE, NONE, NONE, NONE, NONE, NONE },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 },
  { "the first only", 25, { 0, NONE, NONE, NONE, NONE, NONE },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 },
  { "some", 25, { NONE, 40 * MS, NONE, NONE, 160 * MS, NONE },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 },
  { "all the same", 25, { 7, 7, 7, 7, 7, 7 },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 },
  { "in pairs", 25, { 0, 0, 80 * MS, 80 * MS, 160 * MS, 160 * MS },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 },
  { "beyond all times", 25,
      { NONE - 1, NONE - 3, NONE - 2, NONE - 9 * GST_SECOND, NONE - 1,
          NONE / 2 },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 },
  { "beyond all times at times", 25,
      { 0, NONE - 1, 80 * MS, NONE - 2, 160 * MS, 200 * MS },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 },
  { "the longest there are", 25,
      { 0, G_MAXINT64 / 4, 0, G_MAXINT64 / 4, 0, 40 * MS },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS },
      1 + 2 + 4 + 8 + 16 },
  { "a frame a second", 1,
      { 0, 1000 * MS, 2000 * MS, 3000 * MS, 4000 * MS, 5000 * MS },
      { 0, 1000 * MS, 2000 * MS, 3000 * MS, 4000 * MS, 5000 * MS }, 1 },
  { "no rate", 0, { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS },
      { 0, 40 * MS, 80 * MS, 120 * MS, 160 * MS, 200 * MS }, 1 },
};

GST_START_TEST (test_streams)
{
  GstVideoInfo *info = make_info (streams[__i__].fps, 1);
  StreamClock clock = { 0 };
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  for (guint i = 0; i < N_STAMPS; i++) {
    tick (&clock, &segment, info, streams[__i__].pts[i], NONE);
    fail_unless (clock.time == streams[__i__].times[i],
        "%s: frame %u at %" GST_TIME_FORMAT, streams[__i__].name, i,
        GST_TIME_ARGS (clock.time));
    fail_unless_equals_int (!clock.is_continued, streams[__i__].anew >> i & 1);
  }
  gst_video_info_free (info);
}
GST_END_TEST;

/* Whatever the timestamps are, time never goes back and never runs away. */
GST_START_TEST (test_wild_stamps)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (9);
  GstVideoInfo *info = make_info (0, 1);
  StreamClock clock = { 0 };
  GstClockTime last = 0;
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  for (guint i = 0; i < 20000; i++) {
    const guint shift = (guint) g_rand_int_range (rand, 0, 64);
    const GstClockTime pts =
        ((guint64) g_rand_int (rand) << 32 | g_rand_int (rand)) >> shift;

    if (i % 100 == 0)
      segment.rate = g_rand_double_range (rand, -4.0, 4.0);
    tick (&clock, &segment, info, pts, NONE);
    fail_unless (clock.time >= last && clock.time - last <= 10 * GST_SECOND);
    fail_unless (clock.gap >= MS && clock.gap <= 10 * GST_SECOND);
    last = clock.time;
  }
  gst_video_info_free (info);
}
GST_END_TEST;

GST_START_TEST (test_decoding_times)
{
  GstVideoInfo *info = make_info (0, 1);
  StreamClock clock = { 0 };
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  for (guint i = 0; i < 10; i++) {
    tick (&clock, &segment, info, NONE, GST_SECOND + i * 50 * MS);
    fail_unless_equals_uint64 (clock.time, i * 50 * MS);
  }
  gst_video_info_free (info);
}
GST_END_TEST;

/* The gap between frames is what the caps promise, or longer where frames are
 * dropped. A single pause does not change it. */
GST_START_TEST (test_gap)
{
  GstVideoInfo *info = make_info (30, 1);
  StreamClock clock = { 0 };
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  tick (&clock, &segment, info, 0, NONE);
  fail_unless_equals_uint64 (clock.gap, FRAME);
  for (guint i = 1; i < 5; i++)
    tick (&clock, &segment, info, i * FRAME, NONE);
  tick (&clock, &segment, info, 6 * GST_SECOND, NONE);
  fail_unless_equals_uint64 (clock.gap, FRAME);
  for (guint i = 7; i < 12; i++)
    tick (&clock, &segment, info, i * GST_SECOND, NONE);
  fail_unless_equals_uint64 (clock.gap, GST_SECOND);
  segment.rate = -2.0;
  clock = (StreamClock) { 0 };
  tick (&clock, &segment, info, 0, NONE);
  fail_unless_equals_uint64 (clock.gap, FRAME / 2);
  gst_video_info_free (info);
}
GST_END_TEST;

/* Elements */

static GstBuffer *
make_frame (guint number, GstClockTime pts)
{
  GstBuffer *buffer = test_frame ("GRAY8", WIDTH, HEIGHT, 0);

  GST_BUFFER_PTS (buffer) = pts;
  test_add_region (buffer, "face", 0, 100 + number % 2, 100, 80, 80);
  return buffer;
}

/* Returns the id of the one face. */
static gint
follow (GstHarness *harness, guint number, GstClockTime pts)
{
  GstBuffer *buffer = test_push (harness, make_frame (number, pts));
  const gint id = test_object_id (test_nth_region (buffer, 0));

  gst_buffer_unref (buffer);
  return id;
}

static void
push_segment (GstHarness *harness, gdouble rate, GstClockTime start,
    GstClockTime stop, GstClockTime base)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.rate = rate;
  segment.start = start;
  segment.stop = stop;
  segment.base = base;
  fail_unless (
      gst_harness_push_event (harness, gst_event_new_segment (&segment)));
}

static GstHarness *
make_tracker (void)
{
  return test_harness (test_element ("facetracker face-model=\"\""), "GRAY8",
      WIDTH, HEIGHT);
}

GST_START_TEST (test_ids_with_jitter)
{
  static const GstClockTime back[] = { 400000, 5 * MS, 33 * MS, 66 * MS };

  for (guint k = 0; k < G_N_ELEMENTS (back); k++) {
    GstHarness *harness = make_tracker ();

    for (guint i = 3; i < 80; i++)
      fail_unless_equals_int (follow (harness, i,
                                  i * FRAME - (i % 2 ? back[k] + FRAME : 0)),
          1);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

GST_START_TEST (test_ids_backwards)
{
  GstHarness *harness = make_tracker ();

  push_segment (harness, -1.0, 0, 5 * GST_SECOND, 0);
  for (guint i = 0; i < 77; i++)
    fail_unless_equals_int (follow (harness, i,
                                5 * GST_SECOND - (i + 1) * FRAME),
        1);
  /* Then forwards again, from the same place. */
  push_segment (harness, 1.0, 2 * GST_SECOND, NONE, 77 * FRAME);
  for (guint i = 0; i < 10; i++)
    fail_unless_equals_int (follow (harness, i, 2 * GST_SECOND + i * FRAME), 1);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* One film follows the other, and the timestamps of each start at 0. */
GST_START_TEST (test_ids_over_segments)
{
  GstHarness *harness = make_tracker ();

  for (guint k = 0; k < 3; k++) {
    push_segment (harness, 1.0, 0, NONE, k * 30 * FRAME);
    for (guint i = 0; i < 30; i++)
      fail_unless_equals_int (follow (harness, i, i * FRAME), 1);
  }
  /* Here running time starts at 0 as well. */
  for (guint k = 0; k < 3; k++) {
    push_segment (harness, 1.0, 0, NONE, 0);
    for (guint i = 0; i < 30; i++)
      fail_unless_equals_int (follow (harness, i, i * FRAME), (gint) k + 2);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* In the stream of another camera, a face belongs to another person. */
GST_START_TEST (test_ids_over_streams)
{
  GstHarness *harness = make_tracker ();

  for (guint k = 0; k < 4; k++) {
    /* The third event repeats the second stream, in which ids are kept. */
    static const gchar *const names[] = { "one", "two", "two", "three" };
    static const gint ids[] = { 1, 2, 2, 3 };

    gst_harness_push_event (harness, gst_event_new_stream_start (names[k]));
    push_segment (harness, 1.0, 0, NONE, 0);
    for (guint i = 0; i < 10; i++)
      fail_unless_equals_int (follow (harness, i, (10 * k + i) * FRAME),
          ids[k]);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A face keeps its id in frames that a demuxer sends before the segment begins
 * and after it ends. */
GST_START_TEST (test_ids_outside_segment)
{
  GstHarness *harness = make_tracker ();

  push_segment (harness, 1.0, GST_SECOND, 2 * GST_SECOND, 0);
  for (guint i = 0; i < 90; i++)
    fail_unless_equals_int (follow (harness, i, i * FRAME), 1);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A segment in bytes, such as that of a file of raw frames, has no times. */
GST_START_TEST (test_bytes)
{
  static const gchar *const elements[] = { "facetracker face-model=\"\"",
    "cnninference post-messages=true", "activationoverlay", "regionjson" };

  for (guint k = 0; k < G_N_ELEMENTS (elements); k++) {
    GstHarness *harness = test_harness (test_element ("%s", elements[k]),
        "GRAY8", WIDTH, HEIGHT);
    GstSegment segment;

    gst_segment_init (&segment, GST_FORMAT_BYTES);
    gst_harness_push_event (harness, gst_event_new_segment (&segment));
    for (guint i = 0; i < 3; i++)
      gst_buffer_unref (test_push (harness, make_frame (i, i * FRAME)));
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

static GstPadProbeReturn
collect_ids (GstPad *pad, GstPadProbeInfo *info, gpointer ids)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstVideoRegionOfInterestMeta *region;

  for (guint i = 0; (region = test_nth_region (buffer, i)); i++)
    g_hash_table_add (ids, GINT_TO_POINTER (test_object_id (region)));
  return GST_PAD_PROBE_OK;
}

/* Plays the sample clip, in which two people appear, backwards: those who are
 * there at the end come first. */
GST_START_TEST (test_clip_backwards)
{
  static const gchar *const needed[] = { "qtdemux", "avdec_h264", NULL };
  g_autoptr (GHashTable) ids = g_hash_table_new (NULL, NULL);
  g_autoptr (GstPad) pad = NULL;
  g_autofree gchar *description = g_strdup_printf (
      "filesrc location=%s ! qtdemux ! avdec_h264 ! facetracker ! "
      "fakesink name=sink sync=false",
      test_path ("../pipelines/sample/sample.mp4"));
  GstElement *pipeline, *sink;

  if (!test_has_elements (needed))
    return;
  pipeline = gst_parse_launch (description, NULL);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  gst_element_set_state (pipeline, GST_STATE_PAUSED);
  test_wait_for (pipeline, GST_MESSAGE_ASYNC_DONE);
  fail_unless (gst_element_seek (pipeline, -1.0, GST_FORMAT_TIME,
      GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE, GST_SEEK_TYPE_SET, 0,
      GST_SEEK_TYPE_SET, 4 * GST_SECOND));
  pad = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, collect_ids, ids, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  test_wait_for (pipeline, GST_MESSAGE_EOS);
  fail_unless (g_hash_table_size (ids) >= 1);
  fail_unless (g_hash_table_size (ids) <= 3, "%u ids", g_hash_table_size (ids));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (sink);
  gst_object_unref (pipeline);
}
GST_END_TEST;

/* Drawing */

#define OVERLAY "layout=beside"

/* A film that is played backwards is drawn like one that shows the same frames
 * forwards. */
GST_START_TEST (test_drawing_backwards)
{
  GstHarness *forwards = series_overlay (OVERLAY),
             *backwards = series_overlay (OVERLAY);

  push_segment (backwards, -1.0, 0, 40 * FRAME, 0);
  for (guint i = 0; i < 40; i++) {
    g_autoptr (GBytes) one = series_draw (forwards, i, i * FRAME);
    g_autoptr (GBytes) other = series_draw (backwards, i, (40 - i) * FRAME);

    fail_unless (g_bytes_equal (one, other), "frame %u", i);
    fail_unless_equals_int (series_is_drawn_anew (one, OVERLAY, i), i == 0);
  }
  gst_harness_teardown (forwards);
  gst_harness_teardown (backwards);
}
GST_END_TEST;

/* The curve continues over small steps back, and starts again after a long
 * one. */
GST_START_TEST (test_drawing_with_jitter)
{
  GstHarness *harness = series_overlay (OVERLAY);

  for (guint i = 0; i < 60; i++) {
    const gboolean is_back = i == 50;
    const GstClockTime pts = (i < 50 ? i + 60 : i - 50) * FRAME
        - (i % 2 ? FRAME + 400000 : 0) * (i < 50);
    g_autoptr (GBytes) drawn = series_draw (harness, i, pts);

    fail_unless_equals_int (series_is_drawn_anew (drawn, OVERLAY, i),
        i == 0 || is_back);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Frames are drawn, whatever their timestamps are. */
GST_START_TEST (test_drawing_with_any_stamps)
{
  GstHarness *harness = series_overlay (OVERLAY);
  static const GstClockTime stamps[] = { NONE, 0, NONE - 1, NONE - 2, 0,
    G_MAXINT64, G_MAXINT64 - 1, 0, 0, NONE, GST_SECOND };

  for (guint i = 0; i < G_N_ELEMENTS (stamps); i++)
    g_bytes_unref (series_draw (harness, i, stamps[i]));
  gst_harness_teardown (harness);
}
GST_END_TEST;

static Suite *
clock_suite (void)
{
  Suite *suite = suite_create ("clock");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_loop_test (tests, test_streams, 0, (gint) G_N_ELEMENTS (streams));
  tcase_add_test (tests, test_wild_stamps);
  tcase_add_test (tests, test_decoding_times);
  tcase_add_test (tests, test_gap);
  tcase_add_test (tests, test_ids_with_jitter);
  tcase_add_test (tests, test_ids_backwards);
  tcase_add_test (tests, test_ids_over_segments);
  tcase_add_test (tests, test_ids_over_streams);
  tcase_add_test (tests, test_ids_outside_segment);
  tcase_add_test (tests, test_bytes);
  tcase_add_test (tests, test_clip_backwards);
  tcase_add_test (tests, test_drawing_backwards);
  tcase_add_test (tests, test_drawing_with_jitter);
  tcase_add_test (tests, test_drawing_with_any_stamps);
  return suite;
}

GST_CHECK_MAIN (clock);
