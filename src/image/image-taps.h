/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/resizer.h"

G_BEGIN_DECLS

/**
 * ImageTap:
 * @lower: a pixel of the frame
 * @upper: the next pixel, or the same one
 * @fraction: position of the sample between @lower and @upper, 0 to 1
 *
 * The two pixels of a row or a column between which an output sample lies.
 */
typedef struct {
  gint lower;
  gint upper;
  gfloat fraction;
} ImageTap;

/**
 * image_taps_compute:
 * @taps: (out caller-allocates): one for each output sample of an axis
 * @n_out: number of output samples
 * @crop_start: start of the crop, in pixels of the frame
 * @crop_size: size of the crop, at least 1
 * @frame_size: size of the frame, at least 1; its border is repeated infinitely
 */
void image_taps_compute (ImageTap *taps, gint n_out,
    ImageResizeConvention convention, gint crop_start, gint crop_size,
    gint frame_size);

G_END_DECLS
