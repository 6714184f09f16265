/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "face/face-detector.h"

G_BEGIN_DECLS

/**
 * FaceTracker:
 *
 * Follows faces from frame to frame and gives them stable ids: a face keeps its
 * id while it overlaps the place where it was last seen, even after an absence
 * of half a second, or of three looks where looks are rare. A look is a frame
 * in which faces are looked for. For each frame call one of
 *
 * * face_tracker_update() with regions found by somebody else;
 * * face_tracker_detect() with the detections of a FaceDetector;
 * * face_tracker_predict() if faces were not looked for.
 *
 * Times are those of the frames, in nanoseconds. All faces are forgotten when
 * time goes back, or jumps ahead by more than half a second and more than three
 * frames. It serves one thread at a time.
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
 * Forgets all faces, such as after a seek. Ids are not reused.
 */
void face_tracker_reset (FaceTracker *tracker);

/**
 * face_tracker_set_frame_gap:
 * @gap: usual time between two frames, in nanoseconds, an hour at most; 0, the
 *   default, if it is not known
 */
void face_tracker_set_frame_gap (FaceTracker *tracker, guint64 gap);

/**
 * FaceChange:
 * @FACE_CHANGE_BELIEVED: the track is taken for a face, for the first time or
 *   again
 * @FACE_CHANGE_DOUBTED: its confidence was too low for too long
 * @FACE_CHANGE_LOST: it was not found for too long
 * @FACE_CHANGE_FORGOTTEN: the tracker was reset, or the time jumped
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
 * @listener: (nullable) (scope forever): called for each change of a face
 */
void face_tracker_set_listener (FaceTracker *tracker,
    FaceTrackerListener listener, gpointer user_data);

/**
 * face_tracker_is_new:
 * @time: time of the next frame
 *
 * Returns: whether a frame at @time is the first, or forgets all faces, so that
 *   faces must be looked for in it
 */
gboolean face_tracker_is_new (const FaceTracker *tracker, guint64 time);

/**
 * FaceRegion:
 * @box: the face's box, in pixels of the frame
 * @id: (out): the face's id, from 1, in order of appearance
 * @first_seen: (out): the time of the first frame that had it
 */
typedef struct {
  Rect box;
  gint id;
  guint64 first_seen;
} FaceRegion;

/**
 * face_tracker_update:
 * @faces: (inout) (array length=n_faces): the boxes found; their ids are set
 *
 * Accepts each region as a face, exactly where it is. Only the first 256 are
 * followed; all others get a new id each time.
 */
void face_tracker_update (FaceTracker *tracker, guint64 time, FaceRegion *faces,
    guint n_faces);

/**
 * FaceTrackerSettings:
 * @confidence: confidence that a detection needs to become a new face, 0 to 1
 * @max_faces: the most faces to return; those followed longest come first
 * @look: how the detector looked at the frame
 */
typedef struct {
  gfloat confidence;
  guint max_faces;
  FaceLook look;
} FaceTrackerSettings;

/**
 * FollowedFace:
 * @area: the smoothed or predicted area; it may extend beyond the frame, or lie
 *   outside
 * @id: the face's id, from 1, in order of appearance
 * @confidence: confidence of the last detection, 0 to 1
 * @first_seen: the time of the first frame that had it
 */
typedef struct {
  FaceArea area;
  gint id;
  gfloat confidence;
  guint64 first_seen;
} FollowedFace;

/**
 * face_tracker_get_least_confidence:
 *
 * Returns: the confidence to run the detector with: what a face that is already
 *   followed needs, when a new one needs @confidence
 */
gfloat face_tracker_get_least_confidence (gfloat confidence);

/**
 * face_tracker_detect:
 * @detections: (array length=n_detections): all detections of at least
 *   face_tracker_get_least_confidence(), best first
 * @n_faces: (out): the number of faces
 *
 * A new face is accepted when two searches in a row find it, or one with little
 * doubt, or in the first frame. It stays accepted as long as its confidence,
 * averaged over half a second or three looks, is enough for a new face. A face
 * that has been followed for a while and is not found is predicted where it was
 * heading, for one look or a tenth of a second, but for a quarter of a second
 * at most.
 *
 * Returns: (array length=n_faces) (transfer none): the faces of the frame,
 *   valid until the next call
 */
const FollowedFace *face_tracker_detect (FaceTracker *tracker, guint64 time,
    const FaceDetection *detections, guint n_detections,
    const FaceTrackerSettings *settings, guint *n_faces);

/**
 * face_tracker_predict:
 * @n_faces: (out): the number of faces
 *
 * Returns: (array length=n_faces) (transfer none): the faces of the last
 *   detection, where they were heading; valid until the next call
 */
const FollowedFace *face_tracker_predict (FaceTracker *tracker, guint64 time,
    const FaceTrackerSettings *settings, guint *n_faces);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaceTracker, face_tracker_free)

G_END_DECLS
