/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "face/face-detector.h"

G_BEGIN_DECLS

/**
 * FaceTracker:
 *
 * Follows faces from frame to frame and gives them ids that stay: a face keeps
 * its id while it overlaps where it was last seen, also over an absence of half
 * a second, or of three looks where these are rare. For each frame call one of
 *
 * * face_tracker_update() with regions that somebody else has found;
 * * face_tracker_detect() with what a FaceDetector has found;
 * * face_tracker_predict() where nobody has looked for faces.
 *
 * Times are those of the frames, in nanoseconds. One that goes back, or more
 * than half a second and three frames ahead, forgets all faces. It serves one
 * thread at a time.
 */
typedef struct _FaceTracker FaceTracker;

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
 * face_tracker_set_frame_gap:
 * @gap: nanoseconds that usually lie between two frames, an hour at most; 0, as
 *   it is at first, where that is not known
 */
void face_tracker_set_frame_gap (FaceTracker *tracker, guint64 gap);

/**
 * FaceChange:
 * @FACE_CHANGE_BELIEVED: is taken for a face, for the first time or again
 * @FACE_CHANGE_DOUBTED: had too little confidence for too long
 * @FACE_CHANGE_LOST: was not found for too long
 * @FACE_CHANGE_FORGOTTEN: was of another time or another picture
 */
typedef enum {
  FACE_CHANGE_BELIEVED,
  FACE_CHANGE_DOUBTED,
  FACE_CHANGE_LOST,
  FACE_CHANGE_FORGOTTEN,
} FaceChange;

typedef void (
    *FaceTrackerListener) (gint id, FaceChange change, gpointer user_data);

/**
 * face_tracker_set_listener:
 * @listener: (nullable) (scope forever): is told what becomes of each id
 */
void face_tracker_set_listener (FaceTracker *tracker,
    FaceTrackerListener listener, gpointer user_data);

/**
 * face_tracker_is_new:
 * @time: of the next frame
 *
 * Returns: whether all faces are forgotten when that comes, or no frame was
 *   seen before it, so that faces must be looked for
 */
gboolean face_tracker_is_new (const FaceTracker *tracker, guint64 time);

/**
 * FaceRegion:
 * @box: in frame pixels
 * @id: (out): 1 and up, in order of appearance
 */
typedef struct {
  Rect box;
  gint id;
} FaceRegion;

/**
 * face_tracker_update:
 * @faces: (inout) (array length=n_faces): the boxes found, gets the ids
 *
 * Takes each region for a face, where it is said to be. Only the first 256 are
 * followed; all others get a new id each time.
 */
void face_tracker_update (FaceTracker *tracker, guint64 time, FaceRegion *faces,
    guint n_faces);

/**
 * FaceTrackerSettings:
 * @confidence: 0 to 1, that a detection needs to be taken for a new face
 * @max_faces: most faces to return; those that are followed longest are
 */
typedef struct {
  gfloat confidence;
  guint max_faces;
} FaceTrackerSettings;

/**
 * FollowedFace:
 * @area: smoothed, or predicted; it may reach beyond the frame, or lie outside
 * @id: 1 and up, in order of appearance
 * @confidence: of the last detection
 */
typedef struct {
  FaceArea area;
  gint id;
  gfloat confidence;
} FollowedFace;

/**
 * face_tracker_get_least_confidence:
 *
 * Returns: with how much confidence a face that is followed is still found,
 *   when a new one needs @confidence: what to run the detector with
 */
gfloat face_tracker_get_least_confidence (gfloat confidence);

/**
 * face_tracker_detect:
 * @detections: (array length=n_detections): all that the detector has found
 *   with face_tracker_get_least_confidence(), best first
 * @n_faces: (out)
 *
 * A new face is believed when it is found twice in a row, or once without much
 * doubt, or in the first frame; and for as long as its confidence, averaged
 * over half a second or three looks, is that of a new face. One that has been
 * followed for a while and is not found is expected where it was heading, over
 * one look or a tenth of a second, but not for more than a quarter of a second.
 *
 * Returns: (array length=n_faces) (transfer none): the faces of the frame,
 *   valid until the next call
 */
const FollowedFace *face_tracker_detect (FaceTracker *tracker, guint64 time,
    const FaceDetection *detections, guint n_detections,
    const FaceTrackerSettings *settings, guint *n_faces);

/**
 * face_tracker_predict:
 * @n_faces: (out)
 *
 * Returns: (array length=n_faces) (transfer none): where the faces of the last
 *   detection are heading, valid until the next call
 */
const FollowedFace *face_tracker_predict (FaceTracker *tracker, guint64 time,
    const FaceTrackerSettings *settings, guint *n_faces);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaceTracker, face_tracker_free)

G_END_DECLS
