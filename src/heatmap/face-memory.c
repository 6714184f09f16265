/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "heatmap/face-memory.h"

#include <math.h>

#include "heatmap/smoothing.h"
#include "image/image-rect.h"

/* Part of the way to the new box that is gone in a usual frame. */
#define BOX_PART 0.3
/* A box that overlaps the last one by less, in intersection over union, has
 * jumped. */
#define MIN_OVERLAP 0.6
/* What another label needs to take over. */
#define SURE 0.55

#define N_SIDES 4

typedef struct {
  gint id;
  gdouble sides[N_SIDES]; /* as ImageRect has them */
  gchar *label;
  gboolean is_seen;
} Track;

struct _HeatmapFaceMemory {
  GArray *tracks;
  GArray *faces;
};

static void
clear_track (gpointer track)
{
  g_free (((Track *) track)->label);
}

HeatmapFaceMemory *
heatmap_face_memory_new (void)
{
  HeatmapFaceMemory *memory = g_new0 (HeatmapFaceMemory, 1);

  memory->tracks = g_array_new (FALSE, FALSE, sizeof (Track));
  g_array_set_clear_func (memory->tracks, clear_track);
  memory->faces = g_array_new (FALSE, FALSE, sizeof (HeatmapFace));
  return memory;
}

void
heatmap_face_memory_free (HeatmapFaceMemory *memory)
{
  g_array_unref (memory->tracks);
  g_array_unref (memory->faces);
  g_free (memory);
}

void
heatmap_face_memory_reset (HeatmapFaceMemory *memory)
{
  g_array_set_size (memory->tracks, 0);
}

static Track *
find_track (HeatmapFaceMemory *memory, gint id)
{
  for (guint i = 0; i < memory->tracks->len; i++) {
    Track *track = &g_array_index (memory->tracks, Track, i);

    if (track->id == id && !track->is_seen)
      return track;
  }
  return NULL;
}

static ImageRect
get_box (const Track *track)
{
  return (ImageRect) { (gint) lround (track->sides[0]),
    (gint) lround (track->sides[1]), (gint) lround (track->sides[2]),
    (gint) lround (track->sides[3]) };
}

static gboolean
has_jumped (const Track *track, const ImageRect *box)
{
  ImageRect old = get_box (track);

  return image_rect_overlap (&old, box) < MIN_OVERLAP;
}

static void
set_box (Track *track, const ImageRect *box, gdouble part)
{
  const gint sides[N_SIDES] = { box->x, box->y, box->width, box->height };

  for (guint i = 0; i < N_SIDES; i++)
    track->sides[i] += (sides[i] - track->sides[i]) * part;
}

static void
set_label (Track *track, HeatmapFace *face)
{
  gboolean has_changed = g_strcmp0 (track->label, face->label) != 0;

  if (has_changed && track->label != NULL
      && g_strcmp0 (track->label, face->other_label) == 0
      && face->confidence < SURE) {
    const gchar *label = face->label;

    face->label = face->other_label;
    face->other_label = label;
    face->confidence = 1.0 - face->confidence;
    face->change = -face->change;
  } else if (has_changed) {
    g_free (track->label);
    track->label = g_strdup (face->label);
  }
}

static void
smooth (HeatmapFaceMemory *memory, HeatmapFace *face, gdouble part)
{
  Track *track = find_track (memory, face->id);

  if (track == NULL) {
    const Track new_track = { .id = face->id };

    g_array_append_val (memory->tracks, new_track);
    track = &g_array_index (memory->tracks, Track, memory->tracks->len - 1);
    part = 1.0;
  } else if (has_jumped (track, &face->box)) {
    part = 1.0;
  }
  track->is_seen = TRUE;
  set_box (track, &face->box, part);
  face->box = get_box (track);
  set_label (track, face);
}

static void
forget_unseen (HeatmapFaceMemory *memory)
{
  for (guint i = memory->tracks->len; i > 0; i--) {
    Track *track = &g_array_index (memory->tracks, Track, i - 1);

    if (!track->is_seen)
      g_array_remove_index_fast (memory->tracks, i - 1);
    else
      track->is_seen = FALSE;
  }
}

/* Sides near the limits of their type could not be moved. */
static gboolean
is_sane (const ImageRect *box)
{
  const gint most = G_MAXINT / 4;

  return ABS ((gint64) box->x) < most && ABS ((gint64) box->y) < most
      && ABS ((gint64) box->width) < most && ABS ((gint64) box->height) < most;
}

const HeatmapFace *
heatmap_face_memory_smooth (HeatmapFaceMemory *memory, const HeatmapFace *faces,
    guint n_faces, gdouble elapsed)
{
  const gdouble part = heatmap_smoothing_get_part (BOX_PART, elapsed);

  g_array_set_size (memory->faces, 0);
  for (guint i = 0; i < n_faces; i++) {
    HeatmapFace face = faces[i];

    if (face.id >= 0 && is_sane (&face.box))
      smooth (memory, &face, part);
    g_array_append_val (memory->faces, face);
  }
  forget_unseen (memory);
  return (const HeatmapFace *) (gpointer) memory->faces->data;
}
