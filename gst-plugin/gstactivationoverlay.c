/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-activationoverlay
 * @title: activationoverlay
 * @see_also: cnninference, activationmap
 *
 * Draws what the metadata of a video frame says: the box and the label of each
 * #GstActivationMeta, the boxes of all other #GstVideoRegionOfInterestMeta and
 * #GstAnalyticsODMtd (GStreamer 1.24), and in a panel the activation maps of
 * one region, one tile a channel. The panel lies over the picture
 * (#GstActivationOverlay:layout `dock`), where it moves to the corner in which
 * it covers least of the regions, or beside it (`beside`), for which the frame
 * is made wider. What does not fit the panel at a readable size is shown on
 * further pages.
 *
 * Marks: a dot for a channel without a response now, hatching for one that has
 * had none for 300 frames, a red cross for one that was knocked out, a border
 * for the five that contribute most to the explained score (orange for it, blue
 * against it).
 *
 * Everything is drawn in the proportions in which the frame is displayed, also
 * where its pixels are not square.
 *
 * Only the pixels that are drawn on change, in the frame's own format. Where
 * downstream takes #GstVideoOverlayCompositionMeta, the drawing is attached
 * instead, on top of what others have attached, except beside the picture.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 v4l2src ! videoconvert ! facetracker ! cnninference !
 *     activationoverlay colormap=viridis ! videoconvert ! autovideosink
 * ]|
 */

#include "gstactivationmapelements.h"
#include "image/image-composite.h"
#include "overlaymeta.h"
#include "overlaynegotiation.h"
#include "overlayproperties.h"
#include "scenecollector.h"
#include "settings.h"
#include "streamclock.h"
#include "videoframe.h"

GST_DEBUG_CATEGORY (gst_activation_overlay_debug);
#define GST_CAT_DEFAULT gst_activation_overlay_debug

#define TITLE "Activation maps"

/* How often the frame rate is measured. */
#define RATE_INTERVAL (GST_SECOND / 2)

struct _GstActivationOverlay {
  GstBaseTransform parent;

  OverlayProperties properties; /* under the object lock */

  /* streaming thread */
  OverlayNegotiation negotiation; /* any thread may ask for another */
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

/* Uses the layout that was negotiated, even if the property has changed. */
static void
get_style (GstActivationOverlay *self, OverlayStyle *style,
    GstActivationFollow *follow, OverlaySelection **selection)
{
  GST_OBJECT_LOCK (self);
  *style = self->properties.style;
  *follow = self->properties.follow;
  *selection = g_atomic_rc_box_acquire (self->properties.selection);
  GST_OBJECT_UNLOCK (self);
  if (overlay_negotiation_is_beside (&self->negotiation)) {
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

/* Measures the frames per second of the stream's own time, so that a file is
 * drawn the same each time. */
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

/* Earlier frames count only if this one continues them. */
static void
advance_clock (GstActivationOverlay *self, GstBuffer *buffer,
    GstActivationFollow follow, OverlayScene *scene)
{
  const GstSegment *segment = &GST_BASE_TRANSFORM (self)->segment;

  stream_clock_tick (&self->clock, segment, &self->negotiation.info, buffer,
      follow);
  if (self->clock.is_continued) {
    count_frame (self);
  } else {
    overlay_renderer_reset (self->renderer);
    restart_rate (self);
  }
  scene->time = (gint64) self->clock.time;
  if (self->clock.is_timed)
    scene->frame_rate = self->frame_rate;
  scene->full_frame_rate = stream_clock_get_frame_rate (segment,
      &self->negotiation.info);
}

/* Warns once for each selection, as frames may lack what others have. Another
 * face does not make another selection, as a controller may set one for each
 * frame. */
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
  return (gint) CLAMP (length * self->negotiation.scale, G_MININT, G_MAXINT);
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

/* Scales the scene to downstream's window, which may show frames larger or
 * smaller. */
static void
scale_scene (GstActivationOverlay *self, OverlayScene *scene)
{
  if (self->negotiation.scale == 1.0)
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
      self->negotiation.attaches ? "attach" : "draw");
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
  advance_clock (self, buffer, follow, &scene);
  scene.title = TITLE;
  scene.picture = picture;
  scene.pixel_aspect = image_pixel_aspect_from_video_info (
      &self->negotiation.info);
  if (drawn) {
    scene.taken = drawn->places;
    scene.n_taken = drawn->n_places;
  }
  scene_collector_collect (self->scene, buffer, &self->negotiation.info,
      selection, drawn ? drawn->n_predictions : 0, &scene);
  warn_of_problems (self, selection);
  scale_scene (self, &scene);
  pieces = overlay_renderer_render (self->renderer,
      scale_length (self, GST_VIDEO_INFO_WIDTH (&self->negotiation.info)),
      scale_length (self, GST_VIDEO_INFO_HEIGHT (&self->negotiation.info)),
      &scene, &style, n_pieces);
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
map_frame (GstActivationOverlay *self, GstVideoFrame *frame,
    const GstVideoInfo *info, GstBuffer *buffer, GstMapFlags flags)
{
  return activation_frame_map (GST_ELEMENT (self), &self->has_warned, frame,
      info, buffer, flags);
}

/* Returns whether there may be anything to draw: according to the properties,
 * or because of a composition that nobody downstream would draw. */
static gboolean
may_draw (GstActivationOverlay *self)
{
  gboolean draws;

  if (overlay_negotiation_is_beside (&self->negotiation)
      || (self->negotiation.takes_composition
          && !self->negotiation.offers_composition))
    return TRUE;
  GST_OBJECT_LOCK (self);
  draws = self->properties.style.draw_boxes
      || self->properties.style.draw_labels
      || (self->properties.style.draw_maps
          && self->properties.style.layout != OVERLAY_LAYOUT_NONE);
  GST_OBJECT_UNLOCK (self);
  return draws && overlay_negotiation_can_draw (&self->negotiation);
}

static void
update_passthrough (GstActivationOverlay *self)
{
  GstBaseTransform *transform = GST_BASE_TRANSFORM (self);
  const gboolean passes = !may_draw (self);

  if (gst_base_transform_is_passthrough (transform) != passes)
    gst_base_transform_set_passthrough (transform, passes);
}

/* Draws the compositions of other elements, which lie below. */
static void
blend_composition (GstBuffer *buffer, GstVideoFrame *frame)
{
  GstVideoOverlayComposition *composition = composition_merge_attached (buffer);

  if (!composition)
    return;
  gst_video_overlay_composition_blend (composition, frame);
  gst_video_overlay_composition_unref (composition);
}

/* Returns FALSE if the buffer is not a frame. */
static gboolean
draw_pieces (GstActivationOverlay *self, GstBuffer *buffer,
    const OverlayPiece *pieces, guint n_pieces)
{
  GstVideoFrame frame;
  ImageFrame image;

  if (!map_frame (self, &frame, &self->negotiation.info, buffer,
          GST_MAP_READWRITE))
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

  if (overlay_negotiation_can_draw (&self->negotiation))
    pieces = render (self, buffer, NULL, &n_pieces);
  if (self->negotiation.attaches) {
    composition_builder_attach (self->composition, buffer, pieces, n_pieces,
        self->negotiation.scale);
  } else if (n_pieces > 0
      || (self->negotiation.takes_composition
          && gst_buffer_get_video_overlay_composition_meta (buffer))) {
    if (!draw_pieces (self, buffer, pieces, n_pieces))
      return GST_FLOW_OK;
  }
  if (n_pieces > 0)
    drawn_meta_add (buffer, self->n_written, pieces, n_pieces,
        self->negotiation.scale);
  return GST_FLOW_OK;
}

/* Draws beside the picture, into a wider frame. */
static GstFlowReturn
gst_activation_overlay_transform (GstBaseTransform *transform,
    GstBuffer *buffer, GstBuffer *out_buffer)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  const OverlayPiece *pieces;
  GstVideoFrame frame, out_frame;
  ImageFrame image, out_image;
  guint n_pieces;

  if (!map_frame (self, &frame, &self->negotiation.info, buffer, GST_MAP_READ))
    return GST_BASE_TRANSFORM_FLOW_DROPPED;
  if (!map_frame (self, &out_frame, &self->negotiation.out_info, out_buffer,
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

static GstCaps *
gst_activation_overlay_transform_caps (GstBaseTransform *transform,
    GstPadDirection from, GstCaps *caps, GstCaps *filter)
{
  return overlay_negotiation_transform_caps (
      &GST_ACTIVATION_OVERLAY (transform)->negotiation, from, caps, filter);
}

/* GstBaseTransform itself would transform caps twice, and the layout may change
 * in between. */
static gboolean
gst_activation_overlay_query (GstBaseTransform *transform,
    GstPadDirection direction, GstQuery *query)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  if (GST_QUERY_TYPE (query) == GST_QUERY_CAPS && direction == GST_PAD_SINK) {
    overlay_negotiation_answer_caps_query (&self->negotiation, query);
    return TRUE;
  }
  return GST_BASE_TRANSFORM_CLASS (parent_class)
      ->query (transform, direction, query);
}

static GstCaps *
gst_activation_overlay_fixate_caps (GstBaseTransform *transform,
    GstPadDirection from, GstCaps *caps, GstCaps *other)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  if (from == GST_PAD_SINK)
    other = overlay_negotiation_choose_caps (&self->negotiation, caps, other);
  return GST_BASE_TRANSFORM_CLASS (parent_class)
      ->fixate_caps (transform, from, caps, other);
}

static gboolean
gst_activation_overlay_set_caps (GstBaseTransform *transform, GstCaps *caps,
    GstCaps *out_caps)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  if (!overlay_negotiation_set_caps (&self->negotiation, caps, out_caps))
    return FALSE;
  scene_collector_restart (self->scene);
  update_passthrough (self);
  return TRUE;
}

static gboolean
gst_activation_overlay_propose_allocation (GstBaseTransform *transform,
    GstQuery *decide_query, GstQuery *query)
{
  const gboolean answered = activation_frame_propose_allocation (transform,
      decide_query, query);

  overlay_negotiation_restrict_allocation (
      &GST_ACTIVATION_OVERLAY (transform)->negotiation, query);
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

/* The picture keeps its place in the wider frame, so its metadata stays true.
 * Compositions have been drawn on it by then. */
static gboolean
gst_activation_overlay_transform_meta (GstBaseTransform *transform,
    GstBuffer *out_buffer, GstMeta *meta, GstBuffer *buffer)
{
  return meta->info->api != GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE;
}

static gboolean
gst_activation_overlay_src_event (GstBaseTransform *transform, GstEvent *event)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  if (GST_EVENT_TYPE (event) == GST_EVENT_RECONFIGURE)
    overlay_negotiation_restart (&self->negotiation);
  return GST_BASE_TRANSFORM_CLASS (parent_class)->src_event (transform, event);
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
  if (caps)
    overlay_negotiation_check_caps_event (&self->negotiation, caps, handled);
  return handled;
}

static GstFlowReturn
gst_activation_overlay_submit_input_buffer (GstBaseTransform *transform,
    gboolean is_discont, GstBuffer *buffer)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  const GstFlowReturn result = overlay_negotiation_settle (&self->negotiation);

  if (result != GST_FLOW_OK) {
    gst_buffer_unref (buffer);
    return result;
  }
  return GST_BASE_TRANSFORM_CLASS (parent_class)
      ->submit_input_buffer (transform, is_discont, buffer);
}

/* Frames on which nothing can be drawn pass through unread. */
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
  self->scene = scene_collector_new (transform);
  self->composition = composition_builder_new ();
  self->scaled_faces = g_array_new (FALSE, FALSE, sizeof (OverlayFace));
  self->scaled_places = g_array_new (FALSE, FALSE, sizeof (Rect));
  overlay_negotiation_start (&self->negotiation);
  self->has_warned = FALSE;
  self->warned_of = 0;
  self->clock = (StreamClock) { .time = 0 };
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

static void
gst_activation_overlay_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (object);
  gboolean is_other_layout;

  GST_OBJECT_LOCK (self);
  overlay_properties_set (&self->properties, id, value);
  is_other_layout = overlay_negotiation_set_beside (&self->negotiation,
      overlay_properties_want_beside (&self->properties));
  GST_OBJECT_UNLOCK (self);
  if (is_other_layout)
    gst_base_transform_reconfigure_src (GST_BASE_TRANSFORM (self));
}

static void
gst_activation_overlay_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (object);

  GST_OBJECT_LOCK (self);
  overlay_properties_get (&self->properties, id, value);
  GST_OBJECT_UNLOCK (self);
}

static void
gst_activation_overlay_finalize (GObject *object)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (object);

  overlay_properties_clear (&self->properties);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_activation_overlay_init (GstActivationOverlay *self)
{
  overlay_properties_init (&self->properties);
  overlay_negotiation_init (&self->negotiation, GST_BASE_TRANSFORM (self),
      overlay_properties_want_beside (&self->properties));
  gst_base_transform_set_in_place (GST_BASE_TRANSFORM (self), TRUE);
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
  overlay_properties_install (object_class);

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
