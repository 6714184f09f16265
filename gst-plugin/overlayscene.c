/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlayscene.h"

#include <gst/video/video.h>
#include <string.h>

/* A region and its prediction may be scaled by an element in between, which
 * rounds their boxes in different ways: by so many pixels. */
#define BOX_TOLERANCE 2

struct _OverlayScene {
  GArray *faces;      /* of HeatmapFace */
  GArray *attributes; /* of HeatmapAttribute, one for each face */
  GArray *layers;     /* of HeatmapLayer, of the main face, as all below */
  GArray *knock_outs; /* of HeatmapKnockOut */
  GPtrArray *labels;
  GArray *scores;
  GArray *intact_scores;
  HeatmapPrediction prediction;
  HeatmapExplanation explanation;
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

  if (!text || !*text)
    return NULL;
  names = g_strsplit (text, ",", -1);
  for (guint i = 0; names[i]; i++)
    g_strstrip (names[i]);
  return names;
}

OverlaySelection *
overlay_selection_new (const gchar *layers, gint face, const gchar *channel)
{
  OverlaySelection *selection = g_atomic_rc_box_new0 (OverlaySelection);

  selection->layers = parse_layers (layers);
  selection->face = face;
  if (channel)
    parse_channel (selection, channel);
  return selection;
}

static void
clear_selection (gpointer data)
{
  OverlaySelection *selection = data;

  g_strfreev (selection->layers);
  g_free (selection->enlarged_layer);
  g_free (selection->bad_channel);
}

void
overlay_selection_unref (OverlaySelection *selection)
{
  g_atomic_rc_box_release_full (selection, clear_selection);
}

OverlayScene *
overlay_scene_new (void)
{
  OverlayScene *self = g_new0 (OverlayScene, 1);

  self->faces = g_array_new (FALSE, FALSE, sizeof (HeatmapFace));
  self->attributes = g_array_new (FALSE, FALSE, sizeof (HeatmapAttribute));
  self->layers = g_array_new (FALSE, FALSE, sizeof (HeatmapLayer));
  self->knock_outs = g_array_new (FALSE, FALSE, sizeof (HeatmapKnockOut));
  self->labels = g_ptr_array_new ();
  self->scores = g_array_new (FALSE, FALSE, sizeof (gfloat));
  self->intact_scores = g_array_new (FALSE, FALSE, sizeof (gfloat));
  return self;
}

void
overlay_scene_free (OverlayScene *self)
{
  g_array_unref (self->faces);
  g_array_unref (self->attributes);
  g_array_unref (self->layers);
  g_array_unref (self->knock_outs);
  g_ptr_array_unref (self->labels);
  g_array_unref (self->scores);
  g_array_unref (self->intact_scores);
  g_free (self);
}

static void
append_prediction (OverlayScene *self, const GstActivationMeta *meta)
{
  const GstActivations *activations = meta->activations;
  const guint winner = gst_activations_get_winner (activations);
  const HeatmapFace face = {
    .box = { (gint) meta->x, (gint) meta->y, (gint) meta->width,
        (gint) meta->height },
    .id = gst_activations_get_region_id (activations),
    .n_attributes = 1,
  };
  HeatmapAttribute attribute = {
    .name = gst_activations_get_attribute (activations),
    .label = gst_activations_get_label (activations, winner),
    .confidence = (gdouble) gst_activations_get_score (activations, winner),
  };

  if (gst_activations_get_n_knock_outs (activations) > 0) {
    attribute.has_change = TRUE;
    attribute.change = attribute.confidence
        - (gdouble) gst_activations_get_intact_score (activations, winner);
  }
  if (gst_activations_get_n_classes (activations) == 2)
    attribute.other_label = gst_activations_get_label (activations, 1 - winner);
  g_array_append_val (self->faces, face);
  g_array_append_val (self->attributes, attribute);
}

/* Returns the activations of the region that the panel is for, or NULL. */
static const GstActivations *
collect_predictions (OverlayScene *self, GstBuffer *buffer, gint wanted,
    HeatmapScene *scene)
{
  const GstActivations *best = NULL;
  GstActivationMeta *meta;
  gpointer state = NULL;
  guint64 best_area = 0;

  while ((meta = gst_buffer_iterate_activation_meta (buffer, &state))) {
    const guint64 area = (guint64) meta->width * meta->height;
    const gboolean suits = wanted < 0
        || gst_activations_get_region_id (meta->activations) == wanted;

    if (suits && (!best || area > best_area)) {
      best = meta->activations;
      best_area = area;
      scene->main_face = (gint) self->faces->len;
    }
    append_prediction (self, meta);
  }
  return best;
}

static gboolean
is_near (gint a, gint b)
{
  return ABS ((gint64) a - b) <= BOX_TOLERANCE;
}

static gboolean
is_predicted (OverlayScene *self, const ImageRect *box)
{
  for (guint i = 0; i < self->faces->len; i++) {
    const ImageRect *other = &g_array_index (self->faces, HeatmapFace, i).box;

    if (is_near (other->x, box->x) && is_near (other->y, box->y)
        && is_near (other->width, box->width)
        && is_near (other->height, box->height))
      return TRUE;
  }
  return FALSE;
}

/* Regions that no network has looked at. */
static void
collect_detections (OverlayScene *self, GstBuffer *buffer)
{
  GstVideoRegionOfInterestMeta *meta;
  gpointer state = NULL;

  while ((
      meta = (GstVideoRegionOfInterestMeta *) gst_buffer_iterate_meta_filtered (
          buffer, &state, GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE))) {
    const HeatmapFace face = {
      .box = { (gint) meta->x, (gint) meta->y, (gint) meta->w, (gint) meta->h },
      .id = meta->id > 0 ? meta->id : -1,
      .n_attributes = 1,
    };
    const HeatmapAttribute attribute = {
      .label = g_quark_to_string (meta->roi_type),
      .confidence = -1.0,
    };

    if (is_predicted (self, &face.box))
      continue;
    g_array_append_val (self->faces, face);
    g_array_append_val (self->attributes, attribute);
  }
}

static gboolean
is_named (const GstActivationLayer *layer, const gchar *name)
{
  return g_strcmp0 (layer->source, name) == 0
      || g_strcmp0 (layer->name, name) == 0;
}

static void
append_knock_outs (OverlayScene *self, const GstActivations *activations,
    const GstActivationLayer *layer)
{
  for (guint i = 0; i < gst_activations_get_n_knock_outs (activations); i++) {
    HeatmapKnockOut knock_out = { .layer = self->layers->len };
    const gchar *name = gst_activations_get_knock_out (activations, i,
        &knock_out.channel);

    if (g_strcmp0 (name, layer->name) == 0)
      g_array_append_val (self->knock_outs, knock_out);
  }
}

static void
append_layer (OverlayScene *self, const GstActivations *activations,
    const GstActivationLayer *source, const OverlaySelection *selection,
    HeatmapScene *scene)
{
  const GstActivationExplanation *explanation =
      gst_activations_get_explanation (activations);
  HeatmapLayer layer = { .name = source->source,
    .height = source->height,
    .width = source->width,
    .channels = source->channels,
    .data = source->data };

  if (explanation && g_strcmp0 (explanation->layer, source->name) == 0
      && explanation->channels == source->channels)
    layer.contributions = explanation->channel_contributions;
  append_knock_outs (self, activations, source);
  if (selection->enlarged_layer && is_named (source, selection->enlarged_layer)
      && selection->enlarged_channel < source->channels) {
    scene->enlarged_layer = (gint) self->layers->len;
    scene->enlarged_channel = selection->enlarged_channel;
  }
  g_array_append_val (self->layers, layer);
}

static const GstActivationLayer *
find_layer (const GstActivations *activations, const gchar *name)
{
  for (guint i = 0; i < gst_activations_get_n_layers (activations); i++) {
    const GstActivationLayer *layer = gst_activations_get_layer (activations,
        i);

    if (is_named (layer, name))
      return layer;
  }
  return NULL;
}

static const gchar *
collect_layers (OverlayScene *self, const GstActivations *activations,
    const OverlaySelection *selection, HeatmapScene *scene)
{
  const gchar *missing = NULL;
  const guint n_layers = gst_activations_get_n_layers (activations);

  if (!selection->layers) {
    for (guint i = 0; i < n_layers; i++)
      append_layer (self, activations,
          gst_activations_get_layer (activations, i), selection, scene);
    return NULL;
  }
  for (guint i = 0; n_layers > 0 && selection->layers[i]; i++) {
    const GstActivationLayer *layer = find_layer (activations,
        selection->layers[i]);

    if (layer)
      append_layer (self, activations, layer, selection, scene);
    else if (!missing)
      missing = selection->layers[i];
  }
  return missing;
}

static void
collect_classes (OverlayScene *self, const GstActivations *activations,
    HeatmapScene *scene)
{
  const guint n_classes = gst_activations_get_n_classes (activations);
  const gboolean has_knock_outs = gst_activations_get_n_knock_outs (activations)
      > 0;

  for (guint i = 0; i < n_classes; i++) {
    const gfloat score = gst_activations_get_score (activations, i);
    const gfloat intact = gst_activations_get_intact_score (activations, i);

    g_ptr_array_add (self->labels,
        (gpointer) gst_activations_get_label (activations, i));
    g_array_append_val (self->scores, score);
    g_array_append_val (self->intact_scores, intact);
  }
  self->prediction = (HeatmapPrediction) {
    .n_classes = n_classes,
    .labels = (const gchar *const *) self->labels->pdata,
    .scores = (const gfloat *) (gpointer) self->scores->data,
    .intact_scores = has_knock_outs
        ? (const gfloat *) (gpointer) self->intact_scores->data
        : NULL,
    .winner = gst_activations_get_winner (activations),
  };
  scene->prediction = &self->prediction;
}

static void
collect_explanation (OverlayScene *self, const GstActivations *activations,
    HeatmapScene *scene)
{
  const GstActivationExplanation *source = gst_activations_get_explanation (
      activations);

  if (!source)
    return;
  self->explanation = (HeatmapExplanation) {
    .method = source->method,
    .label = gst_activations_get_label (activations, source->target_class),
    .height = source->height,
    .width = source->width,
    .map = source->map,
    .evidence = source->cell_contributions,
  };
  scene->explanation = &self->explanation;
}

/* Once they do not move any more. */
static void
link_attributes (OverlayScene *self)
{
  for (guint i = 0; i < self->faces->len; i++)
    g_array_index (self->faces, HeatmapFace, i).attributes =
        &g_array_index (self->attributes, HeatmapAttribute, i);
}

const gchar *
overlay_scene_collect (OverlayScene *self, GstBuffer *buffer,
    const OverlaySelection *selection, HeatmapScene *scene)
{
  const GstActivations *activations;
  const gchar *missing = NULL;

  g_array_set_size (self->faces, 0);
  g_array_set_size (self->attributes, 0);
  g_array_set_size (self->layers, 0);
  g_array_set_size (self->knock_outs, 0);
  g_ptr_array_set_size (self->labels, 0);
  g_array_set_size (self->scores, 0);
  g_array_set_size (self->intact_scores, 0);
  activations = collect_predictions (self, buffer, selection->face, scene);
  if (activations) {
    missing = collect_layers (self, activations, selection, scene);
    collect_classes (self, activations, scene);
    collect_explanation (self, activations, scene);
  }
  collect_detections (self, buffer);
  link_attributes (self);
  scene->faces = (const HeatmapFace *) (gpointer) self->faces->data;
  scene->n_faces = self->faces->len;
  scene->layers = (const HeatmapLayer *) (gpointer) self->layers->data;
  scene->n_layers = self->layers->len;
  scene->knock_outs =
      (const HeatmapKnockOut *) (gpointer) self->knock_outs->data;
  scene->n_knock_outs = self->knock_outs->len;
  return missing;
}
