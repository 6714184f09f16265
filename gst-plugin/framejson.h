/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "region.h"

G_BEGIN_DECLS

/**
 * frame_json_write:
 * @regions: of the frame
 * @info: of the video
 * @timestamp: stream time of the frame, or %GST_CLOCK_TIME_NONE
 * @source: (nullable): what the video is called
 *
 * Describes a frame by its regions, in the words of DL Streamer's
 * gvametaconvert; the documentation of regionjson lists them.
 *
 * Returns: (transfer full): one line of JSON with its end of line, in UTF-8
 */
gchar *frame_json_write (const RegionList *regions, const GstVideoInfo *info,
    GstClockTime timestamp, const gchar *source);

G_END_DECLS
