/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/renderer.h"

G_BEGIN_DECLS

typedef struct _HeatmapFaceBoxes HeatmapFaceBoxes;

/**
 * heatmap_face_boxes_new:
 *
 * Marks faces by a bracket at each corner of their box. Brackets have few
 * sizes and colours, so that each is drawn once and serves every frame, however
 * the boxes move.
 *
 * Returns: (transfer full): free with heatmap_face_boxes_free()
 */
HeatmapFaceBoxes *heatmap_face_boxes_new (void);

void heatmap_face_boxes_free (HeatmapFaceBoxes *boxes);

/**
 * heatmap_face_boxes_add:
 * @is_main: draws a thicker line
 * @pieces: (element-type HeatmapPiece): gets four brackets, or none when the
 *   box lies outside the frame
 *
 * A box that reaches outside the frame is closed at the frame's edge.
 */
void heatmap_face_boxes_add (HeatmapFaceBoxes *boxes, gint frame_width,
    gint frame_height, const HeatmapFace *face, gboolean is_main,
    GArray *pieces);

G_END_DECLS
