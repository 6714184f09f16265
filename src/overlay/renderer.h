/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/scene.h"

G_BEGIN_DECLS

typedef struct _OverlayRenderer OverlayRenderer;

/**
 * overlay_renderer_new:
 *
 * Draws the boxes, label plates, class activation map and the panel of
 * activation maps. It keeps its surfaces from frame to frame, so that nothing
 * is allocated while the layout stays the same. It serves one thread at a time.
 *
 * Returns: (transfer full): free with overlay_renderer_free()
 */
OverlayRenderer *overlay_renderer_new (void);

void overlay_renderer_free (OverlayRenderer *renderer);

/**
 * overlay_renderer_render:
 * @width: of the picture, in pixels, at least 16
 * @height: of the picture, in pixels, at least 16
 * @scene: what to show
 * @style: how
 * @n_pieces: (out): how many pieces there are; 0 when nothing is to be drawn
 *
 * Everything is drawn in the proportions in which the frame is displayed, and
 * then squeezed to its pixels. Without a main face only the title is drawn. The
 * frame is wider than the picture in %OVERLAY_LAYOUT_BESIDE: see
 * overlay_renderer_get_beside_width().
 *
 * Returns: (array length=n_pieces) (transfer none): valid until the next call
 */
const OverlayPiece *overlay_renderer_render (OverlayRenderer *renderer,
    gint width, gint height, const OverlayScene *scene,
    const OverlayStyle *style, guint *n_pieces);

/**
 * overlay_renderer_get_page:
 *
 * Returns: the page that the panel showed last, from 1
 */
guint overlay_renderer_get_page (const OverlayRenderer *renderer);

/**
 * overlay_renderer_reset:
 *
 * Forgets all earlier frames, as after a seek.
 */
void overlay_renderer_reset (OverlayRenderer *renderer);

/**
 * overlay_renderer_get_beside_width:
 * @width: of the picture, in pixels of the frame
 * @height: likewise
 * @pixel_aspect: of the frame
 *
 * Returns: the width of the panel beside the picture, in pixels of the frame.
 *   It begins at the next even column, so that no sample of chroma belongs to
 *   both.
 */
gint overlay_renderer_get_beside_width (gint width, gint height,
    gdouble pixel_aspect);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OverlayRenderer, overlay_renderer_free)

G_END_DECLS
