/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

/* Our elements read frames by their GstVideoMeta, so that upstream may pad rows
 * and planes as its hardware likes. What is downstream of an element that works
 * in place, and gets the same frames, may not. */

/**
 * video_meta_propose_allocation:
 *
 * For #GstBaseTransformClass: offers what downstream does, and GstVideoMeta.
 */
gboolean video_meta_propose_allocation (GstBaseTransform *transform,
    GstQuery *decide_query, GstQuery *query);

/**
 * video_meta_prepare_output_buffer:
 *
 * For #GstBaseTransformClass: copies a padded frame into one that is not, where
 * the element works in place and GstVideoMeta was offered against downstream's
 * word.
 */
GstFlowReturn video_meta_prepare_output_buffer (GstBaseTransform *transform,
    GstBuffer *buffer, GstBuffer **out_buffer);

G_END_DECLS
