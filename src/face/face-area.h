/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * FaceArea:
 * @x: of the centre
 * @y: of the centre
 *
 * Where a face is, in pixels of the frame. It may reach beyond the frame, or
 * lie between pixels.
 */
typedef struct {
  gfloat x;
  gfloat y;
  gfloat width;
  gfloat height;
} FaceArea;

FaceArea face_area_from_rect (const Rect *rect);

/**
 * face_area_to_rect:
 *
 * Returns: @area in whole pixels, at least 1x1, square if @area is
 */
Rect face_area_to_rect (const FaceArea *area);

/**
 * face_area_overlap:
 *
 * Returns: intersection over union, 0 (apart) to 1 (equal)
 */
gfloat face_area_overlap (const FaceArea *a, const FaceArea *b);

/**
 * face_area_cover:
 *
 * Returns: how much of the smaller one lies in the other, 0 to 1
 */
gfloat face_area_cover (const FaceArea *a, const FaceArea *b);

G_END_DECLS
