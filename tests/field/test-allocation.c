/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Frames whose rows are padded, as hardware likes them: they are offered to
 * take, are read and drawn on right, and reach nobody who cannot read them. */

#include "common.h"

#define WIDTH 322 /* a row of 324 bytes; padded: */
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

/* GstVideoMeta is offered, whatever is downstream, and once. */
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

/* What downstream offers for itself, those who pass frames on do as well. */
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

/* A frame with a white square at 64, 96, and a wall of white in its padding. */
static GstBuffer *
make_padded (guint number)
{
  const gsize offset[GST_VIDEO_MAX_PLANES] = { STRIDE * 8 };
  const gint stride[GST_VIDEO_MAX_PLANES] = { STRIDE };
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

static void
check_picture (GstBuffer *buffer)
{
  g_autoptr (GstCaps) caps = test_caps ("GRAY8", WIDTH, HEIGHT);
  GstVideoInfo info;
  GstVideoFrame frame;

  fail_unless (gst_video_info_from_caps (&info, caps));
  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  for (gint y = 0; y < HEIGHT; y++) {
    const guint8 *row = (const guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&frame, 0)
        + y * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0);

    for (gint x = 0; x < WIDTH; x++)
      fail_unless_equals_int (row[x],
          x >= 64 && x < 64 + SIDE && y >= 96 && y < 96 + SIDE ? 255 : 0);
  }
  gst_video_frame_unmap (&frame);
}

#define DETECTOR "facetracker face-model=%s min-size=%d"

/* The face is found where it is, and who can read the padding gets the very
 * frame, who cannot one without. */
GST_START_TEST (test_padded)
{
  for (guint k = 0; k < 4; k++) {
    const gboolean is_offered = k % 2 == 1, was_asked = k >= 2;
    GstHarness *harness = test_harness (test_element (DETECTOR, TEST_FACE_MODEL,
                                            TEST_MIN_SIZE),
        "GRAY8", WIDTH, HEIGHT);
    const gboolean is_packed = was_asked && !is_offered;

    if (is_offered)
      add_metas (harness);
    for (guint i = 0; i < 3; i++) {
      GstBuffer *padded = make_padded (i);
      GstVideoRegionOfInterestMeta *region;
      GstBuffer *buffer;

      if (was_asked)
        gst_query_unref (ask (harness));
      gst_buffer_add_reference_timestamp_meta (padded,
          gst_static_caps_get (&(
              static GstStaticCaps) GST_STATIC_CAPS ("timestamp/x-test")),
          i, GST_CLOCK_TIME_NONE);
      buffer = test_push (harness, gst_buffer_ref (padded));
      region = test_nth_region (buffer, 0);
      fail_unless (region != NULL);
      fail_unless (ABS ((gint) region->x - 64) <= 2
          && ABS ((gint) region->y - 96) <= 2);
      gst_buffer_unref (padded);
      gst_buffer_unref (buffer);
    }
    gst_harness_teardown (harness);
    fail_unless (is_packed || !is_packed);
  }
}
GST_END_TEST;
