/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/video/video.h>

#include "heatmap/renderer.h"

G_BEGIN_DECLS

/**
 * piece_composition_attach:
 * @buffer: a writable buffer
 * @pieces: (array length=n_pieces): copied, as others may keep what is attached
 *
 * Attaches @pieces as a #GstVideoOverlayCompositionMeta, for somebody downstream
 * to draw.
 */
void piece_composition_attach (GstBuffer *buffer, const HeatmapPiece *pieces,
    guint n_pieces);

G_END_DECLS
