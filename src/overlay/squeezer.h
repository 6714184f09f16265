/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-canvas.h"
#include "overlay/scene.h"

G_BEGIN_DECLS

/**
 * OverlaySqueezer:
 *
 * For frames whose pixels are not square: brings a scene onto the frame's
 * canvas, where everything is drawn in square pixels, and squeezes what was
 * drawn there into the frame.
 */
typedef struct _OverlaySqueezer OverlaySqueezer;

/**
 * overlay_squeezer_new:
 *
 * It keeps its surfaces, so that nothing is allocated while they are large
 * enough. It serves one thread at a time.
 *
 * Returns: (transfer full): free with overlay_squeezer_free()
 */
OverlaySqueezer *overlay_squeezer_new (void);

void overlay_squeezer_free (OverlaySqueezer *squeezer);

/**
 * overlay_squeezer_place:
 * @scene: (inout): in pixels of the frame; then on @canvas, valid until the
 *   next call
 */
void overlay_squeezer_place (OverlaySqueezer *squeezer,
    const ImageCanvas *canvas, OverlayScene *scene);

/**
 * overlay_squeezer_squeeze:
 * @pieces: (inout) (array length=n_pieces): on @canvas, or right of it the
 *   panel beside the picture; then in the frame, with surfaces of @squeezer
 *
 * Each pixel of the frame gets the mean of what it covers on @canvas. The panel
 * beside the picture begins at the next even column, and fills its width.
 */
void overlay_squeezer_squeeze (OverlaySqueezer *squeezer,
    const ImageCanvas *canvas, OverlayPiece *pieces, guint n_pieces);

/**
 * overlay_squeezer_get_beside_width:
 *
 * Returns: the width of the panel beside the picture, in pixels of the frame
 */
gint overlay_squeezer_get_beside_width (const ImageCanvas *canvas);

G_END_DECLS
