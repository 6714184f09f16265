/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "push.h"

#include <gio/gio.h>
#include <gst/rtsp/rtsp.h>
#include <string.h>

#include "backoff.h"
#include "feed.h"
#include "journal.h"
#include "secret.h"

#define SINK "rtspclientsink"
/* The name of the message that the other server takes pictures. */
#define CONNECTED "push-connected"
#define TIMEOUT_US (10 * G_USEC_PER_SEC)

struct _Push {
  Encoder *encoder;
  gchar *label;    /* for logs */
  gchar *location; /* without the user */
  gchar *user, *password;
  GTlsDatabase *authorities; /* NULL: those of the system */

  GstElement *pipeline; /* of this attempt, or NULL */
  Feed *feed;
  guint bus_watch, retry;
  Backoff backoff;
};

static void begin_attempt (Push *self);

static void
stop (GstElement *pipeline, gpointer data)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* The network may hold up the end of a pipeline. */
static void
end_attempt (Push *self)
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
  Push *self = data;

  self->retry = 0;
  begin_attempt (self);
  return G_SOURCE_REMOVE;
}

static void
fail (Push *self, const gchar *reason)
{
  const guint seconds = backoff_next (&self->backoff);

  end_attempt (self);
  journal_print ("%s: %s; next try in %u s", self->label, reason, seconds);
  self->retry = g_timeout_add_seconds (seconds, on_retry, self);
}

/* What has happened is in the last line of what is meant for debugging; the
 * message itself only says that the resource cannot be opened. */
static void
on_error (Push *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *details = NULL;
  const gchar *line;

  gst_message_parse_error (message, &error, &details);
  line = details ? strrchr (details, '\n') : NULL;
  fail (self, line ? line + 1 : error->message);
}

static void
on_application (Push *self, GstMessage *message)
{
  if (!gst_message_has_name (message, CONNECTED))
    return;
  backoff_reset (&self->backoff);
  journal_print ("%s: connected", self->label);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ERROR:
      on_error (data, message);
      break;
    case GST_MESSAGE_EOS:
      fail (data, "The other server has ended the stream");
      break;
    case GST_MESSAGE_APPLICATION:
      on_application (data, message);
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

/* The sink does not say when the other server takes pictures, but holds up the
 * first packet until then. */
static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  gboolean *is_second = data;
  g_autoptr (GstElement) payloader = gst_pad_get_parent_element (pad);

  if (payloader && *is_second) {
    gst_element_post_message (payloader,
        gst_message_new_application (GST_OBJECT (payloader),
            gst_structure_new_empty (CONNECTED)));
    return GST_PAD_PROBE_REMOVE;
  }
  *is_second = TRUE;
  return GST_PAD_PROBE_OK;
}

/* As in what viewers get: the parameter sets with their picture. */
static void
on_payloader (GstElement *sink, GstElement *payloader, gpointer data)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (payloader, "src");

  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_packet,
      g_new0 (gboolean, 1), g_free);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (payloader),
          "aggregate-mode"))
    gst_util_set_object_arg (G_OBJECT (payloader), "aggregate-mode",
        "zero-latency");
}

static void
configure_sink (Push *self, GstElement *sink)
{
  g_object_set (sink, "location", self->location, "protocols",
      GST_RTSP_LOWER_TRANS_TCP, "user-id", self->user, "user-pw",
      self->password, "tcp-timeout", (guint64) TIMEOUT_US, NULL);
  if (self->authorities)
    g_object_set (sink, "tls-database", self->authorities, NULL);
  g_signal_connect (sink, "new-payloader", G_CALLBACK (on_payloader), NULL);
}

static GstElement *
make_pipeline (Push *self, GError **error)
{
  GstElement *pipeline =
      gst_parse_launch_full ("appsrc name=units ! h264parse ! " SINK
                             " name=sink",
          NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstElement) sink = NULL;

  if (!pipeline)
    return NULL;
  gst_object_ref_sink (pipeline);
  gst_pipeline_use_clock (GST_PIPELINE (pipeline), clock);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  configure_sink (self, sink);
  return pipeline;
}

static void
begin_attempt (Push *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) units = NULL;
  g_autoptr (GstBus) bus = NULL;

  self->pipeline = make_pipeline (self, &error);
  if (self->pipeline) {
    units = gst_bin_get_by_name (GST_BIN (self->pipeline), "units");
    self->feed = feed_new (self->encoder, units, NULL, &error);
  }
  if (!self->feed) {
    fail (self, error->message);
    return;
  }
  bus = gst_element_get_bus (self->pipeline);
  self->bus_watch = gst_bus_add_watch (bus, on_message, self);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

/* The sink must not log the user. */
static gboolean
set_address (Push *self, const OutputOptions *options, GError **error)
{
  const GUriFlags flags = G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH
      | G_URI_FLAGS_ENCODED_QUERY;
  g_autoptr (GUri) uri = g_uri_parse (options->push, flags, error);

  if (!uri)
    return FALSE;
  self->user = g_strdup (g_uri_get_user (uri));
  self->location = g_uri_join (flags, g_uri_get_scheme (uri), NULL,
      g_uri_get_host (uri), g_uri_get_port (uri), g_uri_get_path (uri),
      g_uri_get_query (uri), NULL);
  self->label = journal_hide_password (options->push);
  return TRUE;
}

static gboolean
read_files (Push *self, const OutputOptions *options, GError **error)
{
  if (options->push_password_file) {
    self->password = secret_read (options->push_password_file, error);
    if (!self->password)
      return FALSE;
  }
  if (options->push_ca) {
    self->authorities = g_tls_file_database_new (options->push_ca, error);
    if (!self->authorities)
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_sink (GError **error)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (SINK);

  if (!factory)
    g_set_error (error, GST_PARSE_ERROR, GST_PARSE_ERROR_NO_SUCH_ELEMENT,
        "--push needs the element " SINK " (Debian's gstreamer1.0-rtsp)");
  return factory != NULL;
}

Push *
push_new (Hub *hub, Encoder *encoder, GError **error)
{
  const OutputOptions *options = &hub_get_options (hub)->outputs;
  g_autoptr (Push) self = g_new0 (Push, 1);

  self->encoder = encoder;
  if (!check_sink (error) || !set_address (self, options, error)
      || !read_files (self, options, error))
    return NULL;
  begin_attempt (self);
  return g_steal_pointer (&self);
}

void
push_free (Push *self)
{
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  g_clear_pointer (&self->feed, feed_free);
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->pipeline);
  g_clear_object (&self->authorities);
  g_free (self->password);
  g_free (self->user);
  g_free (self->location);
  g_free (self->label);
  g_free (self);
}
