/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>

#include "classifier/result.h"
#include "heatmap/colormap.h"
#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * HeatmapLayer:
 * @name: what the heading calls it, such as "conv2d_1"
 * @maps: what is shown
 * @result: (nullable): what the layer is part of, for the marks of its channels
 *
 * A layer as it is shown. A vector, such as the output of a dense layer, is
 * 1 x 1 x channels.
 */
typedef struct {
  const gchar *name;
  const CnnLayerMaps *maps;
  const ClassifierResult *result;
} HeatmapLayer;

/* Returns: (nullable): what each channel adds to the score that is explained */
static inline const gfloat *
heatmap_layer_get_contributions (const HeatmapLayer *layer)
{
  return layer->result
      ? classifier_result_get_contributions (layer->result, layer->maps)
      : NULL;
}

/**
 * HeatmapAttribute:
 * @name: (nullable): what is told, such as "gender"
 * @label: (nullable): the predicted label, such as "Female"
 * @confidence: of the label, 0..1, or a negative number when there is none
 * @other_label: (nullable): the other label, where there are just two
 * @has_change: whether channels are knocked out
 * @change: what that adds to the confidence of the label
 *
 * What one network says of a region, or what a detector calls it.
 */
typedef struct {
  const gchar *name;
  const gchar *label;
  gdouble confidence;
  const gchar *other_label;
  gboolean has_change;
  gdouble change;
} HeatmapAttribute;

/**
 * HeatmapFace:
 * @box: in frame pixels; may reach outside the frame
 * @id: the tracked id, or -1 when there is none
 * @attributes: (array length=n_attributes): in the order in which they are
 *   written, one below the other
 * @is_drawn: whether somebody else has drawn its box and what else is known of
 *   it
 *
 * A region with all that is known of it.
 */
typedef struct {
  ImageRect box;
  gint id;
  const HeatmapAttribute *attributes;
  guint n_attributes;
  gboolean is_drawn;
} HeatmapFace;

/**
 * HeatmapScene:
 * @title: what the panel says at its top
 * @faces: (array length=n_faces): all regions of the frame
 * @main_face: index of the face whose maps @layers holds; -1 when there is none
 * @main_attribute: index of the attribute of that face that @result is of
 * @result: (nullable): what a network makes of the main face
 * @layers: (array length=n_layers): in the order in which they are shown
 * @enlarged_layer: index of the layer that has a channel shown large; -1 for
 *   none
 * @enlarged_channel: that channel
 * @taken: (array length=n_taken): what somebody else has drawn on the frame,
 *   such as the labels and the panel of an earlier overlay: labels and a dock
 *   keep clear of it
 * @picture: (nullable): the frame, to show the main face from
 * @pixel_aspect: of the frame, as in #ImageFrame
 * @time: of the frame, in nanoseconds, or -1 when it is not known
 * @frame_rate: frames per second to tell, or 0
 * @full_frame_rate: how many there should be, or 0; told where many are missing
 *
 * All that one frame shows. Borrowed for the time of a call.
 */
typedef struct {
  const gchar *title;
  const HeatmapFace *faces;
  guint n_faces;
  gint main_face;
  guint main_attribute;
  const ClassifierResult *result;
  const HeatmapLayer *layers;
  guint n_layers;
  gint enlarged_layer;
  gint enlarged_channel;
  const ImageRect *taken;
  guint n_taken;
  const ImageFrame *picture;
  gdouble pixel_aspect;
  gint64 time;
  gdouble frame_rate;
  gdouble full_frame_rate;
} HeatmapScene;

/**
 * HEATMAP_SCENE_INIT:
 *
 * An empty scene.
 */
#define HEATMAP_SCENE_INIT                            \
  {                                                   \
    .main_face = -1, .enlarged_layer = -1, .time = -1 \
  }

/**
 * HeatmapLayout:
 * @HEATMAP_LAYOUT_DOCK: a panel over the picture, in the corner where it covers
 *   least of the faces
 * @HEATMAP_LAYOUT_BESIDE: a panel right of the picture, in a wider frame
 * @HEATMAP_LAYOUT_FACE: no panel; the class activation map on the face
 * @HEATMAP_LAYOUT_NONE: neither
 */
typedef enum {
  HEATMAP_LAYOUT_DOCK,
  HEATMAP_LAYOUT_BESIDE,
  HEATMAP_LAYOUT_FACE,
  HEATMAP_LAYOUT_NONE
} HeatmapLayout;

/**
 * HeatmapScaling:
 * @HEATMAP_SCALING_MAP: each map from its least to its greatest value
 * @HEATMAP_SCALING_LAYER: each layer; see heatmap_layer_state_get_range()
 * @HEATMAP_SCALING_FIXED: from range_minimum to range_maximum
 *
 * What the ends of the colormap stand for.
 */
typedef enum {
  HEATMAP_SCALING_MAP,
  HEATMAP_SCALING_LAYER,
  HEATMAP_SCALING_FIXED
} HeatmapScaling;

/**
 * HeatmapLabelContent:
 * @HEATMAP_LABEL_AUTO: the label and its confidence; also the id where there are
 *   several faces or nothing else to tell, and the attribute where there are
 *   several
 * @HEATMAP_LABEL_ID: the id of the face
 * @HEATMAP_LABEL_ATTRIBUTE: the name of each attribute
 * @HEATMAP_LABEL_LABEL: the label of each attribute
 * @HEATMAP_LABEL_CONFIDENCE: its confidence, also as a bar, and what knock-outs
 *   change of it
 *
 * What is written beside a face.
 */
typedef enum { /*< flags >*/
  HEATMAP_LABEL_AUTO = 0,
  HEATMAP_LABEL_ID = 1 << 0,
  HEATMAP_LABEL_ATTRIBUTE = 1 << 1,
  HEATMAP_LABEL_LABEL = 1 << 2,
  HEATMAP_LABEL_CONFIDENCE = 1 << 3
} HeatmapLabelContent;

/**
 * HEATMAP_MAX_BOXES:
 *
 * So many faces get a box, and HEATMAP_MAX_LABELS of them a label: the main one,
 * then the largest.
 */
#define HEATMAP_MAX_BOXES 512
#define HEATMAP_MAX_LABELS 256

/**
 * HeatmapStyle:
 * @draw_maps: FALSE is as %HEATMAP_LAYOUT_NONE
 * @label_size: of the text beside faces, in pixels; 0 for one that suits the
 *   frame
 * @cam_colormap: of the class activation map; %HEATMAP_COLORMAP_SIGNED shows the
 *   evidence for and against instead
 * @opacity: of what is strongest in the class activation map on the face
 * @panel_opacity: of a dock's background
 * @scaling_exponent: see heatmap_layer_state_get_range()
 * @gamma: exponent of the values, 0 to 1, that are coloured; below 1 shows weak
 *   responses better
 * @smoothing: seconds until a range has mostly fallen; 0 switches all smoothing
 *   off, also that of boxes, labels and the class activation map
 * @page: which one to show, from 1; 0 shows one after the other
 * @page_time: seconds that each is shown then
 */
typedef struct {
  HeatmapColormap colormap;
  gboolean draw_boxes;
  gboolean draw_labels;
  gboolean draw_maps;
  guint label_size;
  HeatmapLabelContent label_content;
  HeatmapLayout layout;
  HeatmapColormap cam_colormap;
  gdouble opacity;
  gdouble panel_opacity;
  HeatmapScaling scaling;
  gdouble scaling_exponent;
  gdouble range_minimum;
  gdouble range_maximum;
  gdouble gamma;
  gdouble smoothing;
  guint page;
  gdouble page_time;
} HeatmapStyle;

/**
 * HEATMAP_STYLE_INIT:
 *
 * The usual style.
 */
#define HEATMAP_STYLE_INIT                                                 \
  {                                                                        \
    .colormap = HEATMAP_COLORMAP_YLGNBU, .draw_boxes = TRUE,               \
    .draw_labels = TRUE, .draw_maps = TRUE, .layout = HEATMAP_LAYOUT_DOCK, \
    .cam_colormap = HEATMAP_COLORMAP_INFERNO, .opacity = 0.55,             \
    .panel_opacity = 0.8, .scaling = HEATMAP_SCALING_MAP,                  \
    .scaling_exponent = 0.0, .range_minimum = 0.0, .range_maximum = 1.0,   \
    .gamma = 1.0, .smoothing = 1.0, .page = 0, .page_time = 4.0            \
  }

/**
 * HeatmapPiece:
 * @rect: where it lies, wholly inside the frame, in frame pixels
 * @surface: CAIRO_FORMAT_ARGB32, flushed; its top left part, of the size of
 *   @rect, is what counts
 *
 * A part of the drawing. Pieces do not cover each other's opaque parts in any
 * order that matters; composite them first to last.
 */
typedef struct {
  ImageRect rect;
  cairo_surface_t *surface;
} HeatmapPiece;

/**
 * heatmap_piece_get_serial:
 *
 * Returns: a number that stays the same while the pixels of @piece do, so that
 *   copies of them may be kept; 0 when they must not be
 */
gsize heatmap_piece_get_serial (const HeatmapPiece *piece);

typedef struct _HeatmapRenderer HeatmapRenderer;

/**
 * heatmap_renderer_new:
 *
 * Draws the boxes, label plates, class activation map and the panel of activation
 * maps. It keeps its surfaces from frame to frame, so that nothing is allocated
 * while the layout stays the same. It serves one thread at a time.
 *
 * Returns: (transfer full): free with heatmap_renderer_free()
 */
HeatmapRenderer *heatmap_renderer_new (void);

void heatmap_renderer_free (HeatmapRenderer *renderer);

/**
 * heatmap_renderer_render:
 * @width: of the picture, in pixels, at least 16
 * @height: of the picture, in pixels, at least 16
 * @scene: what to show
 * @style: how
 * @n_pieces: (out): how many pieces there are; 0 when nothing is to be drawn
 *
 * All is drawn in the proportions in which the frame is displayed, and then
 * brought to its pixels. Without a main face only the title is drawn. The frame
 * is wider than the picture in %HEATMAP_LAYOUT_BESIDE: see
 * heatmap_renderer_get_beside_width().
 *
 * Returns: (array length=n_pieces) (transfer none): valid until the next call
 */
const HeatmapPiece *heatmap_renderer_render (HeatmapRenderer *renderer,
    gint width, gint height, const HeatmapScene *scene,
    const HeatmapStyle *style, guint *n_pieces);

/**
 * heatmap_renderer_get_page:
 *
 * Returns: the page that the panel showed last, from 1
 */
guint heatmap_renderer_get_page (const HeatmapRenderer *renderer);

/**
 * heatmap_renderer_reset:
 *
 * Forgets what is known from earlier frames, as after a seek.
 */
void heatmap_renderer_reset (HeatmapRenderer *renderer);

/**
 * heatmap_renderer_get_beside_width:
 * @width: of the picture, in pixels of the frame
 * @height: likewise
 * @pixel_aspect: of the frame
 *
 * Returns: of the panel beside the picture, in pixels of the frame. It begins
 *   at the next even column, so that no sample of chroma belongs to both.
 */
gint heatmap_renderer_get_beside_width (gint width, gint height,
    gdouble pixel_aspect);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeatmapRenderer, heatmap_renderer_free)

G_END_DECLS
