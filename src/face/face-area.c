/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "face/face-area.h"

#include <math.h>

FaceArea
face_area_from_rect (const Rect *rect)
{
  const gfloat width = (gfloat) rect->width, height = (gfloat) rect->height;

  return (FaceArea) { (gfloat) rect->x + width / 2.0f,
    (gfloat) rect->y + height / 2.0f, width, height };
}

static gint
to_pixels (gfloat length)
{
  return (gint) CLAMP (floor ((gdouble) length + 0.5), G_MININT, G_MAXINT);
}

Rect
face_area_to_rect (const FaceArea *area)
{
  return (Rect) {
    to_pixels (area->x - area->width / 2.0f),
    to_pixels (area->y - area->height / 2.0f),
    MAX (to_pixels (area->width), 1),
    MAX (to_pixels (area->height), 1),
  };
}

/* Length of the overlap of two ranges, given their centres and lengths. */
static gfloat
common_length (gfloat a, gfloat a_size, gfloat b, gfloat b_size)
{
  const gfloat begin = MAX (a - a_size / 2.0f, b - b_size / 2.0f);
  const gfloat end = MIN (a + a_size / 2.0f, b + b_size / 2.0f);

  return MAX (end - begin, 0.0f);
}

static gfloat
intersection (const FaceArea *a, const FaceArea *b)
{
  return common_length (a->x, a->width, b->x, b->width)
      * common_length (a->y, a->height, b->y, b->height);
}

gfloat
face_area_overlap (const FaceArea *a, const FaceArea *b)
{
  const gfloat common = intersection (a, b);
  const gfloat sum = a->width * a->height + b->width * b->height;

  return common > 0.0f ? common / (sum - common) : 0.0f;
}

gfloat
face_area_cover (const FaceArea *a, const FaceArea *b)
{
  const gfloat common = intersection (a, b);

  return common > 0.0f
      ? common / MIN (a->width * a->height, b->width * b->height)
      : 0.0f;
}
