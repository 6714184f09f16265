/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "face/face-tracker.h"

#include "image/image-rect.h"

/* A face that overlaps its last place by less is another face. */
#define MIN_OVERLAP 0.3
/* How long a face may be away and keep its id, in nanoseconds. */
#define MAX_ABSENCE G_GUINT64_CONSTANT (500000000)
/* A detector that finds more in a frame has run wild: the rest get ids but are
 * not followed. This bounds what an update costs. */
#define MAX_FACES 256
#define MAX_TRACKS 1024

/**
 * Track:
 * @face: index of the face matched in this update, or -1
 */
typedef struct {
  ImageRect box;
  gint id;
  guint64 last_seen;
  gint face;
} Track;

struct _FaceTracker {
  GArray *tracks;
  GArray *pairs; /* scratch of one update */
  gint next_id;
};

typedef struct {
  gdouble overlap;
  guint track;
  guint face;
} Pair;

FaceTracker *
face_tracker_new (void)
{
  FaceTracker *tracker = g_new0 (FaceTracker, 1);

  tracker->tracks = g_array_new (FALSE, FALSE, sizeof (Track));
  tracker->pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  tracker->next_id = 1;
  return tracker;
}

void
face_tracker_free (FaceTracker *tracker)
{
  g_array_unref (tracker->tracks);
  g_array_unref (tracker->pairs);
  g_free (tracker);
}

void
face_tracker_reset (FaceTracker *tracker)
{
  g_array_set_size (tracker->tracks, 0);
}

/* Also drops all tracks when time runs backwards. */
static void
drop_old_tracks (FaceTracker *tracker, guint64 time)
{
  for (guint i = tracker->tracks->len; i > 0; i--) {
    const Track *track = &g_array_index (tracker->tracks, Track, i - 1);

    if (time < track->last_seen || time - track->last_seen > MAX_ABSENCE)
      g_array_remove_index_fast (tracker->tracks, i - 1);
  }
}

static gint
compare_pairs (gconstpointer a, gconstpointer b)
{
  const Pair *first = a, *second = b;

  if (first->overlap != second->overlap)
    return first->overlap > second->overlap ? -1 : 1;
  /* Ties in a fixed order, so that ids do not depend on the sort. */
  if (first->track != second->track)
    return first->track < second->track ? -1 : 1;
  return first->face < second->face ? -1 : first->face > second->face;
}

static void
find_pairs (FaceTracker *tracker, const FaceRegion *faces, guint n_faces)
{
  g_array_set_size (tracker->pairs, 0);
  for (guint t = 0; t < tracker->tracks->len; t++) {
    Track *track = &g_array_index (tracker->tracks, Track, t);

    track->face = -1;
    for (guint f = 0; f < n_faces; f++) {
      const Pair pair = { image_rect_overlap (&track->box, &faces[f].box), t,
        f };

      if (pair.overlap >= MIN_OVERLAP)
        g_array_append_val (tracker->pairs, pair);
    }
  }
  g_array_sort (tracker->pairs, compare_pairs);
}

void
face_tracker_update (FaceTracker *tracker, guint64 time, FaceRegion *faces,
    guint n_faces)
{
  const guint n_followed = MIN (n_faces, MAX_FACES);

  drop_old_tracks (tracker, time);
  find_pairs (tracker, faces, n_followed);
  for (guint f = 0; f < n_faces; f++)
    faces[f].id = 0;
  for (guint i = 0; i < tracker->pairs->len; i++) {
    const Pair *pair = &g_array_index (tracker->pairs, Pair, i);
    Track *track = &g_array_index (tracker->tracks, Track, pair->track);
    FaceRegion *face = &faces[pair->face];

    if (track->face >= 0 || face->id > 0)
      continue;
    track->face = (gint) pair->face;
    track->box = face->box;
    track->last_seen = time;
    face->id = track->id;
  }
  for (guint f = 0; f < n_faces; f++) {
    if (faces[f].id == 0) {
      const Track track = { faces[f].box, tracker->next_id, time, (gint) f };

      faces[f].id = track.id;
      /* Wraps long before it overflows; 0 is no id. */
      tracker->next_id = track.id == G_MAXINT ? 1 : track.id + 1;
      if (f < n_followed && tracker->tracks->len < MAX_TRACKS)
        g_array_append_val (tracker->tracks, track);
    }
  }
}
