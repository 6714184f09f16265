/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "face/face-tracker.h"

#include <math.h>

#include "face/face-motion.h"

#define MILLISECOND G_GUINT64_CONSTANT (1000000)
/* A face whose intersection over union with a track is less is another face. */
#define MIN_OVERLAP 0.3f
/* The times below are for streams of many frames a second. Where frames or
 * looks are rare, they last for at least this many of them. */
#define MIN_LOOKS 3
/* How long a face may be absent and keep its id. */
#define MAX_ABSENCE (500 * MILLISECOND)
/* How long a face is still expected after more than one look has missed it, and
 * how long it must have been followed before. */
#define MAX_EXPECTATION (100 * MILLISECOND)
#define MIN_ACQUAINTANCE (300 * MILLISECOND)
/* Confidence that a followed face needs, relative to that of a new one. */
#define HYSTERESIS 0.6f
/* A new face is believed at once if its doubt, 1 - confidence, is at most this
 * fraction of what a new face may have. */
#define LITTLE_DOUBT 0.25f
/* Over this time a face's confidence must be that of a new face on average: a
 * dip does no harm, but a face that was never certain is given up. */
#define TRUST_TIME (500 * MILLISECOND)
#define MAX_FRAME_GAP (3600 * 1000 * MILLISECOND)
/* A detector that finds more in a frame has run wild: the rest get ids but are
 * not followed. This bounds what an update costs. */
#define MAX_FACES FACE_DETECTOR_MAX_FACES
#define MAX_TRACKS (4 * MAX_FACES)

/**
 * Track:
 * @id: 0 until it is first believed to be a face
 * @is_believed: whether it is taken for a face
 * @n_certain: number of searches in a row that found it with confidence enough
 *   for a new face
 * @confidence: confidence of the last detection
 * @trust: moving average of the confidence since the face was believed
 * @n_misses: number of looks in a row that did not find it
 * @face: index of the face matched in this update, or -1
 */
typedef struct {
  FaceMotion motion;
  gint id;
  gboolean is_believed;
  guint n_certain;
  gfloat confidence;
  gfloat trust;
  guint64 first_seen;
  guint64 last_seen;
  guint n_misses;
  gint face;
} Track;

/**
 * FaceTracker:
 * @is_new: whether no frame was seen since the last reset
 * @time: time of the last frame
 * @frame_gap: nanoseconds between two frames, 0 if not known
 * @look_time: time of the last look
 * @look_gap: nanoseconds between the last two looks
 * @areas: areas of the faces of this update
 * @matched: whether a track was matched to each of them
 * @pairs: tracks and faces that overlap in this update
 */
struct _FaceTracker {
  GArray *tracks; /* in order of appearance */
  gint next_id;
  gboolean is_new;
  guint64 time;
  guint64 frame_gap;
  guint64 look_time;
  guint64 look_gap;
  FaceTrackerListener listener;
  gpointer listener_data;

  FaceArea areas[MAX_FACES];
  gboolean matched[MAX_FACES];
  GArray *pairs;
  GArray *followed; /* of FollowedFace */
};

typedef struct {
  gfloat overlap;
  guint track;
  guint face;
} Pair;

FaceTracker *
face_tracker_new (void)
{
  FaceTracker *tracker = g_new0 (FaceTracker, 1);

  tracker->tracks = g_array_new (FALSE, FALSE, sizeof (Track));
  tracker->pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  tracker->followed = g_array_new (FALSE, FALSE, sizeof (FollowedFace));
  tracker->next_id = 1;
  tracker->is_new = TRUE;
  return tracker;
}

void
face_tracker_free (FaceTracker *tracker)
{
  g_array_unref (tracker->tracks);
  g_array_unref (tracker->pairs);
  g_array_unref (tracker->followed);
  g_free (tracker);
}

static Track *
get_track (FaceTracker *tracker, guint i)
{
  return &g_array_index (tracker->tracks, Track, i);
}

static void
tell (const FaceTracker *tracker, const Track *track, FaceChange change)
{
  if (tracker->listener && track->id > 0)
    tracker->listener (track->id, change, tracker->listener_data);
}

void
face_tracker_reset (FaceTracker *tracker)
{
  for (guint i = 0; i < tracker->tracks->len; i++)
    tell (tracker, get_track (tracker, i), FACE_CHANGE_FORGOTTEN);
  g_array_set_size (tracker->tracks, 0);
  tracker->is_new = TRUE;
}

void
face_tracker_set_frame_gap (FaceTracker *tracker, guint64 gap)
{
  tracker->frame_gap = MIN (gap, MAX_FRAME_GAP);
}

void
face_tracker_set_listener (FaceTracker *tracker, FaceTrackerListener listener,
    gpointer user_data)
{
  tracker->listener = listener;
  tracker->listener_data = user_data;
}

gboolean
face_tracker_is_new (const FaceTracker *tracker, guint64 time)
{
  return tracker->is_new || time < tracker->time
      || time - tracker->time
      > MAX (MAX_ABSENCE, MIN_LOOKS * tracker->frame_gap);
}

/* @time, or the time of MIN_LOOKS looks if that is longer. */
static guint64
stretch (const FaceTracker *tracker, guint64 time)
{
  return MAX (time, MIN_LOOKS * tracker->look_gap);
}

/* Drops the tracks for which @is_kept is FALSE; the others stay in order. */
static void
filter_tracks (FaceTracker *tracker,
    gboolean (*is_kept) (const FaceTracker *tracker, const Track *track))
{
  guint n_kept = 0;

  for (guint i = 0; i < tracker->tracks->len; i++) {
    const Track *track = get_track (tracker, i);

    if (is_kept (tracker, track))
      *get_track (tracker, n_kept++) = *track;
    else
      tell (tracker, track, FACE_CHANGE_LOST);
  }
  g_array_set_size (tracker->tracks, n_kept);
}

static gboolean
is_not_lost (const FaceTracker *tracker, const Track *track)
{
  return track->n_misses == 0
      || tracker->time - track->last_seen <= stretch (tracker, MAX_ABSENCE);
}

static void
begin_frame (FaceTracker *tracker, guint64 time)
{
  if (face_tracker_is_new (tracker, time))
    face_tracker_reset (tracker);
  tracker->time = time;
  filter_tracks (tracker, is_not_lost);
}

static void
begin_look (FaceTracker *tracker, guint64 time)
{
  const gboolean is_first = face_tracker_is_new (tracker, time);

  tracker->look_gap = is_first ? 0 : time - tracker->look_time;
  tracker->look_time = time;
  begin_frame (tracker, time);
}

static gint
compare_pairs (gconstpointer a, gconstpointer b)
{
  const Pair *first = a, *second = b;

  if (first->overlap != second->overlap)
    return first->overlap > second->overlap ? -1 : 1;
  /* Break ties in a fixed order, so that ids do not depend on the sort. */
  if (first->track != second->track)
    return first->track < second->track ? -1 : 1;
  return first->face < second->face ? -1 : first->face > second->face;
}

static void
find_pairs (FaceTracker *tracker, guint n_faces)
{
  g_array_set_size (tracker->pairs, 0);
  for (guint t = 0; t < tracker->tracks->len; t++) {
    const FaceArea area = face_motion_predict (&get_track (tracker, t)->motion,
        tracker->time);

    for (guint f = 0; f < n_faces; f++) {
      const Pair pair = { face_area_overlap (&area, &tracker->areas[f]), t, f };

      if (pair.overlap >= MIN_OVERLAP)
        g_array_append_val (tracker->pairs, pair);
    }
  }
  g_array_sort (tracker->pairs, compare_pairs);
}

/* Matches the areas to tracks by intersection over union, best pairs first, as
 * in Bochinski et al., "High-Speed Tracking-by-Detection Without Using Image
 * Information" (2017). */
static void
match_tracks (FaceTracker *tracker, guint n_faces)
{
  find_pairs (tracker, n_faces);
  for (guint t = 0; t < tracker->tracks->len; t++)
    get_track (tracker, t)->face = -1;
  for (guint f = 0; f < n_faces; f++)
    tracker->matched[f] = FALSE;
  for (guint i = 0; i < tracker->pairs->len; i++) {
    const Pair *pair = &g_array_index (tracker->pairs, Pair, i);
    Track *track = get_track (tracker, pair->track);

    if (track->face >= 0 || tracker->matched[pair->face])
      continue;
    track->face = (gint) pair->face;
    track->last_seen = tracker->time;
    tracker->matched[pair->face] = TRUE;
  }
  for (guint t = 0; t < tracker->tracks->len; t++) {
    Track *track = get_track (tracker, t);

    track->n_misses = track->face >= 0 ? 0 : track->n_misses + 1;
  }
}

/* Ids wrap around rather than overflow; 0 means no id. */
static gint
take_id (FaceTracker *tracker)
{
  const gint id = tracker->next_id;

  tracker->next_id = id == G_MAXINT ? 1 : id + 1;
  return id;
}

static void
believe (FaceTracker *tracker, Track *track)
{
  track->is_believed = TRUE;
  track->trust = track->confidence;
  if (track->id == 0)
    track->id = take_id (tracker);
  tell (tracker, track, FACE_CHANGE_BELIEVED);
}

/* Returns: the new track, or %NULL if there are too many */
static Track *
add_track (FaceTracker *tracker, guint face, gfloat confidence)
{
  Track track = { .n_certain = 1,
    .confidence = confidence,
    .first_seen = tracker->time,
    .last_seen = tracker->time,
    .face = (gint) face };

  if (tracker->tracks->len >= MAX_TRACKS)
    return NULL;
  face_motion_start (&track.motion, &tracker->areas[face], tracker->time);
  g_array_append_val (tracker->tracks, track);
  return get_track (tracker, tracker->tracks->len - 1);
}

void
face_tracker_update (FaceTracker *tracker, guint64 time, FaceRegion *faces,
    guint n_faces)
{
  const guint n_followed = MIN (n_faces, MAX_FACES);

  begin_look (tracker, time);
  for (guint f = 0; f < n_followed; f++)
    tracker->areas[f] = face_area_from_rect (&faces[f].box);
  match_tracks (tracker, n_followed);
  for (guint t = 0; t < tracker->tracks->len; t++) {
    Track *track = get_track (tracker, t);

    if (track->face < 0)
      continue;
    track->confidence = 1.0f;
    if (!track->is_believed)
      believe (tracker, track);
    track->trust = 1.0f;
    face_motion_start (&track->motion, &tracker->areas[track->face], time);
    faces[track->face].id = track->id;
    faces[track->face].first_seen = track->first_seen;
  }
  for (guint f = 0; f < n_faces; f++) {
    Track *track;

    if (f < n_followed && tracker->matched[f])
      continue;
    track = f < n_followed ? add_track (tracker, f, 1.0f) : NULL;
    if (track)
      believe (tracker, track);
    faces[f].id = track ? track->id : take_id (tracker);
    faces[f].first_seen = time;
  }
  tracker->is_new = FALSE;
}

gfloat
face_tracker_get_least_confidence (gfloat confidence)
{
  return confidence * HYSTERESIS;
}

static gboolean
was_believed_or_is_found (const FaceTracker *tracker, const Track *track)
{
  return track->id > 0 || track->face >= 0;
}

/* Two searches in a row with enough confidence make a face; too little on
 * average unmakes it. What a detector finds where it follows its own last
 * finding confirms nothing. */
static void
judge (FaceTracker *tracker, Track *track, gfloat found,
    const FaceTrackerSettings *settings)
{
  const gfloat confidence = settings->confidence;
  const gfloat elapsed = (gfloat) (tracker->time - track->motion.time)
      / (gfloat) stretch (tracker, TRUST_TIME);

  track->confidence = found;
  if (found < confidence)
    track->n_certain = 0;
  else if (settings->look != FACE_LOOK_FOLLOW)
    track->n_certain++;
  if (track->is_believed) {
    track->trust += (found - track->trust) * -expm1f (-elapsed);
    track->is_believed = track->trust >= confidence;
    if (!track->is_believed)
      tell (tracker, track, FACE_CHANGE_DOUBTED);
  } else if (track->n_certain >= 2) {
    believe (tracker, track);
  }
}

static void
follow_tracks (FaceTracker *tracker, const FaceDetection *detections,
    const FaceTrackerSettings *settings)
{
  for (guint t = 0; t < tracker->tracks->len; t++) {
    Track *track = get_track (tracker, t);
    const FaceDetection *found;

    if (track->face < 0)
      continue;
    found = &detections[track->face];
    judge (tracker, track, found->confidence, settings);
    face_motion_measure (&track->motion, &found->area, tracker->time);
  }
  filter_tracks (tracker, was_believed_or_is_found);
}

static void
add_new_tracks (FaceTracker *tracker, const FaceDetection *detections,
    guint n_detections, gfloat confidence)
{
  const gfloat sure = 1.0f - (1.0f - confidence) * LITTLE_DOUBT;

  for (guint f = 0; f < n_detections; f++) {
    const gfloat found = detections[f].confidence;
    Track *track;

    if (tracker->matched[f] || found < confidence)
      continue;
    track = add_track (tracker, f, found);
    if (track && (tracker->is_new || found >= sure))
      believe (tracker, track);
  }
}

/* Whether the last look found it, or it is expected to be there still. */
static gboolean
is_present (const FaceTracker *tracker, const Track *track)
{
  const guint64 absence = tracker->time - track->last_seen;

  if (!track->is_believed || track->n_misses == 0)
    return track->is_believed;
  return track->last_seen - track->first_seen
      >= stretch (tracker, MIN_ACQUAINTANCE)
      && absence <= FACE_MOTION_MAX_PREDICTION
      && (track->n_misses == 1 || absence <= MAX_EXPECTATION);
}

/* Where another face was found at the place of one that is only expected, they
 * are taken for the same, and only the one found is shown. */
static gboolean
is_replaced (FaceTracker *tracker, const Track *track, const FaceArea *area)
{
  if (track->n_misses == 0)
    return FALSE;
  for (guint i = 0; i < tracker->tracks->len; i++) {
    const Track *other = get_track (tracker, i);
    const FaceArea there = face_motion_predict (&other->motion, tracker->time);

    if (other->n_misses == 0 && face_area_overlap (area, &there) >= MIN_OVERLAP)
      return TRUE;
  }
  return FALSE;
}

static const FollowedFace *
list_faces (FaceTracker *tracker, guint max_faces, guint *n_faces)
{
  g_array_set_size (tracker->followed, 0);
  for (guint i = 0; i < tracker->tracks->len; i++) {
    const Track *track = get_track (tracker, i);
    const FollowedFace face = { face_motion_predict (&track->motion,
                                    tracker->time),
      track->id, track->confidence, track->first_seen };

    if (tracker->followed->len < max_faces && is_present (tracker, track)
        && !is_replaced (tracker, track, &face.area))
      g_array_append_val (tracker->followed, face);
  }
  *n_faces = tracker->followed->len;
  return (const FollowedFace *) tracker->followed->data;
}

const FollowedFace *
face_tracker_detect (FaceTracker *tracker, guint64 time,
    const FaceDetection *detections, guint n_detections,
    const FaceTrackerSettings *settings, guint *n_faces)
{
  n_detections = MIN (n_detections, MAX_FACES);
  begin_look (tracker, time);
  for (guint f = 0; f < n_detections; f++)
    tracker->areas[f] = detections[f].area;
  match_tracks (tracker, n_detections);
  follow_tracks (tracker, detections, settings);
  if (settings->look != FACE_LOOK_FOLLOW)
    add_new_tracks (tracker, detections, n_detections, settings->confidence);
  tracker->is_new = FALSE;
  return list_faces (tracker, settings->max_faces, n_faces);
}

const FollowedFace *
face_tracker_predict (FaceTracker *tracker, guint64 time,
    const FaceTrackerSettings *settings, guint *n_faces)
{
  begin_frame (tracker, time);
  return list_faces (tracker, settings->max_faces, n_faces);
}
