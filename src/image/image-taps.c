/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/image-taps.h"

#include <math.h>

/* The position of sample i of n_out on an axis of n_in samples. */
static gdouble
source_position (ImageResizeConvention convention, gint i, gint n_in,
    gint n_out)
{
  switch (convention) {
    case IMAGE_RESIZE_ALIGN_CORNERS:
      return n_out > 1 ? (gdouble) i * (n_in - 1) / (n_out - 1) : 0.0;
    case IMAGE_RESIZE_HALF_PIXEL:
      return (i + 0.5) * n_in / n_out - 0.5;
    case IMAGE_RESIZE_LEGACY:
    default:
      return (gdouble) i * n_in / n_out;
  }
}

/* Converts sample @index of the crop to a coordinate of the frame, whose border
 * is repeated infinitely. */
static gint
frame_coordinate (gint crop_start, gint index, gint frame_size)
{
  gint64 coordinate = (gint64) crop_start + index;

  return CLAMP (coordinate, 0, frame_size - 1);
}

void
image_taps_compute (ImageTap *taps, gint n_out,
    ImageResizeConvention convention, gint crop_start, gint crop_size,
    gint frame_size)
{
  for (gint i = 0; i < n_out; i++) {
    gdouble position = source_position (convention, i, crop_size, n_out);
    gint lower = MAX (0, (gint) floor (position));
    gint upper = MIN (crop_size - 1, (gint) ceil (position));

    taps[i].lower = frame_coordinate (crop_start, lower, frame_size);
    taps[i].upper = frame_coordinate (crop_start, upper, frame_size);
    taps[i].fraction = taps[i].lower == taps[i].upper
        ? 0.0f
        : (gfloat) (position - lower);
  }
}
