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
 * @box: box of the face
 * @width: width of the label
 * @height: height of the label
 * @taken: (array length=n_taken): rectangles that the label must not cover
 * @faces: (array length=n_faces): boxes that the label must not cover either,
 *   except those that contain @box, including the label's own
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
 * @place: (out): place of the label, completely inside the frame
 *
 * Tries the places above the box, below it, at its right, at its left and, if
 * the label covers little of the face there, inside of it. Uses the first of
 * these sides with room anywhere along the box, as close as possible to the
 * box's top left corner. Each rectangle is tested once per side.
 *
 * Returns: FALSE if there is no room or the box lies outside the frame
 */
gboolean overlay_label_placement_choose (const OverlayLabelRequest *request,
    Rect *place);

G_END_DECLS
