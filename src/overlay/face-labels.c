/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/face-labels.h"

#include <math.h>

#include "overlay/label-placement.h"
#include "overlay/label-plate.h"

#define SIZE_SHARE 0.026 /* of the shorter side of the frame */
#define MIN_SIZE 10
#define MAX_SIZE_SHARE 0.25
#define SMALL_SHARE 0.75
#define MIN_SMALL_SIZE 9

/* Of plates, in heights of the text. */
#define MAX_WIDTH 14
#define MAX_SMALL_WIDTH 16
#define MAX_BRIEF_WIDTH 10

/* One that has no room is tried in the next form. */
typedef enum {
  FULL,
  SMALL,
  BRIEF,
  N_FORMS
} Form;

/* Of the face with this id, as long as it is there. */
typedef struct {
  gint id;
  guint last_frame;
  OverlayLabelPlate *plates[N_FORMS];
} Label;

struct _OverlayFaceLabels {
  OverlayText *text;
  OverlayGlyphs *glyphs;
  OverlayGlyphs *small_glyphs;
  GPtrArray *labels; /* of Label */
  guint frame;
  GArray *faces; /* of Rect: their boxes */
  GArray *taken; /* of Rect: all else that is on the frame */
};

/* All that is the same for one frame. */
typedef struct {
  OverlayFaceLabels *labels;
  const OverlayScene *scene;
  OverlayLabelContent content;
  gint sizes[N_FORMS]; /* of the text */
  OverlayPlateLook looks[N_FORMS];
  OverlayLabelRequest request;
  GArray *pieces;
} Drawing;

static void
label_free (gpointer data)
{
  Label *label = data;

  for (guint form = 0; form < N_FORMS; form++)
    g_clear_pointer (&label->plates[form], overlay_label_plate_free);
  g_free (label);
}

OverlayFaceLabels *
overlay_face_labels_new (OverlayText *text)
{
  OverlayFaceLabels *labels = g_new0 (OverlayFaceLabels, 1);

  labels->text = text;
  labels->labels = g_ptr_array_new_with_free_func (label_free);
  labels->faces = g_array_new (FALSE, FALSE, sizeof (Rect));
  labels->taken = g_array_new (FALSE, FALSE, sizeof (Rect));
  return labels;
}

void
overlay_face_labels_free (OverlayFaceLabels *labels)
{
  g_clear_pointer (&labels->glyphs, overlay_glyphs_free);
  g_clear_pointer (&labels->small_glyphs, overlay_glyphs_free);
  g_ptr_array_unref (labels->labels);
  g_array_unref (labels->faces);
  g_array_unref (labels->taken);
  g_free (labels);
}

static gint
choose_size (gint frame_width, gint frame_height, guint wanted)
{
  const gint side = MIN (frame_width, frame_height);
  const gint most = MAX ((gint) (MAX_SIZE_SHARE * side), MIN_SMALL_SIZE);

  if (wanted > 0)
    return (gint) CLAMP (wanted, MIN_SMALL_SIZE, (guint) most);
  return MAX ((gint) lround (SIZE_SHARE * side), MIN_SIZE);
}

static void
set_looks (Drawing *drawing, guint wanted_size)
{
  const gint width = drawing->request.frame_width;
  const gint height = drawing->request.frame_height;
  const gint size = choose_size (width, height, wanted_size);
  const gint small = MAX ((gint) (SMALL_SHARE * size), MIN_SMALL_SIZE);

  drawing->sizes[FULL] = size;
  drawing->sizes[SMALL] = drawing->sizes[BRIEF] = small;
  drawing->looks[FULL] = (OverlayPlateLook) {
    .max_width = MIN (MAX (width / 3, MAX_WIDTH * size), width),
    .max_height = height / 2,
    .max_rows = G_MAXUINT,
    .has_bars = TRUE
  };
  drawing->looks[SMALL] =
      (OverlayPlateLook) { .max_width = MIN (MAX_SMALL_WIDTH * small, width),
        .max_height = height / 2,
        .max_rows = G_MAXUINT };
  drawing->looks[BRIEF] =
      (OverlayPlateLook) { .max_width = MIN (MAX_BRIEF_WIDTH * small, width),
        .max_height = height / 2,
        .max_rows = 1 };
}

/* Those of the small forms are the same. */
static const OverlayGlyphs *
ensure_glyphs (Drawing *drawing, Form form)
{
  OverlayGlyphs **glyphs = form == FULL ? &drawing->labels->glyphs
                                        : &drawing->labels->small_glyphs;
  const gint size = drawing->sizes[form];

  if (*glyphs != NULL && overlay_glyphs_get_size (*glyphs) == size)
    return *glyphs;
  g_clear_pointer (glyphs, overlay_glyphs_free);
  *glyphs = overlay_glyphs_new (drawing->labels->text, size, FALSE);
  return *glyphs;
}

static gboolean
is_anything_known (const OverlayFace *face)
{
  for (guint i = 0; i < face->n_attributes; i++) {
    const OverlayAttribute *attribute = &face->attributes[i];

    if (attribute->confidence >= 0.0
        || (attribute->label != NULL && *attribute->label != '\0'))
      return TRUE;
  }
  return FALSE;
}

static OverlayLabelContent
choose_content (const Drawing *drawing, const OverlayFace *face, Form form)
{
  guint content = OVERLAY_LABEL_LABEL | OVERLAY_LABEL_CONFIDENCE;

  if (drawing->content != OVERLAY_LABEL_AUTO)
    return drawing->content;
  if (drawing->scene->n_faces > 1 || !is_anything_known (face))
    content |= OVERLAY_LABEL_ID;
  if (face->n_attributes > 1 && form != BRIEF)
    content |= OVERLAY_LABEL_ATTRIBUTE;
  return (OverlayLabelContent) content;
}

/* That of the same face, or the one that has been idle for longest. */
static Label *
find_label (const OverlayFaceLabels *labels, gint id)
{
  Label *idle = NULL;
  guint idle_for = 1; /* the faces of the last frame may be in this one too */

  for (guint i = 0; i < labels->labels->len; i++) {
    Label *label = g_ptr_array_index (labels->labels, i);
    const guint age = labels->frame - label->last_frame;

    if (label->id == id && age > 0)
      return label;
    if (age > idle_for) {
      idle = label;
      idle_for = age;
    }
  }
  return idle;
}

static Label *
take_label (OverlayFaceLabels *labels, gint id)
{
  Label *label = find_label (labels, id);

  if (label == NULL) {
    label = g_new0 (Label, 1);
    g_ptr_array_add (labels->labels, label);
  }
  label->id = id;
  label->last_frame = labels->frame;
  return label;
}

static gboolean
try_form (Drawing *drawing, const OverlayFace *face, Label *label, Form form)
{
  OverlayLabelRequest *request = &drawing->request;
  OverlayPlateLook *look = &drawing->looks[form];
  OverlayLabelPlate **plate = &label->plates[form];
  OverlayPiece piece;

  if (*plate == NULL)
    *plate = overlay_label_plate_new (drawing->labels->text);
  look->glyphs = ensure_glyphs (drawing, form);
  look->content = choose_content (drawing, face, form);
  request->box = face->box;
  request->taken = (const Rect *) (gpointer) drawing->labels->taken->data;
  request->n_taken = drawing->labels->taken->len;
  if (!overlay_label_plate_set (*plate, face, look, &request->width,
          &request->height)
      || !overlay_label_placement_choose (request, &piece.rect))
    return FALSE;
  piece.surface = overlay_label_plate_draw (*plate, look);
  g_array_append_val (drawing->pieces, piece);
  g_array_append_val (drawing->labels->taken, piece.rect);
  return TRUE;
}

static void
add_label (Drawing *drawing, const OverlayFace *face)
{
  Label *label;

  if (face->is_drawn && face->n_attributes == 0)
    return;
  label = take_label (drawing->labels, face->id);
  for (Form form = FULL; form < N_FORMS; form++) {
    if (try_form (drawing, face, label, form))
      return;
  }
}

static void
collect_obstacles (OverlayFaceLabels *labels, const OverlayScene *scene,
    const OverlayFaceRanking *ranking, const Rect *panel)
{
  g_array_set_size (labels->faces, 0);
  for (guint i = 0; i < ranking->n_faces; i++)
    g_array_append_val (labels->faces, scene->faces[ranking->order[i]].box);
  g_array_set_size (labels->taken, 0);
  if (panel != NULL)
    g_array_append_vals (labels->taken, panel, 1);
  g_array_append_vals (labels->taken, scene->taken, scene->n_taken);
}

void
overlay_face_labels_add (OverlayFaceLabels *labels, gint frame_width,
    gint frame_height, const OverlayScene *scene,
    const OverlayFaceRanking *ranking, const OverlayStyle *style,
    const Rect *panel, GArray *pieces)
{
  Drawing drawing = { .labels = labels,
    .scene = scene,
    .content = style->label_content,
    .request = { .frame_width = frame_width, .frame_height = frame_height },
    .pieces = pieces };

  labels->frame++;
  collect_obstacles (labels, scene, ranking, panel);
  drawing.request.faces = (const Rect *) (gpointer) labels->faces->data;
  drawing.request.n_faces = labels->faces->len;
  set_looks (&drawing, style->label_size);
  for (guint i = 0; i < MIN (ranking->n_faces, OVERLAY_MAX_LABELS); i++)
    add_label (&drawing, &scene->faces[ranking->order[i]]);
}
