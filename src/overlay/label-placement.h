/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * OverlayLabelRequest:
 * @box: of the face
 * @width: of the label
 * @height: of the label
 * @taken: (array length=n_taken): what the label must not cover
 * @faces: (array length=n_faces): boxes that it must not cover either, except
 *   those that hold all of @box, among which is its own
 *
 * A label that needs a place.
 */
typedef struct {
  gint frame_width;
  gint frame_height;
  Rect box;
  gint width;
  gint height;
  const Rect *taken;
  guint n_taken;
  const Rect *faces;
  guint n_faces;
} OverlayLabelRequest;

/**
 * overlay_label_placement_choose:
 * @place: (out): where it goes, wholly inside the frame
 *
 * Above the box, below it, at its right, at its left, or inside it where it
 * then covers little of the face: the first of these sides on which there is
 * room somewhere along the box, and there as close as possible to its top left
 * corner. Each rectangle is tested once for each side.
 *
 * Returns: FALSE when there is no room, or the box lies outside the frame
 */
gboolean overlay_label_placement_choose (const OverlayLabelRequest *request,
    Rect *place);

G_END_DECLS
