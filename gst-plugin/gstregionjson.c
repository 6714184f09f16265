/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
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
 *   #GstVideoRegionOfInterestMeta, and each #GstAnalyticsODMtd that is not the
 *   same, `x`, `y`, `w`, `h` in these pixels: the part of it that lies in the
 *   frame (all 0 when none does); `unclipped` with the same fields where it
 *   reaches beyond; `region_id`, which is its own id in the frame; `id` if it
 *   is followed, and `roi_type`;
 * * in an object, where known, `detection` (`bounding_box` with `x_min`,
 *   `x_max`, `y_min`, `y_max` relative to the frame, `confidence`, `label_id`,
 *   `label`), and for each network a field named for what it predicts, such as
 *   `gender` (`label`, `label_id`, `confidence`, `model` with its `name`; a
 *   label that is `uncertain` has no `label_id`). If several labels may be
 *   predicted, `labels` lists all that are, each with
 *   `label`, `label_id` and `confidence`; `label` joins them with commas, and
 *   the other two are of the strongest, if there is one. A number has `label`,
 *   `value` and, where known, `unit`. An image has no such field.
 *
 * A prediction for a whole frame is an object without `region_id`.
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
 * Unlike filesink, which collects 64 KiB first, fdsink writes each line at
 * once.
 */

#include <string.h>

#include "base/json.h"
#include "gstactivationmapelements.h"
#include "region.h"
#include "settings.h"
#include "streamclock.h"
#include "videoframe.h"

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

/* Pixels are not read, so they may be in any format and any memory. */
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

/* Text from other elements may be in any encoding; JSON is UTF-8. */
static void
add_string (cJSON *object, const gchar *key, const gchar *value)
{
  g_autofree gchar *valid = g_utf8_make_valid (value, -1);

  cJSON_AddStringToObject (object, key, valid);
}

/* cJSON_HasObjectItem() would ignore case. */
static gboolean
has_key (const cJSON *object, const gchar *key)
{
  return cJSON_GetObjectItemCaseSensitive (object, key) != NULL;
}

/* A cJSON number is a double, which cannot hold every timestamp. */
static void
add_time (cJSON *object, const gchar *key, GstClockTime time)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, time);
  cJSON_AddRawToObject (object, key, text);
}

/* Copies a number, if it is there. */
static void
copy_double (cJSON *object, const GstStructure *structure, const gchar *field)
{
  gdouble value;

  if (gst_structure_get_double (structure, field, &value))
    cJSON_AddNumberToObject (object, field, value);
}

static void
copy_int (cJSON *object, const GstStructure *structure, const gchar *field)
{
  gint value;

  if (gst_structure_get_int (structure, field, &value))
    cJSON_AddNumberToObject (object, field, value);
}

static void
add_box (cJSON *object, const Rect *box)
{
  cJSON_AddNumberToObject (object, "x", box->x);
  cJSON_AddNumberToObject (object, "y", box->y);
  cJSON_AddNumberToObject (object, "w", box->width);
  cJSON_AddNumberToObject (object, "h", box->height);
}

static void
add_detection (cJSON *object, const GstStructure *structure,
    const gchar *roi_type)
{
  static const gchar *const sides[] = { "x_min", "x_max", "y_min", "y_max" };
  cJSON *detection = cJSON_AddObjectToObject (object, "detection");
  cJSON *box = cJSON_AddObjectToObject (detection, "bounding_box");

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    copy_double (box, structure, sides[i]);
  copy_double (detection, structure, "confidence");
  copy_int (detection, structure, "label_id");
  if (roi_type)
    add_string (detection, "label", roi_type);
}

/* An object of GstAnalytics has no parameters, so this adds what they would
 * say. */
static void
add_detection_of_object (cJSON *object, const Region *region,
    const GstVideoInfo *info)
{
  const gdouble width = GST_VIDEO_INFO_WIDTH (info);
  const gdouble height = GST_VIDEO_INFO_HEIGHT (info);
  const Rect *box = &region->box;
  GstStructure *detection = gst_structure_new ("detection", "x_min",
      G_TYPE_DOUBLE, box->x / width, "x_max", G_TYPE_DOUBLE,
      ((gdouble) box->x + box->width) / width, "y_min", G_TYPE_DOUBLE,
      box->y / height, "y_max", G_TYPE_DOUBLE,
      ((gdouble) box->y + box->height) / height, "confidence", G_TYPE_DOUBLE,
      region->confidence, NULL);

  add_detection (object, detection, g_quark_to_string (region->type));
  gst_structure_free (detection);
}

static void
copy_string (cJSON *object, const GstStructure *structure, const gchar *field)
{
  const gchar *value = gst_structure_get_string (structure, field);

  if (value)
    add_string (object, field, value);
}

/* Copies the list of all labels that are predicted, if there may be several. */
static void
copy_labels (cJSON *object, const GstStructure *structure)
{
  const GValue *labels = gst_structure_get_value (structure, "labels");
  cJSON *list;

  if (!labels || !GST_VALUE_HOLDS_LIST (labels))
    return;
  list = cJSON_AddArrayToObject (object, "labels");
  for (guint i = 0; i < gst_value_list_get_size (labels); i++) {
    const GValue *value = gst_value_list_get_value (labels, i);
    cJSON *label;

    if (!GST_VALUE_HOLDS_STRUCTURE (value))
      continue;
    label = cJSON_CreateObject ();
    copy_string (label, gst_value_get_structure (value), "label");
    copy_double (label, gst_value_get_structure (value), "confidence");
    copy_int (label, gst_value_get_structure (value), "label_id");
    cJSON_AddItemToArray (list, label);
  }
}

static void
add_classification (cJSON *object, const GstStructure *structure)
{
  const gchar *name = gst_structure_get_name (structure);
  g_autofree gchar *valid = g_utf8_make_valid (name, -1);
  cJSON *classification = cJSON_AddObjectToObject (object, valid);
  cJSON *model;

  copy_string (classification, structure, "label");
  model = cJSON_AddObjectToObject (classification, "model");
  add_string (model, "name",
      gst_structure_get_string (structure, "model_name"));
  copy_double (classification, structure, "confidence");
  copy_int (classification, structure, "label_id");
  copy_double (classification, structure, "value");
  copy_string (classification, structure, "unit");
  copy_labels (classification, structure);
}

static void
add_parameter (cJSON *object, const GstStructure *structure,
    const gchar *roi_type)
{
  const gchar *name = gst_structure_get_name (structure);

  if (has_key (object, name))
    return;
  if (g_str_equal (name, "detection")) {
    add_detection (object, structure, roi_type);
  } else if (gst_structure_get_string (structure, "label")
      && gst_structure_get_string (structure, "model_name")) {
    add_classification (object, structure);
  }
}

static void
add_prediction (cJSON *object, const GstActivations *activations)
{
  GstStructure *structure = region_make_classification (activations);

  if (structure && !has_key (object, gst_structure_get_name (structure)))
    add_classification (object, structure);
  g_clear_pointer (&structure, gst_structure_free);
}

/* The parameters of a region do not survive a videoconvert; predictions do. */
static void
add_region (cJSON *objects, const Region *region, const GstVideoInfo *info)
{
  const gchar *roi_type = g_quark_to_string (region->type);
  cJSON *object = cJSON_CreateObject ();

  add_box (object, &region->visible);
  if (region_is_clipped (region))
    add_box (cJSON_AddObjectToObject (object, "unclipped"), &region->box);
  if (region_is_attached (region))
    cJSON_AddNumberToObject (object, "region_id",
        region->meta ? region->meta->id : region->object);
  if (region->id > 0)
    cJSON_AddNumberToObject (object, "id", region->id);
  if (roi_type)
    add_string (object, "roi_type", roi_type);
  for (const GList *param = region->meta ? region->meta->params : NULL; param;
       param = param->next)
    add_parameter (object, param->data, roi_type);
  if (!region->meta && region_is_attached (region))
    add_detection_of_object (object, region, info);
  for (const RegionPrediction *prediction = region->predictions; prediction;
       prediction = prediction->next)
    add_prediction (object, prediction->meta->activations);
  cJSON_AddItemToArray (objects, object);
}

/* Returns: (transfer full): a line of JSON with its end of line, in UTF-8 */
static gchar *
write_frame (const RegionList *regions, const GstVideoInfo *info,
    GstClockTime timestamp, const gchar *source)
{
  cJSON *frame = cJSON_CreateObject ();
  cJSON *resolution = cJSON_AddObjectToObject (frame, "resolution");
  cJSON *objects;
  g_autofree gchar *line = NULL;
  gchar *text;

  cJSON_AddNumberToObject (resolution, "width", GST_VIDEO_INFO_WIDTH (info));
  cJSON_AddNumberToObject (resolution, "height", GST_VIDEO_INFO_HEIGHT (info));
  if (source)
    add_string (frame, "source", source);
  if (GST_CLOCK_TIME_IS_VALID (timestamp))
    add_time (frame, "timestamp", timestamp);
  objects = cJSON_AddArrayToObject (frame, "objects");
  for (guint i = 0; i < region_list_get_length (regions); i++)
    add_region (objects, region_list_get (regions, i), info);
  text = json_print (frame);
  line = g_strconcat (text, "\n", NULL);
  cJSON_free (text);
  cJSON_Delete (frame);
  return g_steal_pointer (&line);
}

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
  GstRegionJson *self = GST_REGION_JSON (transform);

  region_list_restart (self->regions);
  return gst_video_info_from_caps (&self->info, caps);
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
  text = write_frame (self->regions, &self->info, timestamp, source);
  GST_LOG_OBJECT (self, "%s", text);
  *json = gst_buffer_new_wrapped (text, strlen (text));
  gst_buffer_copy_into (*json, frame, GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
  return GST_FLOW_OK;
}

/* prepare_output_buffer() has written everything. */
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
  self->regions = region_list_new (GST_BASE_TRANSFORM (self));
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
   * The name of the video, such as its URI. If it is not set, lines have no
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
  transform_class->propose_allocation = activation_frame_propose_allocation;
  transform_class->prepare_output_buffer =
      gst_region_json_prepare_output_buffer;
  transform_class->transform = gst_region_json_transform;
}
