/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The metadata of GstAnalytics, which comes with GStreamer 1.24. In builds
 * without it, frames have none and get none. */

#pragma once

#include <gst/gst.h>

#include "base/rect.h"
#include "classifier/result.h"

G_BEGIN_DECLS

/* The id of an object that a frame does not have, and of an object's track
 * where it is not followed. */
#define ANALYTICS_NONE (-1)

/**
 * AnalyticsObject:
 * @id: the id of its object detection in the frame's relation meta, from 0
 * @type: quark of its type, such as "face"; 0 if its detector does not say
 * @track: the id by which it is followed, or ANALYTICS_NONE
 * @box: in pixels; it may lie outside of the frame
 * @confidence: 0 to 1
 *
 * An object that a detector has found in a frame, with its tracking.
 */
typedef struct {
  gint id;
  GQuark type;
  gint track;
  Rect box;
  gdouble confidence;
} AnalyticsObject;

#ifdef HAVE_ANALYTICS

/**
 * analytics_attach:
 * @buffer: writable
 *
 * Makes sure that @buffer has a relation meta. An empty one says that nothing
 * was found; without any, objectdetectionoverlay keeps drawing the objects of
 * the last one.
 */
void analytics_attach (GstBuffer *buffer);

/**
 * analytics_has_objects:
 *
 * Returns: whether @meta is a relation meta with objects in it
 */
gboolean analytics_has_objects (const GstMeta *meta);

/**
 * analytics_next_object:
 * @state: (inout): NULL before the first call
 * @object: (out):
 *
 * Reads the objects of a frame in the order in which they were added.
 *
 * Returns: FALSE when there are no more
 */
gboolean analytics_next_object (GstBuffer *buffer, gpointer *state,
    AnalyticsObject *object);

/**
 * analytics_add_object:
 * @buffer: writable
 * @object: the object; its id is ignored
 * @first_seen: running time at which the track began, if there is one
 *
 * Adds an object and, related to it, its tracking. An object that is followed
 * never has the id 0, which elsewhere means none.
 *
 * Returns: its id, or ANALYTICS_NONE if the frame already has hundreds
 */
gint analytics_add_object (GstBuffer *buffer, const AnalyticsObject *object,
    GstClockTime first_seen);

/**
 * analytics_set_track:
 * @buffer: writable
 * @object: the id of an object of the frame
 *
 * Makes @track the only tracking that the object is related to.
 */
void analytics_set_track (GstBuffer *buffer, gint object, gint track,
    GstClockTime first_seen);

/**
 * analytics_add_classification:
 * @buffer: writable
 * @object: the id of the classified object, or ANALYTICS_NONE for the whole
 *   frame
 *
 * Adds all classes, or the labels that are predicted, with their scores; the
 * winner first, because that is the one that objectdetectionoverlay shows. Of
 * classes among which the network is uncertain, only %CLASSIFIER_UNCERTAIN is
 * added. It takes labels for Pango markup, so they are escaped. Nothing is
 * added for a number or an image.
 */
void analytics_add_classification (GstBuffer *buffer, gint object,
    const ClassifierResult *result);

#else

static inline void
analytics_attach (GstBuffer *buffer)
{
}

static inline gboolean
analytics_has_objects (const GstMeta *meta)
{
  return FALSE;
}

static inline gboolean
analytics_next_object (GstBuffer *buffer, gpointer *state,
    AnalyticsObject *object)
{
  return FALSE;
}

static inline gint
analytics_add_object (GstBuffer *buffer, const AnalyticsObject *object,
    GstClockTime first_seen)
{
  return ANALYTICS_NONE;
}

static inline void
analytics_set_track (GstBuffer *buffer, gint object, gint track,
    GstClockTime first_seen)
{
}

static inline void
analytics_add_classification (GstBuffer *buffer, gint object,
    const ClassifierResult *result)
{
}

#endif

G_END_DECLS
