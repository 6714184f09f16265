/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/result.h"

#include <math.h>
#include <string.h>

/* From here on, and below its inverse, a number has an exponent. */
#define MAX_PLAIN 1e7

static gsize
count_map_values (const CnnLayerMaps *layers, guint n_layers)
{
  gsize n_values = 0;

  for (guint i = 0; i < n_layers; i++)
    n_values += cnn_layer_maps_size (&layers[i]);
  return n_values;
}

static gsize
count_values (const ClassifierResult *result)
{
  gsize n_values = classifier_description_count_scores (result->description)
      * (result->intact_scores ? (gsize) 2 : 1);

  n_values += count_map_values (result->outputs, result->n_outputs);
  n_values += count_map_values (result->layers, result->n_layers);
  if (result->input.data)
    n_values += cnn_layer_maps_size (&result->input);
  /* Three maps with a value per cell, and a value per channel. */
  if (result->explanation)
    n_values += 3 * cnn_explanation_count_cells (result->explanation)
        + (gsize) result->explanation->channels;
  return n_values;
}

/* Copies to @next, and moves @next to the end of the copy. */
static gpointer
append (guint8 **next, gconstpointer source, gsize size)
{
  gpointer copy = *next;

  if (size > 0)
    memcpy (copy, source, size);
  *next += size;
  return copy;
}

static const gfloat *
append_values (guint8 **next, const gfloat *values, gsize count)
{
  return append (next, values, count * sizeof *values);
}

static const gfloat *
append_maps (guint8 **next, const gfloat *maps, gint height, gint width,
    gint channels, const MapTurn *turn)
{
  const gsize count = (gsize) height * (gsize) width * (gsize) channels;
  gfloat *turned = (gfloat *) (gpointer) *next;

  if (!map_turn_is_needed (turn))
    return append_values (next, maps, count);
  map_turn_apply (turn, maps, height, width, channels, turned);
  *next += count * sizeof *turned;
  return turned;
}

static void
turn_size (gint *height, gint *width, const MapTurn *turn)
{
  const gint old_height = *height;

  if (!turn->transposes)
    return;
  *height = *width;
  *width = old_height;
}

static void
swap (gfloat *a, gfloat *b)
{
  const gfloat old = *a;

  *a = *b;
  *b = old;
}

static void
turn_margins (RectMargins *margins, const MapTurn *turn)
{
  if (turn->transposes) {
    swap (&margins->left, &margins->top);
    swap (&margins->right, &margins->bottom);
  }
  if (turn->mirrors_x)
    swap (&margins->left, &margins->right);
  if (turn->mirrors_y)
    swap (&margins->top, &margins->bottom);
}

static void
copy_layer (CnnLayerMaps *copy, guint8 **values, const MapTurn *turn)
{
  copy->data = append_maps (values, copy->data, copy->height, copy->width,
      copy->channels, turn);
  copy->interior = map_turn_apply_to_rect (turn, &copy->interior, copy->height,
      copy->width);
  turn_size (&copy->height, &copy->width, turn);
}

static void
copy_explanation (CnnExplanation *copy, guint8 **values, const MapTurn *turn)
{
  const gfloat **const maps[] = { &copy->cam, &copy->map,
    &copy->cell_contributions };

  copy->activations = copy->gradient = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (maps); i++)
    *maps[i] = append_maps (values, *maps[i], copy->height, copy->width, 1,
        turn);
  turn_size (&copy->height, &copy->width, turn);
  copy->channel_contributions = append_values (values,
      copy->channel_contributions, (gsize) copy->channels);
}

static void
copy_layers (CnnLayerMaps *layers, guint n_layers, guint8 **values,
    const MapTurn *turn)
{
  for (guint i = 0; i < n_layers; i++)
    copy_layer (&layers[i], values, turn);
}

static void
copy_scores (ClassifierResult *copy, guint8 **values)
{
  const guint n_scores = classifier_description_count_scores (
      copy->description);

  copy->scores = append_values (values, copy->scores, n_scores);
  if (copy->intact_scores)
    copy->intact_scores = append_values (values, copy->intact_scores, n_scores);
}

ClassifierResult *
classifier_result_copy (const ClassifierResult *result)
{
  static const MapTurn none = { 0 };

  return classifier_result_copy_turned (result, &none);
}

ClassifierResult *
classifier_result_copy_turned (const ClassifierResult *result,
    const MapTurn *turn)
{
  const gsize outputs_size = result->n_outputs * sizeof (CnnLayerMaps);
  const gsize layers_size = result->n_layers * sizeof (CnnLayerMaps);
  const gsize explanation_size = result->explanation ? sizeof (CnnExplanation)
                                                     : 0;
  const gsize knock_outs_size = result->n_knock_outs * sizeof (CnnKnockOut);
  ClassifierResult *copy = g_atomic_rc_box_alloc (sizeof (ClassifierResult)
      + outputs_size + layers_size + explanation_size + knock_outs_size
      + count_values (result) * sizeof (gfloat));
  /* Largest alignment first. */
  guint8 *next = (guint8 *) (copy + 1);
  CnnLayerMaps *outputs = append (&next, result->outputs, outputs_size);
  CnnLayerMaps *layers = append (&next, result->layers, layers_size);
  CnnExplanation *explanation = append (&next, result->explanation,
      explanation_size);

  *copy = *result;
  classifier_description_ref (copy->description);
  turn_margins (&copy->view.seen, turn);
  turn_margins (&copy->view.maps, turn);
  copy->outputs = outputs;
  copy->layers = layers;
  copy->explanation = result->explanation ? explanation : NULL;
  copy->knock_outs = append (&next, result->knock_outs, knock_outs_size);
  copy_scores (copy, &next);
  copy_layers (outputs, copy->n_outputs, &next, turn);
  copy_layers (layers, copy->n_layers, &next, turn);
  if (copy->input.data)
    copy_layer (&copy->input, &next, turn);
  if (copy->explanation)
    copy_explanation (explanation, &next, turn);
  return copy;
}

ClassifierResult *
classifier_result_ref (ClassifierResult *result)
{
  return g_atomic_rc_box_acquire (result);
}

static void
clear (gpointer data)
{
  ClassifierResult *self = data;

  classifier_description_unref (self->description);
}

void
classifier_result_unref (ClassifierResult *result)
{
  g_atomic_rc_box_release_full (result, clear);
}

gfloat
classifier_result_get_threshold (const ClassifierResult *result, guint class)
{
  const gfloat *thresholds = result->description->thresholds;

  return thresholds ? thresholds[class] : 0.5f;
}

gboolean
classifier_result_is_uncertain (const ClassifierResult *result)
{
  const ClassifierDescription *description = result->description;

  if (description->kind != CNN_PREDICTION_CLASSES
      || description->uncertain_below <= 0.0f)
    return FALSE;
  for (guint i = 0; i < description->n_classes; i++) {
    if (result->scores[i] >= description->uncertain_below)
      return FALSE;
  }
  return TRUE;
}

const gchar *
classifier_result_get_label (const ClassifierResult *result)
{
  return classifier_result_is_uncertain (result)
      ? CLASSIFIER_UNCERTAIN
      : result->description->labels[result->winner];
}

gboolean
classifier_result_is_predicted (const ClassifierResult *result, guint class)
{
  const ClassifierDescription *description = result->description;

  return description->kind == CNN_PREDICTION_LABELS
      ? result->scores[class] > description->thresholds[class]
      : class == result->winner && !classifier_result_is_uncertain (result);
}

void
classifier_format_number (gchar *text, gdouble number)
{
  const gdouble magnitude = fabs (number);
  gchar format[] = "%.0f";

  if (number == 0.0)
    g_strlcpy (text, "0", CLASSIFIER_NUMBER_SIZE);
  else if (!(magnitude < MAX_PLAIN && magnitude > 1.0 / MAX_PLAIN))
    g_ascii_formatd (text, CLASSIFIER_NUMBER_SIZE, "%.3g", number);
  else {
    format[2] = (gchar) ('0'
        + (gint) CLAMP (2.0 - floor (log10 (magnitude)), 0.0, 9.0));
    g_ascii_formatd (text, CLASSIFIER_NUMBER_SIZE, format, number);
  }
}

static gchar *
join_labels (const ClassifierResult *result)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < result->description->n_classes; i++) {
    if (classifier_result_is_predicted (result, i))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
          result->description->labels[i]);
  }
  return g_string_free (text, FALSE);
}

static gchar *
join_number (const ClassifierResult *result)
{
  const gchar *unit = result->description->unit;
  gchar number[CLASSIFIER_NUMBER_SIZE];

  classifier_format_number (number, (gdouble) result->scores[0]);
  return g_strconcat (number, unit ? " " : NULL, unit, NULL);
}

gchar *
classifier_result_to_text (const ClassifierResult *result)
{
  const ClassifierDescription *description = result->description;

  switch (description->kind) {
    case CNN_PREDICTION_CLASSES:
      return g_strdup (classifier_result_get_label (result));
    case CNN_PREDICTION_LABELS:
      return join_labels (result);
    case CNN_PREDICTION_NUMBER:
      return join_number (result);
    default:
      return NULL;
  }
}

const gfloat *
classifier_result_get_contributions (const ClassifierResult *result,
    const CnnLayerMaps *layer)
{
  const CnnExplanation *explanation = result->explanation;

  return explanation && explanation->channels == layer->channels
          && g_strcmp0 (explanation->layer, layer->name) == 0
      ? explanation->channel_contributions
      : NULL;
}

gboolean
classifier_result_is_knocked_out (const ClassifierResult *result,
    const CnnLayerMaps *layer, gint channel)
{
  for (guint i = 0; i < result->n_knock_outs; i++) {
    if ((gint) result->knock_outs[i].channel == channel
        && g_strcmp0 (result->knock_outs[i].layer, layer->name) == 0)
      return TRUE;
  }
  return FALSE;
}
