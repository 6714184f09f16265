/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/video/video.h>

#include "face/face-area.h"

G_BEGIN_DECLS

/* What a region cannot say, since it lies in the frame, its parameter
 * `detection` does: where a face is that reaches beyond. */

/**
 * region_box_attach:
 * @roi_type: of the region
 * @area: may reach beyond the frame
 * @id: of the face
 * @confidence: 0 to 1
 *
 * Attaches a region, clipped to the frame, with the parameters `detection`,
 * whose box is not clipped, and `object_id`. The id is also that of the meta,
 * since it survives a videoconvert and parameters do not.
 *
 * Returns: FALSE when @area lies outside the frame, and nothing was attached
 */
gboolean region_box_attach (GstBuffer *buffer, const GstVideoInfo *info,
    const gchar *roi_type, const FaceArea *area, gint id, gdouble confidence);

/**
 * region_box_describe:
 * @id: of the face
 *
 * Gives a region of somebody else an id, and a `detection` with a confidence
 * of 1 unless it has one.
 */
void region_box_describe (GstVideoRegionOfInterestMeta *region,
    const GstVideoInfo *info, gint id);

/**
 * region_box_get_whole:
 *
 * Returns: the region, in pixels; where its `detection` agrees with it in the
 *   frame and reaches beyond, all of that
 */
ImageRect region_box_get_whole (GstVideoRegionOfInterestMeta *region,
    const GstVideoInfo *info);

G_END_DECLS
