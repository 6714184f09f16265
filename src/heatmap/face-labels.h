/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/face-ranking.h"
#include "heatmap/text.h"

G_BEGIN_DECLS

/**
 * HeatmapFaceLabels:
 *
 * The labels of all faces of a frame. They keep clear of the boxes of other faces
 * and of whatever else is on the frame. A label that has no room is made small,
 * in a smaller text and without bars; then brief, of one line; and one that has no
 * room even so is left out.
 */
typedef struct _HeatmapFaceLabels HeatmapFaceLabels;

/**
 * heatmap_face_labels_new:
 * @text: outlasts the labels
 *
 * Returns: (transfer full): free with heatmap_face_labels_free()
 */
HeatmapFaceLabels *heatmap_face_labels_new (HeatmapText *text);

void heatmap_face_labels_free (HeatmapFaceLabels *labels);

/**
 * heatmap_face_labels_add:
 * @ranking: of the faces of @scene: who comes first gets the best place
 * @panel: (nullable): where a panel lies over the picture
 * @pieces: of HeatmapPiece; get the labels
 */
void heatmap_face_labels_add (HeatmapFaceLabels *labels, gint frame_width,
    gint frame_height, const HeatmapScene *scene,
    const HeatmapFaceRanking *ranking, const HeatmapStyle *style,
    const ImageRect *panel, GArray *pieces);

G_END_DECLS
