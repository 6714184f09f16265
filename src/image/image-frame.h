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
 * Pixel formats, named and laid out as in GstVideoFormat. CAIRO_FORMAT_ARGB32
 * is different: see image-composite.h.
 */
typedef enum {
  IMAGE_FORMAT_I420,
  IMAGE_FORMAT_YV12,
  IMAGE_FORMAT_NV12,
  IMAGE_FORMAT_NV21,
  IMAGE_FORMAT_YUY2,
  IMAGE_FORMAT_UYVY,
  IMAGE_FORMAT_I420_10LE,
  IMAGE_FORMAT_P010_10LE,
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
 *   it is), rather than 16..235 and 16..240; of ten bits, in 0..1023 around
 *   512, rather than 64..940 and 64..960
 *
 * @graphics_white: level of white in what is drawn, relative to full scale;
 *   0 means 1. High dynamic range reserves the levels above for light that is
 *   brighter than white paper.
 *
 * The mapping from Y'CbCr samples to R'G'B', as in ITU-R BT.601, BT.709 and
 * BT.2020. RGB and GRAY8 ignore @kr and @kb when read; RGB also ignores them
 * when written. Both honour @full_range (limited RGB is 16..235).
 */
typedef struct {
  gdouble kr;
  gdouble kb;
  gboolean full_range;
  gdouble graphics_white;
} ImageColorimetry;

/**
 * ImageFrame:
 * @width: in pixels, at least 1
 * @height: in pixels, at least 1
 * @plane: first pixel of each plane, in GStreamer's order of components: Y, U,
 *   V for I420, I420_10LE and also for YV12 (plane[1] is U and plane[2] is V,
 *   wherever they are in memory); Y and interleaved chroma for NV12, NV21 and
 *   P010_10LE; one plane for all others
 * @stride: bytes from one row to the next, for each plane
 * @pixel_aspect: displayed width of a pixel / its height; 0 means 1, square
 *
 * A view of pixels that the caller owns and keeps mapped. The sizes of chroma
 * planes are rounded up if the frame has an odd size. Samples of ten bits are
 * words of two bytes, which need not be aligned.
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
 * Copies @from to the top left of @to. If @from has an odd width and @to is
 * wider, the last column is repeated once, so that the columns after it begin
 * with a new chroma sample. The rest of @to is left unchanged.
 */
void image_frame_copy (const ImageFrame *from, ImageFrame *to);

G_END_DECLS
