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
 * @width: in square pixels
 * @height: in square pixels
 * @frame_width: in the frame's pixels
 * @frame_height: in the frame's pixels
 *
 * A frame as it is displayed. Where its pixels are not square, the canvas is
 * larger than the frame in one direction and as large in the other, so that no
 * detail of the frame is lost; otherwise both are the same.
 */
typedef struct {
  gint width;
  gint height;
  gint frame_width;
  gint frame_height;
} ImageCanvas;

/**
 * image_pixel_aspect_from_ratio:
 * @numerator: of a pixel's width over its height
 * @denominator: likewise
 *
 * Returns: the ratio, as in #ImageFrame; 1 where it can only be a mistake, that
 *   is, outside of 1/10 to 10
 */
gdouble image_pixel_aspect_from_ratio (gint numerator, gint denominator);

/**
 * image_canvas_init:
 * @width: of the frame, at least 1
 * @height: likewise
 * @pixel_aspect: as in #ImageFrame
 *
 * No side of @canvas is enlarged beyond 16384, at the price of its proportions.
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
 * @rect: in pixels of the frame
 *
 * Returns: @rect on the canvas, each side rounded to whole pixels
 */
Rect image_canvas_from_frame (const ImageCanvas *canvas, const Rect *rect);

/**
 * image_canvas_to_frame:
 * @rect: on the canvas
 *
 * Returns: @rect in pixels of the frame, each side rounded to whole pixels
 */
Rect image_canvas_to_frame (const ImageCanvas *canvas, const Rect *rect);

G_END_DECLS
