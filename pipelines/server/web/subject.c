/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "subject.h"

#include <gstactivationmeta.h>

#include "layer-values.h"

/* How many classes are listed, those with the highest scores. */
#define MAX_CLASSES 5
/* How many values are sent of all layers together. */
#define MAX_VALUES (1 << 20)

static void
add_string (cJSON *object, const gchar *key, const gchar *value)
{
  g_autofree gchar *valid = value ? g_utf8_make_valid (value, -1) : NULL;

  if (valid)
    cJSON_AddStringToObject (object, key, valid);
}

static void
add_numbers (cJSON *object, const gchar *key, const gdouble *numbers, gint n)
{
  cJSON_AddItemToObject (object, key, cJSON_CreateDoubleArray (numbers, n));
}

static gint64
get_area (const GstActivationMeta *meta)
{
  return (gint64) meta->width * meta->height;
}

/* The wanted face, or else the largest. */
static GstActivationMeta *
choose (GstBuffer *frame, gint id)
{
  GstActivationMeta *chosen = NULL, *meta;
  gpointer state = NULL;

  while ((meta = gst_buffer_iterate_activation_meta (frame, &state))) {
    if (id >= 0 && meta->id == id)
      return meta;
    if (!chosen || get_area (meta) > get_area (chosen))
      chosen = meta;
  }
  return chosen;
}

/* The box in the picture, and the place that the network's input covers. */
static void
write_place (cJSON *subject, const GstActivationMeta *meta)
{
  gdouble x, y, width, height;

  gst_activations_get_maps_area (meta->activations, &x, &y, &width, &height);
  add_numbers (subject, "box",
      (gdouble[]) { meta->x, meta->y, meta->width, meta->height }, 4);
  add_numbers (subject, "area",
      (gdouble[]) { meta->x + x * meta->width, meta->y + y * meta->height,
          width * meta->width, height * meta->height },
      4);
  cJSON_AddNumberToObject (subject, "id", meta->id);
  cJSON_AddNumberToObject (subject, "region_id", meta->region_id);
}

static gint
compare_scores (gconstpointer a, gconstpointer b, gpointer data)
{
  const gfloat first = gst_activations_get_score (data, *(const guint *) a);
  const gfloat second = gst_activations_get_score (data, *(const guint *) b);

  return (first < second) - (first > second);
}

static void
write_class (cJSON *classes, const GstActivations *activations, guint class)
{
  cJSON *item = cJSON_CreateObject ();

  cJSON_AddNumberToObject (item, "class", class);
  add_string (item, "label", gst_activations_get_label (activations, class));
  cJSON_AddNumberToObject (item, "score",
      gst_activations_get_score (activations, class));
  cJSON_AddNumberToObject (item, "intact",
      gst_activations_get_intact_score (activations, class));
  cJSON_AddBoolToObject (item, "predicted",
      gst_activations_is_predicted (activations, class));
  cJSON_AddItemToArray (classes, item);
}

static void
write_classes (cJSON *subject, GstActivations *activations)
{
  const guint n_classes = gst_activations_get_n_classes (activations);
  g_autofree guint *order = g_new (guint, n_classes);
  cJSON *classes = cJSON_AddArrayToObject (subject, "classes");

  for (guint i = 0; i < n_classes; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint) n_classes, sizeof *order, compare_scores,
      activations);
  for (guint i = 0; i < MIN (n_classes, MAX_CLASSES); i++)
    write_class (classes, activations, order[i]);
}

static void
write_prediction (cJSON *subject, GstActivations *activations)
{
  g_autofree gchar *text = gst_activations_to_text (activations);

  add_string (subject, "model", gst_activations_get_model_name (activations));
  add_string (subject, "attribute",
      gst_activations_get_attribute (activations));
  add_string (subject, "text", text);
  if (gst_activations_get_n_classes (activations) > 0)
    write_classes (subject, activations);
  if (gst_activations_get_kind (activations) != GST_ACTIVATIONS_NUMBER)
    return;
  cJSON_AddNumberToObject (subject, "number",
      gst_activations_get_number (activations));
  cJSON_AddNumberToObject (subject, "intact",
      gst_activations_get_intact_number (activations));
  add_string (subject, "unit", gst_activations_get_unit (activations));
}

static void
write_evidence (cJSON *explanation, const GstActivations *activations,
    MessageParts *parts)
{
  guint height = 0, width = 0;
  gsize n_values = 0;
  const gfloat *values = gst_activations_get_cam_map (activations, &height,
      &width, &n_values);

  cJSON_AddNumberToObject (explanation, "height", height);
  cJSON_AddNumberToObject (explanation, "width", width);
  message_parts_add_floats (parts, explanation, "map", values, n_values);
  values = gst_activations_get_cell_contributions (activations, NULL, NULL,
      &n_values);
  message_parts_add_floats (parts, explanation, "cells", values, n_values);
  values = gst_activations_get_channel_contributions (activations, &n_values);
  message_parts_add_floats (parts, explanation, "channels", values, n_values);
}

static void
write_explanation (cJSON *subject, const GstActivations *activations,
    MessageParts *parts)
{
  const gchar *layer;
  guint target;
  gfloat logit, bias;
  const gchar *method = gst_activations_get_explanation (activations, &layer,
      &target, &logit, &bias);
  cJSON *explanation;

  if (!method)
    return;
  explanation = cJSON_AddObjectToObject (subject, "explanation");
  add_string (explanation, "method", method);
  add_string (explanation, "layer", layer);
  cJSON_AddNumberToObject (explanation, "class", target);
  if (target < gst_activations_get_n_classes (activations))
    add_string (explanation, "label",
        gst_activations_get_label (activations, target));
  cJSON_AddNumberToObject (explanation, "logit", logit);
  cJSON_AddNumberToObject (explanation, "bias", bias);
  write_evidence (explanation, activations, parts);
}

static void
write_knock_outs (cJSON *subject, const GstActivations *activations)
{
  cJSON *list = cJSON_AddArrayToObject (subject, "knock_outs");

  for (guint i = 0; i < gst_activations_get_n_knock_outs (activations); i++) {
    cJSON *item = cJSON_CreateObject ();
    guint channel;
    const gchar *layer = gst_activations_get_knock_out (activations, i,
        &channel);

    add_string (item, "layer", layer);
    cJSON_AddNumberToObject (item, "channel", channel);
    cJSON_AddItemToArray (list, item);
  }
}

static gboolean
is_wanted (const MessageRequest *request, const gchar *name)
{
  return !request->layers
      || g_strv_contains ((const gchar *const *) request->layers, name);
}

/* @n_left: how many values may still be sent. */
static void
write_values (const GstActivations *activations, guint index,
    const MessageRequest *request, gsize n_values, gsize *n_left, cJSON *layer,
    MessageParts *parts)
{
  if (n_values > *n_left) {
    cJSON_AddTrueToObject (layer, "omitted");
    return;
  }
  *n_left -= n_values;
  layer_values_write (activations, index, request->exact, layer, parts);
}

static void
write_layer (cJSON *layers, const GstActivations *activations, guint index,
    const MessageRequest *request, gsize *n_left, MessageParts *parts)
{
  const gchar *name = gst_activations_get_layer_name (activations, index);
  cJSON *layer = cJSON_CreateObject ();
  guint height, width, channels;
  gsize n_values;

  gst_activations_get_layer_data (activations, index, &height, &width,
      &channels, &n_values);
  add_string (layer, "name", name);
  add_string (layer, "source",
      gst_activations_get_layer_source (activations, index));
  cJSON_AddNumberToObject (layer, "height", height);
  cJSON_AddNumberToObject (layer, "width", width);
  cJSON_AddNumberToObject (layer, "channels", channels);
  if (is_wanted (request, name))
    write_values (activations, index, request, n_values, n_left, layer, parts);
  cJSON_AddItemToArray (layers, layer);
}

void
subject_write (GstBuffer *frame, const MessageRequest *request, cJSON *header,
    MessageParts *parts)
{
  const GstActivationMeta *meta = choose (frame, request->subject);
  cJSON *subject, *layers;
  gsize n_left = MAX_VALUES;

  if (!meta)
    return;
  subject = cJSON_AddObjectToObject (header, "subject");
  write_place (subject, meta);
  write_prediction (subject, meta->activations);
  write_explanation (subject, meta->activations, parts);
  write_knock_outs (subject, meta->activations);
  layers = cJSON_AddArrayToObject (subject, "layers");
  for (guint i = 0; i < gst_activations_get_n_layers (meta->activations); i++)
    write_layer (layers, meta->activations, i, request, &n_left, parts);
}
