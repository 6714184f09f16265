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
 * Supports frames whose pixels are not square: converts a scene to the frame's
 * canvas, on which everything is drawn in square pixels, and squeezes the
 * drawing into the frame.
 */
typedef struct _OverlaySqueezer OverlaySqueezer;

/**
 * overlay_squeezer_new:
 *
 * Creates a squeezer. It keeps its surfaces, so that nothing is allocated while
 * they are large enough. Use it from one thread at a time.
 *
 * Returns: (transfer full): free with overlay_squeezer_free()
 */
OverlaySqueezer *overlay_squeezer_new (void);

void overlay_squeezer_free (OverlaySqueezer *squeezer);

/**
 * overlay_squeezer_place:
 * @scene: (inout): scene in pixels of the frame; afterwards on @canvas, valid
 *   until the next call
 */
void overlay_squeezer_place (OverlaySqueezer *squeezer,
    const ImageCanvas *canvas, OverlayScene *scene);

/**
 * overlay_squeezer_squeeze:
 * @pieces: (inout) (array length=n_pieces): pieces on @canvas, or right of it
 *   for the panel beside the picture; afterwards in pixels of the frame, with
 *   surfaces of @squeezer
 *
 * Each pixel of the frame gets the mean of the area that it covers on @canvas.
 * The panel beside the picture begins at the next even column and fills its
 * width.
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
