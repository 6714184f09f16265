/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/video/video.h>

#include "overlay/renderer.h"

G_BEGIN_DECLS

/* The metadata that activationoverlay leaves on a frame: its drawing, if
 * somebody downstream is to draw it, and the places where it has drawn. */

/**
 * CompositionBuilder:
 *
 * Makes a #GstVideoOverlayComposition of the pieces of a drawing, frame by
 * frame. Whatever is the same as in the last frame is used again: the pixels of
 * a piece, its rectangle, and the whole composition.
 */
typedef struct _CompositionBuilder CompositionBuilder;

/**
 * composition_builder_new:
 *
 * Returns: (transfer full): free with composition_builder_free()
 */
CompositionBuilder *composition_builder_new (void);
void composition_builder_free (CompositionBuilder *self);

/**
 * composition_builder_attach:
 * @buffer: a writable buffer
 * @pieces: (array length=n_pieces): copied, as others may keep what is attached
 * @scale: pixels of @pieces to a pixel of the frame
 *
 * Attaches a #GstVideoOverlayCompositionMeta with @pieces. Sinks draw only one
 * composition: one that @buffer has already becomes part of it, below.
 */
void composition_builder_attach (CompositionBuilder *self, GstBuffer *buffer,
    const OverlayPiece *pieces, guint n_pieces, gdouble scale);

/**
 * composition_merge_attached:
 *
 * Sinks draw only the first of several compositions. Text overlays attach a
 * second one, which is a copy of the first with their text.
 *
 * Returns: (transfer full) (nullable): everything that is attached to @buffer,
 *   each rectangle once
 */
GstVideoOverlayComposition *composition_merge_attached (GstBuffer *buffer);

/**
 * composition_remove_attached:
 * @buffer: a writable buffer
 *
 * Removes all compositions from @buffer.
 */
void composition_remove_attached (GstBuffer *buffer);

/**
 * DrawnMeta:
 * @n_predictions: how many of the frame's #GstActivationMeta are written on it
 * @places: (array length=n_places): where something was drawn, in pixels
 *
 * Tells the next activationoverlay what this one has drawn on a frame: no label
 * is written twice, and labels and panels do not cover each other.
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
 * @n_predictions: see #DrawnMeta; replaces the number before
 * @pieces: (array length=n_pieces): what was drawn now
 * @scale: pixels of @pieces to a pixel of the frame
 *
 * Adds the places of @pieces to those that overlays upstream have drawn.
 */
void drawn_meta_add (GstBuffer *buffer, guint n_predictions,
    const OverlayPiece *pieces, guint n_pieces, gdouble scale);

G_END_DECLS
