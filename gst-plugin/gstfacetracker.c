/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-facetracker
 * @title: facetracker
 * @see_also: cnninference, activationoverlay, regionjson, activationmap
 *
 * Finds the faces in a video and gives them ids that stay from frame to frame.
 * The picture is only read. Each face becomes a #GstVideoRegionOfInterestMeta
 * of the type #GstFaceTracker:roi-type, a square from about the middle of the
 * forehead to the chin: a square as it is displayed, in pixels of the frame,
 * which need not be squares themselves. It has
 *
 * * the structure `object_id` with the field `id`. It is also written to the
 *   meta's own id, because that survives a videoconvert, unless GstAnalytics
 *   has another use for it;
 * * the structure `detection` with the box relative to the frame (`x_min`,
 *   `x_max`, `y_min`, `y_max`) and a `confidence`. The region is clipped to the
 *   frame; this box is not, so it is still square where a face reaches beyond.
 *
 * When built with GstAnalytics (GStreamer 1.24), each face also becomes an
 * object detection (#GstAnalyticsODMtd) with the same type, box and confidence,
 * and, related to it both ways, a tracking with the id that stays. The id of
 * the region's meta is then that of the object detection, by which DL Streamer
 * looks it up. A frame without faces gets an empty #GstAnalyticsRelationMeta.
 *
 * Frames that bring regions of that type from a detector upstream, or objects
 * of GstAnalytics, are taken as they are: their boxes stay, and each gets an id
 * and, unless it has one, a `detection` with a confidence of 1. Objects get a
 * tracking instead of the one that they may have, and regions become objects. A
 * region and an object of the same type are one face if their boxes are the
 * same within 2 pixels, or if they overlap and have the same id.
 *
 * A new face is shown when two detections in a row find it, or one that is
 * nearly certain, or the first one of the stream. From then on a lower
 * confidence keeps it, as long as that is enough on average over half a second.
 * Its box is smoothed while it rests, and follows at once when it jumps. A face
 * that has been there for a while and is not found is expected where it was
 * heading for a tenth of a second, and keeps its id over half a second of
 * absence. If frames or detections are rare, these times are longer: the README
 * has them all.
 *
 * Time is running time, which also grows when a film is played backwards. When
 * the timestamps make a small step back, time stands still, and frames without
 * timestamps are counted. Frames that have no time at all, such as pictures
 * from multifilesrc, are taken for unrelated pictures: see
 * #GstFaceTracker:follow. Each of them then shows all faces that are found in
 * it, with ids that no other picture has.
 *
 * Where frames come faster than twelve a second, the whole frame is not
 * searched each time, but at most every 80 ms; in between only the places of
 * the faces are looked at again. When a sink downstream reports that frames are
 * late, faces are looked for less often; no frame is dropped.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 v4l2src ! videoconvert ! facetracker ! cnninference !
 *     activationoverlay ! videoconvert ! autovideosink
 * gst-launch-1.0 v4l2src ! videoconvert ! gvadetect model=face.xml !
 *     facetracker 'face-model=""' ! cnninference ! activationoverlay !
 *     videoconvert ! autovideosink
 * ]|
 */

#include <gst/video/video.h>

#include "analytics.h"
#include "base/model-error.h"
#include "face/face-tracker.h"
#include "gstactivationmapelements.h"
#include "region.h"
#include "settings.h"
#include "streamclock.h"
#include "videoframe.h"

GST_DEBUG_CATEGORY_STATIC (gst_face_tracker_debug);
#define GST_CAT_DEFAULT gst_face_tracker_debug

#define DEFAULT_FACE_MODEL NULL
#define DEFAULT_ROI_TYPE "face"
#define DEFAULT_MIN_SIZE 0
#define DEFAULT_MAX_FACES 16
#define DEFAULT_CONFIDENCE 0.5
#define DEFAULT_INTERVAL 1
#define DEFAULT_FOLLOW GST_ACTIVATION_FOLLOW_AUTO

/* However late the frames are, one in so many is searched for faces. */
#define MAX_LATE_FRAMES 5
/* Faces are searched for in each frame that comes so long after the last
 * search, and followed in those before. */
#define MIN_SEARCH_GAP (80 * GST_MSECOND)
/* After so long without a search, no doubtful place waits for its turn. */
#define MAX_SEARCH_GAP (160 * GST_MSECOND)

enum {
  PROP_0,
  PROP_FACE_MODEL,
  PROP_ROI_TYPE,
  PROP_MIN_SIZE,
  PROP_MAX_FACES,
  PROP_CONFIDENCE,
  PROP_INTERVAL,
  PROP_FOLLOW,
};

/**
 * Settings:
 * @serial: counts the changes
 *
 * The properties. Each frame is processed with one snapshot of them.
 */
typedef struct {
  guint serial;
  gchar *face_model;
  gchar *roi_type;
  guint min_size;
  guint max_faces;
  gdouble confidence;
  guint interval;
  GstActivationFollow follow;
} Settings;

static const SettingsField setting_fields[] = {
  [PROP_FACE_MODEL] = SETTINGS_STRING (Settings, face_model),
  [PROP_ROI_TYPE] = SETTINGS_STRING (Settings, roi_type),
  [PROP_MIN_SIZE] = SETTINGS_NUMBER (Settings, min_size),
  [PROP_MAX_FACES] = SETTINGS_NUMBER (Settings, max_faces),
  [PROP_CONFIDENCE] = SETTINGS_NUMBER (Settings, confidence),
  [PROP_INTERVAL] = SETTINGS_NUMBER (Settings, interval),
  [PROP_FOLLOW] = SETTINGS_NUMBER (Settings, follow),
};
static const SettingsLayout settings_layout = SETTINGS_LAYOUT (Settings,
    setting_fields);

struct _GstFaceTracker {
  GstBaseTransform parent;

  /* under the object lock */
  Settings settings;          /* the properties */
  GstClockTime earliest_time; /* running time; frames before it are late */

  /* streaming thread */
  Settings current; /* snapshot of the properties */
  FaceDetector *detector;
  GError *load_error; /* why there is no detector */
  CnnInputSize input; /* of the detector, as it was logged */
  FaceTracker *tracker;
  GstVideoInfo info;
  gboolean has_warned; /* of a buffer that is no frame */
  RegionList *regions; /* of one frame */
  GArray *faces;       /* of FaceRegion: those of the type to follow */
  StreamClock clock;
  guint frame_count;
  guint n_late; /* frames in a row without detection, for being late */
  GstClockTime search_time; /* of the last search, rather than following */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_VIDEO_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_VIDEO_CAPS));

#define gst_face_tracker_parent_class parent_class
G_DEFINE_FINAL_TYPE_WITH_CODE (GstFaceTracker, gst_face_tracker,
    GST_TYPE_BASE_TRANSFORM,
    GST_DEBUG_CATEGORY_INIT (gst_face_tracker_debug, "facetracker", 0,
        "finds and follows faces"));
GST_ELEMENT_REGISTER_DEFINE (facetracker, "facetracker", GST_RANK_NONE,
    GST_TYPE_FACE_TRACKER);

/* Takes a new snapshot if properties have been set. */
static void
update_settings (GstFaceTracker *self)
{
  Settings old;

  if (!settings_update (&settings_layout, GST_OBJECT (self), &self->settings,
          &self->current, &old))
    return;
  if (g_strcmp0 (old.face_model, self->current.face_model)) {
    g_clear_pointer (&self->detector, face_detector_free);
    g_clear_error (&self->load_error);
  } else if (old.min_size != self->current.min_size) {
    g_clear_error (&self->load_error);
  }
  settings_clear (&settings_layout, &old);
}

/* NULL stands for the default model, and an empty name for none. */
static gboolean
has_detector (const GstFaceTracker *self)
{
  return !self->current.face_model || *self->current.face_model;
}

static gboolean
has_roi_type (const GstFaceTracker *self)
{
  return self->current.roi_type && *self->current.roi_type;
}

static void
log_change (gint id, FaceChange change, gpointer self)
{
  static const gchar *const texts[] = {
    [FACE_CHANGE_BELIEVED] = "found",
    [FACE_CHANGE_DOUBTED] = "hidden: too little confidence for too long",
    [FACE_CHANGE_LOST] = "lost: not found for too long",
    [FACE_CHANGE_FORGOTTEN] = "forgotten: of another time, size or picture",
  };

  GST_DEBUG_OBJECT (self, "face %d is %s", id, texts[change]);
}

static void
log_input_size (GstFaceTracker *self)
{
  const CnnInputSize input = face_detector_get_input_size (self->detector);

  if (input.width == self->input.width && input.height == self->input.height)
    return;
  self->input = input;
  GST_INFO_OBJECT (self, "faces are looked for in %dx%d pixels", input.width,
      input.height);
}

static void
get_canvas (const GstVideoInfo *info, ImageCanvas *canvas)
{
  image_canvas_init (canvas, GST_VIDEO_INFO_WIDTH (info),
      GST_VIDEO_INFO_HEIGHT (info), image_pixel_aspect_from_video_info (info));
}

/* Makes the detector for the current settings ready for frames of this size, or
 * keeps the error, unless that has been done. */
static void
load_detector (GstFaceTracker *self)
{
  ImageCanvas canvas;

  if (self->load_error)
    return;
  if (!self->detector) {
    g_autofree gchar *path = settings_find_model (self->current.face_model,
        "face", &self->load_error);

    if (path)
      self->detector = face_detector_new (path, &self->load_error);
  }
  /* The size is known only once there are caps. */
  if (!self->detector || GST_VIDEO_INFO_WIDTH (&self->info) == 0)
    return;
  get_canvas (&self->info, &canvas);
  face_detector_expect_faces (self->detector, self->current.max_faces);
  if (face_detector_prepare (self->detector, &canvas, self->current.min_size,
          &self->load_error))
    log_input_size (self);
}

/* Earlier frames count only if this one continues them. */
static void
advance_clock (GstFaceTracker *self, GstBuffer *buffer)
{
  stream_clock_tick (&self->clock, &GST_BASE_TRANSFORM (self)->segment,
      &self->info, buffer, self->current.follow);
  GST_LOG_OBJECT (self,
      "%" GST_PTR_FORMAT " at %" GST_TIME_FORMAT
      ", usually every %" GST_TIME_FORMAT "%s",
      buffer, GST_TIME_ARGS (self->clock.time), GST_TIME_ARGS (self->clock.gap),
      self->clock.is_continued ? "" : ", begins anew");
  if (!self->clock.is_continued)
    face_tracker_reset (self->tracker);
  face_tracker_set_frame_gap (self->tracker, self->clock.gap);
}

static gboolean
is_followed (const GstFaceTracker *self, const Region *region)
{
  return region_has_type (region, self->current.roi_type);
}

static void
collect_regions (GstFaceTracker *self, GstBuffer *buffer)
{
  region_list_collect (self->regions, buffer, &self->info);
  g_array_set_size (self->faces, 0);
  for (guint i = 0; i < region_list_get_length (self->regions); i++) {
    const Region *region = region_list_get (self->regions, i);
    const FaceRegion face = { .box = region->box };

    if (is_followed (self, region))
      g_array_append_val (self->faces, face);
  }
}

/* Converts the time of the tracker at which a face was seen to running time. */
static GstClockTime
get_time_seen (GstFaceTracker *self, GstBuffer *buffer, guint64 seen)
{
  const GstClockTime now =
      stream_clock_get_running_time (&GST_BASE_TRANSFORM (self)->segment,
          buffer);
  const GstClockTime age = self->clock.time - seen;

  return GST_CLOCK_TIME_IS_VALID (now) && now >= age ? now - age
                                                     : GST_CLOCK_TIME_NONE;
}

/* Gives ids to the regions that come from upstream. */
static void
follow_regions (GstFaceTracker *self, GstBuffer *buffer)
{
  FaceRegion *face = (FaceRegion *) self->faces->data;

  face_tracker_update (self->tracker, self->clock.time, face, self->faces->len);
  for (guint i = 0; i < region_list_get_length (self->regions); i++) {
    const Region *region = region_list_get (self->regions, i);

    if (!is_followed (self, region))
      continue;
    region_set_id (buffer, region, &self->info, face->id,
        get_time_seen (self, buffer, face->first_seen));
    GST_LOG_OBJECT (self, "region %d at %d,%d, %dx%d", face->id, face->box.x,
        face->box.y, face->box.width, face->box.height);
    face++;
  }
}

static gboolean
is_late (GstFaceTracker *self, GstBuffer *buffer)
{
  const GstClockTime time =
      stream_clock_get_running_time (&GST_BASE_TRANSFORM (self)->segment,
          buffer);
  gboolean late;

  GST_OBJECT_LOCK (self);
  late = GST_CLOCK_TIME_IS_VALID (time)
      && GST_CLOCK_TIME_IS_VALID (self->earliest_time)
      && time < self->earliest_time;
  GST_OBJECT_UNLOCK (self);
  return late;
}

/* Faces are searched for in every nth frame, by the same count as in
 * cnninference; at once if nothing is known yet; and less often while frames
 * are late. */
static gboolean
must_detect (GstFaceTracker *self, GstBuffer *buffer)
{
  if (face_tracker_is_new (self->tracker, self->clock.time))
    return TRUE;
  if (self->frame_count % self->current.interval != 0) {
    GST_LOG_OBJECT (self, "not looking for faces: interval is %u",
        self->current.interval);
    return FALSE;
  }
  if (is_late (self, buffer) && ++self->n_late < MAX_LATE_FRAMES) {
    GST_DEBUG_OBJECT (self, "not looking for faces: the frame is late");
    return FALSE;
  }
  self->n_late = 0;
  return TRUE;
}

/* Between two searches, faces are only followed. */
static FaceLook
choose_look (GstFaceTracker *self)
{
  const GstClockTime time = self->clock.time;
  const GstClockTime gap = face_tracker_is_new (self->tracker, time)
      ? GST_CLOCK_TIME_NONE
      : time - self->search_time;

  if (gap < MIN_SEARCH_GAP && face_detector_can_follow (self->detector))
    return FACE_LOOK_FOLLOW;
  self->search_time = time;
  return gap < MAX_SEARCH_GAP ? FACE_LOOK_SEARCH : FACE_LOOK_ANEW;
}

/* Returns FALSE if the buffer is not a frame. */
static gboolean
detect_faces (GstFaceTracker *self, GstBuffer *buffer,
    const FaceTrackerSettings *settings, const FaceDetection **detections,
    guint *n_detections)
{
  GstVideoFrame video_frame;
  ImageFrame frame;
  CnnInputSize input;

  if (!activation_frame_map (GST_ELEMENT (self), &self->has_warned,
          &video_frame, &self->info, buffer, GST_MAP_READ))
    return FALSE;
  image_frame_from_video_frame (&video_frame, &frame);
  *detections = face_detector_run (self->detector, &frame, settings->look,
      face_tracker_get_least_confidence (settings->confidence), n_detections);
  gst_video_frame_unmap (&video_frame);
  input = face_detector_get_input_size (self->detector);
  GST_LOG_OBJECT (self, "%u detections with an input of %dx%d", *n_detections,
      input.width, input.height);
  return TRUE;
}

static void
attach_faces (GstFaceTracker *self, GstBuffer *buffer,
    const FollowedFace *faces, guint n_faces)
{
  for (guint i = 0; i < n_faces; i++) {
    const FollowedFace *face = &faces[i];

    region_attach_face (buffer, &self->info, self->current.roi_type, face,
        get_time_seen (self, buffer, face->first_seen));
    GST_LOG_OBJECT (self,
        "face %d around %.1f,%.1f, %.1fx%.1f, confidence %.3f", face->id,
        face->area.x, face->area.y, face->area.width, face->area.height,
        face->confidence);
  }
}

/* Returns FALSE after an error. */
static gboolean
ensure_detector (GstFaceTracker *self)
{
  load_detector (self);
  if (!self->load_error)
    return TRUE;
  settings_post_model_error (GST_ELEMENT (self), self->load_error,
      "facetracker cannot look for faces. To follow regions from upstream "
      "only, "
      "set face-model to an empty string.");
  return FALSE;
}

static GstFlowReturn
find_faces (GstFaceTracker *self, GstBuffer *buffer)
{
  FaceTrackerSettings settings = { (gfloat) self->current.confidence,
    self->current.max_faces };
  const FaceDetection *detections;
  const FollowedFace *faces;
  guint n_detections, n_faces;

  if (!ensure_detector (self))
    return GST_FLOW_ERROR;
  if (must_detect (self, buffer)) {
    settings.look = choose_look (self);
    if (!detect_faces (self, buffer, &settings, &detections, &n_detections))
      return GST_FLOW_OK;
    faces = face_tracker_detect (self->tracker, self->clock.time, detections,
        n_detections, &settings, &n_faces);
  } else {
    faces = face_tracker_predict (self->tracker, self->clock.time, &settings,
        &n_faces);
  }
  attach_faces (self, buffer, faces, n_faces);
  return GST_FLOW_OK;
}

static GstFlowReturn
gst_face_tracker_transform_ip (GstBaseTransform *transform, GstBuffer *buffer)
{
  GstFaceTracker *self = GST_FACE_TRACKER (transform);
  GstFlowReturn result = GST_FLOW_OK;

  update_settings (self);
  advance_clock (self, buffer);
  if (has_roi_type (self)) {
    collect_regions (self, buffer);
    analytics_attach (buffer);
    if (self->faces->len > 0 || !has_detector (self))
      follow_regions (self, buffer);
    else
      result = find_faces (self, buffer);
  }
  self->frame_count++;
  return result;
}

static gboolean
gst_face_tracker_set_caps (GstBaseTransform *transform, GstCaps *caps,
    GstCaps *out_caps)
{
  GstFaceTracker *self = GST_FACE_TRACKER (transform);
  ImageCanvas old, new;

  get_canvas (&self->info, &old);
  if (!gst_video_info_from_caps (&self->info, caps))
    return FALSE;
  GST_INFO_OBJECT (self, "caps %" GST_PTR_FORMAT, caps);
  region_list_restart (self->regions);
  get_canvas (&self->info, &new);
  /* Boxes in frames of another size or pixel shape mean nothing in these, and
   * the error may have been about that size. */
  if (!image_canvas_equal (&old, &new)) {
    face_tracker_reset (self->tracker);
    g_clear_error (&self->load_error);
  }
  return TRUE;
}

static void
set_earliest_time (GstFaceTracker *self, GstClockTime time)
{
  GST_OBJECT_LOCK (self);
  self->earliest_time = time;
  GST_OBJECT_UNLOCK (self);
}

static gboolean
gst_face_tracker_sink_event (GstBaseTransform *transform, GstEvent *event)
{
  GstFaceTracker *self = GST_FACE_TRACKER (transform);

  stream_clock_handle_event (&self->clock, transform->sinkpad, event);
  if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
    set_earliest_time (self, GST_CLOCK_TIME_NONE);
  return GST_BASE_TRANSFORM_CLASS (parent_class)->sink_event (transform, event);
}

/* Follows GStreamer's documentation of QoS: if a frame was late by some time,
 * the frames within twice that time after it count as late. */
static gboolean
gst_face_tracker_src_event (GstBaseTransform *transform, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_QOS) {
    GstClockTimeDiff late_by;
    GstClockTime time;

    gst_event_parse_qos (event, NULL, NULL, &late_by, &time);
    if (GST_CLOCK_TIME_IS_VALID (time))
      set_earliest_time (GST_FACE_TRACKER (transform),
          late_by > 0 ? time + 2 * (GstClockTime) late_by
                      : GST_CLOCK_TIME_NONE);
  }
  return GST_BASE_TRANSFORM_CLASS (parent_class)->src_event (transform, event);
}

static gboolean
gst_face_tracker_stop (GstBaseTransform *transform)
{
  GstFaceTracker *self = GST_FACE_TRACKER (transform);

  g_clear_pointer (&self->detector, face_detector_free);
  g_clear_error (&self->load_error);
  face_tracker_reset (self->tracker);
  gst_video_info_init (&self->info);
  self->clock = (StreamClock) { .time = 0 };
  return TRUE;
}

static gboolean
gst_face_tracker_start (GstBaseTransform *transform)
{
  GstFaceTracker *self = GST_FACE_TRACKER (transform);

  self->frame_count = 0;
  self->n_late = 0;
  set_earliest_time (self, GST_CLOCK_TIME_NONE);
  self->has_warned = FALSE;
  g_clear_error (&self->load_error);
  update_settings (self);
  if (!has_roi_type (self) || !has_detector (self) || ensure_detector (self))
    return TRUE;
  /* GstBaseTransform does not stop an element that failed to start. */
  gst_face_tracker_stop (transform);
  return FALSE;
}

static void
gst_face_tracker_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  settings_set_property (&settings_layout, object,
      &GST_FACE_TRACKER (object)->settings, id, value, pspec);
}

static void
gst_face_tracker_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  settings_get_property (&settings_layout, object,
      &GST_FACE_TRACKER (object)->settings, id, value, pspec);
}

static void
gst_face_tracker_finalize (GObject *object)
{
  GstFaceTracker *self = GST_FACE_TRACKER (object);

  settings_clear (&settings_layout, &self->settings);
  settings_clear (&settings_layout, &self->current);
  face_tracker_free (self->tracker);
  region_list_free (self->regions);
  g_array_unref (self->faces);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_face_tracker_init (GstFaceTracker *self)
{
  const Settings defaults = {
    .serial = 1, /* no snapshot has been taken yet */
    .face_model = g_strdup (DEFAULT_FACE_MODEL),
    .roi_type = g_strdup (DEFAULT_ROI_TYPE),
    .min_size = DEFAULT_MIN_SIZE,
    .max_faces = DEFAULT_MAX_FACES,
    .confidence = DEFAULT_CONFIDENCE,
    .interval = DEFAULT_INTERVAL,
    .follow = DEFAULT_FOLLOW,
  };

  self->settings = defaults;
  self->earliest_time = GST_CLOCK_TIME_NONE;
  self->tracker = face_tracker_new ();
  face_tracker_set_listener (self->tracker, log_change, self);
  self->regions = region_list_new (GST_BASE_TRANSFORM (self));
  self->faces = g_array_new (FALSE, FALSE, sizeof (FaceRegion));
  gst_video_info_init (&self->info);
  gst_base_transform_set_in_place (GST_BASE_TRANSFORM (self), TRUE);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;

  /**
   * GstFaceTracker:face-model:
   *
   * The network that finds faces in frames that bring no regions: a
   * TensorFlow.js layers-model, its model.json or the folder that holds it.
   * When empty, none are looked for. A folder `refine` in the same folder holds
   * the network that looks again at what this one has found; without it there
   * is no second look. docs/models.md says what their inputs and outputs are.
   */
  g_object_class_install_property (object_class, PROP_FACE_MODEL,
      g_param_spec_string ("face-model", "Face model",
          "model.json of the network that finds faces, or its folder (default: "
          "the one that comes with the plugin); empty = only follow regions "
          "from upstream",
          DEFAULT_FACE_MODEL, flags));
  /**
   * GstFaceTracker:roi-type:
   *
   * The type of the regions that are added. Regions of this type that come from
   * upstream are followed; those of other types pass untouched. When empty, no
   * faces are looked for and none are followed.
   */
  g_object_class_install_property (object_class, PROP_ROI_TYPE,
      g_param_spec_string ("roi-type", "Region type",
          "Type of the regions to add, and to follow; empty = none",
          DEFAULT_ROI_TYPE, flags));
  /**
   * GstFaceTracker:min-size:
   *
   * The smallest faces that are looked for. Half the size takes four times the
   * time. 0 stands for a twelfth of the frame's smaller side: 40 pixels in
   * 640x480. Faces of less than half the size are left out. If pixels are not
   * square, the size is that in the frame as displayed, which is larger in one
   * direction: 480 columns of 4/3 are 640 pixels.
   * Frames are never enlarged, so a value below the size that the network is
   * made for finds no smaller faces.
   */
  g_object_class_install_property (object_class, PROP_MIN_SIZE,
      g_param_spec_uint ("min-size", "Minimal size",
          "Side of the smallest faces to find, in pixels of the frame as it is "
          "displayed; what is smaller than half of it is left out; 0 = a "
          "twelfth of the frame's smaller side",
          0, G_MAXINT, DEFAULT_MIN_SIZE, flags));
  /**
   * GstFaceTracker:max-faces:
   *
   * When more are found, those that have been followed longest are kept.
   */
  g_object_class_install_property (object_class, PROP_MAX_FACES,
      g_param_spec_uint ("max-faces", "Maximal faces",
          "Most faces in a frame, of those that are found here", 1,
          FACE_DETECTOR_MAX_FACES, DEFAULT_MAX_FACES, flags));
  /**
   * GstFaceTracker:confidence:
   *
   * The confidence that a new face needs, from 0 (everything passes) to 1
   * (nothing does). A face that is followed may fall to six tenths of it now
   * and then, but not for long.
   */
  g_object_class_install_property (object_class, PROP_CONFIDENCE,
      g_param_spec_double ("confidence", "Confidence",
          "How certain a new face must be", 0.0, 1.0, DEFAULT_CONFIDENCE,
          flags | GST_PARAM_CONTROLLABLE));
  /**
   * GstFaceTracker:interval:
   *
   * Looks for faces in every nth frame; in between they move on as they did.
   */
  g_object_class_install_property (object_class, PROP_INTERVAL,
      g_param_spec_uint ("interval", "Interval",
          "Look for faces in every nth frame", 1, G_MAXINT, DEFAULT_INTERVAL,
          flags));
  /**
   * GstFaceTracker:follow:
   *
   * Whether frames continue each other. With `off` each is a picture of its
   * own: it shows every face that it has with enough confidence, no face from
   * the pictures before it, and ids that no other picture has;
   * #GstFaceTracker:interval then has no effect. `auto` is `off` for frames
   * without a frame rate, a duration or a time that moves on, and else `on`.
   * Pictures that come at a frame rate, as from imagesequencesrc, look like a
   * film: set `off` if they are not one.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_FOLLOW,
      g_param_spec_enum ("follow", "Follow",
          "Whether to follow faces from frame to frame",
          GST_TYPE_ACTIVATION_FOLLOW, DEFAULT_FOLLOW,
          flags | GST_PARAM_CONTROLLABLE));
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
  install_properties (object_class);
  gst_type_mark_as_plugin_api (GST_TYPE_ACTIVATION_FOLLOW, 0);

  gst_element_class_set_static_metadata (element_class, "Face tracker",
      "Filter/Analyzer/Video",
      "Finds faces in a video and gives them ids that stay",
      "The gst-activationmap authors");
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);

  transform_class->start = gst_face_tracker_start;
  transform_class->stop = gst_face_tracker_stop;
  transform_class->set_caps = gst_face_tracker_set_caps;
  transform_class->propose_allocation = activation_frame_propose_allocation;
  transform_class->prepare_output_buffer =
      activation_frame_prepare_output_buffer;
  transform_class->sink_event = gst_face_tracker_sink_event;
  transform_class->src_event = gst_face_tracker_src_event;
  transform_class->before_transform = settings_sync;
  transform_class->transform_ip = gst_face_tracker_transform_ip;
  transform_class->transform_ip_on_passthrough = FALSE;
}
