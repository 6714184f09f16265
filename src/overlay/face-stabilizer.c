/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/face-stabilizer.h"

#include <math.h>

#include "base/rect.h"

/* The part of the way to the new box that is covered in a usual frame time. */
#define BOX_PART 0.3
/* A box has jumped if its intersection over union with the last one is less. */
#define MIN_OVERLAP 0.6
/* The confidence that the other label needs to replace the one shown. */
#define SURE 0.55

#define N_SIDES 4

/* The label that is shown for an attribute. */
typedef struct {
  gchar *name;
  gchar *label;
} HeldLabel;

typedef struct {
  guint last_frame;       /* last frame in which the face was seen */
  gdouble sides[N_SIDES]; /* the members of Rect, in their order */
  GArray *labels;         /* HeldLabel elements, one per attribute */
} Track;

/* @faces and @attributes hold the results of the last call. */
struct _OverlayFaceStabilizer {
  GHashTable *tracks; /* id -> Track */
  guint frame;
  GArray *faces;
  GArray *attributes;
};

static void
clear_label (gpointer data)
{
  HeldLabel *held = data;

  g_free (held->name);
  g_free (held->label);
}

static Track *
track_new (void)
{
  Track *track = g_new0 (Track, 1);

  track->labels = g_array_new (FALSE, TRUE, sizeof (HeldLabel));
  g_array_set_clear_func (track->labels, clear_label);
  return track;
}

static void
track_free (gpointer data)
{
  Track *track = data;

  g_array_unref (track->labels);
  g_free (track);
}

OverlayFaceStabilizer *
overlay_face_stabilizer_new (void)
{
  OverlayFaceStabilizer *stabilizer = g_new0 (OverlayFaceStabilizer, 1);

  stabilizer->tracks = g_hash_table_new_full (NULL, NULL, NULL, track_free);
  stabilizer->faces = g_array_new (FALSE, FALSE, sizeof (OverlayFace));
  stabilizer->attributes = g_array_new (FALSE, FALSE,
      sizeof (OverlayAttribute));
  return stabilizer;
}

void
overlay_face_stabilizer_free (OverlayFaceStabilizer *stabilizer)
{
  g_hash_table_unref (stabilizer->tracks);
  g_array_unref (stabilizer->faces);
  g_array_unref (stabilizer->attributes);
  g_free (stabilizer);
}

void
overlay_face_stabilizer_reset (OverlayFaceStabilizer *stabilizer)
{
  g_hash_table_remove_all (stabilizer->tracks);
}

static Rect
get_box (const Track *track)
{
  return (Rect) { (gint) lround (track->sides[0]),
    (gint) lround (track->sides[1]), (gint) lround (track->sides[2]),
    (gint) lround (track->sides[3]) };
}

static gboolean
has_jumped (const Track *track, const Rect *box)
{
  Rect old = get_box (track);

  return rect_get_iou (&old, box) < MIN_OVERLAP;
}

static void
set_box (Track *track, const Rect *box, gdouble part)
{
  const gint sides[N_SIDES] = { box->x, box->y, box->width, box->height };

  for (guint i = 0; i < N_SIDES; i++)
    track->sides[i] += (sides[i] - track->sides[i]) * part;
}

static HeldLabel *
get_held_label (Track *track, guint index, const gchar *name)
{
  HeldLabel *held;

  if (index >= track->labels->len)
    g_array_set_size (track->labels, index + 1);
  held = &g_array_index (track->labels, HeldLabel, index);
  if (g_strcmp0 (held->name, name) != 0) {
    g_clear_pointer (&held->label, g_free);
    g_free (held->name);
    held->name = g_strdup (name);
  }
  return held;
}

static void
swap_labels (OverlayAttribute *attribute)
{
  const gchar *label = attribute->label;

  attribute->label = attribute->other_label;
  attribute->other_label = label;
  attribute->confidence = 1.0 - attribute->confidence;
  attribute->change = -attribute->change;
}

static void
hold_label (HeldLabel *held, OverlayAttribute *attribute)
{
  if (g_strcmp0 (held->label, attribute->label) == 0)
    return;
  if (held->label != NULL
      && g_strcmp0 (held->label, attribute->other_label) == 0
      && attribute->confidence < SURE) {
    swap_labels (attribute);
    return;
  }
  g_free (held->label);
  held->label = g_strdup (attribute->label);
}

static void
smooth_box (Track *track, OverlayFace *face, gboolean is_new, gdouble part)
{
  if (is_new || has_jumped (track, &face->box))
    part = 1.0;
  set_box (track, &face->box, part);
  face->box = get_box (track);
}

/* If an id occurs twice in a frame, the second face is left unchanged. */
static void
smooth (OverlayFaceStabilizer *stabilizer, OverlayFace *face,
    OverlayAttribute *attributes, gdouble part)
{
  const gpointer key = GINT_TO_POINTER (face->id);
  Track *track = g_hash_table_lookup (stabilizer->tracks, key);
  const gboolean is_new = track == NULL;

  if (is_new) {
    track = track_new ();
    g_hash_table_insert (stabilizer->tracks, key, track);
  } else if (track->last_frame == stabilizer->frame) {
    return;
  }
  track->last_frame = stabilizer->frame;
  smooth_box (track, face, is_new, part);
  for (guint i = 0; i < face->n_attributes; i++)
    hold_label (get_held_label (track, i, attributes[i].name), &attributes[i]);
}

static gboolean
is_unseen (gpointer key, gpointer value, gpointer stabilizer)
{
  return ((Track *) value)->last_frame
      != ((OverlayFaceStabilizer *) stabilizer)->frame;
}

/* Moving sides that are near the limits of their type could overflow. */
static gboolean
is_sane (const Rect *box)
{
  const gint most = G_MAXINT / 4;

  return ABS ((gint64) box->x) < most && ABS ((gint64) box->y) < most
      && ABS ((gint64) box->width) < most && ABS ((gint64) box->height) < most;
}

/* Copies all attributes at once: faces point to them, so that the array must
 * not grow afterwards. */
static void
copy_attributes (OverlayFaceStabilizer *stabilizer, const OverlayFace *faces,
    guint n_faces)
{
  g_array_set_size (stabilizer->attributes, 0);
  for (guint i = 0; i < n_faces; i++)
    g_array_append_vals (stabilizer->attributes, faces[i].attributes,
        faces[i].n_attributes);
}

const OverlayFace *
overlay_face_stabilizer_run (OverlayFaceStabilizer *stabilizer,
    const OverlayFace *faces, guint n_faces, gdouble elapsed)
{
  const gdouble part = overlay_smoothing_get_part (BOX_PART, elapsed);
  OverlayAttribute *attributes;

  stabilizer->frame++;
  copy_attributes (stabilizer, faces, n_faces);
  attributes = (OverlayAttribute *) (gpointer) stabilizer->attributes->data;
  g_array_set_size (stabilizer->faces, 0);
  for (guint i = 0; i < n_faces; i++) {
    OverlayFace face = faces[i];

    if (face.id >= 0 && is_sane (&face.box))
      smooth (stabilizer, &face, attributes, part);
    face.attributes = attributes;
    attributes += face.n_attributes;
    g_array_append_val (stabilizer->faces, face);
  }
  g_hash_table_foreach_remove (stabilizer->tracks, is_unseen, stabilizer);
  return (const OverlayFace *) (gpointer) stabilizer->faces->data;
}
