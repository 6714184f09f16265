/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-activationoverlay
 * @title: activationoverlay
 *
 * Draws what the metadata of a video frame says: the box and the label of each
 * #GstActivationMeta, the boxes of all other #GstVideoRegionOfInterestMeta, and
 * in a panel the activation maps of one region, one tile a channel. The panel
 * lies over the picture (#GstActivationOverlay:layout `dock`), where it moves to
 * the corner in which it covers least of the regions, or beside it (`beside`),
 * for which the frame is made wider. What does not fit the panel at a readable
 * size is shown on further pages.
 *
 * Marks: a dot for a channel without a response now, hatching for one that has
 * had none for 300 frames, a red cross for one that was knocked out, a border
 * for the five that contribute most to the explained score (orange for it, blue
 * against it).
 *
 * All is drawn in the proportions in which the frame is displayed, also where
 * its pixels are not square.
 *
 * Only what is drawn is touched, in the frame's own pixel format. Where
 * downstream takes #GstVideoOverlayCompositionMeta, the drawing is attached
 * instead, except beside the picture.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 v4l2src ! videoconvert ! facetracker ! cnninference !
 *     activationoverlay colormap=viridis ! videoconvert ! autovideosink
 * ]|
 */

#include "gstactivationoverlay.h"

#include "drawnmeta.h"
#include "image/image-canvas.h"
#include "image/image-composite.h"
#include "image/image-copy.h"
#include "overlayscene.h"
#include "piececomposition.h"
#include "streamclock.h"
#include "syncvalues.h"
#include "videoframe.h"
#include "videometa.h"

GST_DEBUG_CATEGORY_STATIC (gst_activation_overlay_debug);
#define GST_CAT_DEFAULT gst_activation_overlay_debug

#define TITLE "Activation maps"
#define DEFAULT_PANEL_FACE (-1)

/* Smaller frames, in pixels, have no room for any drawing. */
#define MIN_FRAME_SIZE 16
/* How often the frame rate is measured. */
#define RATE_INTERVAL (GST_SECOND / 2)
#define DEFAULT_FOLLOW GST_ACTIVATION_FOLLOW_AUTO

static const HeatmapStyle default_style = HEATMAP_STYLE_INIT;

enum {
  PROP_0,
  PROP_LAYOUT,
  PROP_PANEL_MODEL,
  PROP_PANEL_LAYERS,
  PROP_PANEL_FACE,
  PROP_CHANNEL,
  PROP_PAGE,
  PROP_PAGE_TIME,
  PROP_SCALING,
  PROP_SCALING_EXPONENT,
  PROP_RANGE_MINIMUM,
  PROP_RANGE_MAXIMUM,
  PROP_GAMMA,
  PROP_COLORMAP,
  PROP_CAM_COLORMAP,
  PROP_OPACITY,
  PROP_PANEL_OPACITY,
  PROP_SMOOTHING,
  PROP_FOLLOW,
  PROP_DRAW_BOXES,
  PROP_DRAW_LABELS,
  PROP_DRAW_MAPS,
  PROP_LABEL_SIZE,
  PROP_LABEL_CONTENT,
};

struct _GstActivationOverlay {
  GstBaseTransform parent;

  /* properties, under the object lock */
  HeatmapStyle style;
  GstActivationFollow follow;
  gchar *panel_model;
  gchar *panel_layers;
  gint panel_face;
  gchar *channel;
  OverlaySelection *selection; /* made of the four above */

  /* streaming thread */
  GstVideoInfo info;
  GstVideoInfo out_info;       /* wider than @info beside the picture */
  gboolean attaches;           /* a composition, instead of drawing */
  gboolean must_ask;           /* whether downstream takes one */
  OverlaySelection *warned_of; /* (nullable): of which the frames lack some */
  gboolean has_warned;         /* of a buffer that is no frame */
  guint n_written;             /* predictions, on the last frame */
  HeatmapRenderer *renderer;
  OverlayScene *scene;
  StreamClock clock;
  GstClockTime rate_start; /* by the clock */
  guint rate_frames;
  gdouble frame_rate; /* 0 until it is known */

  gint refused; /* atomic: downstream takes the caps but not the meta */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_VIDEO_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_OVERLAY_CAPS));

#define gst_activation_overlay_parent_class parent_class
G_DEFINE_FINAL_TYPE_WITH_CODE (GstActivationOverlay, gst_activation_overlay,
    GST_TYPE_BASE_TRANSFORM,
    GST_DEBUG_CATEGORY_INIT (gst_activation_overlay_debug, "activationoverlay",
        0, "draws activation maps"));
GST_ELEMENT_REGISTER_DEFINE (activationoverlay, "activationoverlay",
    GST_RANK_NONE, GST_TYPE_ACTIVATION_OVERLAY);

GType
gst_activation_overlay_colormap_get_type (void)
{
  static const GEnumValue values[] = {
    { HEATMAP_COLORMAP_YLGNBU, "Dark navy to pale yellow", "ylgnbu" },
    { HEATMAP_COLORMAP_VIRIDIS, "Violet to yellow", "viridis" },
    { HEATMAP_COLORMAP_MAGMA, "Black to pale yellow by violet", "magma" },
    { HEATMAP_COLORMAP_INFERNO, "Black to pale yellow by red", "inferno" },
    { HEATMAP_COLORMAP_PLASMA, "Blue to yellow", "plasma" },
    { HEATMAP_COLORMAP_CIVIDIS, "Blue to yellow, for all colour vision",
        "cividis" },
    { HEATMAP_COLORMAP_TURBO, "Rainbow, smooth", "turbo" },
    { HEATMAP_COLORMAP_JET, "Rainbow, as in old plots", "jet" },
    { HEATMAP_COLORMAP_GRAY, "Black to white", "gray" },
    { HEATMAP_COLORMAP_SIGNED, "Blue below zero, orange above", "signed" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationOverlayColormap", values));
  }
  return (GType) type;
}

GType
gst_activation_overlay_layout_get_type (void)
{
  static const GEnumValue values[] = {
    { HEATMAP_LAYOUT_DOCK, "A panel over the picture, away from the faces",
        "dock" },
    { HEATMAP_LAYOUT_BESIDE, "A panel beside the picture, in a wider frame",
        "beside" },
    { HEATMAP_LAYOUT_FACE, "Only on the face", "face" },
    { HEATMAP_LAYOUT_NONE, "No maps", "none" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationOverlayLayout", values));
  }
  return (GType) type;
}

GType
gst_activation_overlay_scaling_get_type (void)
{
  static const GEnumValue values[] = {
    { HEATMAP_SCALING_MAP, "Each map in its own range", "map" },
    { HEATMAP_SCALING_LAYER, "Each layer in its own range", "layer" },
    { HEATMAP_SCALING_FIXED, "From range-minimum to range-maximum", "fixed" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationOverlayScaling", values));
  }
  return (GType) type;
}

GType
gst_activation_overlay_label_content_get_type (void)
{
  static const GFlagsValue values[] = {
    { HEATMAP_LABEL_AUTO, "What tells faces and attributes apart", "auto" },
    { HEATMAP_LABEL_ID, "The id of the region", "id" },
    { HEATMAP_LABEL_ATTRIBUTE, "The name of each attribute", "attribute" },
    { HEATMAP_LABEL_LABEL, "The label of each attribute", "label" },
    { HEATMAP_LABEL_CONFIDENCE, "The confidence of each label", "confidence" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_flags_register_static ("GstActivationOverlayLabelContent", values));
  }
  return (GType) type;
}

static gboolean
wants_beside (GstActivationOverlay *self)
{
  gboolean wants;

  GST_OBJECT_LOCK (self);
  wants = self->style.draw_maps && self->style.layout == HEATMAP_LAYOUT_BESIDE;
  GST_OBJECT_UNLOCK (self);
  return wants;
}

static gboolean
is_beside (GstActivationOverlay *self)
{
  return GST_VIDEO_INFO_WIDTH (&self->out_info)
      > GST_VIDEO_INFO_WIDTH (&self->info);
}

/* What is to be drawn must fit what has been negotiated. */
static void
get_style (GstActivationOverlay *self, HeatmapStyle *style,
    GstActivationFollow *follow, OverlaySelection **selection)
{
  GST_OBJECT_LOCK (self);
  *style = self->style;
  *follow = self->follow;
  *selection = g_atomic_rc_box_acquire (self->selection);
  GST_OBJECT_UNLOCK (self);
  if (is_beside (self)) {
    style->layout = HEATMAP_LAYOUT_BESIDE;
    style->draw_maps = TRUE;
  } else if (style->layout == HEATMAP_LAYOUT_BESIDE) {
    style->draw_maps = FALSE;
  }
}

static void
restart_rate (GstActivationOverlay *self)
{
  self->rate_start = self->clock.time;
  self->rate_frames = 0;
  self->frame_rate = 0.0;
}

/* Frames per second of the stream's own time, so that a file is drawn the same
 * each time. */
static void
count_frame (GstActivationOverlay *self)
{
  const GstClockTime elapsed = self->clock.time - self->rate_start;

  self->rate_frames++;
  if (elapsed < RATE_INTERVAL)
    return;
  self->frame_rate = (gdouble) self->rate_frames * GST_SECOND
      / (gdouble) elapsed;
  self->rate_start = self->clock.time;
  self->rate_frames = 0;
}

/* What was seen before counts only where the frame goes on from it. */
static void
go_on (GstActivationOverlay *self, GstBuffer *buffer,
    GstActivationFollow follow, HeatmapScene *scene)
{
  const GstSegment *segment = &GST_BASE_TRANSFORM (self)->segment;

  stream_clock_tick (&self->clock, segment, &self->info, buffer, follow);
  if (self->clock.is_continued) {
    count_frame (self);
  } else {
    heatmap_renderer_reset (self->renderer);
    restart_rate (self);
  }
  scene->time = (gint64) self->clock.time;
  if (self->clock.is_timed)
    scene->frame_rate = self->frame_rate;
  scene->full_frame_rate = stream_clock_get_frame_rate (segment, &self->info);
}

/* Once for each selection: frames may lack what others have. */
static void
warn_of_problems (GstActivationOverlay *self, OverlaySelection *selection)
{
  g_autoptr (GPtrArray) problems = NULL;

  if (self->warned_of == selection
      || !overlay_scene_has_problems (self->scene, selection))
    return;
  g_clear_pointer (&self->warned_of, overlay_selection_unref);
  self->warned_of = g_atomic_rc_box_acquire (selection);
  problems = overlay_scene_list_problems (self->scene, selection);
  for (guint i = 0; i < problems->len; i++)
    GST_ELEMENT_WARNING (self, LIBRARY, SETTINGS,
        ("Property %s", (gchar *) g_ptr_array_index (problems, i)),
        ("All else is shown."));
}

/* @picture is the frame, mapped to be read, or NULL. */
static const HeatmapPiece *
render (GstActivationOverlay *self, GstBuffer *buffer,
    const ImageFrame *picture, guint *n_pieces)
{
  const DrawnMeta *drawn = drawn_meta_get (buffer);
  const HeatmapPiece *pieces;
  GstActivationFollow follow;
  HeatmapScene scene = HEATMAP_SCENE_INIT;
  OverlaySelection *selection;
  HeatmapStyle style;

  get_style (self, &style, &follow, &selection);
  go_on (self, buffer, follow, &scene);
  scene.title = TITLE;
  scene.picture = picture;
  scene.pixel_aspect = image_pixel_aspect_from_video_info (&self->info);
  if (drawn) {
    scene.taken = drawn->places;
    scene.n_taken = drawn->n_places;
  }
  overlay_scene_collect (self->scene, buffer, &self->info, selection,
      drawn ? drawn->n_predictions : 0, &scene);
  warn_of_problems (self, selection);
  pieces = heatmap_renderer_render (self->renderer,
      GST_VIDEO_INFO_WIDTH (&self->info), GST_VIDEO_INFO_HEIGHT (&self->info),
      &scene, &style, n_pieces);
  if (style.draw_labels)
    self->n_written = overlay_scene_count_predictions (self->scene);
  else
    self->n_written = drawn ? drawn->n_predictions : 0;
  overlay_selection_unref (selection);
  return pieces;
}

static void
composite_pieces (ImageFrame *frame, const HeatmapPiece *pieces, guint n_pieces)
{
  for (guint i = 0; i < n_pieces; i++) {
    const HeatmapPiece *piece = &pieces[i];
    const ImageOverlay overlay = {
      .data = cairo_image_surface_get_data (piece->surface),
      .stride = cairo_image_surface_get_stride (piece->surface),
      .width = piece->rect.width,
      .height = piece->rect.height,
    };

    image_composite (frame, &overlay, piece->rect.x, piece->rect.y);
  }
}

static gboolean
is_large_enough (GstActivationOverlay *self)
{
  return GST_VIDEO_INFO_WIDTH (&self->info) >= MIN_FRAME_SIZE
      && GST_VIDEO_INFO_HEIGHT (&self->info) >= MIN_FRAME_SIZE;
}

static gboolean
map_frame (GstActivationOverlay *self, GstVideoFrame *frame,
    const GstVideoInfo *info, GstBuffer *buffer, GstMapFlags flags)
{
  return activation_frame_map (GST_ELEMENT (self), &self->has_warned, frame,
      info, buffer, flags);
}

/* Elements between may take the caps for a sink that does not draw. An element
 * that works in place makes no allocation query of its own accord. */
static void
ask_for_composition (GstActivationOverlay *self)
{
  GstPad *pad = GST_BASE_TRANSFORM_SRC_PAD (self);
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GstQuery) query = gst_query_new_allocation (caps, FALSE);

  self->must_ask = FALSE;
  self->attaches = gst_pad_peer_query (pad, query)
      && gst_query_find_allocation_meta (query,
          GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE, NULL);
  if (self->attaches)
    return;
  GST_INFO_OBJECT (self, "downstream does not draw compositions");
  g_atomic_int_set (&self->refused, TRUE);
  gst_base_transform_reconfigure_src (GST_BASE_TRANSFORM (self));
}

static GstFlowReturn
gst_activation_overlay_transform_ip (GstBaseTransform *transform,
    GstBuffer *buffer)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  const HeatmapPiece *pieces;
  GstVideoFrame frame;
  ImageFrame image;
  guint n_pieces;

  if (self->must_ask)
    ask_for_composition (self);
  if (!is_large_enough (self))
    return GST_FLOW_OK;
  pieces = render (self, buffer, NULL, &n_pieces);
  if (n_pieces == 0)
    return GST_FLOW_OK;
  if (self->attaches) {
    piece_composition_attach (buffer, pieces, n_pieces);
    drawn_meta_add (buffer, self->n_written, pieces, n_pieces);
    return GST_FLOW_OK;
  }
  if (!map_frame (self, &frame, &self->info, buffer, GST_MAP_READWRITE))
    return GST_FLOW_OK;
  image_frame_from_video_frame (&frame, &image);
  composite_pieces (&image, pieces, n_pieces);
  drawn_meta_add (buffer, self->n_written, pieces, n_pieces);
  gst_video_frame_unmap (&frame);
  return GST_FLOW_OK;
}

/* Beside the picture: into a wider frame. */
static GstFlowReturn
gst_activation_overlay_transform (GstBaseTransform *transform,
    GstBuffer *buffer, GstBuffer *out_buffer)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  const HeatmapPiece *pieces;
  GstVideoFrame frame, out_frame;
  ImageFrame image, out_image;
  guint n_pieces;

  if (!map_frame (self, &frame, &self->info, buffer, GST_MAP_READ))
    return GST_BASE_TRANSFORM_FLOW_DROPPED;
  if (!map_frame (self, &out_frame, &self->out_info, out_buffer,
          GST_MAP_WRITE)) {
    gst_video_frame_unmap (&frame);
    return GST_BASE_TRANSFORM_FLOW_DROPPED;
  }
  image_frame_from_video_frame (&frame, &image);
  image_frame_from_video_frame (&out_frame, &out_image);
  image_copy (&image, &out_image);
  pieces = render (self, buffer, &image, &n_pieces);
  composite_pieces (&out_image, pieces, n_pieces);
  drawn_meta_add (out_buffer, self->n_written, pieces, n_pieces);
  gst_video_frame_unmap (&out_frame);
  gst_video_frame_unmap (&frame);
  return GST_FLOW_OK;
}

/* Caps that say nothing of it are those of square pixels. */
static gdouble
get_pixel_aspect (const GstStructure *structure)
{
  gint numerator, denominator;

  return gst_structure_get_fraction (structure, "pixel-aspect-ratio",
             &numerator, &denominator)
      ? image_pixel_aspect_from_ratio (numerator, denominator)
      : 1.0;
}

/* Of the frame with the panel beside the picture. */
static gint
get_wide_width (gint width, gint height, gdouble pixel_aspect)
{
  if (width < MIN_FRAME_SIZE || height < MIN_FRAME_SIZE || width > G_MAXINT16
      || height > G_MAXINT16)
    return width;
  return ((width + 1) & ~1)
      + heatmap_renderer_get_beside_width (width, height, pixel_aspect);
}

/* The widest picture that gets this wide with its panel, or 0. The panel's width
 * depends on the smaller side of the picture. */
static gint
get_narrow_width (gint wide, gint height, gdouble pixel_aspect)
{
  for (gint width = wide - 1; width > 0; width--) {
    if (get_wide_width (width, height, pixel_aspect) == wide)
      return width;
  }
  return 0;
}

/* A picture one pixel narrower may get as wide, because the panel begins at an
 * even place; the wider one is preferred. */
static void
set_narrow_widths (GstStructure *structure, gint width, gboolean or_narrower)
{
  GValue widths = G_VALUE_INIT, value = G_VALUE_INIT;

  gst_value_list_init (&widths, 2);
  g_value_init (&value, G_TYPE_INT);
  for (gint i = 0; i <= (or_narrower ? 1 : 0); i++) {
    g_value_set_int (&value, width - i);
    gst_value_list_append_value (&widths, &value);
  }
  gst_structure_take_value (structure, "width", &widths);
}

/* Replaces the width by that at the other pad; FALSE when there is none. */
static gboolean
change_width (GstStructure *structure, GstPadDirection from)
{
  const gdouble pixel_aspect = get_pixel_aspect (structure);
  gint width, height, wide;

  if (!gst_structure_get_int (structure, "width", &width)
      || !gst_structure_get_int (structure, "height", &height)) {
    gst_structure_set (structure, "width", GST_TYPE_INT_RANGE, 1, G_MAXINT,
        NULL);
    return TRUE;
  }
  if (from == GST_PAD_SINK) {
    gst_structure_set (structure, "width", G_TYPE_INT,
        get_wide_width (width, height, pixel_aspect), NULL);
    return TRUE;
  }
  wide = width;
  width = get_narrow_width (wide, height, pixel_aspect);
  if (width == 0)
    return FALSE;
  set_narrow_widths (structure, width,
      width > 1 && get_wide_width (width - 1, height, pixel_aspect) == wide);
  return TRUE;
}

static gboolean
has_composition (const GstCapsFeatures *features)
{
  return features
      && gst_caps_features_contains (features,
          GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION);
}

/* Other kinds of memory are not in the templates. */
static GstCapsFeatures *
new_features (gboolean with_composition)
{
  return with_composition ? gst_caps_features_new (
             GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION, NULL)
                          : NULL;
}

static void
append_with_features (GstCaps *caps, const GstStructure *structure,
    gboolean with_composition)
{
  gst_caps_append_structure_full (caps, gst_structure_copy (structure),
      new_features (with_composition));
}

/* A composition is preferred, as the picture then needs no drawing on. */
static GstCaps *
gst_activation_overlay_transform_caps (GstBaseTransform *transform,
    GstPadDirection direction, GstCaps *caps, GstCaps *filter)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  const gboolean beside = wants_beside (self);
  g_autoptr (GstCaps) with = gst_caps_new_empty ();
  GstCaps *result = gst_caps_new_empty ();

  for (guint i = 0; i < gst_caps_get_size (caps); i++) {
    g_autoptr (GstStructure)
        structure = gst_structure_copy (gst_caps_get_structure (caps, i));

    if (beside && !change_width (structure, direction))
      continue;
    if (direction == GST_PAD_SINK && !beside
        && !g_atomic_int_get (&self->refused))
      append_with_features (with, structure, TRUE);
    if (direction == GST_PAD_SINK || !beside
        || !has_composition (gst_caps_get_features (caps, i)))
      append_with_features (result, structure, FALSE);
  }
  result = gst_caps_merge (gst_caps_copy (with), result);
  if (filter) {
    GstCaps *filtered = gst_caps_intersect_full (filter, result,
        GST_CAPS_INTERSECT_FIRST);

    gst_caps_unref (result);
    result = filtered;
  }
  return result;
}

/* Who takes anything does not say that it draws compositions. */
static gboolean
takes_anything (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_peer_query_caps (pad, NULL);

  return !caps || gst_caps_is_any (caps);
}

static GstCaps *
gst_activation_overlay_fixate_caps (GstBaseTransform *transform,
    GstPadDirection direction, GstCaps *caps, GstCaps *other)
{
  if (direction == GST_PAD_SINK && gst_caps_get_size (other) > 1
      && has_composition (gst_caps_get_features (other, 0))
      && takes_anything (GST_BASE_TRANSFORM_SRC_PAD (transform))) {
    other = gst_caps_make_writable (other);
    gst_caps_remove_structure (other, 0);
  }
  return GST_BASE_TRANSFORM_CLASS (parent_class)
      ->fixate_caps (transform, direction, caps, other);
}

static gboolean
gst_activation_overlay_set_caps (GstBaseTransform *transform, GstCaps *caps,
    GstCaps *out_caps)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  if (!gst_video_info_from_caps (&self->info, caps)
      || !gst_video_info_from_caps (&self->out_info, out_caps))
    return FALSE;
  self->attaches = FALSE;
  self->must_ask = has_composition (gst_caps_get_features (out_caps, 0));
  gst_base_transform_set_in_place (transform, !is_beside (self));
  return TRUE;
}

/* Buffers may be larger than frames need to be. */
static gboolean
gst_activation_overlay_transform_size (GstBaseTransform *transform,
    GstPadDirection direction, GstCaps *caps, gsize size, GstCaps *other,
    gsize *other_size)
{
  GstVideoInfo info;

  if (!gst_video_info_from_caps (&info, other))
    return FALSE;
  *other_size = GST_VIDEO_INFO_SIZE (&info);
  return TRUE;
}

/* In a wider frame the picture stays where it is, so all that is said of it
 * stays true. */
static gboolean
gst_activation_overlay_transform_meta (GstBaseTransform *transform,
    GstBuffer *out_buffer, GstMeta *meta, GstBuffer *buffer)
{
  return TRUE;
}

static gboolean
gst_activation_overlay_src_event (GstBaseTransform *transform, GstEvent *event)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  if (GST_EVENT_TYPE (event) == GST_EVENT_RECONFIGURE)
    g_atomic_int_set (&self->refused, FALSE);
  return GST_BASE_TRANSFORM_CLASS (parent_class)->src_event (transform, event);
}

static gboolean
gst_activation_overlay_sink_event (GstBaseTransform *transform, GstEvent *event)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  stream_clock_handle_event (&self->clock, transform->sinkpad, event);
  return GST_BASE_TRANSFORM_CLASS (parent_class)->sink_event (transform, event);
}

static gboolean
gst_activation_overlay_start (GstBaseTransform *transform)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  self->renderer = heatmap_renderer_new ();
  self->scene = overlay_scene_new ();
  self->has_warned = FALSE;
  self->clock = (StreamClock) { .time = 0 };
  g_atomic_int_set (&self->refused, FALSE);
  return TRUE;
}

static gboolean
gst_activation_overlay_stop (GstBaseTransform *transform)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  g_clear_pointer (&self->renderer, heatmap_renderer_free);
  g_clear_pointer (&self->scene, overlay_scene_free);
  g_clear_pointer (&self->warned_of, overlay_selection_unref);
  return TRUE;
}

static void
take_string (gchar **string, const GValue *value)
{
  g_free (*string);
  *string = g_value_dup_string (value);
}

/* A property of the style that is a plain number: where it is. */
static gdouble *
get_number (HeatmapStyle *style, guint id)
{
  switch (id) {
    case PROP_PAGE_TIME:
      return &style->page_time;
    case PROP_SCALING_EXPONENT:
      return &style->scaling_exponent;
    case PROP_RANGE_MINIMUM:
      return &style->range_minimum;
    case PROP_RANGE_MAXIMUM:
      return &style->range_maximum;
    case PROP_GAMMA:
      return &style->gamma;
    case PROP_OPACITY:
      return &style->opacity;
    case PROP_PANEL_OPACITY:
      return &style->panel_opacity;
    case PROP_SMOOTHING:
      return &style->smoothing;
    default:
      return NULL;
  }
}

static void
set_style (HeatmapStyle *style, guint id, const GValue *value)
{
  gdouble *number = get_number (style, id);

  if (number)
    *number = g_value_get_double (value);
  else if (id == PROP_LAYOUT)
    style->layout = (HeatmapLayout) g_value_get_enum (value);
  else if (id == PROP_SCALING)
    style->scaling = (HeatmapScaling) g_value_get_enum (value);
  else if (id == PROP_COLORMAP)
    style->colormap = (HeatmapColormap) g_value_get_enum (value);
  else if (id == PROP_CAM_COLORMAP)
    style->cam_colormap = (HeatmapColormap) g_value_get_enum (value);
  else if (id == PROP_PAGE)
    style->page = g_value_get_uint (value);
  else if (id == PROP_DRAW_BOXES)
    style->draw_boxes = g_value_get_boolean (value);
  else if (id == PROP_DRAW_LABELS)
    style->draw_labels = g_value_get_boolean (value);
  else if (id == PROP_DRAW_MAPS)
    style->draw_maps = g_value_get_boolean (value);
  else if (id == PROP_LABEL_SIZE)
    style->label_size = g_value_get_uint (value);
  else if (id == PROP_LABEL_CONTENT)
    style->label_content = (HeatmapLabelContent) g_value_get_flags (value);
}

static void
set_selection (GstActivationOverlay *self, guint id, const GValue *value)
{
  if (id == PROP_PANEL_MODEL)
    take_string (&self->panel_model, value);
  else if (id == PROP_PANEL_LAYERS)
    take_string (&self->panel_layers, value);
  else if (id == PROP_CHANNEL)
    take_string (&self->channel, value);
  else
    self->panel_face = g_value_get_int (value);
  overlay_selection_unref (self->selection);
  self->selection = overlay_selection_new (self->panel_model,
      self->panel_layers, self->panel_face, self->channel);
}

static void
gst_activation_overlay_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (object);
  const gboolean was_beside = wants_beside (self);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_PANEL_MODEL:
    case PROP_PANEL_LAYERS:
    case PROP_PANEL_FACE:
    case PROP_CHANNEL:
      set_selection (self, id, value);
      break;
    case PROP_FOLLOW:
      self->follow = (GstActivationFollow) g_value_get_enum (value);
      break;
    default:
      set_style (&self->style, id, value);
      break;
  }
  GST_OBJECT_UNLOCK (self);
  if (wants_beside (self) != was_beside)
    gst_base_transform_reconfigure_src (GST_BASE_TRANSFORM (self));
}

static void
get_style_property (const HeatmapStyle *style, guint id, GValue *value)
{
  gdouble *number = get_number ((HeatmapStyle *) style, id);

  if (number)
    g_value_set_double (value, *number);
  else if (id == PROP_LAYOUT)
    g_value_set_enum (value, (gint) style->layout);
  else if (id == PROP_SCALING)
    g_value_set_enum (value, (gint) style->scaling);
  else if (id == PROP_COLORMAP)
    g_value_set_enum (value, (gint) style->colormap);
  else if (id == PROP_CAM_COLORMAP)
    g_value_set_enum (value, (gint) style->cam_colormap);
  else if (id == PROP_PAGE)
    g_value_set_uint (value, style->page);
  else if (id == PROP_DRAW_BOXES)
    g_value_set_boolean (value, style->draw_boxes);
  else if (id == PROP_DRAW_LABELS)
    g_value_set_boolean (value, style->draw_labels);
  else if (id == PROP_DRAW_MAPS)
    g_value_set_boolean (value, style->draw_maps);
  else if (id == PROP_LABEL_SIZE)
    g_value_set_uint (value, style->label_size);
  else if (id == PROP_LABEL_CONTENT)
    g_value_set_flags (value, style->label_content);
}

static void
gst_activation_overlay_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_PANEL_MODEL:
      g_value_set_string (value, self->panel_model);
      break;
    case PROP_PANEL_LAYERS:
      g_value_set_string (value, self->panel_layers);
      break;
    case PROP_PANEL_FACE:
      g_value_set_int (value, self->panel_face);
      break;
    case PROP_CHANNEL:
      g_value_set_string (value, self->channel);
      break;
    case PROP_FOLLOW:
      g_value_set_enum (value, (gint) self->follow);
      break;
    default:
      get_style_property (&self->style, id, value);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_activation_overlay_finalize (GObject *object)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (object);

  g_free (self->panel_model);
  g_free (self->panel_layers);
  g_free (self->channel);
  overlay_selection_unref (self->selection);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_activation_overlay_init (GstActivationOverlay *self)
{
  self->style = default_style;
  self->follow = DEFAULT_FOLLOW;
  self->panel_face = DEFAULT_PANEL_FACE;
  self->selection = overlay_selection_new (NULL, NULL, DEFAULT_PANEL_FACE,
      NULL);
  gst_video_info_init (&self->info);
  gst_video_info_init (&self->out_info);
  gst_base_transform_set_in_place (GST_BASE_TRANSFORM (self), TRUE);
}

static const GParamFlags string_flags = G_PARAM_READWRITE
    | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING;
static const GParamFlags number_flags = G_PARAM_READWRITE
    | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING
    | GST_PARAM_CONTROLLABLE;

static void
install_panel_properties (GObjectClass *object_class)
{
  /**
   * GstActivationOverlay:layout:
   *
   * Where the maps are shown. `beside` makes frames wider, and changing to or
   * from it while playing negotiates new caps. Its panel is drawn beside the
   * picture; boxes and labels are drawn on it as in all layouts, unless
   * #GstActivationOverlay:draw-boxes and #GstActivationOverlay:draw-labels are
   * off: then the picture stays as it is.
   */
  g_object_class_install_property (object_class, PROP_LAYOUT,
      g_param_spec_enum ("layout", "Layout", "Where the maps are shown",
          GST_TYPE_ACTIVATION_OVERLAY_LAYOUT, (gint) default_style.layout,
          number_flags));
  /**
   * GstActivationOverlay:panel-model:
   *
   * Where several networks look at a region, whose maps are shown: the name of
   * a model, or its attribute, such as `gender`. `all` shows those of all, page
   * by page where they do not fit at once; the score and the explanation are
   * those of the last.
   */
  g_object_class_install_property (object_class, PROP_PANEL_MODEL,
      g_param_spec_string ("panel-model", "Panel model",
          "Model or attribute whose maps are shown, or all (default: the last "
          "that was run)",
          NULL, string_flags));
  /**
   * GstActivationOverlay:panel-layers:
   *
   * The layers to show, in this order, out of those that the metadata has. One
   * that it does not have is a warning.
   */
  g_object_class_install_property (object_class, PROP_PANEL_LAYERS,
      g_param_spec_string ("panel-layers", "Panel layers",
          "Layers to show, separated by commas; empty = none (default: all "
          "there "
          "are)",
          NULL, string_flags));
  /**
   * GstActivationOverlay:panel-face:
   *
   * The region whose maps are shown; none while it is not in the picture.
   */
  g_object_class_install_property (object_class, PROP_PANEL_FACE,
      g_param_spec_int ("panel-face", "Panel face",
          "Id of the region whose maps are shown; -1 for the largest", -1,
          G_MAXINT, DEFAULT_PANEL_FACE, number_flags));
  /**
   * GstActivationOverlay:channel:
   *
   * One channel to show large, such as `conv2d_2:7`. What is not of this form,
   * and a channel that the panel does not have, is a warning.
   */
  g_object_class_install_property (object_class, PROP_CHANNEL,
      g_param_spec_string ("channel", "Channel",
          "Channel to show large, as layer:channel (default: none)", NULL,
          string_flags));
  /**
   * GstActivationOverlay:page:
   *
   * Which page to show of what does not fit at once.
   */
  g_object_class_install_property (object_class, PROP_PAGE,
      g_param_spec_uint ("page", "Page",
          "Which page of maps to show, from 1; 0 for one after the other", 0,
          G_MAXUINT, default_style.page, number_flags));
  g_object_class_install_property (object_class, PROP_PAGE_TIME,
      g_param_spec_double ("page-time", "Page time",
          "Seconds that each page is shown when page is 0", 0.1, 3600.0,
          default_style.page_time, number_flags));
}

static void
install_scaling_properties (GObjectClass *object_class)
{
  /**
   * GstActivationOverlay:scaling:
   *
   * What the ends of the colours stand for.
   */
  g_object_class_install_property (object_class, PROP_SCALING,
      g_param_spec_enum ("scaling", "Scaling",
          "Which values get the colours' full range",
          GST_TYPE_ACTIVATION_OVERLAY_SCALING, (gint) default_style.scaling,
          number_flags));
  /**
   * GstActivationOverlay:scaling-exponent:
   *
   * With scaling=layer, how far weak channels are brought up: a channel is
   * multiplied by the power -b of its largest value (as part of the layer's).
   */
  g_object_class_install_property (object_class, PROP_SCALING_EXPONENT,
      g_param_spec_double ("scaling-exponent", "Scaling exponent",
          "With scaling=layer: 0 for one range, 1 for one a channel", 0.0, 1.0,
          default_style.scaling_exponent, number_flags));
  g_object_class_install_property (object_class, PROP_RANGE_MINIMUM,
      g_param_spec_double ("range-minimum", "Range minimum",
          "Value of the lowest colour with scaling=fixed", -G_MAXFLOAT,
          G_MAXFLOAT, default_style.range_minimum, number_flags));
  g_object_class_install_property (object_class, PROP_RANGE_MAXIMUM,
      g_param_spec_double ("range-maximum", "Range maximum",
          "Value of the highest colour with scaling=fixed", -G_MAXFLOAT,
          G_MAXFLOAT, default_style.range_maximum, number_flags));
  g_object_class_install_property (object_class, PROP_GAMMA,
      g_param_spec_double ("gamma", "Gamma",
          "Exponent of the scaled values; below 1 lifts weak ones", 0.1, 10.0,
          default_style.gamma, number_flags));
  /**
   * GstActivationOverlay:smoothing:
   *
   * Ranges grow at once and fall in about this time. Also steadies boxes, the
   * class activation map and labels on the edge. Metadata is not smoothed.
   */
  g_object_class_install_property (object_class, PROP_SMOOTHING,
      g_param_spec_double ("smoothing", "Smoothing",
          "Seconds in which ranges fall; 0 for no smoothing of anything", 0.0,
          60.0, default_style.smoothing, number_flags));
  /**
   * GstActivationOverlay:follow:
   *
   * Whether frames go on from each other, as that of facetracker has it. Where
   * they do not, nothing is smoothed, and no curve goes on.
   */
  g_object_class_install_property (object_class, PROP_FOLLOW,
      g_param_spec_enum ("follow", "Follow",
          "Whether to smooth the drawing from frame to frame",
          GST_TYPE_ACTIVATION_FOLLOW, DEFAULT_FOLLOW, number_flags));
}

static void
install_properties (GObjectClass *object_class)
{
  install_panel_properties (object_class);
  install_scaling_properties (object_class);
  /**
   * GstActivationOverlay:colormap:
   */
  g_object_class_install_property (object_class, PROP_COLORMAP,
      g_param_spec_enum ("colormap", "Colormap", "Colours of the maps",
          GST_TYPE_ACTIVATION_OVERLAY_COLORMAP, (gint) default_style.colormap,
          number_flags));
  /**
   * GstActivationOverlay:cam-colormap:
   *
   * Colours of the class activation map. `signed` shows what speaks for the
   * class (orange) and against it (blue) instead.
   */
  g_object_class_install_property (object_class, PROP_CAM_COLORMAP,
      g_param_spec_enum ("cam-colormap", "CAM colormap",
          "Colours of the class activation map; signed for the evidence",
          GST_TYPE_ACTIVATION_OVERLAY_COLORMAP,
          (gint) default_style.cam_colormap, number_flags));
  g_object_class_install_property (object_class, PROP_OPACITY,
      g_param_spec_double ("opacity", "Opacity",
          "Of the strongest part of the class activation map", 0.0, 1.0,
          default_style.opacity, number_flags));
  g_object_class_install_property (object_class, PROP_PANEL_OPACITY,
      g_param_spec_double ("panel-opacity", "Panel opacity",
          "Of the panel's background over the picture", 0.0, 1.0,
          default_style.panel_opacity, number_flags));
  /**
   * GstActivationOverlay:draw-boxes:
   */
  g_object_class_install_property (object_class, PROP_DRAW_BOXES,
      g_param_spec_boolean ("draw-boxes", "Draw boxes",
          "Draw the box of each region", default_style.draw_boxes,
          number_flags));
  /**
   * GstActivationOverlay:draw-labels:
   */
  g_object_class_install_property (object_class, PROP_DRAW_LABELS,
      g_param_spec_boolean ("draw-labels", "Draw labels",
          "Draw the label of each region with a bar for its confidence",
          default_style.draw_labels, number_flags));
  /**
   * GstActivationOverlay:draw-maps:
   */
  g_object_class_install_property (object_class, PROP_DRAW_MAPS,
      g_param_spec_boolean ("draw-maps", "Draw maps",
          "Draw maps at all; false is as layout=none", default_style.draw_maps,
          number_flags));
  /**
   * GstActivationOverlay:label-size:
   *
   * A label for which there is no room is drawn at three quarters of it.
   */
  g_object_class_install_property (object_class, PROP_LABEL_SIZE,
      g_param_spec_uint ("label-size", "Label size",
          "Of the text beside regions, in pixels; 0 chooses one for the frame",
          0, G_MAXINT16, default_style.label_size, number_flags));
  /**
   * GstActivationOverlay:label-content:
   *
   * `auto` writes the label and the confidence of each attribute, the id where
   * there are several regions or nothing else is known, and the names of
   * attributes where there are several.
   */
  g_object_class_install_property (object_class, PROP_LABEL_CONTENT,
      g_param_spec_flags ("label-content", "Label content",
          "What is written beside regions",
          GST_TYPE_ACTIVATION_OVERLAY_LABEL_CONTENT,
          default_style.label_content, number_flags));
}

static void
gst_activation_overlay_class_init (GstActivationOverlayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *transform_class = GST_BASE_TRANSFORM_CLASS (klass);

  object_class->set_property = gst_activation_overlay_set_property;
  object_class->get_property = gst_activation_overlay_get_property;
  object_class->finalize = gst_activation_overlay_finalize;
  install_properties (object_class);
  gst_type_mark_as_plugin_api (GST_TYPE_ACTIVATION_OVERLAY_COLORMAP, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_ACTIVATION_OVERLAY_LABEL_CONTENT, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_ACTIVATION_OVERLAY_LAYOUT, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_ACTIVATION_OVERLAY_SCALING, 0);

  gst_element_class_set_static_metadata (element_class, "Activation overlay",
      "Filter/Editor/Video",
      "Draws predictions and the activation maps of a network over a video",
      "The gst-activationmap authors");
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);

  transform_class->start = gst_activation_overlay_start;
  transform_class->stop = gst_activation_overlay_stop;
  transform_class->transform_caps = gst_activation_overlay_transform_caps;
  transform_class->fixate_caps = gst_activation_overlay_fixate_caps;
  transform_class->set_caps = gst_activation_overlay_set_caps;
  transform_class->transform_size = gst_activation_overlay_transform_size;
  transform_class->transform_meta = gst_activation_overlay_transform_meta;
  transform_class->propose_allocation = video_meta_propose_allocation;
  transform_class->prepare_output_buffer = video_meta_prepare_output_buffer;
  transform_class->src_event = gst_activation_overlay_src_event;
  transform_class->sink_event = gst_activation_overlay_sink_event;
  transform_class->before_transform = activation_sync_values;
  transform_class->transform_ip = gst_activation_overlay_transform_ip;
  transform_class->transform = gst_activation_overlay_transform;
  transform_class->transform_ip_on_passthrough = FALSE;
}
