/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-facetracker
 * @title: facetracker
 *
 * Gives the faces that a detector upstream has found ids that stay from frame
 * to frame. It reads the #GstVideoRegionOfInterestMeta of the types given by
 * #GstFaceTracker:roi-type, whoever added them, and adds to each
 *
 * * the structure `object_id` with the field `id`, which is also written to the
 *   meta's own id, because that survives a videoconvert;
 * * the structure `detection` with the box relative to the frame (`x_min`,
 *   `x_max`, `y_min`, `y_max`) and a `confidence` of 1, unless the detector has
 *   added its own.
 *
 * A face keeps its id while it overlaps where it was last seen, also over half
 * a second of absence.
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 v4l2src ! videoconvert ! facedetect display=false !
 *     facetracker ! cnninference ! activationoverlay ! videoconvert !
 *     autovideosink
 * ]|
 */

#include "gstfacetracker.h"

#include <gst/video/video.h>

#include "face/face-tracker.h"
#include "videoframe.h"

GST_DEBUG_CATEGORY_STATIC (gst_face_tracker_debug);
#define GST_CAT_DEFAULT gst_face_tracker_debug

#define DEFAULT_ROI_TYPE "face"

enum {
  PROP_0,
  PROP_ROI_TYPE,
};

struct _GstFaceTracker {
  GstBaseTransform parent;

  /* properties, under the object lock */
  gchar *roi_type;

  /* streaming thread */
  FaceTracker *tracker;
  GstVideoInfo info;
  GPtrArray *regions; /* of GstVideoRegionOfInterestMeta, of one frame */
  GArray *faces;      /* of FaceRegion, likewise */
  GstClockTime time;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_VIDEO_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_VIDEO_CAPS));

#define gst_face_tracker_parent_class parent_class
G_DEFINE_FINAL_TYPE_WITH_CODE (GstFaceTracker, gst_face_tracker,
    GST_TYPE_BASE_TRANSFORM,
    GST_DEBUG_CATEGORY_INIT (gst_face_tracker_debug, "facetracker", 0,
        "follows faces"));
GST_ELEMENT_REGISTER_DEFINE (facetracker, "facetracker", GST_RANK_NONE,
    GST_TYPE_FACE_TRACKER);

/* Buffers without a timestamp are taken to follow each other at the frame
 * rate, or at 30 frames a second. */
static GstClockTime
get_time (GstFaceTracker *self, GstBuffer *buffer)
{
  if (GST_BUFFER_PTS_IS_VALID (buffer)) {
    self->time = GST_BUFFER_PTS (buffer);
  } else {
    const gint fps_n = GST_VIDEO_INFO_FPS_N (&self->info);

    self->time += fps_n > 0 ? gst_util_uint64_scale_int (GST_SECOND,
                      GST_VIDEO_INFO_FPS_D (&self->info), fps_n)
                            : GST_SECOND / 30;
  }
  return self->time;
}

static void
collect_regions (GstFaceTracker *self, GstBuffer *buffer)
{
  GstVideoRegionOfInterestMeta *region;
  gpointer state = NULL;
  GQuark roi_type;

  GST_OBJECT_LOCK (self);
  roi_type = g_quark_from_string (self->roi_type);
  GST_OBJECT_UNLOCK (self);

  g_ptr_array_set_size (self->regions, 0);
  g_array_set_size (self->faces, 0);
  while ((region = (GstVideoRegionOfInterestMeta *)
              gst_buffer_iterate_meta_filtered (buffer, &state,
                  GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))) {
    const FaceRegion face = { { (gint) region->x, (gint) region->y,
                                  (gint) region->w, (gint) region->h },
      0 };

    if (region->roi_type != roi_type)
      continue;
    g_ptr_array_add (self->regions, region);
    g_array_append_val (self->faces, face);
  }
}

static void
describe_region (GstFaceTracker *self, GstVideoRegionOfInterestMeta *region,
    gint id)
{
  const gdouble width = GST_VIDEO_INFO_WIDTH (&self->info);
  const gdouble height = GST_VIDEO_INFO_HEIGHT (&self->info);
  GstStructure *object_id = gst_video_region_of_interest_meta_get_param (region,
      "object_id");

  region->id = id;
  if (object_id) {
    gst_structure_set (object_id, "id", G_TYPE_INT, id, NULL);
  } else {
    gst_video_region_of_interest_meta_add_param (region,
        gst_structure_new ("object_id", "id", G_TYPE_INT, id, NULL));
  }
  if (!gst_video_region_of_interest_meta_get_param (region, "detection")) {
    gst_video_region_of_interest_meta_add_param (region,
        gst_structure_new ("detection", "x_min", G_TYPE_DOUBLE,
            region->x / width, "x_max", G_TYPE_DOUBLE,
            (region->x + region->w) / width, "y_min", G_TYPE_DOUBLE,
            region->y / height, "y_max", G_TYPE_DOUBLE,
            (region->y + region->h) / height, "confidence", G_TYPE_DOUBLE, 1.0,
            "label_id", G_TYPE_INT, 0, NULL));
  }
}

static GstFlowReturn
gst_face_tracker_transform_ip (GstBaseTransform *transform, GstBuffer *buffer)
{
  GstFaceTracker *self = GST_FACE_TRACKER (transform);
  FaceRegion *faces;

  collect_regions (self, buffer);
  faces = (FaceRegion *) self->faces->data;
  face_tracker_update (self->tracker, get_time (self, buffer), faces,
      self->faces->len);
  for (guint i = 0; i < self->faces->len; i++) {
    describe_region (self, g_ptr_array_index (self->regions, i), faces[i].id);
    GST_LOG_OBJECT (self, "face %d at %d,%d, %dx%d", faces[i].id,
        faces[i].box.x, faces[i].box.y, faces[i].box.width,
        faces[i].box.height);
  }
  return GST_FLOW_OK;
}

static gboolean
gst_face_tracker_set_caps (GstBaseTransform *transform, GstCaps *caps,
    GstCaps *out_caps)
{
  GstFaceTracker *self = GST_FACE_TRACKER (transform);
  const gint width = GST_VIDEO_INFO_WIDTH (&self->info);
  const gint height = GST_VIDEO_INFO_HEIGHT (&self->info);

  if (!gst_video_info_from_caps (&self->info, caps))
    return FALSE;
  /* Boxes of another frame size say nothing about this one. */
  if (width != GST_VIDEO_INFO_WIDTH (&self->info)
      || height != GST_VIDEO_INFO_HEIGHT (&self->info))
    face_tracker_reset (self->tracker);
  return TRUE;
}

static gboolean
gst_face_tracker_sink_event (GstBaseTransform *transform, GstEvent *event)
{
  GstFaceTracker *self = GST_FACE_TRACKER (transform);

  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    face_tracker_reset (self->tracker);
  return GST_BASE_TRANSFORM_CLASS (parent_class)->sink_event (transform, event);
}

static gboolean
gst_face_tracker_stop (GstBaseTransform *transform)
{
  GstFaceTracker *self = GST_FACE_TRACKER (transform);

  face_tracker_reset (self->tracker);
  gst_video_info_init (&self->info);
  self->time = 0;
  return TRUE;
}

static void
gst_face_tracker_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstFaceTracker *self = GST_FACE_TRACKER (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_ROI_TYPE:
      g_free (self->roi_type);
      self->roi_type = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_face_tracker_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstFaceTracker *self = GST_FACE_TRACKER (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_ROI_TYPE:
      g_value_set_string (value, self->roi_type);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_face_tracker_finalize (GObject *object)
{
  GstFaceTracker *self = GST_FACE_TRACKER (object);

  g_free (self->roi_type);
  face_tracker_free (self->tracker);
  g_ptr_array_unref (self->regions);
  g_array_unref (self->faces);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_face_tracker_init (GstFaceTracker *self)
{
  self->roi_type = g_strdup (DEFAULT_ROI_TYPE);
  self->tracker = face_tracker_new ();
  self->regions = g_ptr_array_new ();
  self->faces = g_array_new (FALSE, FALSE, sizeof (FaceRegion));
  gst_video_info_init (&self->info);
  gst_base_transform_set_in_place (GST_BASE_TRANSFORM (self), TRUE);
}

static void
gst_face_tracker_class_init (GstFaceTrackerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *transform_class = GST_BASE_TRANSFORM_CLASS (klass);

  object_class->set_property = gst_face_tracker_set_property;
  object_class->get_property = gst_face_tracker_get_property;
  object_class->finalize = gst_face_tracker_finalize;

  /**
   * GstFaceTracker:roi-type:
   *
   * Regions of this type are followed; those of other types pass untouched.
   */
  g_object_class_install_property (object_class, PROP_ROI_TYPE,
      g_param_spec_string ("roi-type", "Region type",
          "Type of the regions to follow", DEFAULT_ROI_TYPE,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
              | GST_PARAM_MUTABLE_PLAYING));

  gst_element_class_set_static_metadata (element_class, "Face tracker",
      "Filter/Analyzer/Video",
      "Gives the faces that a detector has found ids that stay",
      "The gst-activationmap authors");
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);

  transform_class->set_caps = gst_face_tracker_set_caps;
  transform_class->sink_event = gst_face_tracker_sink_event;
  transform_class->stop = gst_face_tracker_stop;
  transform_class->transform_ip = gst_face_tracker_transform_ip;
  transform_class->transform_ip_on_passthrough = FALSE;
}
