/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "keeper.h"

#include <gst/app/app.h>
#include <string.h>

#include "backoff.h"
#include "feed.h"
#include "journal.h"

/* The name of a message on the bus. */
#define SUCCESS "keeper-success"
/* What the end of a pipeline may take. */
#define FAREWELL_TIME (GST_SECOND + 500 * GST_MSECOND)

struct _Keeper {
  Encoder *encoder;
  gchar *label;
  KeeperMakeFunc make;
  gpointer user_data;

  GstElement *pipeline; /* of this attempt, or NULL */
  Feed *feed;
  guint bus_watch, retry;
  Backoff backoff;
  GError *failure;     /* the last one that was logged, or NULL */
  gboolean is_closing; /* the pipeline is to come to its end */
};

static void begin_attempt (Keeper *self);

static void
stop (GstElement *pipeline, gpointer data)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* The network may hold up the end of a pipeline. */
static void
end_attempt (Keeper *self)
{
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  g_clear_pointer (&self->feed, feed_free);
  if (self->pipeline)
    gst_element_call_async (self->pipeline, stop, NULL, NULL);
  gst_clear_object (&self->pipeline);
}

static gboolean
on_retry (gpointer data)
{
  Keeper *self = data;

  self->retry = 0;
  begin_attempt (self);
  return G_SOURCE_REMOVE;
}

/* @failure: (transfer full). Its text may differ each time, by the name of a
 * file. */
static void
log_failure (Keeper *self, GError *failure, guint seconds)
{
  if (!self->failure
      || !g_error_matches (failure, self->failure->domain, self->failure->code))
    journal_print ("%s: %s (next try in %u s)", self->label, failure->message,
        seconds);
  g_clear_error (&self->failure);
  self->failure = failure;
}

/* @failure: (transfer full). */
static void
fail (Keeper *self, GError *failure)
{
  const guint seconds = backoff_next (&self->backoff);

  end_attempt (self);
  log_failure (self, failure, seconds);
  self->retry = g_timeout_add_seconds (seconds, on_retry, self);
}

/* What has happened is in the last line of what is meant for debugging; the
 * message itself only says that a resource cannot be opened. */
static void
on_error (Keeper *self, GstMessage *message)
{
  GError *error = NULL;
  g_autofree gchar *details = NULL;
  const gchar *line;

  gst_message_parse_error (message, &error, &details);
  line = details ? strrchr (details, '\n') : NULL;
  if (line) {
    g_free (error->message);
    error->message = g_strdup (line + 1);
  }
  fail (self, error);
}

/* All that rtspclientsink says when the other server has hung up. */
static void
on_warning (Keeper *self, GstMessage *message)
{
  g_autoptr (GError) warning = NULL;

  gst_message_parse_warning (message, &warning, NULL);
  if (g_error_matches (warning, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ))
    fail (self,
        g_error_new_literal (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ,
            "The other server has closed the connection"));
}

static void
on_application (Keeper *self, GstMessage *message)
{
  if (!gst_message_has_name (message, SUCCESS))
    return;
  backoff_reset (&self->backoff);
  g_clear_error (&self->failure);
  journal_print ("%s: begun", self->label);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ERROR:
      on_error (data, message);
      break;
    case GST_MESSAGE_WARNING:
      on_warning (data, message);
      break;
    case GST_MESSAGE_EOS:
      fail (data,
          g_error_new_literal (GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED,
              "The stream has ended"));
      break;
    case GST_MESSAGE_APPLICATION:
      on_application (data, message);
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

static GstElement *
find (Keeper *self, const gchar *name)
{
  return gst_bin_get_by_name (GST_BIN (self->pipeline), name);
}

static void
play (Keeper *self)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  self->bus_watch = gst_bus_add_watch (bus, on_message, self);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

static void
begin_attempt (Keeper *self)
{
  GError *error = NULL;
  g_autoptr (GstElement) units = NULL;
  g_autoptr (GstElement) metadata = NULL;

  self->pipeline = self->make (self->user_data, &error);
  if (self->pipeline) {
    units = find (self, KEEPER_UNITS);
    metadata = find (self, KEEPER_METADATA);
    self->feed = feed_new (self->encoder, units, metadata, &error);
  }
  if (self->feed)
    play (self);
  else
    fail (self, error);
}

Keeper *
keeper_new (Encoder *encoder, const gchar *label, KeeperMakeFunc make,
    gpointer user_data)
{
  Keeper *self = g_new0 (Keeper, 1);

  self->encoder = encoder;
  self->label = g_strdup (label);
  self->make = make;
  self->user_data = user_data;
  begin_attempt (self);
  return self;
}

static void
end_stream (Keeper *self, const gchar *name)
{
  g_autoptr (GstElement) appsrc = find (self, name);

  if (appsrc)
    gst_app_src_end_of_stream (GST_APP_SRC (appsrc));
}

static void
let_go (Keeper *self)
{
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  g_clear_pointer (&self->feed, feed_free);
}

void
keeper_close (Keeper *self)
{
  let_go (self);
  self->is_closing = self->pipeline != NULL;
  if (!self->is_closing)
    return;
  end_stream (self, KEEPER_METADATA);
  end_stream (self, KEEPER_UNITS);
}

static void
wait_for_end (Keeper *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (bus, FAREWELL_TIME,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);

  g_clear_pointer (&message, gst_message_unref);
}

void
keeper_free (Keeper *self)
{
  let_go (self);
  if (self->is_closing)
    wait_for_end (self);
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->pipeline);
  g_clear_error (&self->failure);
  g_free (self->label);
  g_free (self);
}

void
keeper_note_success (GstElement *element)
{
  gst_element_post_message (element,
      gst_message_new_application (GST_OBJECT (element),
          gst_structure_new_empty (SUCCESS)));
}
