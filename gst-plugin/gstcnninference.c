/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-cnninference
 * @title: cnninference
 * @see_also: facetracker, activationoverlay, regionjson, activationmap
 *
 * Runs a convolutional network, a TensorFlow.js layers-model, on every region
 * of interest of a video frame, or on the whole frame when
 * #GstCnnInference:roi-type is empty. Regions are those of
 * #GstVideoRegionOfInterestMeta and the object detections of GstAnalytics
 * (#GstAnalyticsODMtd; GStreamer 1.24). The picture is only read. If the
 * `detection` of a region reaches beyond the frame, the network sees all of it,
 * with the pixels at the border repeated, so that a face that is half in the
 * picture is not squeezed. A box fills the network's input, whatever its shape,
 * unless the model says otherwise (`fit` in preprocess.json): the square in its
 * middle, or all of it in its proportions, with black bars.
 *
 * For each region it adds to the buffer
 *
 * * a #GstActivationMeta with the scores of all classes or the number that is
 *   predicted, the values of all outputs and the activations of the layers in
 *   #GstCnnInference:layers, and with #GstCnnInference:explain why;
 * * to the region's #GstVideoRegionOfInterestMeta a structure named by
 *   #GstCnnInference:attribute with the fields `label`, `confidence`,
 *   `label_id` and `model_name`, as DL Streamer's gvaclassify does;
 * * with GstAnalytics a #GstAnalyticsClsMtd of all classes, the winner first,
 *   with labels escaped for Pango markup. It is related both ways to the
 *   region's #GstAnalyticsODMtd, which is added where there is none. A frame
 *   without regions gets an empty #GstAnalyticsRelationMeta, so that
 *   objectdetectionoverlay does not go on drawing those of the last one.
 *
 * What the network predicts follows from its output, of which one is chosen by
 * #GstCnnInference:output if there are several:
 *
 * * several values that each end with a sigmoid are labels of which any number
 *   may be predicted: those above their threshold, which is 0.5 unless
 *   preprocess.json says otherwise. The structure then has `labels`, a list of
 *   structures with `label`, `confidence` and `label_id`; its own `label` joins
 *   them with commas, and its `confidence` and `label_id` are those of the
 *   strongest, if there is any. The #GstAnalyticsClsMtd lists only these;
 * * a single value without a sigmoid is a number, unless there are two labels.
 *   The structure has `label`, the number with its unit as text, `value`
 *   (double) and, if preprocess.json gives it, `unit`;
 * * an image, of more than one row and column, has neither a structure nor a
 *   label. It is one of the layers that `layers=auto` keeps;
 * * all else is one of several classes, or with
 *   #GstCnnInference:uncertain-below, `uncertain`: then the structure has no
 *   `label_id`, and the #GstAnalyticsClsMtd lists only that.
 *
 * A number and an image are no classification of GstAnalytics.
 *
 * With #GstCnnInference:post-messages it also posts an element message
 * `cnninference` for each frame with regions: `timestamp`, `stream-time`,
 * `running-time`, `duration` (#GstClockTime) and `regions`, a list of
 * structures `region` with `id` (int), `x`, `y`, `width`, `height` (uint; the
 * part of it that lies in the frame, in pixels), `attribute`, `label` (string),
 * `label-id` (uint; not if the label is `uncertain`) and `confidence` (double).
 * A region that reaches beyond the frame also has `unclipped-x`, `unclipped-y`
 * (int), `unclipped-width`, `unclipped-height` (uint).
 * With #GstCnnInference:explain a region also has `explain`, `explain-layer`,
 * `explain-class` (string), `logit`, `bias` (double) and `contributions`, an
 * array of one double for each channel of the layer: what it adds to the logit.
 * Together with `bias` they make up `logit`, which for a number is the number,
 * and for an image the mean of its values before a final sigmoid or softmax.
 * With #GstCnnInference:knock-out it has `knock-out` (string) and
 * `intact-confidence` (double), the confidence in the same label without it.
 * Labels have `labels` as the structure has them, with `label-id`. A number has
 * `value`, `unit` and `intact-value` in place of `label-id`, `confidence` and
 * `intact-confidence`, and an image has none of these; both have no
 * `explain-class`.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 -m v4l2src ! videoconvert ! facetracker !
 *     cnninference post-messages=true ! fakesink
 * gst-launch-1.0 filesrc location=film.mp4 !
 *     decodebin expose-all-streams=false 'caps=video/x-raw(ANY)' !
 *     videoconvert ! videoflip video-direction=auto !
 *     cnninference model=my-model 'roi-type=""' ! activationoverlay !
 *     videoconvert ! autovideosink
 * ]|
 */

#include "analytics.h"
#include "base/rect.h"
#include "classifier/session.h"
#include "cnn/explain/class-activation.h"
#include "gstactivationmapelements.h"
#include "gstactivationmeta-private.h"
#include "region.h"
#include "settings.h"
#include "streamclock.h"
#include "videoframe.h"

GST_DEBUG_CATEGORY_STATIC (gst_cnn_inference_debug);
#define GST_CAT_DEFAULT gst_cnn_inference_debug

/* The other values of GstCnnExplain are those of CnnCamMethod plus one. */
#define GST_CNN_EXPLAIN_NONE 0

#define DEFAULT_MODEL NULL
#define DEFAULT_LABELS NULL
#define DEFAULT_OUTPUT NULL
#define DEFAULT_ROI_TYPE "face"
#define DEFAULT_ROI_SCALE 0.0 /* as the model says */
#define DEFAULT_LAYERS "auto"
#define DEFAULT_INTERVAL 1
#define DEFAULT_FOLLOW GST_ACTIVATION_FOLLOW_AUTO
#define DEFAULT_ATTRIBUTE NULL /* as the model says */
#define DEFAULT_UNCERTAIN_BELOW 0.0
#define DEFAULT_POST_MESSAGES FALSE
#define DEFAULT_EXPLAIN GST_CNN_EXPLAIN_NONE
#define DEFAULT_EXPLAIN_CLASS NULL
#define DEFAULT_EXPLAIN_LAYER "auto"
#define DEFAULT_KNOCK_OUT NULL
#define DEFAULT_MAX_MEMORY CNN_LIMITS_DEFAULT_MIB
#define DEFAULT_MAX_MACS CNN_LIMITS_DEFAULT_MILLION_MACS

enum {
  PROP_0,
  PROP_MODEL,
  PROP_LABELS,
  PROP_OUTPUT,
  PROP_ROI_TYPE,
  PROP_ROI_SCALE,
  PROP_LAYERS,
  PROP_INTERVAL,
  PROP_FOLLOW,
  PROP_ATTRIBUTE,
  PROP_UNCERTAIN_BELOW,
  PROP_POST_MESSAGES,
  PROP_MAX_MEMORY,
  PROP_MAX_MACS,
  PROP_EXPLAIN,
  PROP_EXPLAIN_CLASS,
  PROP_EXPLAIN_LAYER,
  PROP_KNOCK_OUT,
};

/**
 * Settings:
 * @serial: counts the changes
 * @max_memory: in MiB
 * @max_macs: in millions
 *
 * The properties. Each frame is processed with one snapshot of them.
 */
typedef struct {
  guint serial;
  gchar *model;
  gchar *labels;
  gchar *output;
  gchar *roi_type;
  gdouble roi_scale;
  gchar *layers;
  guint interval;
  GstActivationFollow follow;
  gchar *attribute;
  gdouble uncertain_below;
  gboolean post_messages;
  guint max_memory;
  guint max_macs;
  guint explain; /* GST_CNN_EXPLAIN_NONE, or a CnnCamMethod + 1 */
  gchar *explain_class;
  gchar *explain_layer;
  gchar *knock_out;
} Settings;

static const SettingsField setting_fields[] = {
  [PROP_MODEL] = SETTINGS_STRING (Settings, model),
  [PROP_LABELS] = SETTINGS_STRING (Settings, labels),
  [PROP_OUTPUT] = SETTINGS_STRING (Settings, output),
  [PROP_ROI_TYPE] = SETTINGS_STRING (Settings, roi_type),
  [PROP_ROI_SCALE] = SETTINGS_NUMBER (Settings, roi_scale),
  [PROP_LAYERS] = SETTINGS_STRING (Settings, layers),
  [PROP_INTERVAL] = SETTINGS_NUMBER (Settings, interval),
  [PROP_FOLLOW] = SETTINGS_NUMBER (Settings, follow),
  [PROP_ATTRIBUTE] = SETTINGS_STRING (Settings, attribute),
  [PROP_UNCERTAIN_BELOW] = SETTINGS_NUMBER (Settings, uncertain_below),
  [PROP_POST_MESSAGES] = SETTINGS_NUMBER (Settings, post_messages),
  [PROP_MAX_MEMORY] = SETTINGS_NUMBER (Settings, max_memory),
  [PROP_MAX_MACS] = SETTINGS_NUMBER (Settings, max_macs),
  [PROP_EXPLAIN] = SETTINGS_NUMBER (Settings, explain),
  [PROP_EXPLAIN_CLASS] = SETTINGS_STRING (Settings, explain_class),
  [PROP_EXPLAIN_LAYER] = SETTINGS_STRING (Settings, explain_layer),
  [PROP_KNOCK_OUT] = SETTINGS_STRING (Settings, knock_out),
};
static const SettingsLayout settings_layout = SETTINGS_LAYOUT (Settings,
    setting_fields);

struct _GstCnnInference {
  GstBaseTransform parent;

  /* properties, under the object lock */
  Settings settings;

  /* streaming thread */
  Settings current; /* snapshot of the properties */
  ClassifierSession *session;
  gboolean has_asked; /* whether the session knows the settings */
  GPtrArray *posted;  /* (nullable): the warnings about them */
  GError *load_error; /* why the session cannot run */
  GstVideoInfo info;
  gboolean has_warned; /* of a buffer that is no frame */
  StreamClock clock;
  RegionList *regions; /* of one frame */
  guint frame_count;   /* since the start */
  GHashTable *last;    /* region id -> GstActivations of the last inference */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_VIDEO_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_VIDEO_CAPS));

#define gst_cnn_inference_parent_class parent_class
G_DEFINE_FINAL_TYPE_WITH_CODE (GstCnnInference, gst_cnn_inference,
    GST_TYPE_BASE_TRANSFORM,
    GST_DEBUG_CATEGORY_INIT (gst_cnn_inference_debug, "cnninference", 0,
        "runs a convolutional network"));
GST_ELEMENT_REGISTER_DEFINE (cnninference, "cnninference", GST_RANK_NONE,
    GST_TYPE_CNN_INFERENCE);

static const gchar *const explain_descriptions[CNN_CAM_N_METHODS] = {
  [CNN_CAM_GRAD_CAM] = "Channels weighted by their mean gradient",
  [CNN_CAM_GRAD_CAM_PLUS_PLUS] =
      "Channels weighted by their positive gradients",
  [CNN_CAM_XGRAD_CAM] = "Channels weighted by gradient times activation",
  [CNN_CAM_HIRES_CAM] = "Gradient times activation in each cell",
  [CNN_CAM_LAYER_CAM] = "Positive gradient times activation in each cell",
  [CNN_CAM_EIGEN_CAM] = "First principal component of the activations",
  [CNN_CAM_ABLATION_CAM] = "Channels weighted by what is lost without them",
  [CNN_CAM_SCORE_CAM] =
      "Channels weighted by what they alone let through; slow",
};

#define GST_TYPE_CNN_EXPLAIN (gst_cnn_explain_get_type ())

static GType
gst_cnn_explain_get_type (void)
{
  static gsize type = 0;
  static GEnumValue values[CNN_CAM_N_METHODS + 2];

  if (g_once_init_enter (&type)) {
    values[0] = (GEnumValue) { GST_CNN_EXPLAIN_NONE, "No explanation", "none" };
    for (guint i = 0; i < CNN_CAM_N_METHODS; i++) {
      values[i + 1] = (GEnumValue) { (gint) i + 1, explain_descriptions[i],
        cnn_cam_get_name ((CnnCamMethod) i) };
    }
    g_once_init_leave (&type, g_enum_register_static ("GstCnnExplain", values));
  }
  return type;
}

static gboolean
is_other_model (const Settings *a, const Settings *b)
{
  return g_strcmp0 (a->model, b->model) || g_strcmp0 (a->labels, b->labels)
      || g_strcmp0 (a->output, b->output) || a->max_memory != b->max_memory
      || a->max_macs != b->max_macs;
}

static gboolean
is_other_question (const Settings *a, const Settings *b)
{
  return g_strcmp0 (a->layers, b->layers)
      || g_strcmp0 (a->attribute, b->attribute)
      || a->uncertain_below != b->uncertain_below || a->explain != b->explain
      || g_strcmp0 (a->explain_class, b->explain_class)
      || g_strcmp0 (a->explain_layer, b->explain_layer)
      || g_strcmp0 (a->knock_out, b->knock_out);
}

static gboolean
is_other_crop (const Settings *a, const Settings *b)
{
  return g_strcmp0 (a->roi_type, b->roi_type) || a->roi_scale != b->roi_scale;
}

/* Drops only what a change of the properties has invalidated. */
static void
apply_changes (GstCnnInference *self, const Settings *old)
{
  const Settings *new = &self->current;
  const gboolean is_other = is_other_model (old, new);

  if (is_other)
    g_clear_pointer (&self->session, classifier_session_free);
  if (is_other || is_other_question (old, new)) {
    self->has_asked = FALSE;
    g_clear_error (&self->load_error);
  }
  if (!self->has_asked || is_other_crop (old, new))
    g_hash_table_remove_all (self->last);
}

/* Takes a new snapshot if properties have been set. */
static void
update_settings (GstCnnInference *self)
{
  Settings old;

  if (!settings_update (&settings_layout, GST_OBJECT (self), &self->settings,
          &self->current, &old))
    return;
  apply_changes (self, &old);
  settings_clear (&settings_layout, &old);
}

/* NULL stands for the default model, and an empty name for none. */
static gboolean
has_model (const GstCnnInference *self)
{
  return !self->current.model || *self->current.model;
}

static ClassifierSession *
make_session (const Settings *settings, GError **error)
{
  CnnLimits limits = CNN_LIMITS_DEFAULT;
  ClassifierSource source = { .labels = settings->labels,
    .output = settings->output,
    .limits = &limits };
  g_autofree gchar *path = settings_find_model (settings->model, "gender",
      error);

  if (!path)
    return NULL;
  source.model = path;
  limits.memory_bytes = (gsize) settings->max_memory << 20;
  limits.macs = settings->max_macs * CNN_LIMITS_MACS_UNIT;
  limits.adjustable = TRUE;
  return classifier_session_new (&source, error);
}

/* Returns the attribute that the property sets, or NULL for that of the
 * model. */
static const gchar *
get_attribute (GstCnnInference *self, GPtrArray *warnings)
{
  const gchar *attribute = self->current.attribute;
  g_autoptr (GError) error = NULL;

  if (attribute && *attribute) {
    if (classifier_check_attribute (attribute, &error))
      return attribute;
    g_ptr_array_add (warnings,
        g_strdup_printf ("'attribute': %s", error->message));
  }
  return NULL;
}

static gdouble
get_roi_scale (const GstCnnInference *self)
{
  const Classifier *classifier = classifier_session_get_classifier (
      self->session);
  const gdouble of_model = classifier_get_preprocess (classifier)->crop_scale;

  if (self->current.roi_scale > 0.0)
    return MAX (self->current.roi_scale, CLASSIFIER_MIN_CROP_SCALE);
  return of_model > 0.0 ? of_model : 1.0;
}

static gboolean
was_posted (const GstCnnInference *self, const gchar *warning)
{
  return self->posted
      && g_ptr_array_find_with_equal_func (self->posted, warning, g_str_equal,
          NULL);
}

/* A change of one property does not repeat the warnings about another. Takes
 * @warnings. */
static void
post_warnings (GstCnnInference *self, GPtrArray *warnings)
{
  for (guint i = 0; i < warnings->len; i++) {
    const gchar *warning = g_ptr_array_index (warnings, i);

    if (!was_posted (self, warning))
      GST_ELEMENT_WARNING (self, LIBRARY, SETTINGS, ("Property %s", warning),
          ("All else is done."));
  }
  g_clear_pointer (&self->posted, g_ptr_array_unref);
  self->posted = warnings;
}

/* Settings that do not fit the model are left out, with a warning. */
static gboolean
ask_session (GstCnnInference *self, GError **error)
{
  const Settings *settings = &self->current;
  GPtrArray *warnings = g_ptr_array_new_with_free_func (g_free);
  ClassifierQuestion question = {
    .attribute = get_attribute (self, warnings),
    .uncertain_below = (gfloat) settings->uncertain_below,
    .layers = settings->layers ? settings->layers : DEFAULT_LAYERS,
    .target_class = settings->explain_class,
    .target_layer = settings->explain_layer,
    .knock_out = settings->knock_out,
  };

  if (settings->explain != GST_CNN_EXPLAIN_NONE) {
    question.explain = TRUE;
    question.method = (CnnCamMethod) (settings->explain - 1);
  }
  if (!classifier_session_ask (self->session, &question, warnings, error)) {
    g_ptr_array_unref (warnings);
    return FALSE;
  }
  post_warnings (self, warnings);
  return TRUE;
}

/* Says what a person who wonders about wrong predictions should know. */
static void
log_session (GstCnnInference *self)
{
  const gchar *model = self->current.model ? self->current.model
                                           : "the default model";
  const ClassifierPreprocess *preprocess = classifier_get_preprocess (
      classifier_session_get_classifier (self->session));
  const gchar *hint = classifier_session_get_range_hint (self->session);

  GST_INFO_OBJECT (self,
      "ready to run %s: input = pixel * %g + %g, fit \"%s\"%s", model,
      preprocess->scale, preprocess->offset,
      classifier_fit_names[preprocess->fit],
      preprocess->exported_labels ? ", as Teachable Machine has it" : "");
  if (hint)
    GST_INFO_OBJECT (self, "the layers of %s are those of %s", model, hint);
}

/* Makes the network for the current settings ready to run, or keeps the error,
 * unless that has been done. */
static void
load_session (GstCnnInference *self)
{
  update_settings (self);
  if (self->load_error || self->has_asked || !has_model (self))
    return;
  if (!self->session)
    self->session = make_session (&self->current, &self->load_error);
  if (self->session)
    self->has_asked = ask_session (self, &self->load_error);
  if (self->has_asked)
    log_session (self);
}

/* Returns FALSE after an error. */
static gboolean
ensure_session (GstCnnInference *self)
{
  load_session (self);
  if (!self->load_error)
    return TRUE;
  settings_post_model_error (GST_ELEMENT (self), self->load_error,
      "cnninference has no network to run.");
  return FALSE;
}

static gboolean
takes_whole_frame (const GstCnnInference *self)
{
  return self->current.roi_type && !*self->current.roi_type;
}

static gboolean
is_wanted (GstCnnInference *self, const Region *region)
{
  const gchar *roi_type = self->current.roi_type ? self->current.roi_type
                                                 : DEFAULT_ROI_TYPE;

  if (!region_has_type (region, roi_type))
    return FALSE;
  if (region->box.width > 0 && region->box.height > 0)
    return TRUE;
  GST_DEBUG_OBJECT (self, "skipped a region of %dx%d at %d,%d",
      region->box.width, region->box.height, region->box.x, region->box.y);
  return FALSE;
}

/* Between two inferences, a region gets the last result for its id. */
static GstActivations *
infer_region (GstCnnInference *self, const ImageFrame *frame,
    const Region *region, gboolean infer)
{
  GstActivations *last = g_hash_table_lookup (self->last,
      GINT_TO_POINTER (region->id));
  const Rect crop = region_is_attached (region)
      ? rect_scale (&region->whole, get_roi_scale (self))
      : region->whole;
  GstActivations *activations;

  if (last && !infer)
    return gst_activations_ref (last);
  activations = gst_activations_new_from_result (
      classifier_session_run (self->session, frame, &crop, &region->box));
  if (self->current.interval > 1
      && (region->id >= 0 || !region_is_attached (region))) {
    g_hash_table_insert (self->last, GINT_TO_POINTER (region->id),
        gst_activations_ref (activations));
  }
  return activations;
}

static void
append_region (GValue *list, const Region *region,
    const GstActivations *activations)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, GST_TYPE_STRUCTURE);
  g_value_take_boxed (&value, region_to_structure (region, activations));
  gst_value_list_append_and_take_value (list, &value);
}

/* Takes the list of regions. */
static void
post_message (GstCnnInference *self, GstBuffer *buffer, GValue *regions)
{
  const GstSegment *segment = &GST_BASE_TRANSFORM (self)->segment;
  const GstClockTime timestamp = GST_BUFFER_PTS (buffer);
  GstStructure *structure = gst_structure_new ("cnninference", "timestamp",
      GST_TYPE_CLOCK_TIME, timestamp, "stream-time", GST_TYPE_CLOCK_TIME,
      stream_clock_get_stream_time (segment, buffer), "running-time",
      GST_TYPE_CLOCK_TIME, stream_clock_get_running_time (segment, buffer),
      "duration", GST_TYPE_CLOCK_TIME, GST_BUFFER_DURATION (buffer), NULL);

  gst_structure_take_value (structure, "regions", regions);
  gst_element_post_message (GST_ELEMENT (self),
      gst_message_new_element (GST_OBJECT (self), structure));
}

static void
log_region (GstCnnInference *self, const Region *region,
    const GstActivations *activations)
{
  const Rect *box = &region->box;
  g_autofree gchar *text = NULL;

  if (gst_debug_category_get_threshold (GST_CAT_DEFAULT) < GST_LEVEL_LOG)
    return;
  text = gst_activations_to_text (activations);
  GST_LOG_OBJECT (self, "region %d of %dx%d at %d,%d: %s", region->id,
      box->width, box->height, box->x, box->y, text ? text : "an image");
}

static void
process_region (GstCnnInference *self, GstBuffer *buffer,
    const ImageFrame *frame, const Region *region, GValue *list)
{
  const gboolean infer = self->frame_count % self->current.interval == 0;
  GstActivations *activations = infer_region (self, frame, region, infer);

  region_attach_activations (buffer, region, activations);
  if (self->current.post_messages)
    append_region (list, region, activations);
  log_region (self, region, activations);
  gst_activations_unref (activations);
}

/* Returns how many regions there were. */
static guint
process_regions (GstCnnInference *self, GstBuffer *buffer,
    const ImageFrame *frame, GValue *list)
{
  guint n_regions = 0;

  if (takes_whole_frame (self)) {
    const Region region = region_whole_frame (&self->info);

    process_region (self, buffer, frame, &region, list);
    return 1;
  }
  for (guint i = 0; i < region_list_get_length (self->regions); i++) {
    const Region *region = region_list_get (self->regions, i);

    if (!is_wanted (self, region))
      continue;
    process_region (self, buffer, frame, region, list);
    n_regions++;
  }
  return n_regions;
}

static void
process_frame (GstCnnInference *self, GstBuffer *buffer,
    GstVideoFrame *video_frame)
{
  GValue list = G_VALUE_INIT;
  ImageFrame frame;
  guint n_regions;

  image_frame_from_video_frame (video_frame, &frame);
  if (self->current.post_messages)
    g_value_init (&list, GST_TYPE_LIST);
  /* Regions that are gone are forgotten at the next inference. */
  if (self->frame_count % self->current.interval == 0)
    g_hash_table_remove_all (self->last);
  n_regions = process_regions (self, buffer, &frame, &list);
  if (self->current.post_messages && n_regions > 0)
    post_message (self, buffer, &list);
  else if (self->current.post_messages)
    g_value_unset (&list);
}

static GstFlowReturn
gst_cnn_inference_transform_ip (GstBaseTransform *transform, GstBuffer *buffer)
{
  GstCnnInference *self = GST_CNN_INFERENCE (transform);
  GstVideoFrame frame;

  if (!ensure_session (self))
    return GST_FLOW_ERROR;
  stream_clock_tick (&self->clock, &transform->segment, &self->info, buffer,
      self->current.follow);
  if (!self->clock.is_continued)
    g_hash_table_remove_all (self->last);
  region_list_collect (self->regions, buffer, &self->info);
  if (has_model (self))
    analytics_attach (buffer);
  if (has_model (self)
      && (takes_whole_frame (self)
          || region_list_get_length (self->regions) > 0)
      && activation_frame_map (GST_ELEMENT (self), &self->has_warned, &frame,
          &self->info, buffer, GST_MAP_READ)) {
    process_frame (self, buffer, &frame);
    gst_video_frame_unmap (&frame);
  }
  self->frame_count++;
  return GST_FLOW_OK;
}

static gboolean
gst_cnn_inference_set_caps (GstBaseTransform *transform, GstCaps *caps,
    GstCaps *out_caps)
{
  GstCnnInference *self = GST_CNN_INFERENCE (transform);

  GST_INFO_OBJECT (self, "frames of %" GST_PTR_FORMAT, caps);
  g_hash_table_remove_all (self->last);
  region_list_restart (self->regions);
  return gst_video_info_from_caps (&self->info, caps);
}

static gboolean
gst_cnn_inference_sink_event (GstBaseTransform *transform, GstEvent *event)
{
  GstCnnInference *self = GST_CNN_INFERENCE (transform);

  stream_clock_handle_event (&self->clock, transform->sinkpad, event);
  return GST_BASE_TRANSFORM_CLASS (parent_class)->sink_event (transform, event);
}

static gboolean
gst_cnn_inference_stop (GstBaseTransform *transform)
{
  GstCnnInference *self = GST_CNN_INFERENCE (transform);

  g_clear_pointer (&self->session, classifier_session_free);
  self->has_asked = FALSE;
  g_clear_pointer (&self->posted, g_ptr_array_unref);
  g_clear_error (&self->load_error);
  g_hash_table_remove_all (self->last);
  self->clock = (StreamClock) { .time = 0 };
  return TRUE;
}

static gboolean
gst_cnn_inference_start (GstBaseTransform *transform)
{
  GstCnnInference *self = GST_CNN_INFERENCE (transform);

  self->frame_count = 0;
  self->has_warned = FALSE;
  g_clear_error (&self->load_error);
  if (ensure_session (self))
    return TRUE;
  /* GstBaseTransform does not stop an element that failed to start. */
  gst_cnn_inference_stop (transform);
  return FALSE;
}

static void
gst_cnn_inference_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  settings_set_property (&settings_layout, object,
      &GST_CNN_INFERENCE (object)->settings, id, value, pspec);
}

static void
gst_cnn_inference_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  settings_get_property (&settings_layout, object,
      &GST_CNN_INFERENCE (object)->settings, id, value, pspec);
}

static void
gst_cnn_inference_finalize (GObject *object)
{
  GstCnnInference *self = GST_CNN_INFERENCE (object);

  settings_clear (&settings_layout, &self->settings);
  settings_clear (&settings_layout, &self->current);
  region_list_free (self->regions);
  g_hash_table_unref (self->last);
  G_OBJECT_CLASS (parent_class)->finalize (object);
}

static void
gst_cnn_inference_init (GstCnnInference *self)
{
  const Settings defaults = {
    .serial = 1, /* no snapshot has been taken yet */
    .model = g_strdup (DEFAULT_MODEL),
    .labels = g_strdup (DEFAULT_LABELS),
    .output = g_strdup (DEFAULT_OUTPUT),
    .roi_type = g_strdup (DEFAULT_ROI_TYPE),
    .roi_scale = DEFAULT_ROI_SCALE,
    .layers = g_strdup (DEFAULT_LAYERS),
    .interval = DEFAULT_INTERVAL,
    .follow = DEFAULT_FOLLOW,
    .attribute = g_strdup (DEFAULT_ATTRIBUTE),
    .uncertain_below = DEFAULT_UNCERTAIN_BELOW,
    .post_messages = DEFAULT_POST_MESSAGES,
    .max_memory = DEFAULT_MAX_MEMORY,
    .max_macs = DEFAULT_MAX_MACS,
    .explain = DEFAULT_EXPLAIN,
    .explain_class = g_strdup (DEFAULT_EXPLAIN_CLASS),
    .explain_layer = g_strdup (DEFAULT_EXPLAIN_LAYER),
    .knock_out = g_strdup (DEFAULT_KNOCK_OUT),
  };

  self->settings = defaults;
  self->regions = region_list_new (GST_BASE_TRANSFORM (self));
  self->last = g_hash_table_new_full (NULL, NULL, NULL,
      (GDestroyNotify) gst_activations_unref);
  gst_video_info_init (&self->info);
  gst_base_transform_set_in_place (GST_BASE_TRANSFORM (self), TRUE);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;

  /**
   * GstCnnInference:model:
   *
   * A TensorFlow.js layers-model: its model.json, or the folder that holds it.
   * A preprocess.json beside it says how pictures become its input, and what
   * its labels and its attribute are. A new model is loaded before the next
   * frame. When empty no network is run.
   */
  g_object_class_install_property (object_class, PROP_MODEL,
      g_param_spec_string ("model", "Model",
          "model.json of a tfjs layers-model, or its folder; empty = none "
          "(default: the gender model that comes with the plugin)",
          DEFAULT_MODEL, flags));
  /**
   * GstCnnInference:labels:
   *
   * One label a line, class 0 first. A model with a single output that ends
   * with a sigmoid has two classes: output <= 0.5 and output > 0.5. Without a
   * sigmoid the output is a number, unless there are two labels. When empty,
   * classes are numbered.
   */
  g_object_class_install_property (object_class, PROP_LABELS,
      g_param_spec_string ("labels", "Labels",
          "File with one label a line; empty = none (default: the one that "
          "preprocess.json names, or the labels of an export of Teachable "
          "Machine, or labels.txt beside the model)",
          DEFAULT_LABELS, flags));
  /**
   * GstCnnInference:output:
   *
   * The output that is the prediction, of a model that has several: the name of
   * its layer, or its number, from 0. The values of all of them are part of the
   * #GstActivationMeta. What the files beside the model say about the output
   * that they mean does not apply to another one.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_OUTPUT,
      g_param_spec_string ("output", "Output",
          "Name or number of the output that is the prediction (default: the "
          "one that preprocess.json names, or the first)",
          DEFAULT_OUTPUT, flags));
  /**
   * GstCnnInference:roi-type:
   *
   * The network runs on each region of this type; when empty, on the whole
   * frame. An object of GstAnalytics whose detector does not say what it is
   * counts as one of every type.
   */
  g_object_class_install_property (object_class, PROP_ROI_TYPE,
      g_param_spec_string ("roi-type", "Region type",
          "Type of the regions to run on; empty = the whole frame",
          DEFAULT_ROI_TYPE, flags));
  /**
   * GstCnnInference:roi-scale:
   *
   * The crop is the region made this many times as large about its centre. 0
   * stands for the crop_scale of the model's preprocess.json, or 1.
   */
  g_object_class_install_property (object_class, PROP_ROI_SCALE,
      g_param_spec_double ("roi-scale", "Region scale",
          "Size of the crop relative to the region, about its centre; 0 = as "
          "the model's preprocess.json says",
          0.0, CLASSIFIER_MAX_CROP_SCALE, DEFAULT_ROI_SCALE,
          flags | GST_PARAM_CONTROLLABLE));
  /**
   * GstCnnInference:layers:
   *
   * Layers whose activations are attached: `auto` for each convolution after
   * its activation and pooling, `all`, names separated by commas, or none when
   * empty. A name that the model does not have causes a warning.
   */
  g_object_class_install_property (object_class, PROP_LAYERS,
      g_param_spec_string ("layers", "Layers",
          "Layers to keep: auto (each convolution after its pooling), all, or "
          "names separated by commas; empty = none",
          DEFAULT_LAYERS, flags));
  /**
   * GstCnnInference:interval:
   *
   * Runs the network on every nth frame; in between, regions with an id keep
   * their last result, and new ones are run at once.
   */
  g_object_class_install_property (object_class, PROP_INTERVAL,
      g_param_spec_uint ("interval", "Interval",
          "Run the network on every nth frame", 1, G_MAXINT, DEFAULT_INTERVAL,
          flags));
  /**
   * GstCnnInference:follow:
   *
   * Whether frames continue each other: see #GstFaceTracker:follow. Where they
   * do not, the network is run on each, whatever the
   * #GstCnnInference:interval.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_FOLLOW,
      g_param_spec_enum ("follow", "Follow",
          "Whether to keep results from frame to frame",
          GST_TYPE_ACTIVATION_FOLLOW, DEFAULT_FOLLOW,
          flags | GST_PARAM_CONTROLLABLE));
  /**
   * GstCnnInference:attribute:
   *
   * What the model predicts: the name of the structure on the region. When not
   * set it is the attribute of the model's preprocess.json; else, of a model
   * with several outputs, the name of the #GstCnnInference:output; else `value`
   * for a number and `class` for everything else.
   */
  g_object_class_install_property (object_class, PROP_ATTRIBUTE,
      g_param_spec_string ("attribute", "Attribute",
          "What the model predicts (default: as the model's preprocess.json "
          "says, or the name of one of several outputs, or \"class\")",
          DEFAULT_ATTRIBUTE, flags));
  /**
   * GstCnnInference:uncertain-below:
   *
   * Where no class has a confidence of at least this, none is predicted: the
   * label is `uncertain`, with the confidence of the class that comes first and
   * without a number. What that means for the default model is in its card,
   * `model/gender/README.md`. 0 turns this off. It applies to networks that
   * predict one of several classes; labels of which any number may be predicted
   * have thresholds of their own in preprocess.json.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_UNCERTAIN_BELOW,
      g_param_spec_double ("uncertain-below", "Uncertain below",
          "Confidence that a class needs to be predicted, else the label is "
          "\"uncertain\"; 0 = none",
          0.0, 1.0, DEFAULT_UNCERTAIN_BELOW, flags));
  /**
   * GstCnnInference:post-messages:
   *
   * Posts an element message with the predictions for each frame with regions.
   */
  g_object_class_install_property (object_class, PROP_POST_MESSAGES,
      g_param_spec_boolean ("post-messages", "Post messages",
          "Post the predictions on the bus", DEFAULT_POST_MESSAGES, flags));
  /**
   * GstCnnInference:max-memory:
   *
   * A model whose weights and activations take more is refused, and the error
   * says how much it needs.
   */
  g_object_class_install_property (object_class, PROP_MAX_MEMORY,
      g_param_spec_uint ("max-memory", "Maximal memory",
          "Most memory for the weights and activations of a model, in MiB", 1,
          MIN (G_MAXSIZE >> 20, G_MAXINT), DEFAULT_MAX_MEMORY, flags));
  /**
   * GstCnnInference:max-macs:
   *
   * A model that takes more for one run is refused, and the error says how many
   * it takes. A frame with several regions takes them for each.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_MAX_MACS,
      g_param_spec_uint ("max-macs", "Maximal multiply-accumulates",
          "Most multiply-accumulates for one run of a model, in millions", 1,
          G_MAXINT, DEFAULT_MAX_MACS, flags));
}

static void
install_explanation_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
      | GST_PARAM_MUTABLE_PLAYING;

  /**
   * GstCnnInference:explain:
   *
   * Explains each prediction: a class activation map made by this method, and
   * what each cell and channel of a layer contributes to the class. It is part
   * of the #GstActivationMeta. All but score-cam, which runs the network once
   * for each channel, cost a fraction of the network's own time when the layer
   * is near the output.
   */
  g_object_class_install_property (object_class, PROP_EXPLAIN,
      g_param_spec_enum ("explain", "Explain",
          "How to explain predictions by a class activation map",
          GST_TYPE_CNN_EXPLAIN, DEFAULT_EXPLAIN, flags));
  /**
   * GstCnnInference:explain-class:
   *
   * The class that is explained: a label or its number, from 0. When empty it
   * is the one that is predicted.
   */
  g_object_class_install_property (object_class, PROP_EXPLAIN_CLASS,
      g_param_spec_string ("explain-class", "Class to explain",
          "Label or number of the class to explain; empty = the predicted one",
          DEFAULT_EXPLAIN_CLASS, flags));
  /**
   * GstCnnInference:explain-layer:
   *
   * The layer by whose maps it is explained: `auto` for the last one that has
   * maps, or a name; that of a convolution means what
   * #GstCnnInference:layers=auto shows of it, after activation and pooling.
   */
  g_object_class_install_property (object_class, PROP_EXPLAIN_LAYER,
      g_param_spec_string ("explain-layer", "Layer to explain by",
          "Layer whose maps explain the class: auto (the last one with maps) "
          "or a name",
          DEFAULT_EXPLAIN_LAYER, flags));
  /**
   * GstCnnInference:knock-out:
   *
   * Channels that are set to zero, to see what they are good for:
   * `layer:channel` separated by commas, channels counted from 0. The network
   * then runs twice, and the #GstActivationMeta has the scores with and without
   * them.
   */
  g_object_class_install_property (object_class, PROP_KNOCK_OUT,
      g_param_spec_string ("knock-out", "Knock-out",
          "Channels to set to zero: layer:channel, separated by commas",
          DEFAULT_KNOCK_OUT, flags));
}

static void
gst_cnn_inference_class_init (GstCnnInferenceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseTransformClass *transform_class = GST_BASE_TRANSFORM_CLASS (klass);

  object_class->set_property = gst_cnn_inference_set_property;
  object_class->get_property = gst_cnn_inference_get_property;
  object_class->finalize = gst_cnn_inference_finalize;
  install_properties (object_class);
  install_explanation_properties (object_class);
  gst_type_mark_as_plugin_api (GST_TYPE_CNN_EXPLAIN, 0);

  gst_element_class_set_static_metadata (element_class, "CNN inference",
      "Filter/Analyzer/Video",
      "Runs a convolutional network on regions of a video and attaches its "
      "prediction and activation maps",
      "The gst-activationmap authors");
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);

  transform_class->start = gst_cnn_inference_start;
  transform_class->stop = gst_cnn_inference_stop;
  transform_class->set_caps = gst_cnn_inference_set_caps;
  transform_class->sink_event = gst_cnn_inference_sink_event;
  transform_class->propose_allocation = activation_frame_propose_allocation;
  transform_class->prepare_output_buffer =
      activation_frame_prepare_output_buffer;
  transform_class->before_transform = settings_sync;
  transform_class->transform_ip = gst_cnn_inference_transform_ip;
  transform_class->transform_ip_on_passthrough = FALSE;
}
