/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "analytics.h"

#include <gst/analytics/analytics.h>

/* objectdetectionoverlay and ioutracker use RELATE_TO, and DL Streamer CONTAIN.
 * Setting a relation replaces the one before. */
#define OF_OBJECT \
  (GST_ANALYTICS_REL_TYPE_RELATE_TO | GST_ANALYTICS_REL_TYPE_CONTAIN)
#define TO_OBJECT \
  (GST_ANALYTICS_REL_TYPE_RELATE_TO | GST_ANALYTICS_REL_TYPE_IS_PART_OF)

/* A relation meta has a byte for every pair of entries, and grows by its first
 * size. This is enough for twenty faces, and limits the memory that crowds
 * take. Whatever exceeds the limit is a region only. */
#define FIRST_ORDER 64
#define FIRST_BYTES 4096
#define MAX_ORDER 1024

/* Returns the existing meta, if there is one. */
static GstAnalyticsRelationMeta *
ensure_meta (GstBuffer *buffer)
{
  GstAnalyticsRelationMetaInitParams params = { FIRST_ORDER, FIRST_BYTES };

  return gst_buffer_add_analytics_relation_meta_full (buffer, &params);
}

static gboolean
is_full (GstAnalyticsRelationMeta *meta)
{
  return gst_analytics_relation_get_length (meta) >= MAX_ORDER;
}

void
analytics_attach (GstBuffer *buffer)
{
  ensure_meta (buffer);
}

gboolean
analytics_has_objects (const GstMeta *meta)
{
  gpointer state = NULL;
  GstAnalyticsODMtd detection;

  return meta->info->api == GST_ANALYTICS_RELATION_META_API_TYPE
      && gst_analytics_relation_meta_iterate ((GstAnalyticsRelationMeta *) meta,
          &state, gst_analytics_od_mtd_get_mtd_type (), &detection);
}

static void
relate (GstAnalyticsRelationMeta *meta, guint object, guint part)
{
  gst_analytics_relation_meta_set_relation (meta, OF_OBJECT, object, part);
  gst_analytics_relation_meta_set_relation (meta, TO_OBJECT, part, object);
}

static void
unrelate (GstAnalyticsRelationMeta *meta, guint object, guint part)
{
  gst_analytics_relation_meta_set_relation (meta, GST_ANALYTICS_REL_TYPE_NONE,
      object, part);
  gst_analytics_relation_meta_set_relation (meta, GST_ANALYTICS_REL_TYPE_NONE,
      part, object);
}

static gboolean
find_tracking (GstAnalyticsRelationMeta *meta, guint object,
    GstAnalyticsTrackingMtd *tracking)
{
  return gst_analytics_relation_meta_get_direct_related (meta, object,
      GST_ANALYTICS_REL_TYPE_ANY, gst_analytics_tracking_mtd_get_mtd_type (),
      NULL, tracking);
}

static gint
get_track (GstAnalyticsRelationMeta *meta, guint object)
{
  GstAnalyticsTrackingMtd tracking;
  GstClockTime first_seen, last_seen;
  gboolean is_lost;
  guint64 id;

  if (!find_tracking (meta, object, &tracking)
      || !gst_analytics_tracking_mtd_get_info (&tracking, &id, &first_seen,
          &last_seen, &is_lost))
    return ANALYTICS_NONE;
  /* Trackers count from 0 or 1, and do not get as far as G_MAXINT. */
  return (gint) (id & G_MAXINT);
}

gboolean
analytics_next_object (GstBuffer *buffer, gpointer *state,
    AnalyticsObject *object)
{
  GstAnalyticsRelationMeta *meta = gst_buffer_get_analytics_relation_meta (
      buffer);
  GstAnalyticsODMtd detection;
  Rect *box = &object->box;
  gfloat confidence = 0.0f;

  if (!meta
      || !gst_analytics_relation_meta_iterate (meta, state,
          gst_analytics_od_mtd_get_mtd_type (), &detection)
      || !gst_analytics_od_mtd_get_location (&detection, &box->x, &box->y,
          &box->width, &box->height, &confidence))
    return FALSE;
  object->id = (gint) detection.id;
  object->type = gst_analytics_od_mtd_get_obj_type (&detection);
  object->track = get_track (meta, detection.id);
  object->confidence = (gdouble) confidence;
  return TRUE;
}

static gboolean
add_tracking (GstAnalyticsRelationMeta *meta, gint track,
    GstClockTime first_seen, GstAnalyticsTrackingMtd *tracking)
{
  return gst_analytics_relation_meta_add_tracking_mtd (meta, (guint64) track,
      first_seen, tracking);
}

gint
analytics_add_object (GstBuffer *buffer, const AnalyticsObject *object,
    GstClockTime first_seen)
{
  GstAnalyticsRelationMeta *meta = ensure_meta (buffer);
  const Rect *box = &object->box;
  GstAnalyticsTrackingMtd tracking;
  GstAnalyticsODMtd detection;
  gboolean is_followed;

  if (is_full (meta))
    return ANALYTICS_NONE;
  /* The tracking comes first, so that the object gets a higher id than 0. */
  is_followed = object->track != ANALYTICS_NONE
      && add_tracking (meta, object->track, first_seen, &tracking);
  if (!gst_analytics_relation_meta_add_od_mtd (meta, object->type, box->x,
          box->y, box->width, box->height, (gfloat) object->confidence,
          &detection))
    return ANALYTICS_NONE;
  if (is_followed)
    relate (meta, detection.id, tracking.id);
  return (gint) detection.id;
}

void
analytics_set_track (GstBuffer *buffer, gint object, gint track,
    GstClockTime first_seen)
{
  GstAnalyticsRelationMeta *meta = ensure_meta (buffer);
  GstAnalyticsTrackingMtd tracking;

  if (is_full (meta))
    return;
  while (find_tracking (meta, (guint) object, &tracking))
    unrelate (meta, (guint) object, tracking.id);
  if (add_tracking (meta, track, first_seen, &tracking))
    relate (meta, (guint) object, tracking.id);
}

static GQuark
get_markup (const gchar *label)
{
  g_autofree gchar *markup = g_markup_escape_text (label, -1);

  return g_quark_from_string (markup);
}

/* A class is listed even if it is not the winner; a label only if it is
 * predicted. */
static gboolean
is_listed (const ClassifierResult *result, guint class)
{
  return result->description->kind == CNN_PREDICTION_CLASSES
      || classifier_result_is_predicted (result, class);
}

/* Puts the winner first and leaves the others in their order; where the network
 * is uncertain, says only that. Returns their number. */
static guint
list_classes (const ClassifierResult *result, gfloat *scores, GQuark *labels)
{
  const ClassifierDescription *description = result->description;
  guint place = 1;

  if (!is_listed (result, result->winner))
    return 0;
  if (classifier_result_is_uncertain (result)) {
    scores[0] = result->scores[result->winner];
    labels[0] = get_markup (CLASSIFIER_UNCERTAIN);
    return 1;
  }
  for (guint i = 0; i < description->n_classes; i++) {
    guint to = 0;

    if (!is_listed (result, i))
      continue;
    if (i != result->winner)
      to = place++;
    scores[to] = result->scores[i];
    labels[to] = get_markup (description->labels[i]);
  }
  return place;
}

void
analytics_add_classification (GstBuffer *buffer, gint object,
    const ClassifierResult *result)
{
  GstAnalyticsRelationMeta *meta = ensure_meta (buffer);
  const guint n_classes = result->description->n_classes;
  g_autofree gfloat *scores = g_new (gfloat, n_classes);
  g_autofree GQuark *labels = g_new (GQuark, n_classes);
  GstAnalyticsClsMtd classification;
  guint n_listed;

  if (n_classes == 0 || is_full (meta))
    return;
  n_listed = list_classes (result, scores, labels);
  if (n_listed > 0
      && gst_analytics_relation_meta_add_cls_mtd (meta, n_listed, scores,
          labels, &classification)
      && object != ANALYTICS_NONE)
    relate (meta, (guint) object, classification.id);
}
