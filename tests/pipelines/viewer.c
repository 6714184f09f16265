/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "viewer.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

#define PATIENCE (60 * GST_SECOND)
#define DECODE                                            \
  " ! decodebin ! videoconvert ! video/x-raw,format=I420" \
  " ! appsink name=sink sync=false max-buffers=4"

struct _Viewer {
  GstElement *pipeline;
  GstAppSink *sink;
};

static Viewer *
viewer_new (const gchar *launch, const gchar *location)
{
  Viewer *self = g_new0 (Viewer, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) source = NULL;

  self->pipeline = gst_parse_launch (launch, &error);
  g_assert_no_error (error);
  source = gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  g_object_set (source, "location", location, NULL);
  self->sink = GST_APP_SINK (
      gst_bin_get_by_name (GST_BIN (self->pipeline), "sink"));
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  return self;
}

Viewer *
viewer_new_for_url (const gchar *url)
{
  /* Use the times that the server sends: otherwise the jitter buffer would hold
   * back pictures that it takes for early, and give two the same time if this
   * machine is busy. */
  return viewer_new (
      "rtspsrc name=source protocols=tcp latency=0 buffer-mode=none" DECODE,
      url);
}

Viewer *
viewer_new_for_file (const gchar *path)
{
  return viewer_new ("filesrc name=source" DECODE, path);
}

void
viewer_free (Viewer *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->sink);
  gst_object_unref (self->pipeline);
  g_free (self);
}

static void
assert_no_error (Viewer *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  g_autoptr (GstMessage)
      message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  if (message)
    gst_message_parse_error (message, &error, NULL);
  g_assert_no_error (error);
}

GstSample *
viewer_pull (Viewer *self)
{
  GstSample *sample = gst_app_sink_try_pull_sample (self->sink, PATIENCE);

  if (!sample) {
    assert_no_error (self);
    g_assert_true (gst_app_sink_is_eos (self->sink));
  }
  return sample;
}

static void
map_sample (GstSample *sample, GstVideoFrame *frame)
{
  GstVideoInfo info;

  g_assert_true (
      gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
  g_assert_true (gst_video_frame_map (frame, &info,
      gst_sample_get_buffer (sample), GST_MAP_READ));
}

static guint64
sum_of_differences (const guint8 *row_a, const guint8 *row_b, gint x,
    gint width)
{
  guint64 sum = 0;

  for (gint i = x; i < x + width; i++)
    sum += ABS (row_a[i] - row_b[i]);
  return sum;
}

gdouble
compare_luma (GstSample *a, GstSample *b, gint x, gint y, gint width,
    gint height)
{
  GstVideoFrame frame_a, frame_b;
  guint64 sum = 0;

  map_sample (a, &frame_a);
  map_sample (b, &frame_b);
  g_assert_cmpint (x + width, <=, GST_VIDEO_FRAME_WIDTH (&frame_a));
  g_assert_cmpint (x + width, <=, GST_VIDEO_FRAME_WIDTH (&frame_b));
  g_assert_cmpint (y + height, <=, GST_VIDEO_FRAME_HEIGHT (&frame_a));
  g_assert_cmpint (y + height, <=, GST_VIDEO_FRAME_HEIGHT (&frame_b));
  for (gint i = y; i < y + height; i++) {
    const guint8 *row_a = GST_VIDEO_FRAME_PLANE_DATA (&frame_a, 0);
    const guint8 *row_b = GST_VIDEO_FRAME_PLANE_DATA (&frame_b, 0);

    sum += sum_of_differences (row_a
            + (gsize) i * GST_VIDEO_FRAME_PLANE_STRIDE (&frame_a, 0),
        row_b + (gsize) i * GST_VIDEO_FRAME_PLANE_STRIDE (&frame_b, 0), x,
        width);
  }
  gst_video_frame_unmap (&frame_a);
  gst_video_frame_unmap (&frame_b);
  return (gdouble) sum / width / height;
}
