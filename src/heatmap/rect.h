/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * heatmap_rect_get_overlap:
 *
 * Returns: the area that both rectangles cover, in pixels
 */
gint64 heatmap_rect_get_overlap (const ImageRect *a, const ImageRect *b);

/**
 * heatmap_rect_clip:
 * @outset: by how much to enlarge @rect at each side
 * @clipped: (out): the enlarged rectangle, as far as it lies in the frame
 *
 * Returns: whether any of @rect itself lies in the frame
 */
gboolean heatmap_rect_clip (const ImageRect *rect, gint outset,
    gint frame_width, gint frame_height, ImageRect *clipped);

G_END_DECLS
