/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/renderer.h"

G_BEGIN_DECLS

/**
 * OverlayFaceRanking:
 * @order: indices of faces, the most important first
 * @n_faces: how many
 *
 * Which faces are worth a drawing.
 */
typedef struct {
  guint order[OVERLAY_MAX_BOXES];
  guint n_faces;
} OverlayFaceRanking;

/**
 * overlay_face_ranking_update:
 *
 * The main face comes first; then those whose area has more binary digits, in
 * the order of the scene where that is the same, so that faces of about one
 * size do not change places all the time.
 */
void overlay_face_ranking_update (OverlayFaceRanking *ranking,
    const OverlayScene *scene);

G_END_DECLS
