/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>

#include "heatmap/colormap.h"
#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * HeatmapLayer:
 * @name: what the heading calls it, such as "conv2d_1"
 * @height: of each map, in cells
 * @width: of each map, in cells
 * @channels: number of maps
 * @data: height x width x channels floats, NHWC
 *
 * The activations of one layer. A vector, such as the output of a dense layer,
 * is 1 x 1 x channels.
 */
typedef struct {
  const gchar *name;
  gint height;
  gint width;
  gint channels;
  const gfloat *data;
} HeatmapLayer;

/**
 * HeatmapFace:
 * @box: in frame pixels; may reach outside the frame
 * @id: the tracked id, or -1 when there is none
 * @label: (nullable): the predicted label, such as "Female"
 * @confidence: of the label, 0..1, or a negative number when there is none
 *
 * A region with its prediction.
 */
typedef struct {
  ImageRect box;
  gint id;
  const gchar *label;
  gdouble confidence;
} HeatmapFace;

/**
 * HeatmapScene:
 * @title: what the dock says at its top
 * @faces: (array length=n_faces): all regions of the frame
 * @main_face: index of the face whose maps @layers holds; -1 when there is none
 * @layers: (array length=n_layers): in the order in which they are shown
 *
 * All that one frame shows. Borrowed for the time of a call.
 */
typedef struct {
  const gchar *title;
  const HeatmapFace *faces;
  guint n_faces;
  gint main_face;
  const HeatmapLayer *layers;
  guint n_layers;
} HeatmapScene;

/**
 * HeatmapStyle:
 * @draw_maps: the dock: title and the grid of each layer
 */
typedef struct {
  HeatmapColormap colormap;
  gboolean draw_boxes;
  gboolean draw_labels;
  gboolean draw_maps;
} HeatmapStyle;

/**
 * HeatmapPiece:
 * @rect: where it lies, wholly inside the frame, in frame pixels
 * @surface: CAIRO_FORMAT_ARGB32, flushed, of the size of @rect
 *
 * A part of the drawing. Pieces do not cover each other's opaque parts in any
 * order that matters; composite them first to last.
 */
typedef struct {
  ImageRect rect;
  cairo_surface_t *surface;
} HeatmapPiece;

typedef struct _HeatmapRenderer HeatmapRenderer;

/**
 * heatmap_renderer_new:
 *
 * Draws the boxes, label plates and the dock of activation maps. It keeps its
 * surfaces from frame to frame, so that nothing is allocated while the layout
 * stays the same. It serves one thread at a time.
 *
 * Returns: (transfer full): free with heatmap_renderer_free()
 */
HeatmapRenderer *heatmap_renderer_new (void);

void heatmap_renderer_free (HeatmapRenderer *renderer);

/**
 * heatmap_renderer_render:
 * @width: of the frame, in pixels, at least 16
 * @height: of the frame, in pixels, at least 16
 * @scene: what to show
 * @style: how
 * @n_pieces: (out): how many pieces there are; 0 when nothing is to be drawn
 *
 * Without a main face only the title is drawn.
 *
 * Returns: (array length=n_pieces) (transfer none): valid until the next call
 */
const HeatmapPiece *heatmap_renderer_render (HeatmapRenderer *renderer,
    gint width, gint height, const HeatmapScene *scene,
    const HeatmapStyle *style, guint *n_pieces);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeatmapRenderer, heatmap_renderer_free)

G_END_DECLS
