/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/renderer.h"

G_BEGIN_DECLS

/**
 * OverlayFaceMemory:
 *
 * Keeps faces from trembling: their boxes follow with a little delay, and of
 * each attribute a label of two changes only when the network is sure of the
 * other one.
 */
typedef struct _OverlayFaceMemory OverlayFaceMemory;

OverlayFaceMemory *overlay_face_memory_new (void);
void overlay_face_memory_free (OverlayFaceMemory *memory);

/**
 * overlay_face_memory_reset:
 *
 * Forgets all faces.
 */
void overlay_face_memory_reset (OverlayFaceMemory *memory);

/**
 * overlay_face_memory_smooth:
 * @faces: (array length=n_faces): of one frame
 * @elapsed: seconds since the last frame
 *
 * Faces without an id are left as they are, and those that are not in this
 * frame are forgotten.
 *
 * Returns: (array length=n_faces) (transfer none): how to show @faces, valid
 *   until the next call
 */
const OverlayFace *overlay_face_memory_smooth (OverlayFaceMemory *memory,
    const OverlayFace *faces, guint n_faces, gdouble elapsed);

G_END_DECLS
