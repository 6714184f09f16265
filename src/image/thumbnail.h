/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "base/rect.h"
#include "image/image-frame.h"

G_BEGIN_DECLS

typedef struct _ImageThumbnail ImageThumbnail;

/**
 * image_thumbnail_new:
 * @width: width of the pictures to draw, in pixels, at least 1
 * @height: height of the pictures to draw, in pixels, at least 1
 *
 * Creates an object that draws small pictures for display. Use it from one
 * thread at a time.
 *
 * Returns: (transfer full): free with image_thumbnail_free()
 */
ImageThumbnail *image_thumbnail_new (gint width, gint height);

void image_thumbnail_free (ImageThumbnail *thumbnail);

/**
 * image_thumbnail_draw:
 * @frame: the frame to read
 * @crop: the part to read, at least 1x1; outside the frame, the nearest pixels
 *   of its border are repeated
 * @words: (out caller-allocates): opaque 0xAARRGGBB words in native byte order
 * @stride: words from one row to the next
 *
 * Crops and resizes bilinearly (half-pixel centres), then converts with the
 * frame's colorimetry. image_resizer_run() converts first, which takes three
 * times as long and differs by a few levels. Of ten bits, the highest eight are
 * read. Nothing is allocated unless a crop
 * is wider than all previous ones.
 */
void image_thumbnail_draw (ImageThumbnail *thumbnail, const ImageFrame *frame,
    const Rect *crop, guint32 *words, gsize stride);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImageThumbnail, image_thumbnail_free)

G_END_DECLS
