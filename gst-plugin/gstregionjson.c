/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-regionjson
 * @title: regionjson
 * @see_also: facetracker, cnninference
 *
 * Turns the metadata of each video frame into a line of JSON, and drops the
 * picture. The words are those of DL Streamer's gvametaconvert:
 *
 * * `resolution` (`width`, `height`) in pixels of the frame, which need not be
 *   squares; `source`, if #GstRegionJson:source is set; `timestamp`: the stream
 *   time in nanoseconds, if there is one;
 * * `objects`, empty where nothing was found: for each
 *   #GstVideoRegionOfInterestMeta `x`, `y`, `w`, `h` in these pixels: what of
 *   it lies in the frame (all 0 when nothing does); `unclipped` with the same
 *   fields where it reaches beyond; `region_id`, `id` if it is followed, and
 *   `roi_type`;
 * * of an object, if known, `detection` (`bounding_box` with `x_min`, `x_max`,
 *   `y_min`, `y_max` relative to the frame, `confidence`, `label_id`, `label`),
 *   and for each network one by the name of what it predicts, such as `gender`
 *   (`label`, `label_id`, `confidence`, `model` with its `name`).
 *
 * What a network says of a whole frame is an object without `region_id`.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 filesrc location=in.mp4 !
 *     decodebin expose-all-streams=false 'caps=video/x-raw(ANY)' !
 *     videoconvert ! videoflip video-direction=auto ! facetracker !
 *     cnninference ! regionjson ! filesink location=faces.jsonl
 * gst-launch-1.0 -q v4l2src ! videoconvert ! activationmap ! tee name=t !
 *     queue ! videoconvert ! autovideosink t. ! queue ! regionjson ! fdsink
 * ]|
 * Unlike filesink, which collects 64 KiB first, fdsink writes each line when it
 * is there.
 */

#include <string.h>

#include "framejson.h"
#include "gstactivationmapelements.h"
#include "settings.h"
#include "streamclock.h"
#include "videometa.h"

GST_DEBUG_CATEGORY_STATIC (gst_region_json_debug);
#define GST_CAT_DEFAULT gst_region_json_debug

#define DEFAULT_SOURCE NULL

enum {
  PROP_0,
  PROP_SOURCE,
};

struct _GstRegionJson {
  GstBaseTransform parent;

  gchar *source; /* property, under the object lock */

  /* streaming thread */
  GstVideoInfo info;
  RegionList *regions; /* of one frame */
};

/* Pixels are not read, so that they may be of any format and anywhere. */
static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS (
        GST_VIDEO_CAPS_MAKE_WITH_FEATURES ("ANY", GST_VIDEO_FORMATS_ALL)));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("application/x-json"));

#define gst_region_json_parent_class parent_class
G_DEFINE_FINAL_TYPE_WITH_CODE (GstRegionJson, gst_region_json,
    GST_TYPE_BASE_TRANSFORM,
    GST_DEBUG_CATEGORY_INIT (gst_region_json_debug, "regionjson", 0,
        "metadata as JSON"));
GST_ELEMENT_REGISTER_DEFINE (regionjson, "regionjson", GST_RANK_NONE,
    GST_TYPE_REGION_JSON);

static GstCaps *
gst_region_json_transform_caps (GstBaseTransform *transform,
    GstPadDirection direction, GstCaps *caps, GstCaps *filter)
{
  GstStaticPadTemplate *other = direction == GST_PAD_SINK ? &src_template
                                                          : &sink_template;
  GstCaps *all = gst_static_pad_template_get_caps (other);
  GstCaps *result;

  if (!filter)
    return all;
  result = gst_caps_intersect_full (filter, all, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (all);
  return result;
}

static gboolean
gst_region_json_set_caps (GstBaseTransform *transform, GstCaps *caps,
    GstCaps *out_caps)
{
  return gst_video_info_from_caps (&GST_REGION_JSON (transform)->info, caps);
}

static GstFlowReturn
gst_region_json_prepare_output_buffer (GstBaseTransform *transform,
    GstBuffer *frame, GstBuffer **json)
{
  GstRegionJson *self = GST_REGION_JSON (transform);
  const GstClockTime timestamp =
      stream_clock_get_stream_time (&transform->segment, frame);
  g_autofree gchar *source = NULL;
  gchar *text;

  GST_OBJECT_LOCK (self);
  source = g_strdup (self->source);
  GST_OBJECT_UNLOCK (self);
  region_list_collect (self->regions, frame, &self->info);
  text = frame_json_write (self->regions, &self->info, timestamp, source);
  GST_LOG_OBJECT (self, "%s", text);
  *json = gst_buffer_new_wrapped (text, strlen (text));
  gst_buffer_copy_into (*json, frame, GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
  return GST_FLOW_OK;
}

/* The buffer was made with all that is in it. */
static GstFlowReturn
gst_region_json_transform (GstBaseTransform *transform, GstBuffer *frame,
    GstBuffer *json)
{
  return GST_FLOW_OK;
}

static void
gst_region_json_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstRegionJson *self = GST_REGION_JSON (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_SOURCE:
      settings_take_string (&self->source, value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_region_json_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstRegionJson *self = GST_REGION_JSON (object);

  GST_OBJECT_LOCK (self);
  switch (id) {
    case PROP_SOURCE:
      g_value_set_string (value, self->source);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      break;
  }
  GST_OBJECT_UNLOCK (self);
}

static void
gst_region_json_finalize (GObject *object)
{
  GstRegionJson *self = GST_REGION_JSON (object);

  g_free (self->source);
  region_list_free (self->regions);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_region_json_init (GstRegionJson *self)
{
  self->source = g_strdup (DEFAULT_SOURCE);
  self->regions = region_list_new ();
  gst_video_info_init (&self->info);
}

static void
gst_region_json_class_init (GstRegionJsonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *transform_class = GST_BASE_TRANSFORM_CLASS (klass);

  object_class->set_property = gst_region_json_set_property;
  object_class->get_property = gst_region_json_get_property;
  object_class->finalize = gst_region_json_finalize;

  /**
   * GstRegionJson:source:
   *
   * What to call the video, such as its URI. When not set, lines have no
   * `source`.
   */
  g_object_class_install_property (object_class, PROP_SOURCE,
      g_param_spec_string ("source", "Source", "What the video is called",
          DEFAULT_SOURCE,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
              | GST_PARAM_MUTABLE_PLAYING));

  gst_element_class_set_static_metadata (element_class, "Region JSON",
      "Converter/Metadata/Video",
      "Turns the regions of video frames, and what is known of them, into JSON "
      "lines",
      "The gst-activationmap authors");
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);

  transform_class->transform_caps = gst_region_json_transform_caps;
  transform_class->set_caps = gst_region_json_set_caps;
  transform_class->propose_allocation = video_meta_propose_allocation;
  transform_class->prepare_output_buffer =
      gst_region_json_prepare_output_buffer;
  transform_class->transform = gst_region_json_transform;
}
