/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "feed.h"

#include <gst/app/app.h>
#include <string.h>

/* How much may wait in the appsrc. */
#define MAX_WAITING_TIME (2 * GST_SECOND)
#define TEXT_CAPS "text/x-raw,format=utf8"

struct _Feed {
  Encoder *encoder;
  EncoderTap *tap;
  GstAppSrc *units, *metadata;
  gboolean is_broken; /* wants a keyframe; of the encoder's thread alone, as
                         what follows */
  gboolean has_asked; /* for that keyframe */
};

static void
push (GstAppSrc *appsrc, GstBuffer *buffer, GstClockTime time)
{
  GST_BUFFER_PTS (buffer) = GST_BUFFER_DTS (buffer) = time;
  GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
  gst_app_src_push_buffer (appsrc, buffer);
}

/* Until a pipeline plays, its base time is 0. */
static gboolean
has_place (Feed *self, GstClockTime time, GstClockTime base_time)
{
  return base_time != 0 && time >= base_time
      && gst_app_src_get_current_level_time (self->units) < MAX_WAITING_TIME;
}

static void
begin (Feed *self, GstBuffer *unit)
{
  self->is_broken = GST_BUFFER_FLAG_IS_SET (unit, GST_BUFFER_FLAG_DELTA_UNIT);
  if (self->is_broken && !self->has_asked)
    encoder_request_keyframe (self->encoder);
  self->has_asked = self->is_broken;
}

/* The text comes first, since a muxer waits for it. */
static void
on_unit (GstSample *unit, GstClockTime time, const gchar *metadata,
    gpointer data)
{
  Feed *self = data;
  GstBuffer *buffer = gst_sample_get_buffer (unit);
  const GstClockTime base_time = gst_element_get_base_time (
      GST_ELEMENT (self->units));

  if (!has_place (self, time, base_time))
    self->is_broken = TRUE;
  else if (self->is_broken)
    begin (self, buffer);
  if (self->is_broken)
    return;
  if (self->metadata && metadata)
    push (self->metadata, gst_buffer_new_memdup (metadata, strlen (metadata)),
        time - base_time);
  gst_app_src_set_caps (self->units, gst_sample_get_caps (unit));
  push (self->units, gst_buffer_copy (buffer), time - base_time);
}

static GstAppSrc *
prepare (GstElement *appsrc)
{
  g_object_set (appsrc, "is-live", TRUE, "format", GST_FORMAT_TIME, "max-bytes",
      (guint64) 0, NULL);
  return gst_object_ref (GST_APP_SRC (appsrc));
}

Feed *
feed_new (Encoder *encoder, GstElement *units, GstElement *metadata,
    GError **error)
{
  g_autoptr (Feed) self = g_new0 (Feed, 1);
  g_autoptr (GstCaps) text_caps = gst_caps_from_string (TEXT_CAPS);

  self->encoder = encoder;
  self->is_broken = TRUE;
  self->units = prepare (units);
  if (metadata) {
    self->metadata = prepare (metadata);
    gst_app_src_set_caps (self->metadata, text_caps);
  }
  self->tap = encoder_add_tap (encoder, metadata != NULL, on_unit, self, error);
  return self->tap ? g_steal_pointer (&self) : NULL;
}

void
feed_free (Feed *self)
{
  if (self->tap)
    encoder_remove_tap (self->encoder, self->tap);
  gst_clear_object (&self->units);
  gst_clear_object (&self->metadata);
  g_free (self);
}
