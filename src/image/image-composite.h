/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * ImageOverlay:
 * @data: premultiplied 0xAARRGGBB words in native byte order, as in
 *   CAIRO_FORMAT_ARGB32; aligned to four bytes
 * @stride: bytes from one row to the next, a multiple of four
 * @width: in pixels
 * @height: in pixels
 */
typedef struct {
  const guint8 *data;
  gint stride;
  gint width;
  gint height;
} ImageOverlay;

/**
 * image_composite:
 * @frame: the picture, modified in place in its own format and colorimetry
 * @overlay: the overlay to blend over it (Porter-Duff OVER), without scaling
 * @x: position of the overlay's left edge, in frame pixels; may be negative
 * @y: position of the overlay's top edge, in frame pixels; may be negative
 *
 * Nothing outside the overlapping rectangle is read or written, and a pixel
 * under a fully transparent overlay pixel keeps its exact value. Opaque pixels
 * are written without reading the frame. Nothing is allocated.
 *
 * If chroma is subsampled, a chroma sample gets the mean of the overlay over
 * the frame pixels that it covers. Pixels outside the overlay count as
 * transparent, so that odd positions and odd frame sizes are correct, too. The
 * alpha of RGBA, BGRA and ARGB frames becomes a + (1 - a) * frame alpha; the
 * padding byte of RGBx, BGRx and xRGB is kept, and so are the unused bits of
 * words, except under opaque pixels. Every sample, of ten bits too, is within 1
 * of the exact result. A colour that exceeds its alpha, which means that it is
 * not premultiplied, is clamped to it.
 */
void image_composite (ImageFrame *frame, const ImageOverlay *overlay, gint x,
    gint y);

G_END_DECLS
