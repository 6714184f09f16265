/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>

#include "classifier/result.h"
#include "image/image-frame.h"
#include "overlay/colormap.h"

G_BEGIN_DECLS

/**
 * OverlayLayer:
 * @name: name in the heading, such as "conv2d_1"
 * @maps: maps to show, or the form of the kernels
 * @result: (nullable): result that the layer belongs to, for the marks of its
 *   channels
 * @has_kernels: whether the kernels of @result are shown, in place of maps
 *
 * A layer to show. A vector, such as the output of a dense layer, is
 * 1 x 1 x channels.
 */
typedef struct {
  const gchar *name;
  const CnnLayerMaps *maps;
  const ClassifierResult *result;
  gboolean has_kernels;
} OverlayLayer;

/**
 * overlay_layer_get_contributions:
 *
 * Returns: (nullable): the contribution of each channel to the score that is
 *   explained
 */
const gfloat *overlay_layer_get_contributions (const OverlayLayer *layer);

/**
 * OverlayAttribute:
 * @name: (nullable): name of the attribute, such as "gender"
 * @label: (nullable): predicted label, such as "Female"
 * @confidence: confidence of the label, 0..1, or a negative number for none
 * @threshold: confidence that the label needs, 0..1
 * @other_label: (nullable): the other label, if there are just two
 * @has_change: whether channels are knocked out
 * @change: change of the label's confidence, or of the number, that is due to
 *   the knock-outs
 * @has_number: whether a number is predicted, in place of a label
 * @number: the number
 * @unit: (nullable): its unit
 * @is_continued: whether this is another label of the attribute above
 *
 * A prediction of one network about a region, or the label of a detector.
 */
typedef struct {
  const gchar *name;
  const gchar *label;
  gdouble confidence;
  gdouble threshold;
  const gchar *other_label;
  gboolean has_change;
  gdouble change;
  gboolean has_number;
  gdouble number;
  const gchar *unit;
  gboolean is_continued;
} OverlayAttribute;

/**
 * OverlayFace:
 * @box: box in frame pixels; may exceed the frame
 * @id: tracked id, or -1 if there is none
 * @attributes: (array length=n_attributes): attributes in the order in which
 *   they are shown, one below the other
 * @is_drawn: whether another element has already drawn the box and everything
 *   except @attributes
 *
 * A region with all information about it.
 */
typedef struct {
  Rect box;
  gint id;
  const OverlayAttribute *attributes;
  guint n_attributes;
  gboolean is_drawn;
} OverlayFace;

/**
 * overlay_face_count_names:
 *
 * Returns: the number of different attributes, of which one may have several
 *   labels
 */
guint overlay_face_count_names (const OverlayFace *face);

/**
 * OverlayScene:
 * @title: title of the panel
 * @faces: (array length=n_faces): all regions of the frame
 * @main_face: index of the face to which @layers belong, or -1 for none
 * @main_attribute: index of the main face's attribute to which @result belongs
 * @result: (nullable): result of a network for the main face
 * @input: (nullable): input of that network, to be shown in the colours that
 *   @result describes
 * @layers: (array length=n_layers): layers in the order in which they are shown
 * @enlarged_layer: index of the layer with an enlarged channel, or -1 for none
 * @enlarged_channel: the enlarged channel
 * @focused_layer: index of the layer that is looked at, whose tiles are larger,
 *   or -1 for none
 * @taken: (array length=n_taken): rectangles that others have drawn on the
 *   frame, such as the labels and the panel of an earlier overlay; labels and a
 *   dock keep clear of them
 * @picture: (nullable): the frame, from which the main face is shown
 * @pixel_aspect: pixel aspect ratio of the frame, as in #ImageFrame
 * @time: timestamp of the frame, in nanoseconds, or -1 if unknown
 * @frame_rate: frames per second to show, or 0
 * @full_frame_rate: expected frames per second, or 0; shown if many are missing
 *
 * Everything that is shown in one frame; borrowed for the duration of a call.
 */
typedef struct {
  const gchar *title;
  const OverlayFace *faces;
  guint n_faces;
  gint main_face;
  guint main_attribute;
  const ClassifierResult *result;
  const CnnLayerMaps *input;
  const OverlayLayer *layers;
  guint n_layers;
  gint enlarged_layer;
  gint enlarged_channel;
  gint focused_layer;
  const Rect *taken;
  guint n_taken;
  const ImageFrame *picture;
  gdouble pixel_aspect;
  gint64 time;
  gdouble frame_rate;
  gdouble full_frame_rate;
} OverlayScene;

/**
 * OVERLAY_SCENE_INIT:
 *
 * An empty scene.
 */
#define OVERLAY_SCENE_INIT                                                 \
  {                                                                        \
    .main_face = -1, .enlarged_layer = -1, .focused_layer = -1, .time = -1 \
  }

/**
 * overlay_scene_is_valid:
 *
 * Returns: whether all layers have maps or kernels, the input has values, and
 *   the enlarged channel exists
 */
gboolean overlay_scene_is_valid (const OverlayScene *scene);

/**
 * overlay_scene_get_main_face:
 *
 * Returns: (nullable) (transfer none): the face whose maps are shown
 */
const OverlayFace *overlay_scene_get_main_face (const OverlayScene *scene);

/**
 * OVERLAY_MAX_BOXES:
 *
 * The maximum number of faces that get a box. At most OVERLAY_MAX_LABELS of
 * them also get a label. The main face comes first, then the largest ones.
 */
#define OVERLAY_MAX_BOXES 512
#define OVERLAY_MAX_LABELS 256

/**
 * OverlayFaceRanking:
 * @order: indices of the faces, the most important one first
 * @n_faces: number of faces
 *
 * The faces of a scene that are marked.
 */
typedef struct {
  guint order[OVERLAY_MAX_BOXES];
  guint n_faces;
} OverlayFaceRanking;

/**
 * overlay_scene_rank_faces:
 * @ranking: (out): ranking of the scene's faces
 *
 * Ranks the main face first. The others are ranked by the number of binary
 * digits of their area, the largest first; faces with the same number keep the
 * order of the scene, so that faces of similar size do not keep swapping
 * places.
 */
void overlay_scene_rank_faces (const OverlayScene *scene,
    OverlayFaceRanking *ranking);

/**
 * OverlayLayout:
 * @OVERLAY_LAYOUT_DOCK: a panel over the picture, in the corner where it covers
 *   least of the faces
 * @OVERLAY_LAYOUT_BESIDE: a panel right of the picture, in a wider frame
 * @OVERLAY_LAYOUT_FACE: no panel; the class activation map on the face
 * @OVERLAY_LAYOUT_NONE: neither
 */
typedef enum {
  OVERLAY_LAYOUT_DOCK,
  OVERLAY_LAYOUT_BESIDE,
  OVERLAY_LAYOUT_FACE,
  OVERLAY_LAYOUT_NONE,
  OVERLAY_N_LAYOUTS
} OverlayLayout;

/**
 * OverlayScaling:
 * @OVERLAY_SCALING_INSIDE: the inside of each map, without outliers; see
 *   overlay_map_range_measure_inside()
 * @OVERLAY_SCALING_MAP: least and greatest value of each map
 * @OVERLAY_SCALING_LAYER: per layer; see overlay_layer_state_get_range()
 * @OVERLAY_SCALING_FIXED: range_minimum and range_maximum of the style
 *
 * The values at the ends of the colormap.
 */
typedef enum {
  OVERLAY_SCALING_INSIDE,
  OVERLAY_SCALING_MAP,
  OVERLAY_SCALING_LAYER,
  OVERLAY_SCALING_FIXED,
  OVERLAY_N_SCALINGS
} OverlayScaling;

/**
 * OverlayLabelContent:
 * @OVERLAY_LABEL_AUTO: the label and its confidence; also the id if there are
 *   several faces or nothing else is known, and the attribute if there are
 *   several or it is a number
 * @OVERLAY_LABEL_ID: the id of the face
 * @OVERLAY_LABEL_ATTRIBUTE: the name of each attribute
 * @OVERLAY_LABEL_LABEL: the label of each attribute, or its number
 * @OVERLAY_LABEL_CONFIDENCE: the confidence of each label, also as a bar, and
 *   its change by knock-outs
 *
 * The parts of a label beside a face.
 */
typedef enum { /*< flags >*/
  OVERLAY_LABEL_AUTO = 0,
  OVERLAY_LABEL_ID = 1 << 0,
  OVERLAY_LABEL_ATTRIBUTE = 1 << 1,
  OVERLAY_LABEL_LABEL = 1 << 2,
  OVERLAY_LABEL_CONFIDENCE = 1 << 3
} OverlayLabelContent;

/**
 * OverlayStyle:
 * @draw_maps: whether to draw maps; %FALSE acts like %OVERLAY_LAYOUT_NONE
 * @label_size: text size of labels, in pixels; 0 chooses one for the frame
 * @cam_colormap: colormap of the class activation map;
 *   %OVERLAY_COLORMAP_SIGNED shows the evidence for and against instead
 * @opacity: opacity of the strongest values of the class activation map
 * @panel_opacity: opacity of a dock's background
 * @scaling_exponent: see overlay_layer_state_get_range()
 * @gamma: exponent for values of 0 to 1 before they are coloured; an exponent
 *   below 1 emphasises weak responses
 * @smoothing: time constant, in seconds, with which ranges shrink; 0 turns all
 *   smoothing off, including that of boxes, labels and the class activation map
 * @page: number of the page to show, from 1; 0 shows all pages in turn
 * @page_time: seconds for which each page is shown in turn
 */
typedef struct {
  OverlayColormap colormap;
  gboolean draw_boxes;
  gboolean draw_labels;
  gboolean draw_maps;
  guint label_size;
  OverlayLabelContent label_content;
  OverlayLayout layout;
  OverlayColormap cam_colormap;
  gdouble opacity;
  gdouble panel_opacity;
  OverlayScaling scaling;
  gdouble scaling_exponent;
  gdouble range_minimum;
  gdouble range_maximum;
  gdouble gamma;
  gdouble smoothing;
  guint page;
  gdouble page_time;
} OverlayStyle;

/**
 * OVERLAY_STYLE_INIT:
 *
 * The default style.
 */
#define OVERLAY_STYLE_INIT                                                 \
  {                                                                        \
    .colormap = OVERLAY_COLORMAP_YLGNBU, .draw_boxes = TRUE,               \
    .draw_labels = TRUE, .draw_maps = TRUE, .layout = OVERLAY_LAYOUT_DOCK, \
    .cam_colormap = OVERLAY_COLORMAP_INFERNO, .opacity = 0.55,             \
    .panel_opacity = 0.8, .scaling = OVERLAY_SCALING_INSIDE,               \
    .scaling_exponent = 0.0, .range_minimum = 0.0, .range_maximum = 1.0,   \
    .gamma = 1.0, .smoothing = 1.0, .page = 0, .page_time = 4.0            \
  }

/**
 * OverlayPiece:
 * @rect: place of the piece in frame pixels, completely inside the frame
 * @surface: flushed surface in CAIRO_FORMAT_ARGB32, of which the top left part,
 *   of the size of @rect, is used
 *
 * A part of the drawing. Composite pieces from first to last.
 */
typedef struct {
  Rect rect;
  cairo_surface_t *surface;
} OverlayPiece;

/**
 * overlay_piece_get_serial:
 *
 * Returns: a number that stays the same as long as the pixels of @piece do, so
 *   that copies of them can be cached; 0 if they must not be cached
 */
gsize overlay_piece_get_serial (const OverlayPiece *piece);

G_END_DECLS
