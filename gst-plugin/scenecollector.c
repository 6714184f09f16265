/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scenecollector.h"

#include <string.h>

#include "gstactivationmeta-private.h"

#define ALL "all"
#define MAX_HEADING 128
#define KERNELS "kernels of "
#define NO_LABELS "\xe2\x80\x93" /* a dash */

/**
 * SceneCollector:
 * @regions: the regions of one frame, which all members below belong to
 * @faces: of OverlayFace, one for each region
 * @attributes: of OverlayAttribute, face by face
 * @layers: of OverlayLayer, the layers of the main face
 * @has_predictions: whether there are any predictions
 * @lacks_model: whether none of them is from the selected model
 * @missing_layer: (nullable): a selected layer that they do not have
 * @lacks_channel: whether they do not have the channel to enlarge
 * @lacks_kernels: whether there are none to show
 */
struct _SceneCollector {
  RegionList *regions;
  GArray *faces;
  GArray *attributes;
  GArray *layers;
  gboolean has_predictions;
  gboolean lacks_model;
  const gchar *missing_layer;
  gboolean lacks_channel;
  gboolean lacks_kernels;
};

static void
parse_channel (OverlaySelection *selection, const gchar *text)
{
  const gchar *colon = strrchr (text, ':');
  guint64 number;

  if (!*text)
    return;
  if (!colon || colon == text
      || !g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXINT, &number,
          NULL)) {
    selection->bad_channel = g_strdup (text);
    return;
  }
  selection->enlarged_layer = g_strndup (text, (gsize) (colon - text));
  selection->enlarged_channel = (gint) number;
}

static gchar **
parse_layers (const gchar *text)
{
  gchar **names;

  if (!text)
    return NULL;
  names = g_strsplit (text, ",", -1);
  for (guint i = 0; names[i]; i++)
    g_strstrip (names[i]);
  if (g_strv_length (names) == 1 && g_str_equal (names[0], ALL))
    g_clear_pointer (&names, g_strfreev);
  return names;
}

OverlaySelection *
overlay_selection_new (OverlayShow show, const gchar *model,
    const gchar *layers, gint face, const gchar *channel, guint serial)
{
  OverlaySelection *selection = g_atomic_rc_box_new0 (OverlaySelection);

  selection->show = show;
  selection->model = g_strdup (model);
  selection->layers = parse_layers (layers);
  selection->face = face;
  selection->serial = serial;
  if (channel)
    parse_channel (selection, channel);
  return selection;
}

static void
clear_selection (gpointer data)
{
  OverlaySelection *selection = data;

  g_free (selection->model);
  g_strfreev (selection->layers);
  g_free (selection->enlarged_layer);
  g_free (selection->bad_channel);
}

void
overlay_selection_unref (OverlaySelection *selection)
{
  g_atomic_rc_box_release_full (selection, clear_selection);
}

SceneCollector *
scene_collector_new (GstBaseTransform *transform)
{
  SceneCollector *self = g_new0 (SceneCollector, 1);

  self->regions = region_list_new (transform);
  self->faces = g_array_new (FALSE, FALSE, sizeof (OverlayFace));
  self->attributes = g_array_new (FALSE, FALSE, sizeof (OverlayAttribute));
  self->layers = g_array_new (FALSE, FALSE, sizeof (OverlayLayer));
  return self;
}

void
scene_collector_free (SceneCollector *self)
{
  region_list_free (self->regions);
  g_array_unref (self->faces);
  g_array_unref (self->attributes);
  g_array_unref (self->layers);
  g_free (self);
}

void
scene_collector_restart (SceneCollector *self)
{
  region_list_restart (self->regions);
}

static const ClassifierResult *
get_result (const RegionPrediction *prediction)
{
  return gst_activations_get_result (prediction->meta->activations);
}

static gboolean
shows_all (const OverlaySelection *selection)
{
  return g_strcmp0 (selection->model, ALL) == 0;
}

static gboolean
shows_none (const OverlaySelection *selection)
{
  return selection->model && !*selection->model;
}

static gboolean
is_wanted (const OverlaySelection *selection, const ClassifierResult *result)
{
  const ClassifierDescription *description = result->description;

  return !selection->model || shows_all (selection)
      || g_str_equal (selection->model, description->model_name)
      || g_str_equal (selection->model, description->attribute);
}

/* Returns the prediction of the network that was run last, if several are
 * wanted: it is the nearest upstream. */
static const RegionPrediction *
find_wanted (const Region *region, const OverlaySelection *selection)
{
  const RegionPrediction *wanted = NULL;

  for (const RegionPrediction *prediction = region->predictions; prediction;
       prediction = prediction->next) {
    if (is_wanted (selection, get_result (prediction)))
      wanted = prediction;
  }
  return wanted;
}

/* Returns the change by the knock-outs, if there are any. */
static gboolean
get_change (const ClassifierResult *result, guint class, gdouble *change)
{
  if (!result->intact_scores)
    return FALSE;
  *change = (gdouble) result->scores[class]
      - (gdouble) result->intact_scores[class];
  return TRUE;
}

static void
append_label (SceneCollector *self, const ClassifierResult *result, guint class,
    gboolean is_continued)
{
  const ClassifierDescription *description = result->description;
  OverlayAttribute attribute = {
    .name = description->attribute,
    .label = description->labels[class],
    .confidence = (gdouble) result->scores[class],
    .threshold = (gdouble) classifier_result_get_threshold (result, class),
    .is_continued = is_continued,
  };

  attribute.has_change = get_change (result, class, &attribute.change);
  if (description->kind == CNN_PREDICTION_CLASSES
      && description->n_classes == 2)
    attribute.other_label = description->labels[1 - class];
  g_array_append_val (self->attributes, attribute);
}

/* Appends words in place of a label, without a confidence. */
static void
append_words (SceneCollector *self, const ClassifierResult *result,
    const gchar *words)
{
  const OverlayAttribute attribute = { .name = result->description->attribute,
    .label = words,
    .confidence = -1.0 };

  g_array_append_val (self->attributes, attribute);
}

static void
append_labels (SceneCollector *self, const ClassifierResult *result)
{
  const guint first = self->attributes->len;

  for (guint i = 0; i < result->description->n_classes; i++) {
    if (classifier_result_is_predicted (result, i))
      append_label (self, result, i, self->attributes->len > first);
  }
  if (self->attributes->len == first)
    append_words (self, result, NO_LABELS);
}

static void
append_number (SceneCollector *self, const ClassifierResult *result)
{
  OverlayAttribute attribute = {
    .name = result->description->attribute,
    .confidence = -1.0,
    .has_number = TRUE,
    .number = (gdouble) result->scores[0],
    .unit = result->description->unit,
  };

  attribute.has_change = get_change (result, 0, &attribute.change);
  g_array_append_val (self->attributes, attribute);
}

/* Nothing is written about an image. */
static void
append_attributes (SceneCollector *self, const ClassifierResult *result)
{
  switch (result->description->kind) {
    case CNN_PREDICTION_CLASSES:
      if (classifier_result_is_uncertain (result))
        append_words (self, result, CLASSIFIER_UNCERTAIN);
      else
        append_label (self, result, result->winner, FALSE);
      break;
    case CNN_PREDICTION_LABELS:
      append_labels (self, result);
      break;
    case CNN_PREDICTION_NUMBER:
      append_number (self, result);
      break;
    default:
      break;
  }
}

/* A region about which nothing is written is labelled with its type. */
static void
append_type (SceneCollector *self, const Region *region)
{
  const OverlayAttribute attribute = {
    .label = g_quark_to_string (region->type),
    .confidence = -1.0,
  };

  g_array_append_val (self->attributes, attribute);
}

static void
append_face (SceneCollector *self, const Region *region, guint n_written)
{
  const guint first = self->attributes->len;
  OverlayFace face = { .box = region->box, .id = region->id };

  for (const RegionPrediction *prediction = region->predictions; prediction;
       prediction = prediction->next) {
    if (prediction->number >= n_written)
      append_attributes (self, get_result (prediction));
    else
      face.is_drawn = TRUE;
  }
  if (self->attributes->len == first && !face.is_drawn && region->type)
    append_type (self, region);
  face.n_attributes = self->attributes->len - first;
  g_array_append_val (self->faces, face);
}

/* To be called last, as the array moves while it grows. */
static void
link_attributes (SceneCollector *self)
{
  const OverlayAttribute *next =
      (const OverlayAttribute *) (gpointer) self->attributes->data;

  for (guint i = 0; i < self->faces->len; i++) {
    OverlayFace *face = &g_array_index (self->faces, OverlayFace, i);

    face->attributes = next;
    next += face->n_attributes;
  }
}

static void
collect_faces (SceneCollector *self, guint n_written)
{
  g_array_set_size (self->faces, 0);
  g_array_set_size (self->attributes, 0);
  for (guint i = 0; i < region_list_get_length (self->regions); i++)
    append_face (self, region_list_get (self->regions, i), n_written);
  link_attributes (self);
}

static guint64
get_area (const Region *region)
{
  return (guint64) region->box.width * (guint64) region->box.height;
}

/* Returns the prediction that the panel shows: that of the region that was
 * asked for, or of the largest one; or NULL. */
static const RegionPrediction *
choose_prediction (SceneCollector *self, const OverlaySelection *selection,
    OverlayScene *scene)
{
  const RegionPrediction *best = NULL;
  guint64 best_area = 0;

  self->has_predictions = FALSE;
  for (guint i = 0; i < region_list_get_length (self->regions); i++) {
    const Region *region = region_list_get (self->regions, i);
    const RegionPrediction *prediction;

    if (!region->predictions
        || (selection->face >= 0 && region->id != selection->face))
      continue;
    self->has_predictions = TRUE;
    prediction = find_wanted (region, selection);
    if (prediction && (!best || get_area (region) > best_area)) {
      best = prediction;
      best_area = get_area (region);
      scene->main_face = (gint) i;
    }
  }
  self->lacks_model = self->has_predictions && !best && !shows_none (selection);
  return best;
}

static guint
count_attributes (const ClassifierResult *result)
{
  guint n_labels = 0;

  if (result->description->kind == CNN_PREDICTION_MAPS)
    return 0;
  for (guint i = 0; i < result->description->n_classes; i++)
    n_labels += classifier_result_is_predicted (result, i) ? 1 : 0;
  return MAX (n_labels, 1);
}

/* Returns the index of its first attribute among those of the face; G_MAXUINT
 * if it has none. */
static guint
get_place (const Region *region, const RegionPrediction *wanted,
    guint n_written)
{
  guint place = 0;

  if (wanted->number < n_written || count_attributes (get_result (wanted)) == 0)
    return G_MAXUINT;
  for (const RegionPrediction *prediction = region->predictions;
       prediction != wanted; prediction = prediction->next) {
    if (prediction->number >= n_written)
      place += count_attributes (get_result (prediction));
  }
  return place;
}

static gboolean
is_named (const CnnLayerMaps *maps, const gchar *name)
{
  return g_str_equal (maps->source, name) || g_str_equal (maps->name, name);
}

/* If the layers of several models are shown, their headings say whose they
 * are. @what says which part of the layer is shown. */
static const gchar *
get_heading (const ClassifierResult *result, const CnnLayerMaps *maps,
    const OverlaySelection *selection, const gchar *what)
{
  const gboolean names_model = shows_all (selection);
  gchar heading[MAX_HEADING];
  const gchar *end;

  if (!names_model && !*what)
    return maps->source;
  g_snprintf (heading, sizeof heading, "%s%s%s%s",
      names_model ? result->description->attribute : "",
      names_model ? ": " : "", what, maps->source);
  /* Do not cut within a character. */
  if (!g_utf8_validate (heading, -1, &end))
    heading[end - heading] = '\0';
  return classifier_description_intern (result->description, heading);
}

/* If a channel is to be enlarged, that is its map rather than its kernel. */
static void
append_shown (SceneCollector *self, const OverlayLayer *layer,
    const CnnLayerMaps *maps, const OverlaySelection *selection,
    OverlayScene *scene)
{
  if (selection->enlarged_layer && is_named (maps, selection->enlarged_layer)
      && selection->enlarged_channel < layer->maps->channels) {
    scene->enlarged_layer = (gint) self->layers->len;
    scene->enlarged_channel = selection->enlarged_channel;
  }
  g_array_append_vals (self->layers, layer, 1);
}

/* Returns the kernels of which @maps are the answers, if there are any. */
static const ClassifierKernels *
find_kernels (const ClassifierResult *result, const CnnLayerMaps *maps)
{
  const ClassifierKernels *kernels = result->description->kernels;

  return kernels && g_str_equal (kernels->form.source, maps->source) ? kernels
                                                                     : NULL;
}

/* Appends what is shown of a layer: its kernels, then its maps. */
static void
append_layer (SceneCollector *self, const ClassifierResult *result,
    const CnnLayerMaps *maps, const OverlaySelection *selection,
    OverlayScene *scene)
{
  const ClassifierKernels *kernels = selection->show & OVERLAY_SHOW_KERNELS
      ? find_kernels (result, maps)
      : NULL;

  if (kernels) {
    const OverlayLayer layer = { get_heading (result, maps, selection, KERNELS),
      &kernels->form, result, TRUE };

    append_shown (self, &layer, maps, selection, scene);
    self->lacks_kernels = FALSE;
  }
  if (selection->show & OVERLAY_SHOW_MAPS) {
    const OverlayLayer layer = { get_heading (result, maps, selection, ""),
      maps, result };

    append_shown (self, &layer, maps, selection, scene);
  }
}

static const CnnLayerMaps *
find_layer (const ClassifierResult *result, const gchar *name)
{
  for (guint i = 0; i < result->n_layers; i++) {
    if (is_named (&result->layers[i], name))
      return &result->layers[i];
  }
  return NULL;
}

static gboolean
is_shown (const RegionPrediction *prediction,
    const RegionPrediction *main_prediction, const OverlaySelection *selection)
{
  return prediction == main_prediction || shows_all (selection);
}

static void
collect_every_layer (SceneCollector *self, const Region *region,
    const RegionPrediction *main_prediction, const OverlaySelection *selection,
    OverlayScene *scene)
{
  for (const RegionPrediction *prediction = region->predictions; prediction;
       prediction = prediction->next) {
    const ClassifierResult *result = get_result (prediction);

    if (!is_shown (prediction, main_prediction, selection))
      continue;
    for (guint i = 0; i < result->n_layers; i++)
      append_layer (self, result, &result->layers[i], selection, scene);
  }
}

static void
collect_named_layer (SceneCollector *self, const Region *region,
    const RegionPrediction *main_prediction, const OverlaySelection *selection,
    const gchar *name, OverlayScene *scene)
{
  gboolean is_missing = FALSE;
  const guint n_layers = self->layers->len;

  for (const RegionPrediction *prediction = region->predictions; prediction;
       prediction = prediction->next) {
    const ClassifierResult *result = get_result (prediction);
    const CnnLayerMaps *maps;

    if (!is_shown (prediction, main_prediction, selection)
        || result->n_layers == 0)
      continue;
    maps = find_layer (result, name);
    if (maps)
      append_layer (self, result, maps, selection, scene);
    else
      is_missing = TRUE;
  }
  if (is_missing && self->layers->len == n_layers)
    self->missing_layer = name;
}

static void
collect_layers (SceneCollector *self, const Region *region,
    const RegionPrediction *main_prediction, const OverlaySelection *selection,
    OverlayScene *scene)
{
  g_array_set_size (self->layers, 0);
  self->lacks_kernels = (selection->show & OVERLAY_SHOW_KERNELS) != 0;
  if (!selection->layers)
    collect_every_layer (self, region, main_prediction, selection, scene);
  for (guint i = 0; selection->layers && selection->layers[i]; i++) {
    if (*selection->layers[i])
      collect_named_layer (self, region, main_prediction, selection,
          selection->layers[i], scene);
  }
  self->lacks_channel = selection->enlarged_layer && self->layers->len > 0
      && scene->enlarged_layer < 0;
  scene->layers = (const OverlayLayer *) (gpointer) self->layers->data;
  scene->n_layers = self->layers->len;
  scene->focused_layer = selection->layers && scene->n_layers > 1 ? 0 : -1;
}

static void
collect_main_face (SceneCollector *self, const OverlaySelection *selection,
    guint n_written, OverlayScene *scene)
{
  const RegionPrediction *prediction = choose_prediction (self, selection,
      scene);
  const Region *region;

  self->missing_layer = NULL;
  self->lacks_channel = FALSE;
  self->lacks_kernels = FALSE;
  if (!prediction)
    return;
  region = region_list_get (self->regions, (guint) scene->main_face);
  scene->result = get_result (prediction);
  if ((selection->show & OVERLAY_SHOW_INPUT) && scene->result->input.data)
    scene->input = &scene->result->input;
  scene->main_attribute = get_place (region, prediction, n_written);
  collect_layers (self, region, prediction, selection, scene);
}

void
scene_collector_collect (SceneCollector *self, GstBuffer *buffer,
    const GstVideoInfo *info, const OverlaySelection *selection,
    guint n_written, OverlayScene *scene)
{
  region_list_collect (self->regions, buffer, info);
  collect_faces (self, n_written);
  collect_main_face (self, selection, n_written, scene);
  scene->faces = (const OverlayFace *) (gpointer) self->faces->data;
  scene->n_faces = self->faces->len;
}

guint
scene_collector_count_predictions (const SceneCollector *self)
{
  return region_list_count_predictions (self->regions);
}

gboolean
scene_collector_has_problems (const SceneCollector *self,
    const OverlaySelection *selection)
{
  return selection->bad_channel || self->lacks_model || self->missing_layer
      || self->lacks_channel || self->lacks_kernels;
}

GPtrArray *
scene_collector_list_problems (const SceneCollector *self,
    const OverlaySelection *selection)
{
  GPtrArray *problems = g_ptr_array_new_with_free_func (g_free);

  if (selection->bad_channel)
    g_ptr_array_add (problems,
        g_strdup_printf ("'channel': '%s' is not layer:channel, such as "
                         "'conv2d_1:7'.",
            selection->bad_channel));
  if (self->lacks_model)
    g_ptr_array_add (problems,
        g_strdup_printf (
            "'panel-model': no model or attribute of the frames is "
            "called '%s'. Name one, or 'all'.",
            selection->model));
  if (self->missing_layer)
    g_ptr_array_add (problems,
        g_strdup_printf ("'panel-layers': the frames have no layer '%s'. Name "
                         "layers that the property 'layers' of cnninference "
                         "keeps.",
            self->missing_layer));
  if (self->lacks_channel)
    g_ptr_array_add (problems,
        g_strdup_printf (
            "'channel': the panel has no layer '%s' with a channel "
            "%d. Name a layer that it shows and one of its "
            "channels, from 0.",
            selection->enlarged_layer, selection->enlarged_channel));
  if (self->lacks_kernels)
    g_ptr_array_add (problems,
        g_strdup ("'show': there are no kernels to show. The network begins "
                  "with a convolution of pictures only if it has kernels, and "
                  "'layers' of cnninference and 'panel-layers' must have that "
                  "layer."));
  return problems;
}
