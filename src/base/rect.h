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
 * RectMargins:
 * @left: from the left edge of a rectangle to that of another, in widths of the
 *   first; positive if the other edge lies inside; @right likewise
 * @top: from the top edge, in heights of the first; @bottom likewise
 *
 * The place of a rectangle relative to another one, which holds however that
 * one moves and scales. If all are 0, both are the same.
 */
typedef struct {
  gfloat left;
  gfloat top;
  gfloat right;
  gfloat bottom;
} RectMargins;

/* No margin is larger, so that the rectangles of all frames stay in range. */
#define RECT_MAX_MARGIN 10000.0f

/**
 * rect_get_margins:
 * @rect: a rectangle of at least 1x1
 * @x: left edge of another rectangle, in the pixels of @rect
 * @y: its top edge
 * @width: its width
 * @height: its height
 *
 * Returns: the place of the other rectangle relative to @rect
 */
RectMargins rect_get_margins (const Rect *rect, gdouble x, gdouble y,
    gdouble width, gdouble height);

/**
 * rect_margins_are_valid:
 *
 * Returns: whether all margins are finite and at most %RECT_MAX_MARGIN, in
 *   either direction
 */
gboolean rect_margins_are_valid (const RectMargins *margins);

/**
 * rect_apply_margins:
 * @margins: valid ones
 *
 * Returns: the rectangle at that place relative to @rect, at least 1x1, its
 *   edges rounded to whole pixels
 */
Rect rect_apply_margins (const Rect *rect, const RectMargins *margins);

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
