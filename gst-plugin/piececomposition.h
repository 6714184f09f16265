/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/video/video.h>

#include "overlay/renderer.h"

G_BEGIN_DECLS

typedef struct _PieceComposition PieceComposition;

/**
 * piece_composition_new:
 *
 * Attaches pieces to frames as a #GstVideoOverlayCompositionMeta, for somebody
 * downstream to draw. What is the same as in the last frame is not made anew:
 * neither the pixels of a piece, nor its rectangle, nor the composition.
 *
 * Returns: (transfer full): free with piece_composition_free()
 */
PieceComposition *piece_composition_new (void);
void piece_composition_free (PieceComposition *self);

/**
 * piece_composition_attach:
 * @buffer: a writable buffer
 * @pieces: (array length=n_pieces): copied, as others may keep what is attached
 * @scale: pixels of @pieces to a pixel of the frame
 *
 * Where @buffer has a composition, which is the only one that sinks draw, the
 * pieces come over it.
 */
void piece_composition_attach (PieceComposition *self, GstBuffer *buffer,
    const OverlayPiece *pieces, guint n_pieces, gdouble scale);

/**
 * piece_composition_unscale:
 *
 * Returns: where a piece at @rect lies in the frame; both edges are rounded, so
 *   that what touches still does
 */
Rect piece_composition_unscale (const Rect *rect, gdouble scale);

/**
 * piece_composition_merge:
 *
 * Returns: (transfer full) (nullable): all that is attached to @buffer. Sinks
 *   draw only the first of several compositions, the later ones of which text
 *   overlays make out of those before.
 */
GstVideoOverlayComposition *piece_composition_merge (GstBuffer *buffer);

/**
 * piece_composition_remove:
 * @buffer: a writable buffer
 *
 * Takes off all that is attached.
 */
void piece_composition_remove (GstBuffer *buffer);

G_END_DECLS
