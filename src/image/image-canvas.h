/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * ImageCanvas:
 * @width: width in square pixels
 * @height: height in square pixels
 * @frame_width: width of the frame in its own pixels
 * @frame_height: height of the frame in its own pixels
 *
 * A frame as it is displayed. If its pixels are not square, the canvas is
 * larger than the frame in one direction and has the same size in the other, so
 * that no detail is lost; otherwise both have the same size.
 */
typedef struct {
  gint width;
  gint height;
  gint frame_width;
  gint frame_height;
} ImageCanvas;

/**
 * image_pixel_aspect_from_ratio:
 * @numerator: numerator of a pixel's width / height
 * @denominator: denominator of this ratio
 *
 * Returns: the ratio, as in #ImageFrame, or 1 if it must be a mistake because
 *   it is not within 1/10 to 10
 */
gdouble image_pixel_aspect_from_ratio (gint numerator, gint denominator);

/**
 * image_canvas_init:
 * @width: width of the frame, at least 1
 * @height: height of the frame, at least 1
 * @pixel_aspect: as in #ImageFrame
 *
 * No side of @canvas is enlarged beyond 16384, at the cost of its proportions.
 */
void image_canvas_init (ImageCanvas *canvas, gint width, gint height,
    gdouble pixel_aspect);

gboolean image_canvas_equal (const ImageCanvas *a, const ImageCanvas *b);

/**
 * image_canvas_is_frame:
 *
 * Returns: whether the frame's pixels are square
 */
gboolean image_canvas_is_frame (const ImageCanvas *canvas);

/**
 * image_canvas_from_frame:
 * @rect: a rectangle in pixels of the frame
 *
 * Returns: @rect on the canvas, each side rounded to whole pixels
 */
Rect image_canvas_from_frame (const ImageCanvas *canvas, const Rect *rect);

/**
 * image_canvas_to_frame:
 * @rect: a rectangle on the canvas
 *
 * Returns: @rect in pixels of the frame, each side rounded to whole pixels
 */
Rect image_canvas_to_frame (const ImageCanvas *canvas, const Rect *rect);

G_END_DECLS
