/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "push.h"

#include <gio/gio.h>
#include <gst/rtsp/rtsp.h>

#include "journal.h"
#include "keeper.h"
#include "secret.h"

#define SINK "rtspclientsink"
#define LAUNCH "appsrc name=" KEEPER_UNITS " ! h264parse ! " SINK " name=sink"
#define TIMEOUT_US (10 * G_USEC_PER_SEC)

struct _Push {
  gchar *location; /* without the user */
  gchar *user, *password;
  GTlsDatabase *authorities; /* NULL: those of the system */
  Keeper *keeper;
};

/* The sink does not say when the other server takes pictures, but holds up the
 * first packet until then. */
static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  gboolean *is_second = data;
  g_autoptr (GstElement) payloader = gst_pad_get_parent_element (pad);

  if (payloader && *is_second) {
    keeper_note_success (payloader);
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

/* The sink must not reconnect by itself: it would do so while another thread
 * sends on the connection, and without the session of the stream. */
static void
configure_sink (Push *self, GstElement *sink)
{
  g_object_set (sink, "location", self->location, "protocols",
      GST_RTSP_LOWER_TRANS_TCP, "udp-reconnect", FALSE, "user-id", self->user,
      "user-pw", self->password, "tcp-timeout", (guint64) TIMEOUT_US, NULL);
  if (self->authorities)
    g_object_set (sink, "tls-database", self->authorities, NULL);
  g_signal_connect (sink, "new-payloader", G_CALLBACK (on_payloader), NULL);
}

static GstElement *
make_pipeline (gpointer data, GError **error)
{
  GstElement *pipeline = gst_parse_launch_full (LAUNCH, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, error);
  g_autoptr (GstElement) sink = NULL;

  if (!pipeline)
    return NULL;
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  configure_sink (data, sink);
  return gst_object_ref_sink (pipeline);
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
  g_autofree gchar *url = journal_hide_password (options->push);
  g_autofree gchar *label = g_strconcat ("Sending to ", url, NULL);

  if (!check_sink (error) || !set_address (self, options, error)
      || !read_files (self, options, error))
    return NULL;
  self->keeper = keeper_new (encoder, label, make_pipeline, self);
  return g_steal_pointer (&self);
}

void
push_free (Push *self)
{
  g_clear_pointer (&self->keeper, keeper_free);
  g_clear_object (&self->authorities);
  g_free (self->password);
  g_free (self->user);
  g_free (self->location);
  g_free (self);
}
