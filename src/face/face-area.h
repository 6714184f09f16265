/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * FaceArea:
 * @x: horizontal position of the centre
 * @y: vertical position of the centre
 *
 * The rectangle that a face fills, in pixels of the frame. It may extend beyond
 * the frame and need not be aligned to whole pixels.
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
 * Returns: @area rounded to whole pixels, at least 1x1; square if @area is
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
 * Returns: the fraction of the smaller area that lies in the other, 0 to 1
 */
gfloat face_area_cover (const FaceArea *a, const FaceArea *b);

G_END_DECLS
