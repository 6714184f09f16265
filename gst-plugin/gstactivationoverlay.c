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
 * in a dock at the side the activation maps of the largest region, one tile a
 * channel. The dock moves to the other side when it would cover that region.
 *
 * Only what is drawn is touched, in the frame's own pixel format.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 v4l2src ! videoconvert ! facedetect display=false !
 *     facetracker ! cnninference ! activationoverlay colormap=viridis !
 *     videoconvert ! autovideosink
 * ]|
 */

#include "gstactivationoverlay.h"

#include "gstactivationmeta.h"
#include "heatmap/renderer.h"
#include "image/image-composite.h"
#include "syncvalues.h"
#include "videoframe.h"

GST_DEBUG_CATEGORY_STATIC (gst_activation_overlay_debug);
#define GST_CAT_DEFAULT gst_activation_overlay_debug

#define DEFAULT_COLORMAP HEATMAP_COLORMAP_YLGNBU
#define DEFAULT_DRAW_BOXES TRUE
#define DEFAULT_DRAW_LABELS TRUE
#define DEFAULT_DRAW_MAPS TRUE

#define TITLE "Activation maps"

/* Smaller frames, in pixels, have no room for any drawing. */
#define MIN_FRAME_SIZE 16
/* A region and its prediction may be scaled by an element in between, which
 * rounds their boxes in different ways: by so many pixels. */
#define BOX_TOLERANCE 2

enum {
  PROP_0,
  PROP_COLORMAP,
  PROP_DRAW_BOXES,
  PROP_DRAW_LABELS,
  PROP_DRAW_MAPS,
};

struct _GstActivationOverlay {
  GstBaseTransform parent;

  /* properties, under the object lock */
  HeatmapStyle style;

  /* streaming thread */
  GstVideoInfo info;
  HeatmapRenderer *renderer;
  GArray *faces;  /* of HeatmapFace, of one frame */
  GArray *layers; /* of HeatmapLayer, of the main face */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_VIDEO_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_VIDEO_CAPS));

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
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationOverlayColormap", values));
  }
  return (GType) type;
}

static void
append_face (GstActivationOverlay *self, const HeatmapFace *face)
{
  g_array_append_val (self->faces, *face);
}

/* Returns the activations of the largest region, or NULL. */
static const GstActivations *
collect_predictions (GstActivationOverlay *self, GstBuffer *buffer,
    HeatmapScene *scene)
{
  const GstActivations *largest = NULL;
  GstActivationMeta *meta;
  gpointer state = NULL;
  guint64 largest_area = 0;

  while ((meta = gst_buffer_iterate_activation_meta (buffer, &state))) {
    const GstActivations *activations = meta->activations;
    const guint winner = gst_activations_get_winner (activations);
    const guint64 area = (guint64) meta->width * meta->height;
    const HeatmapFace face = {
      .box = { (gint) meta->x, (gint) meta->y, (gint) meta->width,
          (gint) meta->height },
      .id = gst_activations_get_region_id (activations),
      .label = gst_activations_get_label (activations, winner),
      .confidence = gst_activations_get_score (activations, winner),
    };

    if (!largest || area > largest_area) {
      largest = activations;
      largest_area = area;
      scene->main_face = (gint) self->faces->len;
    }
    append_face (self, &face);
  }
  return largest;
}

static gboolean
is_near (gint a, gint b)
{
  return ABS ((gint64) a - b) <= BOX_TOLERANCE;
}

static gboolean
is_predicted (GstActivationOverlay *self, const ImageRect *box)
{
  for (guint i = 0; i < self->faces->len; i++) {
    const ImageRect *other = &g_array_index (self->faces, HeatmapFace, i).box;

    if (is_near (other->x, box->x) && is_near (other->y, box->y)
        && is_near (other->width, box->width)
        && is_near (other->height, box->height))
      return TRUE;
  }
  return FALSE;
}

/* Regions that no network has looked at. */
static void
collect_detections (GstActivationOverlay *self, GstBuffer *buffer)
{
  GstVideoRegionOfInterestMeta *meta;
  gpointer state = NULL;

  while ((
      meta = (GstVideoRegionOfInterestMeta *) gst_buffer_iterate_meta_filtered (
          buffer, &state, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))) {
    const HeatmapFace face = {
      .box = { (gint) meta->x, (gint) meta->y, (gint) meta->w, (gint) meta->h },
      .id = meta->id > 0 ? meta->id : -1,
      .label = g_quark_to_string (meta->roi_type),
      .confidence = -1.0,
    };

    if (!is_predicted (self, &face.box))
      append_face (self, &face);
  }
}

static void
collect_layers (GstActivationOverlay *self, const GstActivations *activations)
{
  for (guint i = 0; i < gst_activations_get_n_layers (activations); i++) {
    const GstActivationLayer *source = gst_activations_get_layer (activations,
        i);
    const HeatmapLayer layer = { source->source, source->height, source->width,
      source->channels, source->data };

    g_array_append_val (self->layers, layer);
  }
}

static void
collect_scene (GstActivationOverlay *self, GstBuffer *buffer,
    HeatmapScene *scene)
{
  const GstActivations *main_activations;

  g_array_set_size (self->faces, 0);
  g_array_set_size (self->layers, 0);
  scene->title = TITLE;
  scene->main_face = -1;
  main_activations = collect_predictions (self, buffer, scene);
  if (main_activations)
    collect_layers (self, main_activations);
  collect_detections (self, buffer);
  scene->faces = (const HeatmapFace *) self->faces->data;
  scene->n_faces = self->faces->len;
  scene->layers = (const HeatmapLayer *) self->layers->data;
  scene->n_layers = self->layers->len;
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

static GstFlowReturn
gst_activation_overlay_transform_ip (GstBaseTransform *transform,
    GstBuffer *buffer)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);
  const gint width = GST_VIDEO_INFO_WIDTH (&self->info);
  const gint height = GST_VIDEO_INFO_HEIGHT (&self->info);
  const HeatmapPiece *pieces;
  HeatmapScene scene;
  HeatmapStyle style;
  GstVideoFrame frame;
  ImageFrame image;
  guint n_pieces;

  if (width < MIN_FRAME_SIZE || height < MIN_FRAME_SIZE)
    return GST_FLOW_OK;
  GST_OBJECT_LOCK (self);
  style = self->style;
  GST_OBJECT_UNLOCK (self);
  collect_scene (self, buffer, &scene);
  pieces = heatmap_renderer_render (self->renderer, width, height, &scene,
      &style, &n_pieces);
  if (n_pieces == 0)
    return GST_FLOW_OK;
  if (!gst_video_frame_map (&frame, &self->info, buffer,
          GST_MAP_READWRITE | GST_VIDEO_FRAME_MAP_FLAG_NO_REF)) {
    GST_ELEMENT_ERROR (self, RESOURCE, WRITE, (NULL),
        ("a buffer of %" G_GSIZE_FORMAT " bytes cannot be mapped as a frame",
            gst_buffer_get_size (buffer)));
    return GST_FLOW_ERROR;
  }
  image_frame_from_video_frame (&frame, &image);
  composite_pieces (&image, pieces, n_pieces);
  gst_video_frame_unmap (&frame);
  return GST_FLOW_OK;
}

static gboolean
gst_activation_overlay_set_caps (GstBaseTransform *transform, GstCaps *caps,
    GstCaps *out_caps)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  return gst_video_info_from_caps (&self->info, caps);
}

static gboolean
gst_activation_overlay_start (GstBaseTransform *transform)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  self->renderer = heatmap_renderer_new ();
  return TRUE;
}

static gboolean
gst_activation_overlay_stop (GstBaseTransform *transform)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (transform);

  g_clear_pointer (&self->renderer, heatmap_renderer_free);
  return TRUE;
}

static void
gst_activation_overlay_set_property (GObject *object, guint id,
    const GValue *value, GParamSpec *pspec)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_COLORMAP:
      self->style.colormap = (HeatmapColormap) g_value_get_enum (value);
      break;
    case PROP_DRAW_BOXES:
      self->style.draw_boxes = g_value_get_boolean (value);
      break;
    case PROP_DRAW_LABELS:
      self->style.draw_labels = g_value_get_boolean (value);
      break;
    case PROP_DRAW_MAPS:
      self->style.draw_maps = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_activation_overlay_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_COLORMAP:
      g_value_set_enum (value, (gint) self->style.colormap);
      break;
    case PROP_DRAW_BOXES:
      g_value_set_boolean (value, self->style.draw_boxes);
      break;
    case PROP_DRAW_LABELS:
      g_value_set_boolean (value, self->style.draw_labels);
      break;
    case PROP_DRAW_MAPS:
      g_value_set_boolean (value, self->style.draw_maps);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_activation_overlay_finalize (GObject *object)
{
  GstActivationOverlay *self = GST_ACTIVATION_OVERLAY (object);

  g_array_unref (self->faces);
  g_array_unref (self->layers);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_activation_overlay_init (GstActivationOverlay *self)
{
  self->style.colormap = DEFAULT_COLORMAP;
  self->style.draw_boxes = DEFAULT_DRAW_BOXES;
  self->style.draw_labels = DEFAULT_DRAW_LABELS;
  self->style.draw_maps = DEFAULT_DRAW_MAPS;
  self->faces = g_array_new (FALSE, FALSE, sizeof (HeatmapFace));
  self->layers = g_array_new (FALSE, FALSE, sizeof (HeatmapLayer));
  gst_video_info_init (&self->info);
  gst_base_transform_set_in_place (GST_BASE_TRANSFORM (self), TRUE);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING | GST_PARAM_CONTROLLABLE;

  /**
   * GstActivationOverlay:colormap:
   *
   * Colours of the maps, each of which is scaled to its own range.
   */
  g_object_class_install_property (object_class, PROP_COLORMAP,
      g_param_spec_enum ("colormap", "Colormap", "Colours of the maps",
          GST_TYPE_ACTIVATION_OVERLAY_COLORMAP, DEFAULT_COLORMAP, flags));
  /**
   * GstActivationOverlay:draw-boxes:
   */
  g_object_class_install_property (object_class, PROP_DRAW_BOXES,
      g_param_spec_boolean ("draw-boxes", "Draw boxes",
          "Draw the box of each region", DEFAULT_DRAW_BOXES, flags));
  /**
   * GstActivationOverlay:draw-labels:
   */
  g_object_class_install_property (object_class, PROP_DRAW_LABELS,
      g_param_spec_boolean ("draw-labels", "Draw labels",
          "Draw the label of each region with a bar for its confidence",
          DEFAULT_DRAW_LABELS, flags));
  /**
   * GstActivationOverlay:draw-maps:
   */
  g_object_class_install_property (object_class, PROP_DRAW_MAPS,
      g_param_spec_boolean ("draw-maps", "Draw maps",
          "Draw the title and the activation maps of the largest region",
          DEFAULT_DRAW_MAPS, flags));
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

  gst_element_class_set_static_metadata (element_class, "Activation overlay",
      "Filter/Editor/Video",
      "Draws predictions and the activation maps of a network over a video",
      "The gst-activationmap authors");
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);

  transform_class->start = gst_activation_overlay_start;
  transform_class->stop = gst_activation_overlay_stop;
  transform_class->set_caps = gst_activation_overlay_set_caps;
  transform_class->before_transform = activation_sync_values;
  transform_class->transform_ip = gst_activation_overlay_transform_ip;
  transform_class->transform_ip_on_passthrough = FALSE;
}
