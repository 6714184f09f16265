/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "canvas.h"

#include <gst/video/video.h>

#include "outlet.h"

static void
set_size (GstElement *capsfilter, const GstVideoInfo *info)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("video/x-raw", "format",
      G_TYPE_STRING, "I420", "width", G_TYPE_INT,
      MAX (GST_VIDEO_INFO_WIDTH (info) & ~1, 2), "height", G_TYPE_INT,
      MAX (GST_VIDEO_INFO_HEIGHT (info) & ~1, 2), "pixel-aspect-ratio",
      GST_TYPE_FRACTION, GST_VIDEO_INFO_PAR_N (info),
      GST_VIDEO_INFO_PAR_D (info), NULL);

  g_object_set (capsfilter, "caps", caps, NULL);
}

static GstPadProbeReturn
on_data (GstPad *pad, GstPadProbeInfo *info, gpointer capsfilter)
{
  GstCaps *caps = NULL;
  GstVideoInfo video;

  if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
    return GST_BUFFER_FLAG_IS_SET (GST_PAD_PROBE_INFO_BUFFER (info),
               OUTLET_NO_SIGNAL)
        ? GST_PAD_PROBE_OK
        : GST_PAD_PROBE_REMOVE;
  }
  if (GST_EVENT_TYPE (GST_PAD_PROBE_INFO_EVENT (info)) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (GST_PAD_PROBE_INFO_EVENT (info), &caps);
  if (gst_video_info_from_caps (&video, caps))
    set_size (capsfilter, &video);
  return GST_PAD_PROBE_OK;
}

void
canvas_fix (GstPad *pad, GstElement *capsfilter)
{
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_data,
      gst_object_ref (capsfilter), gst_object_unref);
}
