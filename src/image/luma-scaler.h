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
 * Scales the luma of a frame down by area: each value is the mean of the part
 * of the frame that it covers, as with cv2.INTER_AREA. Owns the scratch memory
 * for one size, so that nothing is allocated while it runs. Use it from one
 * thread at a time.
 */
typedef struct _ImageLumaScaler ImageLumaScaler;

/**
 * image_luma_scaler_new:
 * @width: width of frames, in pixels
 * @height: height of frames, in pixels
 * @scaled_width: width of the result, 1 to @width
 * @scaled_height: height of the result, 1 to @height
 *
 * Returns: (transfer full): free with image_luma_scaler_free()
 */
ImageLumaScaler *image_luma_scaler_new (gint width, gint height,
    gint scaled_width, gint scaled_height);

void image_luma_scaler_free (ImageLumaScaler *scaler);

/**
 * image_luma_scaler_run:
 * @frame: a frame of any format, and of the size given to @scaler
 * @scaled: (out caller-allocates): full-range luma, 0 (black) to 1 (white)
 * @row_length: floats from one row of @scaled to the next
 *
 * Luma is the Y' of Y'CbCr and gray formats, and kr R' + kg G' + kb B' with the
 * weights of the frame's colorimetry otherwise. After averaging, limited range
 * is expanded and values are clamped to 0..1.
 */
void image_luma_scaler_run (ImageLumaScaler *scaler, const ImageFrame *frame,
    gfloat *scaled, gsize row_length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImageLumaScaler, image_luma_scaler_free)

G_END_DECLS
