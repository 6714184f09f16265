/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/face-ranking.h"
#include "overlay/text.h"

G_BEGIN_DECLS

/**
 * OverlayFaceLabels:
 *
 * The labels of all faces of a frame. They keep clear of the boxes of other
 * faces and of whatever else is on the frame. A label that has no room is made
 * small, in a smaller text and without bars; then brief, of one line; and one
 * that has no room even so is left out.
 */
typedef struct _OverlayFaceLabels OverlayFaceLabels;

/**
 * overlay_face_labels_new:
 * @text: outlasts the labels
 *
 * Returns: (transfer full): free with overlay_face_labels_free()
 */
OverlayFaceLabels *overlay_face_labels_new (OverlayText *text);

void overlay_face_labels_free (OverlayFaceLabels *labels);

/**
 * overlay_face_labels_add:
 * @ranking: of the faces of @scene: who comes first gets the best place
 * @panel: (nullable): where a panel lies over the picture
 * @pieces: of OverlayPiece; get the labels
 */
void overlay_face_labels_add (OverlayFaceLabels *labels, gint frame_width,
    gint frame_height, const OverlayScene *scene,
    const OverlayFaceRanking *ranking, const OverlayStyle *style,
    const Rect *panel, GArray *pieces);

G_END_DECLS
