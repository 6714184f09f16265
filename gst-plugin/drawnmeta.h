/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/video/video.h>

#include "overlay/renderer.h"

G_BEGIN_DECLS

/**
 * DrawnMeta:
 * @n_predictions: how many of the frame's #GstActivationMeta are written on it
 * @places: (array length=n_places): where something was drawn, in pixels
 *
 * What an activationoverlay has drawn on a frame, for the next one: labels are
 * not written twice, and neither labels nor panels over each other.
 */
typedef struct {
  GstMeta meta;

  guint n_predictions;
  Rect *places;
  guint n_places;
} DrawnMeta;

/**
 * drawn_meta_get:
 *
 * Returns: (transfer none) (nullable): what all overlays upstream have drawn
 */
const DrawnMeta *drawn_meta_get (GstBuffer *buffer);

/**
 * drawn_meta_add:
 * @buffer: a writable buffer
 * @pieces: (array length=n_pieces): what was drawn now
 * @scale: pixels of @pieces to a pixel of the frame
 *
 * Says so, besides what was said before.
 */
void drawn_meta_add (GstBuffer *buffer, guint n_predictions,
    const OverlayPiece *pieces, guint n_pieces, gdouble scale);

G_END_DECLS
