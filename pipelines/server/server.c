/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "server.h"

#include <gio/gio.h>
#include <gst/rtsp-server/rtsp-server.h>

#define MAX_SESSIONS 64
#define CLEANUP_SECONDS 2
#define DISCONNECT_POLL_US (10 * 1000)

#define SOCKET_KEY "activationmap-socket"

/* The pictures carry parameter sets with every keyframe, so a viewer may join
 * at any time. */
#define MEDIA_LAUNCH                                \
  "( appsrc name=pictures is-live=true format=time" \
  " ! rtph264pay name=pay0 pt=96"                   \
  " aggregate-mode=zero-latency )"

struct _Server {
  GstRTSPServer *rtsp;
  GSource *listener;
  guint cleanup;
  gchar *address;
  gchar *mount;

  Relay *relay;
  RelayKeyframeFunc request_keyframe;
  gpointer user_data;
};

static GstElement *
get_appsrc (GstRTSPMedia *media)
{
  g_autoptr (GstElement) element = gst_rtsp_media_get_element (media);

  return gst_bin_get_by_name (GST_BIN (element), "pictures");
}

static void
on_media_unprepared (GstRTSPMedia *media, gpointer data)
{
  Server *self = data;
  g_autoptr (GstElement) appsrc = get_appsrc (media);

  relay_remove (self->relay, appsrc);
}

static void
on_media_configure (GstRTSPMediaFactory *factory, GstRTSPMedia *media,
    gpointer data)
{
  Server *self = data;
  g_autoptr (GstElement) appsrc = get_appsrc (media);

  g_signal_connect (media, "unprepared", G_CALLBACK (on_media_unprepared),
      self);
  relay_add (self->relay, appsrc);
}

/* Requests a keyframe, so that a viewer who joins others gets pictures at
 * once. */
static void
on_play_request (GstRTSPClient *client, GstRTSPContext *context, gpointer data)
{
  Server *self = data;

  self->request_keyframe (self->user_data);
}

static void
on_client_connected (GstRTSPServer *rtsp, GstRTSPClient *client, gpointer data)
{
  GSocket *socket = gst_rtsp_connection_get_read_socket (
      gst_rtsp_client_get_connection (client));

  g_object_set_data_full (G_OBJECT (client), SOCKET_KEY, g_object_ref (socket),
      g_object_unref);
  g_signal_connect (client, "play-request", G_CALLBACK (on_play_request), data);
}

static gboolean
on_cleanup (gpointer data)
{
  Server *self = data;
  g_autoptr (GstRTSPSessionPool)
      pool = gst_rtsp_server_get_session_pool (self->rtsp);

  gst_rtsp_session_pool_cleanup (pool);
  return G_SOURCE_CONTINUE;
}

static GstRTSPMediaFactory *
make_factory (Server *self)
{
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new ();
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();

  gst_rtsp_media_factory_set_launch (factory, MEDIA_LAUNCH);
  gst_rtsp_media_factory_set_shared (factory, TRUE);
  gst_rtsp_media_factory_set_suspend_mode (factory, GST_RTSP_SUSPEND_MODE_NONE);
  gst_rtsp_media_factory_set_clock (factory, clock);
  g_signal_connect (factory, "media-configure", G_CALLBACK (on_media_configure),
      self);
  return factory;
}

/* Missing elements are an error now, not when the first viewer connects. */
static gboolean
check_elements (GError **error)
{
  const gchar *names[] = { "appsrc", "rtph264pay", "rtpbin" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GstElementFactory *factory = gst_element_factory_find (names[i]);

    if (!factory) {
      g_set_error (error, GST_PARSE_ERROR, GST_PARSE_ERROR_NO_SUCH_ELEMENT,
          "no element \"%s\"", names[i]);
      return FALSE;
    }
    gst_object_unref (factory);
  }
  return TRUE;
}

static void
configure (Server *self, const Options *options)
{
  g_autofree gchar *port = g_strdup_printf ("%d", options->port);
  g_autoptr (GstRTSPMountPoints) mounts = NULL;
  g_autoptr (GstRTSPSessionPool) pool = NULL;

  gst_rtsp_server_set_address (self->rtsp, options->address);
  gst_rtsp_server_set_service (self->rtsp, port);
  mounts = gst_rtsp_server_get_mount_points (self->rtsp);
  gst_rtsp_mount_points_add_factory (mounts, options->mount,
      make_factory (self));
  pool = gst_rtsp_server_get_session_pool (self->rtsp);
  gst_rtsp_session_pool_set_max_sessions (pool, MAX_SESSIONS);
  g_signal_connect (self->rtsp, "client-connected",
      G_CALLBACK (on_client_connected), self);
}

Server *
server_new (const Options *options, Relay *relay,
    RelayKeyframeFunc request_keyframe, gpointer user_data, GError **error)
{
  g_autoptr (Server) self = g_new0 (Server, 1);

  self->rtsp = gst_rtsp_server_new ();
  self->address = g_strdup (options->address);
  self->mount = g_strdup (options->mount);
  self->relay = relay;
  self->request_keyframe = request_keyframe;
  self->user_data = user_data;
  if (!check_elements (error))
    return NULL;
  configure (self, options);
  self->listener = gst_rtsp_server_create_source (self->rtsp, NULL, error);
  return self->listener ? g_steal_pointer (&self) : NULL;
}

static GstRTSPFilterResult
shut_down_socket (GstRTSPServer *rtsp, GstRTSPClient *client, gpointer data)
{
  GSocket *socket = g_object_get_data (G_OBJECT (client), SOCKET_KEY);

  g_socket_shutdown (socket, TRUE, TRUE, NULL);
  return GST_RTSP_FILTER_KEEP;
}

static gboolean
has_clients (GstRTSPServer *rtsp)
{
  GList *clients = gst_rtsp_server_client_filter (rtsp, NULL, NULL);
  const gboolean has_some = clients != NULL;

  g_list_free_full (clients, g_object_unref);
  return has_some;
}

/* Only shuts down the sockets, and leaves it to the thread that serves a client
 * to close it: if it were closed here while that thread reads, the thread would
 * never end. */
static void
disconnect_clients (Server *self)
{
  do {
    g_list_free (
        gst_rtsp_server_client_filter (self->rtsp, shut_down_socket, NULL));
    g_usleep (DISCONNECT_POLL_US);
  } while (has_clients (self->rtsp));
}

static GstRTSPFilterResult
remove_session (GstRTSPSessionPool *pool, GstRTSPSession *session,
    gpointer data)
{
  return GST_RTSP_FILTER_REMOVE;
}

static void
remove_sessions (Server *self)
{
  g_autoptr (GstRTSPSessionPool)
      pool = gst_rtsp_server_get_session_pool (self->rtsp);
  GList *kept = gst_rtsp_session_pool_filter (pool, remove_session, NULL);

  g_list_free_full (kept, g_object_unref);
}

void
server_free (Server *self)
{
  g_clear_handle_id (&self->cleanup, g_source_remove);
  if (self->listener) {
    g_source_destroy (self->listener);
    g_source_unref (self->listener);
  }
  disconnect_clients (self);
  remove_sessions (self);
  g_object_unref (self->rtsp);
  /* Waits for all threads. */
  gst_rtsp_thread_pool_cleanup ();
  g_free (self->address);
  g_free (self->mount);
  g_free (self);
}

void
server_start (Server *self)
{
  g_source_attach (self->listener, NULL);
  self->cleanup = g_timeout_add_seconds (CLEANUP_SECONDS, on_cleanup, self);
}

gchar *
server_make_url (const Server *self)
{
  const gboolean ipv6 = strchr (self->address, ':') != NULL;

  return g_strdup_printf ("rtsp://%s%s%s:%d%s", ipv6 ? "[" : "", self->address,
      ipv6 ? "]" : "", gst_rtsp_server_get_bound_port (self->rtsp),
      self->mount);
}
