/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "region.h"

#include "analytics.h"
#include "base/rect.h"
#include "frametransform.h"
#include "gstactivationmeta-private.h"
#include "misplacement.h"

/* Elements in between round boxes, and so do other detectors. */
#define MAX_DIFFERENCE 2
/* In frame sizes: anything farther out is not a box. */
#define MAX_DISTANCE 10

/**
 * RegionList:
 * @transform: the element that reads the frames
 * @is_checked: whether @borders is known for the current caps
 * @borders: (nullable): the element upstream that has put borders around the
 *   picture without moving the boxes
 * @has_warned: of that
 * @regions: of Region
 * @predictions: of RegionPrediction
 * @hint: the region that is likely to have the next object or prediction
 */
struct _RegionList {
  GstBaseTransform *transform;
  gboolean is_checked;
  gchar *borders;
  gboolean has_warned;
  GArray *regions;
  GArray *predictions;
  guint hint;
};

RegionList *
region_list_new (GstBaseTransform *transform)
{
  RegionList *list = g_new0 (RegionList, 1);

  list->transform = transform;
  list->regions = g_array_new (FALSE, FALSE, sizeof (Region));
  list->predictions = g_array_new (FALSE, FALSE, sizeof (RegionPrediction));
  return list;
}

void
region_list_free (RegionList *list)
{
  g_array_unref (list->regions);
  g_array_unref (list->predictions);
  g_free (list->borders);
  g_free (list);
}

void
region_list_restart (RegionList *list)
{
  list->is_checked = FALSE;
  list->has_warned = FALSE;
  g_clear_pointer (&list->borders, g_free);
}

guint
region_list_get_length (const RegionList *list)
{
  return list->regions->len;
}

guint
region_list_count_predictions (const RegionList *list)
{
  return list->predictions->len;
}

static Region *
get_region (const RegionList *list, guint index)
{
  return &g_array_index (list->regions, Region, index);
}

const Region *
region_list_get (const RegionList *list, guint index)
{
  return get_region (list, index);
}

/* Returns FALSE also if either is not a number. */
static gboolean
is_range (gdouble min, gdouble max)
{
  return min < max && min > -MAX_DISTANCE && max < MAX_DISTANCE;
}

/* Returns FALSE if there is no detection that can be a box. */
static gboolean
read_detection (GstVideoRegionOfInterestMeta *meta, const GstVideoInfo *info,
    Rect *box)
{
  const gdouble width = GST_VIDEO_INFO_WIDTH (info);
  const gdouble height = GST_VIDEO_INFO_HEIGHT (info);
  GstStructure *detection = gst_video_region_of_interest_meta_get_param (meta,
      "detection");
  gdouble x_min, x_max, y_min, y_max;
  FaceArea area;

  if (!detection
      || !gst_structure_get (detection, "x_min", G_TYPE_DOUBLE, &x_min, "x_max",
          G_TYPE_DOUBLE, &x_max, "y_min", G_TYPE_DOUBLE, &y_min, "y_max",
          G_TYPE_DOUBLE, &y_max, NULL)
      || !is_range (x_min, x_max) || !is_range (y_min, y_max))
    return FALSE;
  area.x = (gfloat) ((x_min + x_max) / 2.0 * width);
  area.y = (gfloat) ((y_min + y_max) / 2.0 * height);
  area.width = (gfloat) ((x_max - x_min) * width);
  area.height = (gfloat) ((y_max - y_min) * height);
  *box = face_area_to_rect (&area);
  return TRUE;
}

static gboolean
is_near (gint a, gint b)
{
  return ABS ((gint64) a - b) <= MAX_DIFFERENCE;
}

static gboolean
is_same_box (const Rect *a, const Rect *b)
{
  return is_near (a->x, b->x) && is_near (a->y, b->y)
      && is_near (a->width, b->width) && is_near (a->height, b->height);
}

static void
clip_side (gint *start, gint *length, gint frame)
{
  const gint64 least = -(gint64) MAX_DISTANCE * frame;
  const gint64 most = (gint64) (MAX_DISTANCE + 1) * frame;
  const gint64 first = MAX (*start, least);
  const gint64 end = MIN ((gint64) *start + *length, most);

  *start = (gint) MIN (first, most);
  *length = (gint) MAX (end - first, 0);
}

/* Limits a box to what a network could still make sense of. */
static Rect
limit_box (const Rect *box, const GstVideoInfo *info)
{
  Rect limited = *box;

  clip_side (&limited.x, &limited.width, GST_VIDEO_INFO_WIDTH (info));
  clip_side (&limited.y, &limited.height, GST_VIDEO_INFO_HEIGHT (info));
  return limited;
}

static Rect
clip_box (const Rect *box, const GstVideoInfo *info)
{
  return rect_clip (box, GST_VIDEO_INFO_WIDTH (info),
      GST_VIDEO_INFO_HEIGHT (info));
}

static Rect
get_whole (GstVideoRegionOfInterestMeta *meta, const GstVideoInfo *info,
    const Rect *box)
{
  Rect detected, clipped;

  if (!meta || !read_detection (meta, info, &detected))
    return limit_box (box, info);
  clipped = clip_box (&detected, info);
  /* Within the frame, the region itself is exact to the pixel. */
  if (clipped.width == detected.width && clipped.height == detected.height)
    return limit_box (box, info);
  return is_same_box (box, &clipped) ? detected : limit_box (box, info);
}

static gboolean
get_object_id (GstVideoRegionOfInterestMeta *meta, gint *id)
{
  GstStructure *object_id = gst_video_region_of_interest_meta_get_param (meta,
      "object_id");

  return object_id && gst_structure_get_int (object_id, "id", id);
}

static gint
get_id (GstVideoRegionOfInterestMeta *meta)
{
  gint id;

  if (get_object_id (meta, &id))
    return id;
  /* Detectors that do not number their regions leave them at 0. */
  return meta->id > 0 ? meta->id : -1;
}

/* The edges of a region are unsigned. Values beyond G_MAXINT stand for edges
 * left of and above the frame, or for sizes that nothing has. */
static Rect
make_box (guint x, guint y, guint width, guint height)
{
  return (Rect) { (gint) x, (gint) y, (gint) MIN (width, G_MAXINT),
    (gint) MIN (height, G_MAXINT) };
}

static Region
make_region (GstVideoRegionOfInterestMeta *meta, const GstVideoInfo *info)
{
  Region region = { .meta = meta,
    .object = ANALYTICS_NONE,
    .type = meta->roi_type,
    .id = get_id (meta),
    .box = make_box (meta->x, meta->y, meta->w, meta->h) };

  region.visible = clip_box (&region.box, info);
  region.whole = get_whole (meta, info, &region.box);
  return region;
}

/* Returns the region of a prediction whose own region was removed from the
 * buffer. */
static Region
make_predicted_region (const GstActivationMeta *meta, const GstVideoInfo *info)
{
  Region region = { .object = ANALYTICS_NONE,
    .type = meta->roi_type,
    .id = meta->id,
    .box = gst_activation_meta_get_box (meta) };

  region.visible = clip_box (&region.box, info);
  region.whole = limit_box (&region.box, info);
  return region;
}

/* Returns a region for an object that is nothing else. */
static Region
make_detected_region (const AnalyticsObject *object, const GstVideoInfo *info)
{
  return (Region) { .object = object->id,
    .confidence = object->confidence,
    .type = object->type,
    .id = object->track,
    .box = object->box,
    .visible = clip_box (&object->box, info),
    .whole = limit_box (&object->box, info) };
}

/* Returns whether an object or a prediction belongs to a region. */
typedef gboolean (*RegionFit) (const Region *region, gconstpointer thing);

/* Returns the next region of @type that @fits, in a circle from the hint on; or
 * NULL. */
static Region *
find_region (RegionList *list, GQuark type, RegionFit fits, gconstpointer thing)
{
  const guint n_regions = list->regions->len;

  for (guint i = 0; i < n_regions; i++) {
    const guint place = (list->hint + i) % n_regions;
    Region *region = get_region (list, place);

    if (region->type == type && fits (region, thing)) {
      list->hint = (place + 1) % n_regions;
      return region;
    }
  }
  return NULL;
}

/* Returns a region that meets the first criterion that any region meets. */
static Region *
find_best (RegionList *list, GQuark type, const RegionFit *fits, guint n_fits,
    gconstpointer thing)
{
  Region *region = NULL;

  for (guint i = 0; i < n_fits && !region; i++)
    region = find_region (list, type, fits[i], thing);
  return region;
}

static gboolean
is_id_of_object (const Region *region, const AnalyticsObject *object)
{
  return region->meta->id > 0 && region->meta->id == object->id;
}

/* Objects are clipped to the frame, and regions need not be. */
static gboolean
is_box_of_object (const Region *region, const AnalyticsObject *object)
{
  return is_same_box (&region->box, &object->box)
      || is_same_box (&region->visible, &object->box);
}

static gboolean
can_be_object (const Region *region)
{
  return region->meta && region->object == ANALYTICS_NONE;
}

static gboolean
is_object (const Region *region, gconstpointer object)
{
  return can_be_object (region) && is_id_of_object (region, object)
      && is_box_of_object (region, object);
}

static gboolean
is_where_object_is (const Region *region, gconstpointer object)
{
  return can_be_object (region) && is_box_of_object (region, object);
}

/* An object that was scaled up may be off by more than rounding. */
static gboolean
is_near_object (const Region *region, gconstpointer object)
{
  const AnalyticsObject *detected = object;

  return can_be_object (region) && is_id_of_object (region, detected)
      && rect_get_overlap (&region->box, &detected->box) > 0;
}

static Region *
match_object (RegionList *list, const AnalyticsObject *object)
{
  static const RegionFit fits[] = { is_object, is_where_object_is,
    is_near_object };

  return find_best (list, object->type, fits, G_N_ELEMENTS (fits), object);
}

/* The id of the region meta means nothing if it is just that of the object,
 * which is an id within the frame. */
static void
join_object (Region *region, const AnalyticsObject *object)
{
  gint id;

  region->object = object->id;
  region->confidence = object->confidence;
  if (get_object_id (region->meta, &id))
    return;
  if (object->track != ANALYTICS_NONE)
    region->id = object->track;
  else if (region->meta->id == object->id)
    region->id = -1;
}

/* A prediction with its box, and the part of that which lies in the frame. */
typedef struct {
  const GstActivationMeta *meta;
  Rect box;
  Rect visible;
} Predicted;

static gboolean
has_id_of (const Region *region, gconstpointer prediction)
{
  const GstActivationMeta *meta = ((const Predicted *) prediction)->meta;

  if (region->meta && region->meta->id > 0 && meta->region_id > 0)
    return region->meta->id == meta->region_id;
  return meta->id >= 0 && region->id == meta->id;
}

/* Some elements clip a region to the frame, and not its prediction. */
static gboolean
has_box_of (const Region *region, gconstpointer prediction)
{
  const Predicted *predicted = prediction;

  return is_same_box (&region->box, &predicted->box)
      || (predicted->visible.width > 0
          && is_same_box (&region->box, &predicted->visible));
}

static gboolean
has_id_and_box_of (const Region *region, gconstpointer prediction)
{
  return has_id_of (region, prediction) && has_box_of (region, prediction);
}

static Predicted
make_predicted (const GstActivationMeta *meta, const GstVideoInfo *info)
{
  const Rect box = gst_activation_meta_get_box (meta);

  return (Predicted) { meta, box, clip_box (&box, info) };
}

static Region *
match_prediction (RegionList *list, const Predicted *predicted)
{
  static const RegionFit fits[] = { has_id_and_box_of, has_id_of, has_box_of };

  return find_best (list, predicted->meta->roi_type, fits, G_N_ELEMENTS (fits),
      predicted);
}

static void
append_prediction (Region *region, RegionPrediction *prediction)
{
  const RegionPrediction **end = &region->predictions;

  while (*end)
    end = (const RegionPrediction **) &(*end)->next;
  *end = prediction;
}

static void
collect_regions (RegionList *list, GstBuffer *buffer, const GstVideoInfo *info)
{
  GstVideoRegionOfInterestMeta *meta;
  gpointer state = NULL;

  g_array_set_size (list->regions, 0);
  while ((
      meta = (GstVideoRegionOfInterestMeta *) gst_buffer_iterate_meta_filtered (
          buffer, &state, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))) {
    const Region region = make_region (meta, info);

    g_array_append_val (list->regions, region);
  }
}

/* To be called after collect_regions(), since an object may be one of the
 * regions. */
static void
collect_objects (RegionList *list, GstBuffer *buffer, const GstVideoInfo *info)
{
  AnalyticsObject object;
  gpointer state = NULL;

  list->hint = 0;
  while (analytics_next_object (buffer, &state, &object)) {
    Region *region = match_object (list, &object);

    if (region) {
      join_object (region, &object);
    } else {
      const Region detected = make_detected_region (&object, info);

      g_array_append_val (list->regions, detected);
    }
  }
}

static void
collect_predictions (RegionList *list, GstBuffer *buffer)
{
  GstActivationMeta *meta;
  gpointer state = NULL;

  g_array_set_size (list->predictions, 0);
  while ((meta = gst_buffer_iterate_activation_meta (buffer, &state))) {
    const RegionPrediction prediction = { meta, list->predictions->len, NULL };

    g_array_append_val (list->predictions, prediction);
  }
}

static void
assign_prediction (RegionList *list, RegionPrediction *prediction,
    const GstVideoInfo *info)
{
  const Predicted predicted = make_predicted (prediction->meta, info);
  Region *region = match_prediction (list, &predicted);

  if (!region) {
    const Region lone = make_predicted_region (prediction->meta, info);

    g_array_append_val (list->regions, lone);
    region = get_region (list, list->regions->len - 1);
  }
  append_prediction (region, prediction);
}

/* GStreamer 1.28 moves regions and predictions with the picture, but scales a
 * region at the frame's edge as if there were no borders. To be called before
 * collect_objects(), since objects are in the right place. */
static void
correct_regions (RegionList *list, const GstVideoInfo *info)
{
  static const RegionFit fits[] = { has_id_and_box_of, has_id_of };

  for (guint i = 0; frame_transform_is_told () && i < list->predictions->len;
       i++) {
    const Predicted predicted = make_predicted (
        g_array_index (list->predictions, RegionPrediction, i).meta, info);
    Region *region = find_best (list, predicted.meta->roi_type, fits,
        G_N_ELEMENTS (fits), &predicted);

    if (!region || has_box_of (region, &predicted))
      continue;
    region->box = predicted.box;
    region->visible = predicted.visible;
    region->whole = limit_box (&region->box, info);
  }
}

static void
warn_of_misplacement (RegionList *list)
{
  if (list->has_warned)
    return;
  list->has_warned = TRUE;
  GST_ELEMENT_WARNING (list->transform, STREAM, FORMAT,
      ("%s has put borders around the picture, and the regions of the frames "
       "are not where they were. Set its property add-borders to false, or "
       "find regions behind it.",
          list->borders),
      ("They are left out. GStreamer 1.28 moves them with the picture."));
}

/* Returns whether the boxes of a frame are in the wrong place. */
static gboolean
are_misplaced (RegionList *list, GstBuffer *buffer)
{
  if (!list->is_checked) {
    list->is_checked = TRUE;
    list->borders = misplacement_find (
        GST_BASE_TRANSFORM_SINK_PAD (list->transform));
  }
  return list->borders && misplacement_has_boxes (buffer);
}

/* Removes them, so that no other element uses them either. Returns FALSE if it
 * may not. */
static gboolean
remove_misplaced (RegionList *list, GstBuffer *buffer)
{
  warn_of_misplacement (list);
  if (!gst_buffer_is_writable (buffer))
    return FALSE;
  misplacement_remove_boxes (buffer);
  return TRUE;
}

void
region_list_collect (RegionList *list, GstBuffer *buffer,
    const GstVideoInfo *info)
{
  if (are_misplaced (list, buffer) && !remove_misplaced (list, buffer)) {
    g_array_set_size (list->regions, 0);
    g_array_set_size (list->predictions, 0);
    return;
  }
  collect_regions (list, buffer, info);
  collect_predictions (list, buffer);
  list->hint = 0;
  correct_regions (list, info);
  collect_objects (list, buffer, info);
  list->hint = 0;
  for (guint i = 0; i < list->predictions->len; i++)
    assign_prediction (list,
        &g_array_index (list->predictions, RegionPrediction, i), info);
}

Region
region_whole_frame (const GstVideoInfo *info)
{
  const Rect box = { 0, 0, GST_VIDEO_INFO_WIDTH (info),
    GST_VIDEO_INFO_HEIGHT (info) };

  return (Region) { .object = ANALYTICS_NONE,
    .id = -1,
    .box = box,
    .visible = box,
    .whole = box };
}

gboolean
region_is_attached (const Region *region)
{
  return region->meta || region->object != ANALYTICS_NONE;
}

gboolean
region_has_type (const Region *region, const gchar *roi_type)
{
  if (!region->meta && region->type == 0)
    return region->object != ANALYTICS_NONE;
  return region_is_attached (region)
      && region->type == g_quark_try_string (roi_type);
}

static void
add_detection (GstVideoRegionOfInterestMeta *meta, const GstVideoInfo *info,
    const FaceArea *area, gdouble confidence)
{
  const gdouble width = GST_VIDEO_INFO_WIDTH (info);
  const gdouble height = GST_VIDEO_INFO_HEIGHT (info);

  gst_video_region_of_interest_meta_add_param (meta,
      gst_structure_new ("detection", "x_min", G_TYPE_DOUBLE,
          (area->x - area->width / 2.0) / width, "x_max", G_TYPE_DOUBLE,
          (area->x + area->width / 2.0) / width, "y_min", G_TYPE_DOUBLE,
          (area->y - area->height / 2.0) / height, "y_max", G_TYPE_DOUBLE,
          (area->y + area->height / 2.0) / height, "confidence", G_TYPE_DOUBLE,
          confidence, "label_id", G_TYPE_INT, 0, NULL));
}

static void
set_object_id (GstVideoRegionOfInterestMeta *meta, gint id)
{
  GstStructure *object_id = gst_video_region_of_interest_meta_get_param (meta,
      "object_id");

  if (object_id) {
    gst_structure_set (object_id, "id", G_TYPE_INT, id, NULL);
  } else {
    gst_video_region_of_interest_meta_add_param (meta,
        gst_structure_new ("object_id", "id", G_TYPE_INT, id, NULL));
  }
}

gboolean
region_attach_face (GstBuffer *buffer, const GstVideoInfo *info,
    const gchar *roi_type, const FollowedFace *face, GstClockTime first_seen)
{
  const Rect whole = face_area_to_rect (&face->area);
  const Rect box = clip_box (&whole, info);
  const AnalyticsObject object = { .type = g_quark_from_string (roi_type),
    .track = face->id,
    .box = box,
    .confidence = (gdouble) face->confidence };
  GstVideoRegionOfInterestMeta *meta;
  gint object_id;

  if (box.width == 0)
    return FALSE;
  object_id = analytics_add_object (buffer, &object, first_seen);
  meta = gst_buffer_add_video_region_of_interest_meta (buffer, roi_type,
      (guint) box.x, (guint) box.y, (guint) box.width, (guint) box.height);
  add_detection (meta, info, &face->area, (gdouble) face->confidence);
  set_object_id (meta, face->id);
  meta->id = object_id != ANALYTICS_NONE ? object_id : face->id;
  return TRUE;
}

/* A detection without a confidence counts as certain. */
static gdouble
get_confidence (GstVideoRegionOfInterestMeta *meta)
{
  const GstStructure *detection =
      gst_video_region_of_interest_meta_get_param (meta, "detection");
  gdouble confidence;

  if (detection
      && gst_structure_get_double (detection, "confidence", &confidence))
    return confidence;
  return 1.0;
}

/* Returns: the id of the region's object, which is added if part of it is
 * visible; else ANALYTICS_NONE */
static gint
ensure_object (GstBuffer *buffer, const Region *region, gint id,
    GstClockTime first_seen)
{
  AnalyticsObject object = { .type = region->type,
    .track = id >= 0 ? id : ANALYTICS_NONE,
    .box = region->visible };

  if (region->object != ANALYTICS_NONE || !region->meta
      || region->visible.width == 0)
    return region->object;
  object.confidence = get_confidence (region->meta);
  return analytics_add_object (buffer, &object, first_seen);
}

void
region_set_id (GstBuffer *buffer, const Region *region,
    const GstVideoInfo *info, gint id, GstClockTime first_seen)
{
  const FaceArea area = face_area_from_rect (&region->whole);
  const gint object = ensure_object (buffer, region, id, first_seen);
  GstVideoRegionOfInterestMeta *meta = region->meta;

  if (region->object != ANALYTICS_NONE)
    analytics_set_track (buffer, region->object, id, first_seen);
  if (!meta)
    return;
  set_object_id (meta, id);
  if (meta->id == 0)
    meta->id = object != ANALYTICS_NONE ? object : id;
  if (!gst_video_region_of_interest_meta_get_param (meta, "detection"))
    add_detection (meta, info, &area, 1.0);
}

/**
 * LabelField:
 * @name: "label_id", as DL Streamer has it, or "label-id", as messages do
 * @type: %G_TYPE_INT or %G_TYPE_UINT
 *
 * The field with the number of a label.
 */
typedef struct {
  const gchar *name;
  GType type;
} LabelField;

static void
set_label (GstStructure *structure, const ClassifierResult *result, guint class,
    const LabelField *id)
{
  gst_structure_set (structure, "label", G_TYPE_STRING,
      result->description->labels[class], id->name, id->type, class,
      "confidence", G_TYPE_DOUBLE, (gdouble) result->scores[class], NULL);
}

/* An uncertain label has no number. */
static void
set_class (GstStructure *structure, const ClassifierResult *result,
    const LabelField *id)
{
  if (classifier_result_is_uncertain (result))
    gst_structure_set (structure, "label", G_TYPE_STRING, CLASSIFIER_UNCERTAIN,
        "confidence", G_TYPE_DOUBLE, (gdouble) result->scores[result->winner],
        NULL);
  else
    set_label (structure, result, result->winner, id);
}

static void
append_label (GValue *list, const ClassifierResult *result, guint class,
    const LabelField *id)
{
  GstStructure *structure = gst_structure_new_empty ("label");
  GValue value = G_VALUE_INIT;

  set_label (structure, result, class, id);
  g_value_init (&value, GST_TYPE_STRUCTURE);
  g_value_take_boxed (&value, structure);
  gst_value_list_append_and_take_value (list, &value);
}

/* The number and confidence are those of the strongest label, if any is
 * predicted. */
static void
set_labels (GstStructure *structure, const ClassifierResult *result,
    const LabelField *id)
{
  GValue labels = G_VALUE_INIT;
  g_autofree gchar *text = classifier_result_to_text (result);

  g_value_init (&labels, GST_TYPE_LIST);
  for (guint i = 0; i < result->description->n_classes; i++) {
    if (classifier_result_is_predicted (result, i))
      append_label (&labels, result, i, id);
  }
  if (classifier_result_is_predicted (result, result->winner))
    set_label (structure, result, result->winner, id);
  gst_structure_set (structure, "label", G_TYPE_STRING, text, NULL);
  gst_structure_take_value (structure, "labels", &labels);
}

static void
set_number (GstStructure *structure, const ClassifierResult *result)
{
  const gchar *unit = result->description->unit;
  g_autofree gchar *text = classifier_result_to_text (result);

  gst_structure_set (structure, "label", G_TYPE_STRING, text, "value",
      G_TYPE_DOUBLE, (gdouble) result->scores[0], NULL);
  if (unit)
    gst_structure_set (structure, "unit", G_TYPE_STRING, unit, NULL);
}

/* Sets what is predicted; nothing for an image. */
static void
set_prediction (GstStructure *structure, const ClassifierResult *result,
    const LabelField *id)
{
  switch (result->description->kind) {
    case CNN_PREDICTION_CLASSES:
      set_class (structure, result, id);
      break;
    case CNN_PREDICTION_LABELS:
      set_labels (structure, result, id);
      break;
    case CNN_PREDICTION_NUMBER:
      set_number (structure, result);
      break;
    default:
      break;
  }
}

GstStructure *
region_make_classification (const GstActivations *activations)
{
  static const LabelField id = { "label_id", G_TYPE_INT };
  const ClassifierResult *result = gst_activations_get_result (activations);
  const ClassifierDescription *description = result->description;
  GstStructure *structure;

  if (description->kind == CNN_PREDICTION_MAPS)
    return NULL;
  structure = gst_structure_new_empty (description->attribute);
  set_prediction (structure, result, &id);
  gst_structure_set (structure, "model_name", G_TYPE_STRING,
      description->model_name, NULL);
  return structure;
}

/* The whole frame is not an object, and a region that is not visible has
 * none. */
static void
classify_object (GstBuffer *buffer, const Region *region,
    const ClassifierResult *result)
{
  const gint object = ensure_object (buffer, region, region->id,
      GST_CLOCK_TIME_NONE);

  if (object != ANALYTICS_NONE || !region->meta)
    analytics_add_classification (buffer, object, result);
}

void
region_attach_activations (GstBuffer *buffer, const Region *region,
    GstActivations *activations)
{
  const ClassifierResult *result = gst_activations_get_result (activations);
  const Rect *box = &region->box;
  GstStructure *classification;
  GstActivationMeta *meta = gst_buffer_add_activation_meta (buffer, activations,
      region->type ? g_quark_to_string (region->type) : NULL, box->x, box->y,
      (guint) box->width, (guint) box->height);

  meta->id = region->id;
  classify_object (buffer, region, result);
  if (!region->meta)
    return;
  meta->region_id = region->meta->id;
  classification = region_make_classification (activations);
  if (classification)
    gst_video_region_of_interest_meta_add_param (region->meta, classification);
}

static void
set_explanation (GstStructure *structure, const ClassifierResult *result)
{
  const CnnExplanation *explanation = result->explanation;
  GValue contributions = G_VALUE_INIT;

  g_value_init (&contributions, GST_TYPE_ARRAY);
  for (gint c = 0; c < explanation->channels; c++) {
    GValue contribution = G_VALUE_INIT;

    g_value_init (&contribution, G_TYPE_DOUBLE);
    g_value_set_double (&contribution,
        (gdouble) explanation->channel_contributions[c]);
    gst_value_array_append_and_take_value (&contributions, &contribution);
  }
  if (result->description->n_classes > 0)
    gst_structure_set (structure, "explain-class", G_TYPE_STRING,
        result->description->labels[explanation->target_class], NULL);
  gst_structure_set (structure, "explain", G_TYPE_STRING, explanation->method,
      "explain-layer", G_TYPE_STRING, explanation->layer, "logit",
      G_TYPE_DOUBLE, (gdouble) explanation->logit, "bias", G_TYPE_DOUBLE,
      (gdouble) explanation->bias, NULL);
  gst_structure_take_value (structure, "contributions", &contributions);
}

static void
set_knock_outs (GstStructure *structure, const ClassifierResult *result)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < result->n_knock_outs; i++) {
    const CnnKnockOut *knock_out = &result->knock_outs[i];

    g_string_append_printf (text, "%s%s:%u", i ? "," : "", knock_out->layer,
        knock_out->channel);
  }
  gst_structure_set (structure, "knock-out", G_TYPE_STRING, text->str, NULL);
  if (result->description->kind != CNN_PREDICTION_MAPS)
    gst_structure_set (structure,
        result->description->kind == CNN_PREDICTION_NUMBER
            ? "intact-value"
            : "intact-confidence",
        G_TYPE_DOUBLE, (gdouble) result->intact_scores[result->winner], NULL);
}

/* Adds the whole box of a region that reaches beyond the frame. */
static void
set_unclipped (GstStructure *structure, const Rect *box)
{
  gst_structure_set (structure, "unclipped-x", G_TYPE_INT, box->x,
      "unclipped-y", G_TYPE_INT, box->y, "unclipped-width", G_TYPE_UINT,
      (guint) box->width, "unclipped-height", G_TYPE_UINT, (guint) box->height,
      NULL);
}

GstStructure *
region_to_structure (const Region *region, const GstActivations *activations)
{
  static const LabelField id = { "label-id", G_TYPE_UINT };
  const ClassifierResult *result = gst_activations_get_result (activations);
  const Rect *box = &region->visible;
  GstStructure *structure = gst_structure_new ("region", "id", G_TYPE_INT,
      region->id, "x", G_TYPE_UINT, (guint) box->x, "y", G_TYPE_UINT,
      (guint) box->y, "width", G_TYPE_UINT, (guint) box->width, "height",
      G_TYPE_UINT, (guint) box->height, "attribute", G_TYPE_STRING,
      result->description->attribute, NULL);

  set_prediction (structure, result, &id);
  if (region_is_clipped (region))
    set_unclipped (structure, &region->box);
  if (result->explanation)
    set_explanation (structure, result);
  if (result->n_knock_outs > 0)
    set_knock_outs (structure, result);
  return structure;
}

gboolean
region_is_clipped (const Region *region)
{
  const Rect *box = &region->box, *visible = &region->visible;

  return visible->x != box->x || visible->y != box->y
      || visible->width != box->width || visible->height != box->height;
}
