/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/renderer.h"

#include "base/rect.h"
#include "overlay/drawing.h"
#include "overlay/face-boxes.h"
#include "overlay/face-labels.h"
#include "overlay/face-stabilizer.h"
#include "overlay/heatmap.h"
#include "overlay/panel.h"
#include "overlay/squeezer.h"

#define MAX_FRAME_TIME 1.0
#define HEATMAP_PART 0.4 /* of the way to a new map, in a usual frame time */

/* @pieces holds the results of the last call. */
struct _OverlayRenderer {
  OverlayText *text;
  OverlayPanel *panel;
  OverlayHeatmap *heatmap;
  OverlayFaceStabilizer *stabilizer;
  cairo_surface_t *heatmap_surface;
  gint64 time;
  OverlayFaceRanking ranking;
  OverlayFaceBoxes *boxes;
  OverlayFaceLabels *labels;
  GArray *pieces;
  OverlaySqueezer *squeezer;
};

OverlayRenderer *
overlay_renderer_new (void)
{
  OverlayRenderer *renderer = g_new0 (OverlayRenderer, 1);

  renderer->text = overlay_text_new ();
  renderer->panel = overlay_panel_new (renderer->text);
  renderer->heatmap = overlay_heatmap_new ();
  renderer->stabilizer = overlay_face_stabilizer_new ();
  renderer->time = -1;
  renderer->boxes = overlay_face_boxes_new ();
  renderer->labels = overlay_face_labels_new (renderer->text);
  renderer->pieces = g_array_new (FALSE, FALSE, sizeof (OverlayPiece));
  renderer->squeezer = overlay_squeezer_new ();
  return renderer;
}

void
overlay_renderer_free (OverlayRenderer *renderer)
{
  overlay_panel_free (renderer->panel);
  overlay_heatmap_free (renderer->heatmap);
  overlay_face_stabilizer_free (renderer->stabilizer);
  g_clear_pointer (&renderer->heatmap_surface, cairo_surface_destroy);
  overlay_face_boxes_free (renderer->boxes);
  overlay_face_labels_free (renderer->labels);
  g_array_unref (renderer->pieces);
  overlay_squeezer_free (renderer->squeezer);
  overlay_text_free (renderer->text);
  g_free (renderer);
}

void
overlay_renderer_reset (OverlayRenderer *renderer)
{
  g_return_if_fail (renderer != NULL);

  overlay_panel_reset (renderer->panel);
  overlay_heatmap_reset (renderer->heatmap);
  overlay_face_stabilizer_reset (renderer->stabilizer);
  renderer->time = -1;
}

/* Returns the seconds since the last frame, or those of a usual frame if they
 * are unknown. */
static gdouble
take_time (OverlayRenderer *renderer, gint64 time)
{
  gdouble elapsed = OVERLAY_USUAL_FRAME_TIME;

  if (time >= 0 && time < renderer->time)
    overlay_renderer_reset (renderer);
  if (renderer->time >= 0 && time >= 0)
    elapsed = MIN ((gdouble) (time - renderer->time) / 1e9, MAX_FRAME_TIME);
  renderer->time = time;
  return elapsed;
}

/* Returns NULL if there is no map to show. */
static OverlayHeatmap *
update_heatmap (OverlayRenderer *renderer, const OverlayScene *scene,
    const OverlayStyle *style, gdouble elapsed)
{
  if (scene->result == NULL || scene->result->explanation == NULL
      || overlay_scene_get_main_face (scene) == NULL)
    return NULL;
  overlay_heatmap_update (renderer->heatmap, scene->result->explanation,
      scene->faces[scene->main_face].id,
      style->cam_colormap == OVERLAY_COLORMAP_SIGNED,
      style->smoothing > 0.0
          ? overlay_smoothing_get_part (HEATMAP_PART, elapsed)
          : 1.0);
  return renderer->heatmap;
}

/* The map covers the part of the picture that the network saw, which need not
 * be the face's box. */
static void
add_heatmap (OverlayRenderer *renderer, const ImageCanvas *canvas,
    const OverlayFace *face, const ClassifierView *view,
    const OverlayStyle *style)
{
  const Rect seen = rect_apply_margins (&face->box, &view->seen);
  OverlayPixels pixels, part;
  OverlayPiece piece;
  Rect box, corner;

  if (!rect_clip_outset (&seen, 0, canvas->width, canvas->height, &piece.rect))
    return;
  overlay_drawing_grow_surface (&renderer->heatmap_surface, piece.rect.width,
      piece.rect.height);
  cairo_surface_flush (renderer->heatmap_surface);
  overlay_pixels_from_surface (&pixels, renderer->heatmap_surface);
  corner = (Rect) { 0, 0, piece.rect.width, piece.rect.height };
  part = overlay_pixels_get_part (&pixels, &corner);
  box = rect_apply_margins (&face->box, &view->maps);
  box.x -= piece.rect.x;
  box.y -= piece.rect.y;
  overlay_heatmap_draw (renderer->heatmap, &part, &box, style->cam_colormap,
      style->opacity, FALSE);
  cairo_surface_mark_dirty (renderer->heatmap_surface);
  overlay_drawing_renew_serial (renderer->heatmap_surface);
  piece.surface = renderer->heatmap_surface;
  g_array_append_val (renderer->pieces, piece);
}

/* If the stabilizer keeps a label that differs from that of the network, the
 * scene gets a copy of its result, in @result, that agrees with the label. */
static void
smooth_faces (OverlayRenderer *renderer, OverlayScene *scene,
    ClassifierResult *result, gdouble elapsed)
{
  const OverlayFace *face;
  const gchar *const *labels;
  const gchar *label;
  guint winner;

  scene->faces = overlay_face_stabilizer_run (renderer->stabilizer,
      scene->faces, scene->n_faces, elapsed);
  face = overlay_scene_get_main_face (scene);
  if (scene->result == NULL || face == NULL
      || scene->result->description->kind != CNN_PREDICTION_CLASSES
      || scene->result->description->n_classes != 2)
    return;
  if (scene->main_attribute >= face->n_attributes)
    return;
  label = face->attributes[scene->main_attribute].label;
  winner = scene->result->winner;
  labels = scene->result->description->labels;
  if (g_strcmp0 (label, labels[winner]) == 0
      || g_strcmp0 (label, labels[1 - winner]) != 0)
    return;
  *result = *scene->result;
  result->winner = 1 - winner;
  scene->result = result;
}

static void
add_boxes (OverlayRenderer *renderer, const ImageCanvas *canvas,
    const OverlayScene *scene)
{
  for (guint i = 0; i < renderer->ranking.n_faces; i++) {
    const guint index = renderer->ranking.order[i];
    const OverlayFace *face = &scene->faces[index];

    if (!face->is_drawn)
      overlay_face_boxes_add (renderer->boxes, canvas->width, canvas->height,
          face, (gint) index == scene->main_face, renderer->pieces);
  }
}

/* @scene and all that is drawn are on @canvas. */
static void
draw_pieces (OverlayRenderer *renderer, const ImageCanvas *canvas,
    OverlayScene *scene, const OverlayStyle *style)
{
  const OverlayLayout layout = style->draw_maps ? style->layout
                                                : OVERLAY_LAYOUT_NONE;
  const gdouble elapsed = take_time (renderer, scene->time);
  ClassifierResult result;
  OverlayPiece panel;
  OverlayHeatmap *heatmap;
  gboolean has_panel;

  if (style->smoothing > 0.0)
    smooth_faces (renderer, scene, &result, elapsed);
  heatmap = update_heatmap (renderer, scene, style, elapsed);
  has_panel = (layout == OVERLAY_LAYOUT_DOCK || layout == OVERLAY_LAYOUT_BESIDE)
      && overlay_panel_render (renderer->panel, canvas->width, canvas->height,
          scene, style, heatmap, elapsed, &panel);
  overlay_scene_rank_faces (scene, &renderer->ranking);
  if (heatmap != NULL
      && (layout == OVERLAY_LAYOUT_DOCK || layout == OVERLAY_LAYOUT_FACE))
    add_heatmap (renderer, canvas, &scene->faces[scene->main_face],
        &scene->result->view, style);
  if (style->draw_boxes)
    add_boxes (renderer, canvas, scene);
  if (style->draw_labels)
    overlay_face_labels_add (renderer->labels, canvas->width, canvas->height,
        scene, &renderer->ranking, style, has_panel ? &panel.rect : NULL,
        renderer->pieces);
  /* on top of everything else, so that nothing covers the maps */
  if (has_panel)
    g_array_append_val (renderer->pieces, panel);
}

guint
overlay_renderer_get_page (const OverlayRenderer *renderer)
{
  return overlay_panel_get_page (renderer->panel);
}

const OverlayPiece *
overlay_renderer_render (OverlayRenderer *renderer, gint width, gint height,
    const OverlayScene *scene, const OverlayStyle *style, guint *n_pieces)
{
  OverlayPiece *pieces;
  OverlayScene shown;
  ImageCanvas canvas;

  g_return_val_if_fail (n_pieces != NULL, NULL);
  *n_pieces = 0;
  g_return_val_if_fail (renderer != NULL, NULL);
  g_return_val_if_fail (width >= 16 && height >= 16, NULL);
  g_return_val_if_fail (scene != NULL && overlay_scene_is_valid (scene), NULL);
  g_return_val_if_fail (style != NULL, NULL);

  g_array_set_size (renderer->pieces, 0);
  image_canvas_init (&canvas, width, height, scene->pixel_aspect);
  shown = *scene;
  if (!image_canvas_is_frame (&canvas))
    overlay_squeezer_place (renderer->squeezer, &canvas, &shown);
  draw_pieces (renderer, &canvas, &shown, style);

  *n_pieces = renderer->pieces->len;
  pieces = (OverlayPiece *) (gpointer) renderer->pieces->data;
  if (!image_canvas_is_frame (&canvas))
    overlay_squeezer_squeeze (renderer->squeezer, &canvas, pieces, *n_pieces);
  return pieces;
}

gint
overlay_renderer_get_beside_width (gint width, gint height,
    gdouble pixel_aspect)
{
  ImageCanvas canvas;

  image_canvas_init (&canvas, width, height, pixel_aspect);
  return overlay_squeezer_get_beside_width (&canvas);
}
