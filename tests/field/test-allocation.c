/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Frames whose rows are padded, as hardware likes them: the elements offer to
 * take them, read them and draw on them correctly, and do not pass them to
 * elements that cannot read them. */

#include "common.h"

#define WIDTH 322 /* rows of 324 bytes without padding */
#define STRIDE 512
#define HEIGHT 240
#define SIDE 32
#define LINES (HEIGHT + 16)

static const gchar *const elements[] = { "facetracker face-model=\"\"",
  "cnninference", "activationoverlay", "activationoverlay layout=beside",
  "regionjson", "activationmap" };

static GstHarness *
make_harness (const gchar *description)
{
  return test_harness (test_element ("%s", description), "GRAY8", WIDTH,
      HEIGHT);
}

static void
add_metas (GstHarness *harness)
{
  gst_harness_add_propose_allocation_meta (harness, GST_VIDEO_META_API_TYPE,
      NULL);
  gst_harness_add_propose_allocation_meta (harness,
      GST_VIDEO_CROP_META_API_TYPE, NULL);
}

static GstQuery *
ask (GstHarness *harness)
{
  g_autoptr (GstCaps) caps = test_caps ("GRAY8", WIDTH, HEIGHT);
  GstQuery *query = gst_query_new_allocation (caps, TRUE);

  fail_unless (gst_pad_peer_query (harness->srcpad, query));
  return query;
}

static guint
count_metas (GstQuery *query, GType type)
{
  guint n = 0;

  for (guint i = 0; i < gst_query_get_n_allocation_metas (query); i++)
    n += gst_query_parse_nth_allocation_meta (query, i, NULL) == type;
  return n;
}

/* GstVideoMeta is offered exactly once, whatever is downstream. */
GST_START_TEST (test_offered)
{
  for (guint k = 0; k < 2; k++) {
    GstHarness *harness = make_harness (elements[__i__]);
    GstQuery *query;

    if (k == 1)
      add_metas (harness);
    gst_buffer_unref (
        test_push (harness, test_frame ("GRAY8", WIDTH, HEIGHT, 0)));
    query = ask (harness);
    fail_unless_equals_int (count_metas (query, GST_VIDEO_META_API_TYPE), 1);
    gst_query_unref (query);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* Elements that pass frames on also offer what downstream offers. */
GST_START_TEST (test_forwarded)
{
  for (guint i = 0; i < 3; i++) {
    GstHarness *harness = make_harness (elements[i]);
    GstQuery *query;

    add_metas (harness);
    query = ask (harness);
    fail_unless_equals_int (count_metas (query, GST_VIDEO_CROP_META_API_TYPE),
        1);
    gst_query_unref (query);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* Returns a frame with a white square at 64, 96, and with white padding. */
static GstBuffer *
make_padded (guint number)
{
  gsize offset[GST_VIDEO_MAX_PLANES] = { STRIDE * 8 };
  gint stride[GST_VIDEO_MAX_PLANES] = { STRIDE };
  GstBuffer *buffer = gst_buffer_new_and_alloc (STRIDE * LINES);

  gst_buffer_memset (buffer, 0, 255, STRIDE * LINES);
  for (guint row = 0; row < HEIGHT; row++) {
    const gsize start = offset[0] + row * STRIDE;

    gst_buffer_memset (buffer, start, 0, WIDTH);
    if (row >= 96 && row < 96 + SIDE)
      gst_buffer_memset (buffer, start + 64, 255, SIDE);
  }
  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_GRAY8, WIDTH, HEIGHT, 1, offset, stride);
  GST_BUFFER_PTS (buffer) = number * GST_SECOND / 30;
  GST_BUFFER_DURATION (buffer) = GST_SECOND / 30;
  return buffer;
}

static guint8 *
row_of (GstVideoFrame *frame, guint row)
{
  return (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (frame, 0)
      + row * GST_VIDEO_FRAME_PLANE_STRIDE (frame, 0);
}

/* Copies the pixels without the padding. gst_video_frame_copy() would copy some
 * of it where both frames have rows of the same length.
 *
 * Returns: (transfer full): the frame with rows as the caps imply */
static GstBuffer *
pack (GstBuffer *buffer)
{
  g_autoptr (GstCaps) caps = test_caps ("GRAY8", WIDTH, HEIGHT);
  GstBuffer *packed;
  GstVideoInfo info;
  GstVideoFrame from, to;

  fail_unless (gst_video_info_from_caps (&info, caps));
  packed = gst_buffer_new_and_alloc (GST_VIDEO_INFO_SIZE (&info));
  gst_buffer_memset (packed, 0, 0, GST_VIDEO_INFO_SIZE (&info));
  fail_unless (gst_video_frame_map (&from, &info, buffer, GST_MAP_READ));
  fail_unless (gst_video_frame_map (&to, &info, packed, GST_MAP_WRITE));
  for (guint row = 0; row < HEIGHT; row++)
    memcpy (row_of (&to, row), row_of (&from, row), WIDTH);
  gst_video_frame_unmap (&to);
  gst_video_frame_unmap (&from);
  gst_buffer_copy_into (packed, buffer, GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
  gst_buffer_unref (buffer);
  return packed;
}

static void
check_picture (GstBuffer *buffer)
{
  GstBuffer *packed = pack (gst_buffer_ref (buffer));
  GstMapInfo map;

  fail_unless (gst_buffer_map (packed, &map, GST_MAP_READ));
  for (gint y = 0; y < HEIGHT; y++) {
    const gboolean has_square = y >= 96 && y < 96 + SIDE;

    for (gint x = 0; x < WIDTH; x++)
      fail_unless_equals_int (map.data[y * GST_ROUND_UP_4 (WIDTH) + x],
          has_square && x >= 64 && x < 64 + SIDE ? 255 : 0);
  }
  gst_buffer_unmap (packed, &map);
  gst_buffer_unref (packed);
}

/* Checks that the face lies where the square is. */
static void
check_region (GstBuffer *buffer)
{
  const GstVideoRegionOfInterestMeta *region = test_nth_region (buffer, 0);

  fail_unless (region != NULL);
  fail_unless_equals_int (test_nth_region (buffer, 1) == NULL, TRUE);
  fail_unless (
      ABS ((gint) region->x - 64) <= 2 && ABS ((gint) region->y - 96) <= 2);
}

static const struct {
  gboolean is_offered; /* by downstream */
  gboolean was_asked;  /* before the frames came */
  gboolean is_packed;
} cases[] = {
  /* An element that sends padded frames without asking knows what is
   * downstream. */
  { FALSE, FALSE, FALSE },
  { TRUE, FALSE, FALSE },
  { TRUE, TRUE, FALSE },
  { FALSE, TRUE, TRUE },
};

/* The face is found in the right place. Downstream gets the same buffer if it
 * can read the padding, and otherwise a copy without padding. */
GST_START_TEST (test_padded)
{
  const gboolean is_packed = cases[__i__].is_packed;
  GstHarness *harness =
      test_harness (test_element ("facetracker face-model=%s min-size=%d",
                        TEST_FACE_MODEL, TEST_MIN_SIZE),
          "GRAY8", WIDTH, HEIGHT);

  if (cases[__i__].is_offered)
    add_metas (harness);
  if (cases[__i__].was_asked)
    gst_query_unref (ask (harness));
  for (guint i = 0; i < 3; i++) {
    GstBuffer *padded = make_padded (i);
    GstBuffer *buffer = test_push (harness, padded);

    fail_unless_equals_int (buffer != padded, is_packed);
    fail_unless_equals_int (gst_buffer_get_video_meta (buffer) == NULL,
        is_packed);
    fail_unless_equals_uint64 (GST_BUFFER_PTS (buffer), i * GST_SECOND / 30);
    check_region (buffer);
    check_picture (buffer);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The drawing on padded frames is the same as on others. */
GST_START_TEST (test_drawn)
{
  g_autofree gchar *overlay = g_strdup_printf (
      "facetracker face-model=%s min-size=%d ! activationoverlay",
      TEST_FACE_MODEL, TEST_MIN_SIZE);

  for (guint k = 0; k < 2; k++) {
    GstHarness *padded = gst_harness_new_parse (overlay);
    GstHarness *plain = gst_harness_new_parse (overlay);
    GstBuffer *one, *other;
    g_autoptr (GBytes) bytes = NULL;

    if (k == 1)
      add_metas (padded);
    gst_harness_set_src_caps (padded, test_caps ("GRAY8", WIDTH, HEIGHT));
    gst_harness_set_src_caps (plain, test_caps ("GRAY8", WIDTH, HEIGHT));
    gst_query_unref (ask (padded));
    one = test_push (padded, make_padded (0));
    other = test_push (plain, pack (make_padded (0)));
    fail_unless_equals_int (gst_buffer_get_video_meta (one) != NULL, k == 1);
    one = pack (one);
    bytes = test_copy_bytes (one);
    fail_unless (test_same_bytes (other, bytes));
    gst_buffer_unref (one);
    gst_buffer_unref (other);
    gst_harness_teardown (padded);
    gst_harness_teardown (plain);
  }
}
GST_END_TEST;

static Suite *
allocation_suite (void)
{
  Suite *suite = suite_create ("allocation");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_loop_test (tests, test_offered, 0, (gint) G_N_ELEMENTS (elements));
  tcase_add_test (tests, test_forwarded);
  tcase_add_loop_test (tests, test_padded, 0, (gint) G_N_ELEMENTS (cases));
  tcase_add_test (tests, test_drawn);
  return suite;
}

GST_CHECK_MAIN (allocation);
