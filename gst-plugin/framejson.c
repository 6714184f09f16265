/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "framejson.h"

#include "base/json.h"

/* Text of others may be of any encoding; JSON is UTF-8. */
static void
add_string (cJSON *object, const gchar *key, const gchar *value)
{
  g_autofree gchar *valid = g_utf8_make_valid (value, -1);

  cJSON_AddStringToObject (object, key, valid);
}

/* (cJSON_HasObjectItem() takes "X" for "x".) */
static gboolean
has_key (const cJSON *object, const gchar *key)
{
  return cJSON_GetObjectItemCaseSensitive (object, key) != NULL;
}

/* A cJSON number is a double, which does not hold every time. */
static void
add_time (cJSON *object, const gchar *key, GstClockTime time)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT, time);
  cJSON_AddRawToObject (object, key, text);
}

/* Copies a number that may or may not be there. */
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
  add_string (detection, "label", roi_type);
}

/* Returns: (transfer none): what is still to be filled */
static cJSON *
add_classification (cJSON *object, const gchar *attribute, const gchar *label,
    const gchar *model_name)
{
  g_autofree gchar *valid = g_utf8_make_valid (attribute, -1);
  cJSON *classification = cJSON_AddObjectToObject (object, valid);
  cJSON *model;

  add_string (classification, "label", label);
  model = cJSON_AddObjectToObject (classification, "model");
  add_string (model, "name", model_name);
  return classification;
}

static void
add_parameter (cJSON *object, const GstStructure *structure,
    const gchar *roi_type)
{
  const gchar *name = gst_structure_get_name (structure);
  const gchar *label = gst_structure_get_string (structure, "label");
  const gchar *model_name = gst_structure_get_string (structure, "model_name");
  cJSON *classification;

  if (has_key (object, name))
    return;
  if (g_str_equal (name, "detection")) {
    add_detection (object, structure, roi_type);
  } else if (label && model_name) {
    classification = add_classification (object, name, label, model_name);
    copy_double (classification, structure, "confidence");
    copy_int (classification, structure, "label_id");
  }
}

static void
add_prediction (cJSON *object, const GstActivations *activations)
{
  const gchar *attribute = gst_activations_get_attribute (activations);
  const guint winner = gst_activations_get_winner (activations);
  cJSON *classification;

  if (has_key (object, attribute))
    return;
  classification = add_classification (object, attribute,
      gst_activations_get_label (activations, winner),
      gst_activations_get_model_name (activations));
  cJSON_AddNumberToObject (classification, "confidence",
      (gdouble) gst_activations_get_score (activations, winner));
  cJSON_AddNumberToObject (classification, "label_id", winner);
}

/* The parameters of a region do not survive a videoconvert; predictions do. */
static void
add_region (cJSON *objects, const Region *region)
{
  const gchar *roi_type = g_quark_to_string (region->type);
  cJSON *object = cJSON_CreateObject ();

  add_box (object, &region->visible);
  if (region_is_clipped (region))
    add_box (cJSON_AddObjectToObject (object, "unclipped"), &region->box);
  if (region->meta)
    cJSON_AddNumberToObject (object, "region_id", region->meta->id);
  if (region->id > 0)
    cJSON_AddNumberToObject (object, "id", region->id);
  if (roi_type)
    add_string (object, "roi_type", roi_type);
  for (const GList *param = region->meta ? region->meta->params : NULL; param;
       param = param->next)
    add_parameter (object, param->data, roi_type);
  for (const RegionPrediction *prediction = region->predictions; prediction;
       prediction = prediction->next)
    add_prediction (object, prediction->meta->activations);
  cJSON_AddItemToArray (objects, object);
}

gchar *
frame_json_write (const RegionList *regions, const GstVideoInfo *info,
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
    add_region (objects, region_list_get (regions, i));
  text = json_print (frame);
  line = g_strconcat (text, "\n", NULL);
  cJSON_free (text);
  cJSON_Delete (frame);
  return g_steal_pointer (&line);
}
