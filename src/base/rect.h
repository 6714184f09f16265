/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Rect:
 *
 * A rectangle in pixels, with the origin at the frame's top left, x to the
 * right and y down. It may extend beyond the frame.
 */
typedef struct {
  gint x;
  gint y;
  gint width;
  gint height;
} Rect;

/**
 * rect_scale:
 *
 * Returns: @rect scaled by @scale about its centre, at least 1x1, rounded to
 *   whole pixels
 */
Rect rect_scale (const Rect *rect, gdouble scale);

/**
 * rect_get_overlap:
 *
 * Returns: the area that both rectangles cover, in pixels
 */
gint64 rect_get_overlap (const Rect *a, const Rect *b);

/**
 * rect_get_iou:
 *
 * Returns: intersection over union, 0 (apart) to 1 (equal)
 */
gdouble rect_get_iou (const Rect *a, const Rect *b);

/**
 * rect_clip:
 * @width: width of the frame
 * @height: height of the frame
 *
 * Returns: the part of @rect that lies in the frame; 0x0 if none does
 */
Rect rect_clip (const Rect *rect, gint width, gint height);

/**
 * rect_clip_outset:
 * @outset: how many pixels to add to @rect on each side
 * @width: width of the frame
 * @height: height of the frame
 * @clipped: (out): the part of the enlarged rectangle that lies in the frame
 *
 * Returns: whether any of @rect itself lies in the frame
 */
gboolean rect_clip_outset (const Rect *rect, gint outset, gint width,
    gint height, Rect *clipped);

G_END_DECLS
