/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * ImageAreaScaler:
 *
 * Scales frames down by area: each value is the mean of the part of the frame
 * that it covers, as with cv2.INTER_AREA. Owns the scratch memory for one size,
 * so that nothing is allocated while it runs. Use it from one thread at a time.
 */
typedef struct _ImageAreaScaler ImageAreaScaler;

/**
 * image_area_scaler_new:
 * @width: width of frames, in pixels
 * @height: height of frames, in pixels
 * @scaled_width: width of the result, 1 to @width
 * @scaled_height: height of the result, 1 to @height
 *
 * Returns: (transfer full): free with image_area_scaler_free()
 */
ImageAreaScaler *image_area_scaler_new (gint width, gint height,
    gint scaled_width, gint scaled_height);

void image_area_scaler_free (ImageAreaScaler *scaler);

/**
 * image_area_scaler_run:
 * @frame: a frame of any format, and of the size given to @scaler
 * @scaled: (out caller-allocates): full-range R'G'B' of each pixel, 0 to 1
 * @row_length: floats from one row of @scaled to the next
 *
 * The samples of each component are averaged, a sample of chroma over the
 * pixels that it stands for, and the means are converted with the frame's
 * colorimetry and clamped to 0..1.
 */
void image_area_scaler_run (ImageAreaScaler *scaler, const ImageFrame *frame,
    gfloat *scaled, gsize row_length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImageAreaScaler, image_area_scaler_free)

G_END_DECLS
