/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/scene.h"
#include "overlay/text.h"

G_BEGIN_DECLS

/**
 * OverlayFaceLabels:
 *
 * The labels of all faces of a frame. They keep clear of the boxes of other
 * faces and of everything else on the frame. A label that does not fit gets
 * smaller text and no bars, then only a single line; if that does not fit
 * either, it is left out.
 */
typedef struct _OverlayFaceLabels OverlayFaceLabels;

/**
 * overlay_face_labels_new:
 * @text: text renderer, which must outlive the labels
 *
 * Returns: (transfer full): free with overlay_face_labels_free()
 */
OverlayFaceLabels *overlay_face_labels_new (OverlayText *text);

void overlay_face_labels_free (OverlayFaceLabels *labels);

/**
 * overlay_face_labels_add:
 * @ranking: ranking of the faces of @scene; the first get the best places
 * @panel: (nullable): rectangle of a panel over the picture
 * @pieces: (element-type OverlayPiece): array to which labels are appended
 */
void overlay_face_labels_add (OverlayFaceLabels *labels, gint frame_width,
    gint frame_height, const OverlayScene *scene,
    const OverlayFaceRanking *ranking, const OverlayStyle *style,
    const Rect *panel, GArray *pieces);

G_END_DECLS
