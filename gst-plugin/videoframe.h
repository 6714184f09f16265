/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasetransform.h>
#include <gst/video/video.h>

#include "image/image-frame.h"

G_BEGIN_DECLS

/* The formats that src/image reads and writes. */
#define ACTIVATION_VIDEO_FORMATS                                        \
  "{ I420, YV12, NV12, NV21, YUY2, UYVY, GRAY8, RGB, BGR, RGBx, BGRx, " \
  "RGBA, BGRA, xRGB, ARGB, I420_10LE, P010_10LE }"
#define ACTIVATION_VIDEO_CAPS GST_VIDEO_CAPS_MAKE (ACTIVATION_VIDEO_FORMATS)
/* The same, drawn on or with the drawing attached. GStreamer tells caps that
 * name system memory from caps that do not, and elements know one form or the
 * other. */
#define ACTIVATION_COMPOSITION_CAPS(features) \
  ";" GST_VIDEO_CAPS_MAKE_WITH_FEATURES (features, ACTIVATION_VIDEO_FORMATS)
#define ACTIVATION_OVERLAY_CAPS                                   \
  ACTIVATION_VIDEO_CAPS                                           \
  ACTIVATION_COMPOSITION_CAPS ("memory:SystemMemory, "            \
                               "meta:GstVideoOverlayComposition") \
  ACTIVATION_COMPOSITION_CAPS ("meta:GstVideoOverlayComposition")

/**
 * image_pixel_aspect_from_video_info:
 *
 * Returns: as in #ImageFrame; 1 where the ratio of the caps is impossible
 */
gdouble image_pixel_aspect_from_video_info (const GstVideoInfo *info);

/**
 * image_frame_from_video_frame:
 * @frame: a mapped frame of one of the formats in ACTIVATION_VIDEO_CAPS
 * @image: (out): a view of it, valid while it stays mapped
 */
void image_frame_from_video_frame (GstVideoFrame *frame, ImageFrame *image);

/**
 * activation_frame_map:
 * @element: whose frame it is
 * @has_warned: (inout): whether a warning was posted before
 *
 * Maps a frame without a reference of its own, which leaves @buffer writable.
 * Posts a warning for the first buffer that cannot be a frame of @info, such as
 * one that is too short or still of the size before new caps.
 *
 * Returns: FALSE if the buffer is not a frame
 */
gboolean activation_frame_map (GstElement *element, gboolean *has_warned,
    GstVideoFrame *frame, const GstVideoInfo *info, GstBuffer *buffer,
    GstMapFlags flags);

/* The elements read frames by their GstVideoMeta, so upstream may pad rows and
 * planes as its hardware likes. An element that works in place hands the same
 * frames on, to a downstream that may not read it. */

/**
 * activation_frame_propose_allocation:
 *
 * For #GstBaseTransformClass: offers upstream what downstream offers, and
 * GstVideoMeta.
 */
gboolean activation_frame_propose_allocation (GstBaseTransform *transform,
    GstQuery *decide_query, GstQuery *query);

/**
 * activation_frame_prepare_output_buffer:
 *
 * For #GstBaseTransformClass: copies a padded frame into one without padding,
 * where the element works in place and GstVideoMeta was offered though
 * downstream does not read it.
 */
GstFlowReturn
activation_frame_prepare_output_buffer (GstBaseTransform *transform,
    GstBuffer *buffer, GstBuffer **out_buffer);

G_END_DECLS
