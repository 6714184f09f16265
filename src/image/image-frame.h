/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "base/rect.h"

G_BEGIN_DECLS

/**
 * ImageFormat:
 *
 * Pixel formats, named and laid out as in GstVideoFormat. `ARGB32` in the sense
 * of Cairo is something else: see image-composite.h.
 */
typedef enum {
  IMAGE_FORMAT_I420,
  IMAGE_FORMAT_YV12,
  IMAGE_FORMAT_NV12,
  IMAGE_FORMAT_NV21,
  IMAGE_FORMAT_YUY2,
  IMAGE_FORMAT_UYVY,
  IMAGE_FORMAT_GRAY8,
  IMAGE_FORMAT_RGB,
  IMAGE_FORMAT_BGR,
  IMAGE_FORMAT_RGBX,
  IMAGE_FORMAT_BGRX,
  IMAGE_FORMAT_XRGB,
  IMAGE_FORMAT_RGBA,
  IMAGE_FORMAT_BGRA,
  IMAGE_FORMAT_ARGB,
  IMAGE_N_FORMATS
} ImageFormat;

/**
 * ImageColorimetry:
 * @kr: weight of red in luma (0.299 BT.601, 0.2126 BT.709, 0.2627 BT.2020)
 * @kb: weight of blue in luma (0.114, 0.0722, 0.0593)
 * @full_range: Y in 0..255 and chroma in 0..255 around 128 (JPEG, or RGB as
 *   it is), rather than 16..235 and 16..240
 *
 * How Y'CbCr samples map to R'G'B', after ITU-R BT.601, BT.709 and BT.2020.
 * RGB and GRAY8 ignore @kr and @kb when read; RGB ignores them when written,
 * too. Both honour @full_range (RGB in 16..235 when limited).
 */
typedef struct {
  gdouble kr;
  gdouble kb;
  gboolean full_range;
} ImageColorimetry;

/**
 * ImageFrame:
 * @width: in pixels, at least 1
 * @height: in pixels, at least 1
 * @plane: address of the first pixel of each plane, in GStreamer's component
 *   order: I420 Y, U, V; YV12 the same (plane[1] is U, plane[2] is V, wherever
 *   they lie in memory); NV12 and NV21 Y and interleaved chroma; one plane
 *   otherwise
 * @stride: bytes from one row to the next, of each plane
 * @pixel_aspect: how wide a pixel is displayed, relative to its height; 0
 *   counts as 1, which is a square
 *
 * A view of pixels that somebody else owns and keeps mapped. Odd sizes have
 * chroma planes rounded up.
 */
typedef struct {
  ImageFormat format;
  gint width;
  gint height;
  guint8 *plane[3];
  gint stride[3];
  ImageColorimetry colorimetry;
  gdouble pixel_aspect;
} ImageFrame;

/**
 * image_frame_copy:
 * @from: the picture
 * @to: a frame of the same format and colorimetry, at least as large
 *
 * Copies @from to the top left of @to. Where @from has an odd width and @to is
 * wider, the last column is repeated once, so that what follows begins with a
 * chroma sample of its own. The rest of @to is left as it is.
 */
void image_frame_copy (const ImageFrame *from, ImageFrame *to);

G_END_DECLS
