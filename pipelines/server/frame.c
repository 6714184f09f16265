/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "frame.h"

#define FRAME_NAME "activationmap-frame"

GstSample *
frame_new (GstBuffer *picture, GstCaps *caps, const FrameInfo *info)
{
  return gst_sample_new (picture, caps, NULL,
      gst_structure_new (FRAME_NAME, "number", G_TYPE_UINT64, info->number,
          "time", G_TYPE_UINT64, info->time, "has-signal", G_TYPE_BOOLEAN,
          info->has_signal, NULL));
}

FrameInfo
frame_get_info (GstSample *frame)
{
  FrameInfo info = { .time = GST_CLOCK_TIME_NONE };
  const GstStructure *structure = gst_sample_get_info (frame);

  if (structure && gst_structure_has_name (structure, FRAME_NAME)) {
    gst_structure_get (structure, "number", G_TYPE_UINT64, &info.number, "time",
        G_TYPE_UINT64, &info.time, "has-signal", G_TYPE_BOOLEAN,
        &info.has_signal, NULL);
  }
  return info;
}
