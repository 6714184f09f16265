/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <math.h>

#include "overlay/scene.h"

G_BEGIN_DECLS

/* The time between frames, in seconds, for which smoothing is tuned. */
#define OVERLAY_USUAL_FRAME_TIME (1.0 / 30.0)

/**
 * overlay_smoothing_get_part:
 * @part: part of the way to a new value that is covered in a usual frame time
 * @elapsed: seconds since the last frame
 *
 * Returns: the part to cover in this frame, so that the lag is the same at
 *   every frame rate
 */
static inline gdouble
overlay_smoothing_get_part (gdouble part, gdouble elapsed)
{
  return 1.0 - pow (1.0 - part, MAX (elapsed, 0.0) / OVERLAY_USUAL_FRAME_TIME);
}

/**
 * OverlayFaceStabilizer:
 *
 * Keeps faces from trembling. Boxes follow with a short delay, and an attribute
 * with two labels switches to the other one only if the network is sure of it.
 */
typedef struct _OverlayFaceStabilizer OverlayFaceStabilizer;

OverlayFaceStabilizer *overlay_face_stabilizer_new (void);
void overlay_face_stabilizer_free (OverlayFaceStabilizer *stabilizer);

/**
 * overlay_face_stabilizer_reset:
 *
 * Forgets all faces.
 */
void overlay_face_stabilizer_reset (OverlayFaceStabilizer *stabilizer);

/**
 * overlay_face_stabilizer_run:
 * @faces: (array length=n_faces): all faces of a frame
 * @elapsed: seconds since the last frame
 *
 * Faces without an id are not changed, and faces that are missing in this frame
 * are forgotten.
 *
 * Returns: (array length=n_faces) (transfer none): the smoothed @faces, valid
 *   until the next call
 */
const OverlayFace *
overlay_face_stabilizer_run (OverlayFaceStabilizer *stabilizer,
    const OverlayFace *faces, guint n_faces, gdouble elapsed);

G_END_DECLS
