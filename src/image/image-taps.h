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
 * @lower: pixel of the frame
 * @upper: the next one, or the same
 * @fraction: of the way from @lower to @upper
 *
 * The two pixels, of a row or a column, that an output sample lies between.
 */
typedef struct {
  gint lower;
  gint upper;
  gfloat fraction;
} ImageTap;

/**
 * image_taps_compute:
 * @taps: (out caller-allocates): one for each output sample of an axis
 * @n_out: how many
 * @crop_start: where the crop begins, in pixels of the frame
 * @crop_size: at least 1
 * @frame_size: at least 1; the border repeats without end
 */
void image_taps_compute (ImageTap *taps, gint n_out,
    ImageResizeConvention convention, gint crop_start, gint crop_size,
    gint frame_size);

G_END_DECLS
