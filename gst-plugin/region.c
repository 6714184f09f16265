/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "region.h"

#include "base/rect.h"
#include "gstactivationmeta-private.h"

/* Elements in between round boxes, and so do other detectors. */
#define MAX_DIFFERENCE 2
/* In frames: anything farther out is no box. */
#define MAX_DISTANCE 10

/**
 * RegionList:
 * @regions: of Region
 * @predictions: of RegionPrediction
 * @hint: the region that is likely to have the next prediction
 */
struct _RegionList {
  GArray *regions;
  GArray *predictions;
  guint hint;
};

RegionList *
region_list_new (void)
{
  RegionList *list = g_new0 (RegionList, 1);

  list->regions = g_array_new (FALSE, FALSE, sizeof (Region));
  list->predictions = g_array_new (FALSE, FALSE, sizeof (RegionPrediction));
  return list;
}

void
region_list_free (RegionList *list)
{
  g_array_unref (list->regions);
  g_array_unref (list->predictions);
  g_free (list);
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

/* FALSE also if either is not a number. */
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

static gint
get_id (GstVideoRegionOfInterestMeta *meta)
{
  GstStructure *object_id = gst_video_region_of_interest_meta_get_param (meta,
      "object_id");
  gint id;

  if (object_id && gst_structure_get_int (object_id, "id", &id))
    return id;
  /* Detectors that do not number their regions leave them at 0. */
  return meta->id > 0 ? meta->id : -1;
}

/* The edges of a region are unsigned: beyond G_MAXINT are those left of and
 * above the frame, and sizes that nothing has. */
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
    .type = meta->roi_type,
    .id = get_id (meta),
    .box = make_box (meta->x, meta->y, meta->w, meta->h) };

  region.visible = clip_box (&region.box, info);
  region.whole = get_whole (meta, info, &region.box);
  return region;
}

static Rect
get_box (const GstActivationMeta *meta)
{
  return make_box ((guint) meta->x, (guint) meta->y, meta->width, meta->height);
}

/* The region of a prediction, when it has been taken off the buffer. */
static Region
make_predicted_region (const GstActivationMeta *meta, const GstVideoInfo *info)
{
  Region region = { .type = meta->roi_type,
    .id = meta->id,
    .box = get_box (meta) };

  region.visible = clip_box (&region.box, info);
  region.whole = limit_box (&region.box, info);
  return region;
}

static gboolean
has_id_of (const Region *region, const GstActivationMeta *meta)
{
  if (region->meta && region->meta->id > 0 && meta->region_id > 0)
    return region->meta->id == meta->region_id;
  return meta->id >= 0 && region->id == meta->id;
}

static gboolean
has_box_of (const Region *region, const GstActivationMeta *meta)
{
  const Rect box = get_box (meta);

  return is_same_box (&region->box, &box);
}

static gboolean
has_id_and_box_of (const Region *region, const GstActivationMeta *meta)
{
  return has_id_of (region, meta) && has_box_of (region, meta);
}

/* The next region after the hint, in a circle, that @fits; or NULL. */
static Region *
find_region (RegionList *list, const GstActivationMeta *meta,
    gboolean (*fits) (const Region *region, const GstActivationMeta *meta))
{
  const guint n_regions = list->regions->len;

  for (guint i = 0; i < n_regions; i++) {
    const guint place = (list->hint + i) % n_regions;
    Region *region = get_region (list, place);

    if (region->type == meta->roi_type && fits (region, meta)) {
      list->hint = (place + 1) % n_regions;
      return region;
    }
  }
  return NULL;
}

static Region *
match (RegionList *list, const GstActivationMeta *meta)
{
  Region *region = find_region (list, meta, has_id_and_box_of);

  if (!region)
    region = find_region (list, meta, has_id_of);
  if (!region)
    region = find_region (list, meta, has_box_of);
  return region;
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

void
region_list_collect (RegionList *list, GstBuffer *buffer,
    const GstVideoInfo *info)
{
  collect_regions (list, buffer, info);
  collect_predictions (list, buffer);
  list->hint = 0;
  for (guint i = 0; i < list->predictions->len; i++) {
    RegionPrediction *prediction = &g_array_index (list->predictions,
        RegionPrediction, i);
    Region *region = match (list, prediction->meta);

    if (!region) {
      const Region lone = make_predicted_region (prediction->meta, info);

      g_array_append_val (list->regions, lone);
      region = get_region (list, list->regions->len - 1);
    }
    append_prediction (region, prediction);
  }
}

Region
region_whole_frame (const GstVideoInfo *info)
{
  const Rect box = { 0, 0, GST_VIDEO_INFO_WIDTH (info),
    GST_VIDEO_INFO_HEIGHT (info) };

  return (Region) { .id = -1, .box = box, .visible = box, .whole = box };
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
set_id (GstVideoRegionOfInterestMeta *meta, gint id)
{
  GstStructure *object_id = gst_video_region_of_interest_meta_get_param (meta,
      "object_id");

  if (meta->id == 0)
    meta->id = id;
  if (object_id) {
    gst_structure_set (object_id, "id", G_TYPE_INT, id, NULL);
  } else {
    gst_video_region_of_interest_meta_add_param (meta,
        gst_structure_new ("object_id", "id", G_TYPE_INT, id, NULL));
  }
}

gboolean
region_attach_face (GstBuffer *buffer, const GstVideoInfo *info,
    const gchar *roi_type, const FaceArea *area, gint id, gdouble confidence)
{
  const Rect whole = face_area_to_rect (area);
  const Rect box = clip_box (&whole, info);
  GstVideoRegionOfInterestMeta *meta;

  if (box.width == 0)
    return FALSE;
  meta = gst_buffer_add_video_region_of_interest_meta (buffer, roi_type,
      (guint) box.x, (guint) box.y, (guint) box.width, (guint) box.height);
  add_detection (meta, info, area, confidence);
  set_id (meta, id);
  return TRUE;
}

void
region_set_id (const Region *region, const GstVideoInfo *info, gint id)
{
  const FaceArea area = face_area_from_rect (&region->whole);

  set_id (region->meta, id);
  if (!gst_video_region_of_interest_meta_get_param (region->meta, "detection"))
    add_detection (region->meta, info, &area, 1.0);
}

static GstStructure *
make_classification (const ClassifierResult *result)
{
  const ClassifierDescription *description = result->description;

  return gst_structure_new (description->attribute, "label", G_TYPE_STRING,
      description->labels[result->winner], "confidence", G_TYPE_DOUBLE,
      (gdouble) result->scores[result->winner], "label_id", G_TYPE_INT,
      (gint) result->winner, "model_name", G_TYPE_STRING,
      description->model_name, NULL);
}

void
region_attach_activations (GstBuffer *buffer, const Region *region,
    GstActivations *activations)
{
  const Rect *box = &region->box;
  GstActivationMeta *meta = gst_buffer_add_activation_meta (buffer, activations,
      region->type ? g_quark_to_string (region->type) : NULL, box->x, box->y,
      (guint) box->width, (guint) box->height);

  meta->id = region->id;
  if (!region->meta)
    return;
  meta->region_id = region->meta->id;
  gst_video_region_of_interest_meta_add_param (region->meta,
      make_classification (gst_activations_get_result (activations)));
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
  gst_structure_set (structure, "explain", G_TYPE_STRING, explanation->method,
      "explain-layer", G_TYPE_STRING, explanation->layer, "explain-class",
      G_TYPE_STRING, result->description->labels[explanation->target_class],
      "logit", G_TYPE_DOUBLE, (gdouble) explanation->logit, "bias",
      G_TYPE_DOUBLE, (gdouble) explanation->bias, NULL);
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
  gst_structure_set (structure, "knock-out", G_TYPE_STRING, text->str,
      "intact-confidence", G_TYPE_DOUBLE,
      (gdouble) result->intact_scores[result->winner], NULL);
}

/* The whole box of a region, which reaches beyond the frame. */
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
  const ClassifierResult *result = gst_activations_get_result (activations);
  const ClassifierDescription *description = result->description;
  const Rect *box = &region->visible;
  GstStructure *structure = gst_structure_new ("region", "id", G_TYPE_INT,
      region->id, "x", G_TYPE_UINT, (guint) box->x, "y", G_TYPE_UINT,
      (guint) box->y, "width", G_TYPE_UINT, (guint) box->width, "height",
      G_TYPE_UINT, (guint) box->height, "attribute", G_TYPE_STRING,
      description->attribute, "label", G_TYPE_STRING,
      description->labels[result->winner], "label-id", G_TYPE_UINT,
      result->winner, "confidence", G_TYPE_DOUBLE,
      (gdouble) result->scores[result->winner], NULL);

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
