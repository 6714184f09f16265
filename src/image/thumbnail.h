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
 * @width: of the picture to make, in pixels, at least 1
 * @height: of the picture to make, in pixels, at least 1
 *
 * Makes small pictures to look at. It serves one thread at a time.
 *
 * Returns: (transfer full): free with image_thumbnail_free()
 */
ImageThumbnail *image_thumbnail_new (gint width, gint height);

void image_thumbnail_free (ImageThumbnail *thumbnail);

/**
 * image_thumbnail_draw:
 * @frame: where to read; not written to
 * @crop: the part to read, at least 1x1; what lies outside the frame repeats
 *   the nearest pixel of the frame's border
 * @words: (out caller-allocates): opaque 0xAARRGGBB words in native byte order
 * @stride: words from one row to the next
 *
 * Crops and resizes bilinearly (half-pixel centres), then converts with the
 * frame's colorimetry. image_resizer_run() converts first, which costs three
 * times as much and differs by a few levels. Nothing is allocated, except when
 * a crop is wider than any before.
 */
void image_thumbnail_draw (ImageThumbnail *thumbnail, const ImageFrame *frame,
    const Rect *crop, guint32 *words, gsize stride);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImageThumbnail, image_thumbnail_free)

G_END_DECLS
