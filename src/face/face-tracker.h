/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * FaceTracker:
 *
 * Gives faces that were found frame by frame ids that stay: a face keeps its
 * id while it overlaps where it was last seen, also over a short absence. It
 * serves one thread at a time.
 */
typedef struct _FaceTracker FaceTracker;

/**
 * FaceRegion:
 * @box: in frame pixels
 * @id: (out): 1 and up, in order of appearance
 */
typedef struct {
  ImageRect box;
  gint id;
} FaceRegion;

/**
 * face_tracker_new:
 *
 * Returns: (transfer full): free with face_tracker_free()
 */
FaceTracker *face_tracker_new (void);

void face_tracker_free (FaceTracker *tracker);

/**
 * face_tracker_reset:
 *
 * Forgets all faces, as after a seek. Ids are not used again.
 */
void face_tracker_reset (FaceTracker *tracker);

/**
 * face_tracker_update:
 * @time: of the frame, in nanoseconds; may jump, which forgets all faces
 * @faces: (inout) (array length=n_faces): the boxes found, gets the ids
 *
 * Matches faces to tracks by intersection over union, best pairs first, as in
 * Bochinski et al., "High-Speed Tracking-by-Detection Without Using Image
 * Information" (2017). Only the first 256 boxes are followed; all others get a
 * new id each time.
 */
void face_tracker_update (FaceTracker *tracker, guint64 time, FaceRegion *faces,
    guint n_faces);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaceTracker, face_tracker_free)

G_END_DECLS
