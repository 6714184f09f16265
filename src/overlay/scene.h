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
} OverlayLayer;

/**
 * overlay_layer_get_contributions:
 *
 * Returns: (nullable): for each channel, what it adds to the score that is
 *   explained
 */
const gfloat *overlay_layer_get_contributions (const OverlayLayer *layer);

/**
 * OverlayAttribute:
 * @name: (nullable): what it is, such as "gender"
 * @label: (nullable): the predicted label, such as "Female"
 * @confidence: of the label, 0..1, or a negative number when there is none
 * @other_label: (nullable): the other label, where there are just two
 * @has_change: whether channels are knocked out
 * @change: what that adds to the confidence of the label
 *
 * What one network says about a region, or what a detector calls it.
 */
typedef struct {
  const gchar *name;
  const gchar *label;
  gdouble confidence;
  const gchar *other_label;
  gboolean has_change;
  gdouble change;
} OverlayAttribute;

/**
 * OverlayFace:
 * @box: in frame pixels; may reach outside the frame
 * @id: the tracked id, or -1 when there is none
 * @attributes: (array length=n_attributes): in the order in which they are
 *   written, one below the other
 * @is_drawn: whether somebody else has drawn its box, and all but @attributes
 *
 * A region with all that is known about it.
 */
typedef struct {
  Rect box;
  gint id;
  const OverlayAttribute *attributes;
  guint n_attributes;
  gboolean is_drawn;
} OverlayFace;

/**
 * OverlayScene:
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
 * @frame_rate: frames per second to show, or 0
 * @full_frame_rate: how many there should be, or 0; shown where many are
 *   missing
 *
 * All that one frame shows; borrowed for the duration of a call.
 */
typedef struct {
  const gchar *title;
  const OverlayFace *faces;
  guint n_faces;
  gint main_face;
  guint main_attribute;
  const ClassifierResult *result;
  const OverlayLayer *layers;
  guint n_layers;
  gint enlarged_layer;
  gint enlarged_channel;
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
#define OVERLAY_SCENE_INIT                            \
  {                                                   \
    .main_face = -1, .enlarged_layer = -1, .time = -1 \
  }

/**
 * overlay_scene_is_valid:
 *
 * Returns: whether all layers hold maps, and the enlarged channel is one of
 *   them
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
 * So many faces get a box, and OVERLAY_MAX_LABELS of them a label: the main
 * one, then the largest.
 */
#define OVERLAY_MAX_BOXES 512
#define OVERLAY_MAX_LABELS 256

/**
 * OverlayFaceRanking:
 * @order: indices of faces, the most important first
 * @n_faces: how many
 *
 * The faces of a scene that are marked.
 */
typedef struct {
  guint order[OVERLAY_MAX_BOXES];
  guint n_faces;
} OverlayFaceRanking;

/**
 * overlay_scene_rank_faces:
 * @ranking: (out):
 *
 * The main face comes first; then the others by the number of binary digits of
 * their area, the largest first, and in the order of the scene where it is the
 * same, so that faces of similar size do not change places all the time.
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
 * @OVERLAY_SCALING_MAP: each map from its least to its greatest value
 * @OVERLAY_SCALING_LAYER: each layer; see overlay_layer_state_get_range()
 * @OVERLAY_SCALING_FIXED: from range_minimum to range_maximum
 *
 * What the ends of the colormap stand for.
 */
typedef enum {
  OVERLAY_SCALING_MAP,
  OVERLAY_SCALING_LAYER,
  OVERLAY_SCALING_FIXED
} OverlayScaling;

/**
 * OverlayLabelContent:
 * @OVERLAY_LABEL_AUTO: the label and its confidence; also the id where there
 *   are several faces or nothing else is known, and the attribute where there
 *   are several
 * @OVERLAY_LABEL_ID: the id of the face
 * @OVERLAY_LABEL_ATTRIBUTE: the name of each attribute
 * @OVERLAY_LABEL_LABEL: the label of each attribute
 * @OVERLAY_LABEL_CONFIDENCE: its confidence, also as a bar, and what knock-outs
 *   change of it
 *
 * What is written beside a face.
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
 * @draw_maps: FALSE is as %OVERLAY_LAYOUT_NONE
 * @label_size: of the text beside faces, in pixels; 0 for one that suits the
 *   frame
 * @cam_colormap: of the class activation map; %OVERLAY_COLORMAP_SIGNED shows
 *   the evidence for and against instead
 * @opacity: of what is strongest in the class activation map on the face
 * @panel_opacity: of a dock's background
 * @scaling_exponent: see overlay_layer_state_get_range()
 * @gamma: exponent of the values, 0 to 1, that are coloured; below 1 shows weak
 *   responses better
 * @smoothing: seconds until a range has mostly fallen; 0 switches all smoothing
 *   off, also that of boxes, labels and the class activation map
 * @page: which one to show, from 1; 0 shows one after the other
 * @page_time: seconds that each is shown then
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
 * The usual style.
 */
#define OVERLAY_STYLE_INIT                                                 \
  {                                                                        \
    .colormap = OVERLAY_COLORMAP_YLGNBU, .draw_boxes = TRUE,               \
    .draw_labels = TRUE, .draw_maps = TRUE, .layout = OVERLAY_LAYOUT_DOCK, \
    .cam_colormap = OVERLAY_COLORMAP_INFERNO, .opacity = 0.55,             \
    .panel_opacity = 0.8, .scaling = OVERLAY_SCALING_MAP,                  \
    .scaling_exponent = 0.0, .range_minimum = 0.0, .range_maximum = 1.0,   \
    .gamma = 1.0, .smoothing = 1.0, .page = 0, .page_time = 4.0            \
  }

/**
 * OverlayPiece:
 * @rect: where it lies, wholly inside the frame, in frame pixels
 * @surface: CAIRO_FORMAT_ARGB32, flushed; its top left part, of the size of
 *   @rect, is what counts
 *
 * A part of the drawing. Pieces do not cover each other's opaque parts in any
 * order that matters; composite them first to last.
 */
typedef struct {
  Rect rect;
  cairo_surface_t *surface;
} OverlayPiece;

/**
 * overlay_piece_get_serial:
 *
 * Returns: a number that stays the same while the pixels of @piece do, so that
 *   copies of them may be kept; 0 when they must not be
 */
gsize overlay_piece_get_serial (const OverlayPiece *piece);

G_END_DECLS
