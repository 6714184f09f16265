/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/scene.h"

G_BEGIN_DECLS

#define OVERLAY_N_FACE_COLORS 7

/**
 * overlay_face_get_color_index:
 * @id: of the face, or negative when there is none
 *
 * Returns: below OVERLAY_N_FACE_COLORS; the same for the same id
 */
guint overlay_face_get_color_index (gint id);

/**
 * overlay_face_get_color:
 * @index: from overlay_face_get_color_index()
 *
 * Returns: 0xRRGGBB, of the box and of what is shown of the face elsewhere
 */
guint32 overlay_face_get_color (guint index);

typedef struct _OverlayFaceBoxes OverlayFaceBoxes;

/**
 * overlay_face_boxes_new:
 *
 * Marks faces by a bracket at each corner of their box. Brackets have few
 * sizes and colours, so that each is drawn once and serves every frame, however
 * the boxes move.
 *
 * Returns: (transfer full): free with overlay_face_boxes_free()
 */
OverlayFaceBoxes *overlay_face_boxes_new (void);

void overlay_face_boxes_free (OverlayFaceBoxes *boxes);

/**
 * overlay_face_boxes_add:
 * @is_main: draws a thicker line
 * @pieces: (element-type OverlayPiece): four brackets are appended, or none
 *   when the box lies outside the frame
 *
 * A box that reaches outside the frame is closed at the frame's edge.
 */
void overlay_face_boxes_add (OverlayFaceBoxes *boxes, gint frame_width,
    gint frame_height, const OverlayFace *face, gboolean is_main,
    GArray *pieces);

G_END_DECLS
