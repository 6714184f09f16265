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
 * lies over the picture (#GstActivationOverlay:layout `dock`), where it moves
 * to the corner in which it covers least of the regions, or beside it
 * (`beside`), for which the frame is made wider. What does not fit the panel at
 * a readable size is shown on further pages.
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
 * instead, over what others have attached, except beside the picture.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 v4l2src ! videoconvert ! facetracker ! cnninference !
 *     activationoverlay colormap=viridis ! videoconvert ! autovideosink
 * ]|
 */

#include <math.h>

#include "gstactivationmapelements.h"
#include "image/image-canvas.h"
#include "image/image-composite.h"
#include "overlaycaps.h"
#include "overlaymeta.h"
#include "scenecollector.h"
#include "settings.h"
#include "streamclock.h"
#include "videoframe.h"

GST_DEBUG_CATEGORY_STATIC (gst_activation_overlay_debug);
#define GST_CAT_DEFAULT gst_activation_overlay_debug

#define TITLE "Activation maps"
#define DEFAULT_PANEL_FACE (-1)

/* Of a window, in pixels, beyond which nothing is drawn sharper. */
#define MAX_WINDOW_SIZE 8192
/* How often the frame rate is measured. */
#define RATE_INTERVAL (GST_SECOND / 2)
#define DEFAULT_FOLLOW GST_ACTIVATION_FOLLOW_AUTO

static const OverlayStyle default_style = OVERLAY_STYLE_INIT;

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
  OverlayStyle style;
  GstActivationFollow follow;
  gchar *panel_model;
  gchar *panel_layers;
  gint panel_face;
  gchar *channel;
  OverlaySelection *selection; /* made of the four above */

  /* streaming thread */
  GstVideoInfo info;
  GstVideoInfo out_info;       /* wider than @info beside the picture */
  gboolean takes_composition;  /* from upstream, to draw or pass it on */
  gboolean offers_composition; /* to downstream, which may not draw it */
  gboolean attaches;           /* a composition, instead of drawing */
  gdouble scale;               /* pixels of downstream's window for one */
  gboolean has_explained;      /* why no caps were negotiated */
  CompositionBuilder *composition;
  GArray *scaled_faces;  /* of OverlayFace */
  GArray *scaled_places; /* of Rect */
  guint warned_of;       /* serial of a selection; 0 for none */
  gboolean has_warned;   /* of a buffer that is no frame */
  guint n_written;       /* predictions, on the last frame */
  OverlayRenderer *renderer;
  SceneCollector *scene;
  StreamClock clock;
  GstClockTime rate_start; /* by the clock */
  guint rate_frames;
  gdouble frame_rate; /* 0 until it is known */

  gint must_ask; /* atomic: whether downstream draws compositions */
  gint refused;  /* atomic: it takes the caps but does not */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_OVERLAY_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_OVERLAY_CAPS));

#define gst_activation_overlay_parent_class parent_class
G_DEFINE_FINAL_TYPE_WITH_CODE (GstActivationOverlay, gst_activation_overlay,
    GST_TYPE_BASE_TRANSFORM,
    GST_DEBUG_CATEGORY_INIT (gst_activation_overlay_debug, "activationoverlay",
        0, "draws activation maps"));
GST_ELEMENT_REGISTER_DEFINE (activationoverlay, "activationoverlay",
    GST_RANK_NONE, GST_TYPE_ACTIVATION_OVERLAY);

#define GST_TYPE_ACTIVATION_OVERLAY_COLORMAP \
  (gst_activation_overlay_colormap_get_type ())

static GType
gst_activation_overlay_colormap_get_type (void)
{
  static const GEnumValue values[] = {
    { OVERLAY_COLORMAP_YLGNBU, "Dark navy to pale yellow", "ylgnbu" },
    { OVERLAY_COLORMAP_VIRIDIS, "Violet to yellow", "viridis" },
    { OVERLAY_COLORMAP_MAGMA, "Black to pale yellow by violet", "magma" },
    { OVERLAY_COLORMAP_INFERNO, "Black to pale yellow by red", "inferno" },
    { OVERLAY_COLORMAP_PLASMA, "Blue to yellow", "plasma" },
    { OVERLAY_COLORMAP_CIVIDIS, "Blue to yellow, for all colour vision",
        "cividis" },
    { OVERLAY_COLORMAP_TURBO, "Rainbow, smooth", "turbo" },
    { OVERLAY_COLORMAP_JET, "Rainbow, as in old plots", "jet" },
    { OVERLAY_COLORMAP_GRAY, "Black to white", "gray" },
    { OVERLAY_COLORMAP_SIGNED, "Blue below zero, orange above", "signed" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationOverlayColormap", values));
  }
  return (GType) type;
}

#define GST_TYPE_ACTIVATION_OVERLAY_LAYOUT \
  (gst_activation_overlay_layout_get_type ())

static GType
gst_activation_overlay_layout_get_type (void)
{
  static const GEnumValue values[] = {
    { OVERLAY_LAYOUT_DOCK, "A panel over the picture, away from the faces",
        "dock" },
    { OVERLAY_LAYOUT_BESIDE, "A panel beside the picture, in a wider frame",
        "beside" },
    { OVERLAY_LAYOUT_FACE, "Only on the face", "face" },
    { OVERLAY_LAYOUT_NONE, "No maps", "none" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationOverlayLayout", values));
  }
  return (GType) type;
}

#define GST_TYPE_ACTIVATION_OVERLAY_SCALING \
  (gst_activation_overlay_scaling_get_type ())

static GType
gst_activation_overlay_scaling_get_type (void)
{
  static const GEnumValue values[] = {
    { OVERLAY_SCALING_MAP, "Each map in its own range", "map" },
    { OVERLAY_SCALING_LAYER, "Each layer in its own range", "layer" },
    { OVERLAY_SCALING_FIXED, "From range-minimum to range-maximum", "fixed" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationOverlayScaling", values));
  }
  return (GType) type;
}

#define GST_TYPE_ACTIVATION_OVERLAY_LABEL_CONTENT \
  (gst_activation_overlay_label_content_get_type ())

static GType
gst_activation_overlay_label_content_get_type (void)
{
  static const GFlagsValue values[] = {
    { OVERLAY_LABEL_AUTO, "What tells faces and attributes apart", "auto" },
    { OVERLAY_LABEL_ID, "The id of the region", "id" },
    { OVERLAY_LABEL_ATTRIBUTE, "The name of each attribute", "attribute" },
    { OVERLAY_LABEL_LABEL, "The label of each attribute", "label" },
    { OVERLAY_LABEL_CONFIDENCE, "The confidence of each label", "confidence" },
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
is_for_beside (const OverlayStyle *style)
{
  return style->draw_maps && style->layout == OVERLAY_LAYOUT_BESIDE;
}

static gboolean
wants_beside (GstActivationOverlay *self)
{
  gboolean wants;

  GST_OBJECT_LOCK (self);
  wants = is_for_beside (&self->style);
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
get_style (GstActivationOverlay *self, OverlayStyle *style,
    GstActivationFollow *follow, OverlaySelection **selection)
{
  GST_OBJECT_LOCK (self);
  *style = self->style;
  *follow = self->follow;
  *selection = g_atomic_rc_box_acquire (self->selection);
  GST_OBJECT_UNLOCK (self);
  if (is_beside (self)) {
    style->layout = OVERLAY_LAYOUT_BESIDE;
    style->draw_maps = TRUE;
  } else if (style->layout == OVERLAY_LAYOUT_BESIDE) {
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
    GstActivationFollow follow, OverlayScene *scene)
{
  const GstSegment *segment = &GST_BASE_TRANSFORM (self)->segment;

  stream_clock_tick (&self->clock, segment, &self->info, buffer, follow);
  if (self->clock.is_continued) {
    count_frame (self);
  } else {
    overlay_renderer_reset (self->renderer);
    restart_rate (self);
  }
  scene->time = (gint64) self->clock.time;
  if (self->clock.is_timed)
    scene->frame_rate = self->frame_rate;
  scene->full_frame_rate = stream_clock_get_frame_rate (segment, &self->info);
}

/* Once for each selection: frames may lack what others have. A controller may
 * set the face for each. */
static void
warn_of_problems (GstActivationOverlay *self, OverlaySelection *selection)
{
  g_autoptr (GPtrArray) problems = NULL;

  if (self->warned_of == selection->serial
      || !scene_collector_has_problems (self->scene, selection))
    return;
  self->warned_of = selection->serial;
  problems = scene_collector_list_problems (self->scene, selection);
  for (guint i = 0; i < problems->len; i++)
    GST_ELEMENT_WARNING (self, LIBRARY, SETTINGS,
        ("Property %s", (gchar *) g_ptr_array_index (problems, i)),
        ("All else is shown."));
}

static gint
scale_length (GstActivationOverlay *self, gint length)
{
  return (gint) CLAMP (length * self->scale, G_MININT, G_MAXINT);
}

static void
scale_rect (GstActivationOverlay *self, Rect *rect)
{
  rect->x = scale_length (self, rect->x);
  rect->y = scale_length (self, rect->y);
  rect->width = scale_length (self, rect->width);
  rect->height = scale_length (self, rect->height);
}

static void
scale_faces (GstActivationOverlay *self, OverlayScene *scene)
{
  GArray *faces = self->scaled_faces;

  g_array_set_size (faces, 0);
  for (guint i = 0; i < scene->n_faces; i++) {
    g_array_append_val (faces, scene->faces[i]);
    scale_rect (self, &g_array_index (faces, OverlayFace, i).box);
  }
  scene->faces = (const OverlayFace *) (gpointer) faces->data;
}

static void
scale_places (GstActivationOverlay *self, OverlayScene *scene)
{
  GArray *places = self->scaled_places;

  g_array_set_size (places, 0);
  for (guint i = 0; i < scene->n_taken; i++) {
    g_array_append_val (places, scene->taken[i]);
    scale_rect (self, &g_array_index (places, Rect, i));
  }
  scene->taken = (const Rect *) (gpointer) places->data;
}

/* Drawn for downstream's window, which may show frames larger or smaller. */
static void
scale_scene (GstActivationOverlay *self, OverlayScene *scene)
{
  if (self->scale == 1.0)
    return;
  scale_faces (self, scene);
  scale_places (self, scene);
}

static void
log_scene (GstActivationOverlay *self, GstBuffer *buffer,
    const OverlayScene *scene, guint n_pieces)
{
  const gint id = scene->main_face < 0 ? -1 : scene->faces[scene->main_face].id;

  GST_LOG_OBJECT (self,
      "%" GST_TIME_FORMAT ": %u regions, %u layers of region %d, page %u, "
      "%u pieces to %s",
      GST_TIME_ARGS (GST_BUFFER_PTS (buffer)), scene->n_faces, scene->n_layers,
      id, overlay_renderer_get_page (self->renderer), n_pieces,
      self->attaches ? "attach" : "draw");
}

/* @picture is the frame, mapped to be read, or NULL. */
static const OverlayPiece *
render (GstActivationOverlay *self, GstBuffer *buffer,
    const ImageFrame *picture, guint *n_pieces)
{
  const DrawnMeta *drawn = drawn_meta_get (buffer);
  const OverlayPiece *pieces;
  GstActivationFollow follow;
  OverlayScene scene = OVERLAY_SCENE_INIT;
  OverlaySelection *selection;
  OverlayStyle style;

  get_style (self, &style, &follow, &selection);
  go_on (self, buffer, follow, &scene);
  scene.title = TITLE;
  scene.picture = picture;
  scene.pixel_aspect = image_pixel_aspect_from_video_info (&self->info);
  if (drawn) {
    scene.taken = drawn->places;
    scene.n_taken = drawn->n_places;
  }
  scene_collector_collect (self->scene, buffer, &self->info, selection,
      drawn ? drawn->n_predictions : 0, &scene);
  warn_of_problems (self, selection);
  scale_scene (self, &scene);
  pieces = overlay_renderer_render (self->renderer,
      scale_length (self, GST_VIDEO_INFO_WIDTH (&self->info)),
      scale_length (self, GST_VIDEO_INFO_HEIGHT (&self->info)), &scene, &style,
      n_pieces);
  if (style.draw_labels)
    self->n_written = scene_collector_count_predictions (self->scene);
  else
    self->n_written = drawn ? drawn->n_predictions : 0;
  log_scene (self, buffer, &scene, *n_pieces);
  overlay_selection_unref (selection);
  return pieces;
}

static void
composite_pieces (ImageFrame *frame, const OverlayPiece *pieces, guint n_pieces)
{
  for (guint i = 0; i < n_pieces; i++) {
    const OverlayPiece *piece = &pieces[i];
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
can_draw (GstActivationOverlay *self)
{
  return overlay_caps_can_draw (GST_VIDEO_INFO_WIDTH (&self->info),
      GST_VIDEO_INFO_HEIGHT (&self->info));
}

static gboolean
map_frame (GstActivationOverlay *self, GstVideoFrame *frame,
    const GstVideoInfo *info, GstBuffer *buffer, GstMapFlags flags)
{
  return activation_frame_map (GST_ELEMENT (self), &self->has_warned, frame,
      info, buffer, flags);
}

/* Whether anything can come of the properties, or of a composition that nobody
 * downstream would draw. */
static gboolean
may_draw (GstActivationOverlay *self)
{
  gboolean draws;

  if (is_beside (self)
      || (self->takes_composition && !self->offers_composition))
    return TRUE;
  GST_OBJECT_LOCK (self);
  draws = self->style.draw_boxes || self->style.draw_labels
      || (self->style.draw_maps && self->style.layout != OVERLAY_LAYOUT_NONE);
  GST_OBJECT_UNLOCK (self);
  return draws && can_draw (self);
}

static void
update_passthrough (GstActivationOverlay *self)
{
  GstBaseTransform *transform = GST_BASE_TRANSFORM (self);
  const gboolean passes = !may_draw (self);

  if (gst_base_transform_is_passthrough (transform) != passes)
    gst_base_transform_set_passthrough (transform, passes);
}

static gdouble
limit_scale (const GstVideoInfo *info, gdouble scale)
{
  const gint shorter = MIN (GST_VIDEO_INFO_WIDTH (info),
      GST_VIDEO_INFO_HEIGHT (info));
  const gint longer = MAX (GST_VIDEO_INFO_WIDTH (info),
      GST_VIDEO_INFO_HEIGHT (info));
  /* Not a little less, with which a pixel would be lost. */
  const gdouble least = nextafter ((gdouble) OVERLAY_CAPS_MIN_SIZE / shorter,
      1.0);
  const gdouble most = (gdouble) MAX_WINDOW_SIZE / longer;

  return least < 1.0 && most > 1.0 ? CLAMP (scale, least, most) : 1.0;
}

/* How much larger than in the frame a pixel is in the window, in which all of
 * the frame is shown. */
static gdouble
get_window_scale (const GstVideoInfo *info, const GstStructure *window)
{
  const gdouble aspect = image_pixel_aspect_from_video_info (info);
  guint width, height;

  if (!window
      || !gst_structure_get (window, "width", G_TYPE_UINT, &width, "height",
          G_TYPE_UINT, &height, NULL)
      || width == 0 || height == 0)
    return 1.0;
  return limit_scale (info,
      MIN (width / (GST_VIDEO_INFO_WIDTH (info) * aspect),
          (gdouble) height / GST_VIDEO_INFO_HEIGHT (info)));
}

static void
refuse_composition (GstActivationOverlay *self)
{
  GST_INFO_OBJECT (self,
      "drawing on frames, as downstream takes the caps of "
      "compositions but does not draw them");
  g_atomic_int_set (&self->refused, TRUE);
  gst_base_transform_reconfigure_src (GST_BASE_TRANSFORM (self));
}

static void
use_answer (GstActivationOverlay *self, GstQuery *query)
{
  const GstStructure *window;
  guint index;

  self->attaches = gst_query_find_allocation_meta (query,
      GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE, &index);
  if (!self->attaches) {
    refuse_composition (self);
    return;
  }
  gst_query_parse_nth_allocation_meta (query, index, &window);
  self->scale = get_window_scale (&self->info, window);
  GST_INFO_OBJECT (self, "attaching compositions, drawn %.3f times as large",
      self->scale);
}

/* Elements between may take the caps for a sink that does not draw. An element
 * that works in place makes no allocation query of its own accord. No answer,
 * as while downstream is flushing, says nothing: it is asked for again. */
static void
ask_for_composition (GstActivationOverlay *self)
{
  GstPad *pad = GST_BASE_TRANSFORM_SRC_PAD (self);
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstQuery) query = NULL;

  g_atomic_int_set (&self->must_ask, FALSE);
  self->attaches = FALSE;
  self->scale = 1.0;
  if (!self->offers_composition)
    return;
  caps = gst_pad_get_current_caps (pad);
  query = gst_query_new_allocation (caps, FALSE);
  if (gst_pad_peer_query (pad, query)) {
    use_answer (self, query);
  } else {
    GST_DEBUG_OBJECT (self, "no answer whether compositions are drawn");
    g_atomic_int_set (&self->must_ask, TRUE);
  }
}

/* Draws what others have attached, which lies below. */
static void
blend_composition (GstBuffer *buffer, GstVideoFrame *frame)
{
  GstVideoOverlayComposition *composition = composition_merge_attached (buffer);

  if (!composition)
    return;
  gst_video_overlay_composition_blend (composition, frame);
  gst_video_overlay_composition_unref (composition);
}

/* Returns FALSE for a buffer that is no frame. */
static gboolean
draw_pieces (GstActivationOverlay *self, GstBuffer *buffer,
    const OverlayPiece *pieces, guint n_pieces)
{
  GstVideoFrame frame;
  ImageFrame image;

  if (!map_frame (self, &frame, &self->info, buffer, GST_MAP_READWRITE))
    return FALSE;
  blend_composition (buffer, &frame);
  image_frame_from_video_frame (&frame, &image);
  composite_pieces (&image, pieces, n_pieces);
  gst_video_frame_unmap (&frame);
  composition_remove_attached (buffer);
  return TRUE;
}

static GstFlowReturn
gst_activation_overlay_transform_ip (GstBaseTransform *transform,
    GstBuffer *buffer)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  const OverlayPiece *pieces = NULL;
  guint n_pieces = 0;

  if (can_draw (self))
    pieces = render (self, buffer, NULL, &n_pieces);
  if (self->attaches) {
    composition_builder_attach (self->composition, buffer, pieces, n_pieces,
        self->scale);
  } else if (n_pieces > 0
      || (self->takes_composition
          && gst_buffer_get_video_overlay_composition_meta (buffer))) {
    if (!draw_pieces (self, buffer, pieces, n_pieces))
      return GST_FLOW_OK;
  }
  if (n_pieces > 0)
    drawn_meta_add (buffer, self->n_written, pieces, n_pieces, self->scale);
  return GST_FLOW_OK;
}

/* Beside the picture: into a wider frame. */
static GstFlowReturn
gst_activation_overlay_transform (GstBaseTransform *transform,
    GstBuffer *buffer, GstBuffer *out_buffer)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  const OverlayPiece *pieces;
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
  image_frame_copy (&image, &out_image);
  blend_composition (buffer, &out_frame);
  pieces = render (self, buffer, &image, &n_pieces);
  composite_pieces (&out_image, pieces, n_pieces);
  drawn_meta_add (out_buffer, self->n_written, pieces, n_pieces, 1.0);
  gst_video_frame_unmap (&out_frame);
  gst_video_frame_unmap (&frame);
  return GST_FLOW_OK;
}

static gboolean
attaches_compositions (GstActivationOverlay *self)
{
  return !g_atomic_int_get (&self->refused);
}

/* All that may come out, what is wanted first. The caps themselves tell what
 * was chosen of it, so that a property may change at any time: what is drawn
 * goes by them. */
static GstCaps *
gst_activation_overlay_transform_caps (GstBaseTransform *transform,
    GstPadDirection from, GstCaps *caps, GstCaps *filter)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  const gboolean beside = wants_beside (self);
  const gboolean attaches = attaches_compositions (self);
  GstCaps *result = overlay_caps_transform (from, caps, beside, attaches);

  gst_caps_append (result,
      overlay_caps_transform (from, caps, !beside, attaches));
  if (filter) {
    GstCaps *filtered = gst_caps_intersect_full (filter, result,
        GST_CAPS_INTERSECT_FIRST);

    gst_caps_unref (result);
    result = filtered;
  }
  return result;
}

/* Takes @caps. */
static GstCaps *
restrict_to_template (GstCaps *caps, GstPad *pad)
{
  g_autoptr (GstCaps) template = gst_pad_get_pad_template_caps (pad);
  GstCaps *restricted = gst_caps_intersect_full (caps, template,
      GST_CAPS_INTERSECT_FIRST);

  gst_caps_unref (caps);
  return restricted;
}

/* From the pad @from to the pad @to. Takes @caps. */
static GstCaps *
transform_between_pads (GstActivationOverlay *self, GstPad *from, GstPad *to,
    GstCaps *caps, gboolean beside)
{
  GstCaps *result;

  caps = restrict_to_template (caps, from);
  result = overlay_caps_transform (GST_PAD_DIRECTION (from), caps, beside,
      attaches_compositions (self));
  gst_caps_unref (caps);
  return restrict_to_template (result, to);
}

/* The frames of which downstream takes what this layout makes of them. */
static GstCaps *
get_sink_caps (GstActivationOverlay *self, GstCaps *filter, gboolean beside)
{
  GstPad *sink = GST_BASE_TRANSFORM_SINK_PAD (self);
  GstPad *src = GST_BASE_TRANSFORM_SRC_PAD (self);
  g_autoptr (GstCaps) peer_filter = NULL;
  GstCaps *caps, *filtered;

  if (filter)
    peer_filter = transform_between_pads (self, sink, src,
        gst_caps_ref (filter), beside);
  caps = gst_pad_peer_query_caps (src, peer_filter);
  if (beside && filter)
    caps = overlay_caps_fix_pixel_aspect (caps, filter);
  caps = transform_between_pads (self, src, sink, caps, beside);
  if (!filter)
    return caps;
  filtered = gst_caps_intersect_full (filter, caps, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (caps);
  return filtered;
}

/* Upstream is to choose a size with which the wanted layout works. If it has
 * none it may come with what it has, to be told in words what is wrong. */
static void
answer_sink_caps_query (GstActivationOverlay *self, GstQuery *query)
{
  const gboolean beside = wants_beside (self);
  g_autoptr (GstCaps) caps = NULL;
  GstCaps *filter;

  gst_query_parse_caps (query, &filter);
  caps = get_sink_caps (self, filter, beside);
  if (beside && filter && gst_caps_is_empty (caps)) {
    gst_caps_unref (caps);
    caps = get_sink_caps (self, filter, FALSE);
  }
  GST_DEBUG_OBJECT (self, "taking, %s the picture: %" GST_PTR_FORMAT,
      beside ? "beside" : "on", caps);
  gst_query_set_caps_result (query, caps);
}

/* GstBaseTransform's own answer transforms caps twice, and the layout may
 * change in between. */
static gboolean
gst_activation_overlay_query (GstBaseTransform *transform,
    GstPadDirection direction, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) == GST_QUERY_CAPS && direction == GST_PAD_SINK) {
    answer_sink_caps_query (GST_ACTIVATION_OVERLAY (transform), query);
    return TRUE;
  }
  return GST_BASE_TRANSFORM_CLASS (parent_class)
      ->query (transform, direction, query);
}

static gboolean
takes_anything (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_peer_query_caps (pad, NULL);

  return gst_caps_is_any (caps);
}

/* Keeps the structures of @caps that are for this layout. Takes @caps. */
static GstCaps *
keep_layout (GstCaps *caps, GstCaps *in_caps, gboolean beside)
{
  g_autoptr (GstCaps)
      allowed = overlay_caps_transform (GST_PAD_SINK, in_caps, beside, TRUE);
  GstCaps *kept = gst_caps_intersect_full (caps, allowed,
      GST_CAPS_INTERSECT_FIRST);

  gst_caps_unref (caps);
  return kept;
}

/* Whether upstream has frames of another size, for which there is room. */
static gboolean
can_upstream_adapt (GstActivationOverlay *self, gboolean beside)
{
  g_autoptr (GstCaps) allowed = get_sink_caps (self, NULL, beside);
  g_autoptr (GstCaps) caps = NULL;

  if (gst_caps_is_empty (allowed))
    return FALSE;
  caps = gst_pad_peer_query_caps (GST_BASE_TRANSFORM_SINK_PAD (self), allowed);
  return !gst_caps_is_empty (caps);
}

/* Whether these frames have been coming, so that the layout must have
 * changed. */
static gboolean
is_negotiated (GstActivationOverlay *self, GstCaps *in_caps)
{
  g_autoptr (GstCaps)
      sink_caps = gst_pad_get_current_caps (GST_BASE_TRANSFORM_SINK_PAD (self));
  g_autoptr (GstCaps)
      src_caps = gst_pad_get_current_caps (GST_BASE_TRANSFORM_SRC_PAD (self));

  return src_caps && sink_caps && gst_caps_is_equal (sink_caps, in_caps);
}

/* Downstream takes none of the frames that the wanted layout makes: until other
 * frames come the other layout has to do, if it does. */
static gboolean
may_use_other_layout (GstActivationOverlay *self, GstCaps *in_caps,
    gboolean beside)
{
  if (can_upstream_adapt (self, beside)) {
    GST_INFO_OBJECT (self, "asking upstream for frames of another size");
    gst_base_transform_reconfigure_sink (GST_BASE_TRANSFORM (self));
    return TRUE;
  }
  if (!is_negotiated (self, in_caps))
    return FALSE;
  GST_ELEMENT_WARNING (self, CORE, NEGOTIATION,
      ("Property 'layout': downstream takes no frames of the width that this "
       "layout needs, so the frames stay as they are. Let it take any width, "
       "scale the frames after activationoverlay, or choose another layout."),
      (NULL));
  return TRUE;
}

/* One look at the property decides. */
static GstCaps *
choose_layout (GstActivationOverlay *self, GstCaps *in_caps, GstCaps *caps)
{
  const gboolean beside = wants_beside (self);
  GstCaps *chosen = keep_layout (gst_caps_ref (caps), in_caps, beside);

  if (gst_caps_is_empty (chosen)
      && may_use_other_layout (self, in_caps, beside)) {
    gst_caps_unref (chosen);
    return caps;
  }
  gst_caps_unref (caps);
  return chosen;
}

/* Who takes anything does not say that it draws compositions. */
static GstCaps *
avoid_compositions (GstCaps *caps, GstPad *pad)
{
  if (!overlay_caps_has_composition (caps) || !takes_anything (pad))
    return caps;
  caps = gst_caps_make_writable (caps);
  while (gst_caps_get_size (caps) > 1 && overlay_caps_has_composition (caps))
    gst_caps_remove_structure (caps, 0);
  return caps;
}

static GstCaps *
gst_activation_overlay_fixate_caps (GstBaseTransform *transform,
    GstPadDirection from, GstCaps *caps, GstCaps *other)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  GstPad *pad = GST_BASE_TRANSFORM_SRC_PAD (self);

  if (from == GST_PAD_SINK && gst_pad_is_linked (pad))
    other = avoid_compositions (choose_layout (self, caps, other), pad);
  return GST_BASE_TRANSFORM_CLASS (parent_class)
      ->fixate_caps (transform, from, caps, other);
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
  self->scale = 1.0;
  self->takes_composition = overlay_caps_has_composition (caps);
  self->offers_composition = overlay_caps_has_composition (out_caps);
  g_atomic_int_set (&self->must_ask, self->offers_composition);
  gst_base_transform_set_in_place (transform, !is_beside (self));
  update_passthrough (self);
  GST_INFO_OBJECT (self, "in: %" GST_PTR_FORMAT, caps);
  GST_INFO_OBJECT (self, "out, %s the picture: %" GST_PTR_FORMAT,
      is_beside (self) ? "beside" : "on", out_caps);
  return TRUE;
}

/* Downstream does not take what the frames go out without. */
static void
drop_composition (GstQuery *query)
{
  guint index;

  while (gst_query_find_allocation_meta (query,
      GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE, &index))
    gst_query_remove_nth_allocation_meta (query, index);
}

static gboolean
gst_activation_overlay_propose_allocation (GstBaseTransform *transform,
    GstQuery *decide_query, GstQuery *query)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  const gboolean answered = activation_frame_propose_allocation (transform,
      decide_query, query);

  if (!self->offers_composition)
    drop_composition (query);
  return answered;
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
 * stays true. A composition has been drawn there. */
static gboolean
gst_activation_overlay_transform_meta (GstBaseTransform *transform,
    GstBuffer *out_buffer, GstMeta *meta, GstBuffer *buffer)
{
  return meta->info->api != GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE;
}

/* Downstream may be another now, or its window may have another size, without
 * any change of caps. */
static gboolean
gst_activation_overlay_src_event (GstBaseTransform *transform, GstEvent *event)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  if (GST_EVENT_TYPE (event) == GST_EVENT_RECONFIGURE) {
    g_atomic_int_set (&self->refused, FALSE);
    g_atomic_int_set (&self->must_ask, TRUE);
  }
  return GST_BASE_TRANSFORM_CLASS (parent_class)->src_event (transform, event);
}

/* Whether it is only the width that downstream does not take. */
static gboolean
takes_other_widths (GstActivationOverlay *self, GstCaps *in_caps)
{
  g_autoptr (GstCaps) filter = gst_caps_copy (in_caps);
  g_autoptr (GstCaps) caps = NULL;

  gst_caps_set_features_simple (filter, NULL);
  gst_structure_remove_field (gst_caps_get_structure (filter, 0), "width");
  caps = gst_pad_peer_query_caps (GST_BASE_TRANSFORM_SRC_PAD (self), filter);
  return !gst_caps_is_empty (caps);
}

/* Returns TRUE once there is an error that says why nothing was negotiated. */
static gboolean
explain_failure (GstActivationOverlay *self, GstCaps *in_caps)
{
  GstPad *pad = GST_BASE_TRANSFORM_SRC_PAD (self);
  GstVideoInfo info;
  gint width, height;

  if (self->has_explained)
    return TRUE;
  if (!wants_beside (self) || GST_PAD_IS_FLUSHING (pad)
      || !gst_video_info_from_caps (&info, in_caps)
      || !takes_other_widths (self, in_caps))
    return FALSE;
  width = GST_VIDEO_INFO_WIDTH (&info);
  height = GST_VIDEO_INFO_HEIGHT (&info);
  self->has_explained = TRUE;
  GST_ELEMENT_ERROR (self, CORE, NEGOTIATION,
      ("Property 'layout': beside a picture of %dx%d the panel makes frames of "
       "%dx%d, which downstream does not take. Let it take any width, scale "
       "the frames after activationoverlay, or choose another layout.",
          width, height,
          overlay_caps_get_wide_width (width, height,
              image_pixel_aspect_from_video_info (&info)),
          height),
      (NULL));
  return TRUE;
}

static gboolean
gst_activation_overlay_sink_event (GstBaseTransform *transform, GstEvent *event)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  g_autoptr (GstCaps) caps = NULL;
  gboolean handled;

  stream_clock_handle_event (&self->clock, transform->sinkpad, event);
  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    gst_event_parse_caps (event, &caps);
    gst_caps_ref (caps);
  }
  handled =
      GST_BASE_TRANSFORM_CLASS (parent_class)->sink_event (transform, event);
  if (caps && handled)
    self->has_explained = FALSE;
  else if (caps)
    explain_failure (self, caps);
  return handled;
}

/* Downstream answers only once it has caps, which then may have to be
 * others. */
static gboolean
settle_caps (GstActivationOverlay *self)
{
  GstBaseTransform *transform = GST_BASE_TRANSFORM (self);

  if (!gst_base_transform_reconfigure (transform))
    return FALSE;
  if (!g_atomic_int_get (&self->must_ask))
    return TRUE;
  ask_for_composition (self);
  return gst_base_transform_reconfigure (transform);
}

static GstFlowReturn
get_failure (GstActivationOverlay *self)
{
  g_autoptr (GstCaps) caps = NULL;

  if (GST_PAD_IS_FLUSHING (GST_BASE_TRANSFORM_SRC_PAD (self)))
    return GST_FLOW_FLUSHING;
  caps = gst_pad_get_current_caps (GST_BASE_TRANSFORM_SINK_PAD (self));
  return caps && explain_failure (self, caps) ? GST_FLOW_ERROR
                                              : GST_FLOW_NOT_NEGOTIATED;
}

static GstFlowReturn
gst_activation_overlay_submit_input_buffer (GstBaseTransform *transform,
    gboolean is_discont, GstBuffer *buffer)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  if (!settle_caps (self)) {
    gst_buffer_unref (buffer);
    return get_failure (self);
  }
  return GST_BASE_TRANSFORM_CLASS (parent_class)
      ->submit_input_buffer (transform, is_discont, buffer);
}

/* Frames on which nothing can be drawn pass without a look at them. */
static void
gst_activation_overlay_before_transform (GstBaseTransform *transform,
    GstBuffer *buffer)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  settings_sync (transform, buffer);
  update_passthrough (self);
}

static gboolean
gst_activation_overlay_start (GstBaseTransform *transform)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  self->renderer = overlay_renderer_new ();
  self->scene = scene_collector_new ();
  self->composition = composition_builder_new ();
  self->scaled_faces = g_array_new (FALSE, FALSE, sizeof (OverlayFace));
  self->scaled_places = g_array_new (FALSE, FALSE, sizeof (Rect));
  self->has_explained = FALSE;
  self->has_warned = FALSE;
  self->warned_of = 0;
  self->clock = (StreamClock) { .time = 0 };
  g_atomic_int_set (&self->refused, FALSE);
  return TRUE;
}

static gboolean
gst_activation_overlay_stop (GstBaseTransform *transform)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  g_clear_pointer (&self->renderer, overlay_renderer_free);
  g_clear_pointer (&self->scene, scene_collector_free);
  g_clear_pointer (&self->composition, composition_builder_free);
  g_clear_pointer (&self->scaled_faces, g_array_unref);
  g_clear_pointer (&self->scaled_places, g_array_unref);
  return TRUE;
}

/* A property of the style that is a plain number: where it is. */
static gdouble *
get_number (OverlayStyle *style, guint id)
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
set_style (OverlayStyle *style, guint id, const GValue *value)
{
  gdouble *number = get_number (style, id);

  if (number)
    *number = g_value_get_double (value);
  else if (id == PROP_LAYOUT)
    style->layout = (OverlayLayout) g_value_get_enum (value);
  else if (id == PROP_SCALING)
    style->scaling = (OverlayScaling) g_value_get_enum (value);
  else if (id == PROP_COLORMAP)
    style->colormap = (OverlayColormap) g_value_get_enum (value);
  else if (id == PROP_CAM_COLORMAP)
    style->cam_colormap = (OverlayColormap) g_value_get_enum (value);
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
    style->label_content = (OverlayLabelContent) g_value_get_flags (value);
}

static void
set_selection (GstActivationOverlay *self, guint id, const GValue *value)
{
  const guint serial = self->selection->serial + (id != PROP_PANEL_FACE);

  if (id == PROP_PANEL_MODEL)
    settings_take_string (&self->panel_model, value);
  else if (id == PROP_PANEL_LAYERS)
    settings_take_string (&self->panel_layers, value);
  else if (id == PROP_CHANNEL)
    settings_take_string (&self->channel, value);
  else
    self->panel_face = g_value_get_int (value);
  overlay_selection_unref (self->selection);
  self->selection = overlay_selection_new (self->panel_model,
      self->panel_layers, self->panel_face, self->channel, serial);
}

static void
gst_activation_overlay_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (object);
  gboolean was_beside, changed;

  GST_OBJECT_LOCK (self);
  was_beside = is_for_beside (&self->style);
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
  changed = is_for_beside (&self->style) != was_beside;
  GST_OBJECT_UNLOCK (self);
  if (changed)
    gst_base_transform_reconfigure_src (GST_BASE_TRANSFORM (self));
}

static void
get_style_property (const OverlayStyle *style, guint id, GValue *value)
{
  gdouble *number = get_number ((OverlayStyle *) style, id);

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
  self->selection = overlay_selection_new (NULL, NULL, DEFAULT_PANEL_FACE, NULL,
      1);
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
   * those of the last. When empty none are shown.
   */
  g_object_class_install_property (object_class, PROP_PANEL_MODEL,
      g_param_spec_string ("panel-model", "Panel model",
          "Model or attribute whose maps are shown, or all; empty = none "
          "(default: the last that was run)",
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
  transform_class->query = gst_activation_overlay_query;
  transform_class->set_caps = gst_activation_overlay_set_caps;
  transform_class->transform_size = gst_activation_overlay_transform_size;
  transform_class->transform_meta = gst_activation_overlay_transform_meta;
  transform_class->propose_allocation =
      gst_activation_overlay_propose_allocation;
  transform_class->prepare_output_buffer =
      activation_frame_prepare_output_buffer;
  transform_class->src_event = gst_activation_overlay_src_event;
  transform_class->sink_event = gst_activation_overlay_sink_event;
  transform_class->submit_input_buffer =
      gst_activation_overlay_submit_input_buffer;
  transform_class->before_transform = gst_activation_overlay_before_transform;
  transform_class->transform_ip = gst_activation_overlay_transform_ip;
  transform_class->transform = gst_activation_overlay_transform;
  transform_class->transform_ip_on_passthrough = FALSE;
}
