/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Frame: a picture that a hub hands to its consumers. It is a GstSample whose
 * buffer is the picture as it came from the source, with the regions and the
 * GstActivationMeta of the network as its metadata; its caps are raw video. The
 * buffer is shared by all consumers: none may write to it. */

typedef struct {
  /* Counts the frames of the hub from 1, with no gap. */
  guint64 number;
  /* The system clock's time (gst_system_clock_obtain()) at which the picture
   * was taken, or was due to be shown if it comes from a file. */
  GstClockTime time;
  /* FALSE: this is not a picture of the source, but one that says that there is
   * none. It has no metadata. */
  gboolean has_signal;
} FrameInfo;

/* Returns: (transfer full): a frame of these. */
GstSample *frame_new (GstBuffer *picture, GstCaps *caps, const FrameInfo *info);

/* What is known of the frame. */
FrameInfo frame_get_info (GstSample *frame);

G_END_DECLS
