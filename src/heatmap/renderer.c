/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "heatmap/renderer.h"

#include "heatmap/dock.h"
#include "heatmap/face-box.h"
#include "heatmap/label-placement.h"
#include "heatmap/label-plate.h"

/* Has the pieces of the last call, and the places that its labels avoid. */
struct _HeatmapRenderer {
  HeatmapDock *dock;
  HeatmapFaceBoxes *boxes;
  GPtrArray *plates;
  GArray *pieces;
  GArray *taken;
};

typedef struct {
  gint width;
  gint height;
} FrameSize;

HeatmapRenderer *
heatmap_renderer_new (void)
{
  HeatmapRenderer *renderer = g_new0 (HeatmapRenderer, 1);

  renderer->dock = heatmap_dock_new ();
  renderer->boxes = heatmap_face_boxes_new ();
  renderer->plates = g_ptr_array_new_with_free_func (
      (GDestroyNotify) heatmap_label_plate_free);
  renderer->pieces = g_array_new (FALSE, FALSE, sizeof (HeatmapPiece));
  renderer->taken = g_array_new (FALSE, FALSE, sizeof (ImageRect));
  return renderer;
}

void
heatmap_renderer_free (HeatmapRenderer *renderer)
{
  heatmap_dock_free (renderer->dock);
  heatmap_face_boxes_free (renderer->boxes);
  g_ptr_array_unref (renderer->plates);
  g_array_unref (renderer->pieces);
  g_array_unref (renderer->taken);
  g_free (renderer);
}

static void
add_boxes (HeatmapRenderer *renderer, const FrameSize *frame,
    const HeatmapScene *scene)
{
  for (guint i = 0; i < scene->n_faces; i++)
    heatmap_face_boxes_add (renderer->boxes, frame->width, frame->height,
        &scene->faces[i], (gint) i == scene->main_face, renderer->pieces);
}

static void
add_label (HeatmapRenderer *renderer, const FrameSize *frame,
    const HeatmapScene *scene, guint index)
{
  const HeatmapFace *face = &scene->faces[index];
  HeatmapPiece piece;

  piece.surface =
      heatmap_label_plate_update (g_ptr_array_index (renderer->plates, index),
          frame->width, frame->height, face, scene->n_faces > 1);
  if (piece.surface == NULL)
    return;
  if (!heatmap_label_placement_choose (frame->width, frame->height, &face->box,
          cairo_image_surface_get_width (piece.surface),
          cairo_image_surface_get_height (piece.surface),
          (const ImageRect *) (gpointer) renderer->taken->data,
          renderer->taken->len, &piece.rect))
    return;
  g_array_append_val (renderer->pieces, piece);
  g_array_append_val (renderer->taken, piece.rect);
}

/* The main face's label comes first, as it then gets the best place. */
static void
add_labels (HeatmapRenderer *renderer, const FrameSize *frame,
    const HeatmapScene *scene)
{
  guint n_faces = scene->n_faces;

  while (renderer->plates->len < n_faces)
    g_ptr_array_add (renderer->plates, heatmap_label_plate_new ());
  if (scene->main_face >= 0 && (guint) scene->main_face < n_faces)
    add_label (renderer, frame, scene, (guint) scene->main_face);
  for (guint i = 0; i < n_faces; i++) {
    if ((gint) i != scene->main_face)
      add_label (renderer, frame, scene, i);
  }
}

static gboolean
is_valid (const HeatmapScene *scene)
{
  for (guint i = 0; i < scene->n_layers; i++) {
    const HeatmapLayer *layer = &scene->layers[i];

    if (layer->data == NULL || layer->height < 1 || layer->width < 1
        || layer->channels < 1)
      return FALSE;
  }
  return TRUE;
}

const HeatmapPiece *
heatmap_renderer_render (HeatmapRenderer *renderer, gint width, gint height,
    const HeatmapScene *scene, const HeatmapStyle *style, guint *n_pieces)
{
  FrameSize frame = { width, height };
  HeatmapPiece dock;
  gboolean has_dock;

  g_return_val_if_fail (n_pieces != NULL, NULL);
  *n_pieces = 0;
  g_return_val_if_fail (renderer != NULL, NULL);
  g_return_val_if_fail (width >= 16 && height >= 16, NULL);
  g_return_val_if_fail (scene != NULL && is_valid (scene), NULL);
  g_return_val_if_fail (style != NULL, NULL);

  g_array_set_size (renderer->pieces, 0);
  g_array_set_size (renderer->taken, 0);
  has_dock = style->draw_maps
      && heatmap_dock_render (renderer->dock, width, height, scene,
          style->colormap, &dock);
  if (has_dock)
    g_array_append_val (renderer->taken, dock.rect);
  if (style->draw_boxes)
    add_boxes (renderer, &frame, scene);
  if (style->draw_labels)
    add_labels (renderer, &frame, scene);
  /* above all else, so that no map has anything over it */
  if (has_dock)
    g_array_append_val (renderer->pieces, dock);

  *n_pieces = renderer->pieces->len;
  return (const HeatmapPiece *) (gpointer) renderer->pieces->data;
}
