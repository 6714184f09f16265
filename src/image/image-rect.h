/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image-frame.h"

G_BEGIN_DECLS

/**
 * image_rect_scale:
 *
 * Returns: @rect made @scale times as large about its centre, at least 1x1,
 *   rounded to whole pixels
 */
ImageRect image_rect_scale (const ImageRect *rect, gdouble scale);

/**
 * image_rect_overlap:
 *
 * Returns: intersection over union, 0 (apart) to 1 (equal)
 */
gdouble image_rect_overlap (const ImageRect *a, const ImageRect *b);

/**
 * image_rect_clip:
 * @width: of a frame
 * @height: of a frame
 *
 * Returns: the part of @rect that lies in the frame; 0x0 when none does
 */
ImageRect image_rect_clip (const ImageRect *rect, gint width, gint height);

G_END_DECLS
