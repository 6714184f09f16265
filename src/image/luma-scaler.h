/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * ImageLumaScaler:
 *
 * Makes a small picture of the luma of a frame, by area: each value is the
 * mean of the part of the frame that it covers, as cv2.INTER_AREA reduces.
 * Holds the scratch memory for one size, so that nothing is allocated while it
 * runs. It serves one thread at a time.
 */
typedef struct _ImageLumaScaler ImageLumaScaler;

/**
 * image_luma_scaler_new:
 * @width: of frames, in pixels
 * @height: of frames, in pixels
 * @scaled_width: 1 to @width
 * @scaled_height: 1 to @height
 *
 * Returns: (transfer full): free with image_luma_scaler_free()
 */
ImageLumaScaler *image_luma_scaler_new (gint width, gint height,
    gint scaled_width, gint scaled_height);

void image_luma_scaler_free (ImageLumaScaler *scaler);

/**
 * image_luma_scaler_run:
 * @frame: of any format, and of the size that @scaler is for
 * @scaled: (out caller-allocates): full-range luma, 0 (black) to 1 (white)
 * @row_length: floats from one row of @scaled to the next
 *
 * Luma is Y' of Y'CbCr and gray formats as it is, and kr R' + kg G' + kb B'
 * with the weights of the frame's colorimetry otherwise. Limited range is
 * expanded, and what then lies outside 0..1 clamped, after averaging.
 */
void image_luma_scaler_run (ImageLumaScaler *scaler, const ImageFrame *frame,
    gfloat *scaled, gsize row_length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImageLumaScaler, image_luma_scaler_free)

G_END_DECLS
