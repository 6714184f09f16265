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
 * @id: id of the face, or a negative number if it has none
 *
 * Returns: index below OVERLAY_N_FACE_COLORS; always the same for the same id
 */
guint overlay_face_get_color_index (gint id);

/**
 * overlay_face_get_color:
 * @index: from overlay_face_get_color_index()
 *
 * Returns: 0xRRGGBB colour of the box and of everything else about the face
 */
guint32 overlay_face_get_color (guint index);

typedef struct _OverlayFaceBoxes OverlayFaceBoxes;

/**
 * overlay_face_boxes_new:
 *
 * Marks faces with a bracket at each corner of their box. Brackets have few
 * sizes and colours, so that each is drawn only once and can be used in every
 * frame, even if boxes move.
 *
 * Returns: (transfer full): free with overlay_face_boxes_free()
 */
OverlayFaceBoxes *overlay_face_boxes_new (void);

void overlay_face_boxes_free (OverlayFaceBoxes *boxes);

/**
 * overlay_face_boxes_add:
 * @is_main: whether to draw a thicker line
 * @pieces: (element-type OverlayPiece): array to which four brackets are
 *   appended, or none if the box lies outside the frame
 *
 * A box that exceeds the frame is closed at the frame's edge.
 */
void overlay_face_boxes_add (OverlayFaceBoxes *boxes, gint frame_width,
    gint frame_height, const OverlayFace *face, gboolean is_main,
    GArray *pieces);

G_END_DECLS
