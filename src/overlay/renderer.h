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
 * Creates a renderer, which draws boxes, labels, the class activation map and
 * the panel of activation maps. It keeps its surfaces from frame to frame, so
 * that nothing is allocated while the layout stays the same. Use it from one
 * thread at a time.
 *
 * Returns: (transfer full): free with overlay_renderer_free()
 */
OverlayRenderer *overlay_renderer_new (void);

void overlay_renderer_free (OverlayRenderer *renderer);

/**
 * overlay_renderer_render:
 * @width: width of the picture, in pixels, at least 16
 * @height: height of the picture, in pixels, at least 16
 * @scene: scene to draw
 * @style: style of the drawing
 * @n_pieces: (out): number of pieces; 0 if there is nothing to draw
 *
 * Everything is drawn in the proportions in which the frame is displayed and
 * then squeezed to its pixels. Without a main face, the panel only shows the
 * title. In %OVERLAY_LAYOUT_BESIDE the frame is wider than the picture: see
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
 * Returns: the number of the page that the panel showed last, from 1
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
 * @width: width of the picture, in pixels of the frame
 * @height: height of the picture, in pixels of the frame
 * @pixel_aspect: pixel aspect ratio of the frame, as in #ImageFrame
 *
 * Returns: the width of the panel beside the picture, in pixels of the frame.
 *   It begins at the next even column, so that no sample of chroma belongs to
 *   both.
 */
gint overlay_renderer_get_beside_width (gint width, gint height,
    gdouble pixel_aspect);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OverlayRenderer, overlay_renderer_free)

G_END_DECLS
