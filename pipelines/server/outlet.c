/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "outlet.h"

#include <gst/app/app.h>
#include <gst/video/video.h>

/* How early or late a frame may be before all are shifted. */
#define MAX_EARLINESS (100 * GST_MSECOND)
#define MAX_LATENESS GST_SECOND
/* Of stamps, so that they also differ in the clock of RTP. */
#define MIN_DISTANCE GST_MSECOND
/* Between the frame that the pipeline holds while nobody watches, and the first
 * one that is watched. A longer pause would be one for the viewer. */
#define RESTART_DISTANCE (40 * GST_MSECOND)
/* Who comes while others watch needs a keyframe, who loses pictures as well.
 * Many requests at once are answered by one. */
#define MIN_KEYFRAME_DISTANCE (250 * GST_MSECOND)
#define MAX_KEYFRAME_DISTANCE (2 * GST_SECOND)

#define NOMINAL_FPS 30

struct _Outlet {
  Hub *hub;
  HubConsumer *consumer;
  GstAppSrc *appsrc;
  GstElement *encoder;

  GMutex lock;
  gboolean is_playing; /* these are protected by lock */
  gboolean is_prepared;
  gboolean needs_keyframe;

  /* Of the consumer's thread alone. */
  gboolean has_paused;
  GstClockTimeDiff shift; /* from a frame's time to its stamp */
  GstClockTimeDiff lag;   /* from the stamps to the clock */
  GstClockTime last_stamp, keyframe_time;
};

static gboolean
wants_frame (Outlet *self)
{
  gboolean wants;

  g_mutex_lock (&self->lock);
  wants = self->is_playing || !self->is_prepared;
  if (!wants)
    self->has_paused = TRUE;
  g_mutex_unlock (&self->lock);
  return wants;
}

/* An element has its clock before its base time, which is 0 until then. A frame
 * that is stamped in between would be one of the far future. */
static GstClockTime
get_running_time (Outlet *self)
{
  GstElement *appsrc = GST_ELEMENT (self->appsrc);

  return gst_element_get_base_time (appsrc) == 0
      ? GST_CLOCK_TIME_NONE
      : gst_element_get_current_running_time (appsrc);
}

/* How far the stamps are behind the clock. */
static void
set_lag (Outlet *self, GstClockTime now)
{
  const gboolean is_first = !GST_CLOCK_TIME_IS_VALID (self->last_stamp);

  if (self->has_paused && !is_first)
    self->lag = (GstClockTimeDiff) (now - self->last_stamp - RESTART_DISTANCE);
  self->has_paused = FALSE;
}

/* Returns the stamp for a frame that was taken at @time, if it is @now. */
static GstClockTime
stamp (Outlet *self, GstClockTime time, GstClockTime now)
{
  const gboolean is_first = !GST_CLOCK_TIME_IS_VALID (self->last_stamp);
  const gboolean has_paused = self->has_paused;
  GstClockTimeDiff due, early;

  set_lag (self, now);
  due = (GstClockTimeDiff) now - self->lag;
  early = (GstClockTimeDiff) time + self->shift - due;
  if (is_first || has_paused || early > (GstClockTimeDiff) MAX_EARLINESS
      || early < -(GstClockTimeDiff) MAX_LATENESS)
    self->shift = due - (GstClockTimeDiff) time;
  time = (GstClockTime) MAX ((GstClockTimeDiff) time + self->shift, 0);
  if (!is_first)
    time = MAX (time, self->last_stamp + MIN_DISTANCE);
  self->last_stamp = time;
  return time;
}

static gboolean
is_keyframe_due (Outlet *self, GstClockTime now)
{
  const gboolean is_first = !GST_CLOCK_TIME_IS_VALID (self->keyframe_time);
  const GstClockTime distance = is_first ? 0 : now - self->keyframe_time;
  gboolean is_due;

  g_mutex_lock (&self->lock);
  is_due = is_first || distance >= MAX_KEYFRAME_DISTANCE
      || (self->needs_keyframe && distance >= MIN_KEYFRAME_DISTANCE);
  if (is_due)
    self->needs_keyframe = FALSE;
  g_mutex_unlock (&self->lock);
  if (is_due)
    self->keyframe_time = now;
  return is_due;
}

/* An encoder that is told of no frame rate would keep a frame back until it
 * knows the time of the next. */
static void
set_caps (Outlet *self, GstCaps *caps)
{
  g_autoptr (GstCaps) rated = gst_caps_copy (caps);
  GstStructure *structure = gst_caps_get_structure (rated, 0);
  gint numerator = 0, denominator = 1;

  gst_structure_get_fraction (structure, "framerate", &numerator, &denominator);
  if (numerator == 0)
    gst_structure_set (structure, "framerate", GST_TYPE_FRACTION, NOMINAL_FPS,
        1, NULL);
  gst_app_src_set_caps (self->appsrc, rated);
}

static void
push (Outlet *self, GstSample *frame, GstClockTime now)
{
  const FrameInfo info = frame_get_info (frame);
  GstBuffer *buffer = gst_buffer_copy (gst_sample_get_buffer (frame));

  GST_BUFFER_PTS (buffer) = stamp (self, info.time, now);
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
  if (!info.has_signal)
    GST_BUFFER_FLAG_SET (buffer, OUTLET_NO_SIGNAL);
  else
    GST_BUFFER_FLAG_UNSET (buffer, OUTLET_NO_SIGNAL);
  set_caps (self, gst_sample_get_caps (frame));
  gst_app_src_push_buffer (self->appsrc, buffer);
}

static void
on_frame (GstSample *frame, gpointer data)
{
  Outlet *self = data;
  const GstClockTime now = get_running_time (self);

  if (!GST_CLOCK_TIME_IS_VALID (now) || !wants_frame (self))
    return;
  if (is_keyframe_due (self, now)) {
    /* Its headers come with every keyframe. If they were asked for, the
     * payloader would send them once more, in front of the picture. */
    gst_element_send_event (self->encoder,
        gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, FALSE,
            0));
  }
  push (self, frame, now);
}

Outlet *
outlet_new (Hub *hub, GstElement *appsrc, GstElement *encoder)
{
  Outlet *self = g_new0 (Outlet, 1);

  g_mutex_init (&self->lock);
  self->hub = hub;
  self->appsrc = gst_object_ref (GST_APP_SRC (appsrc));
  self->encoder = gst_object_ref (encoder);
  self->last_stamp = self->keyframe_time = GST_CLOCK_TIME_NONE;
  /* While the encoder is busy, the newest frame waits. */
  g_object_set (appsrc, "is-live", TRUE, "format", GST_FORMAT_TIME,
      "leaky-type", GST_APP_LEAKY_TYPE_DOWNSTREAM, "max-buffers", (guint64) 1,
      "max-bytes", (guint64) 0, NULL);
  self->consumer = hub_add_consumer (hub, "outlet", 1, NULL, on_frame, self);
  return self;
}

void
outlet_close (Outlet *self)
{
  if (self->consumer)
    hub_remove_consumer (self->hub, g_steal_pointer (&self->consumer));
}

void
outlet_free (Outlet *self)
{
  outlet_close (self);
  gst_object_unref (self->appsrc);
  gst_object_unref (self->encoder);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
outlet_set_prepared (Outlet *self)
{
  g_mutex_lock (&self->lock);
  self->is_prepared = TRUE;
  g_mutex_unlock (&self->lock);
}

void
outlet_play (Outlet *self)
{
  g_mutex_lock (&self->lock);
  self->is_playing = TRUE;
  self->needs_keyframe = TRUE;
  g_mutex_unlock (&self->lock);
}
