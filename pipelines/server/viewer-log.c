/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "viewer-log.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "journal.h"
#include "stream-factory.h"

#define KEY "activationmap-viewer"
/* Stays until the client is freed, which may be later than it is closed. */
#define SOCKET_KEY "activationmap-socket"

typedef struct {
  GstRTSPServer *server; /* not owned: it outlives its connections */
  Guard *guard;
  gchar *address;
  gchar *path;  /* what is watched, or NULL */
  gint64 start; /* since when */
  GPtrArray *sessions;
} ViewerLog;

static void
viewer_log_free (gpointer data)
{
  ViewerLog *self = data;

  guard_remove_connection (self->guard, self->address);
  g_ptr_array_unref (self->sessions);
  g_free (self->address);
  g_free (self->path);
  g_free (self);
}

static void
on_new_session (GstRTSPClient *client, GstRTSPSession *session, gpointer data)
{
  ViewerLog *self = data;

  g_ptr_array_add (self->sessions, g_object_ref (session));
}

static void
on_play (GstRTSPClient *client, GstRTSPContext *context, gpointer data)
{
  ViewerLog *self = data;
  const gchar *user_agent = NULL;

  if (context->media)
    stream_factory_play (context->media);
  if (self->path)
    return;
  gst_rtsp_message_get_header (context->request, GST_RTSP_HDR_USER_AGENT,
      (gchar **) &user_agent, 0);
  self->path = g_strdup (context->uri->abspath);
  self->start = g_get_monotonic_time ();
  journal_print ("%s watches %s (%.60s)", self->address, self->path,
      user_agent ? user_agent : "unknown player");
}

/* The session of a viewer who has hung up would count as a viewer until it
 * times out. One that has media left sends by UDP, for which the connection is
 * not needed. */
static void
remove_session (gpointer session, gpointer pool)
{
  GList *media = gst_rtsp_session_filter (session, NULL, NULL);

  if (!media)
    gst_rtsp_session_pool_remove (pool, session);
  g_list_free_full (media, g_object_unref);
}

static void
on_closed (GstRTSPClient *client, gpointer data)
{
  ViewerLog *self = data;
  g_autoptr (GstRTSPSessionPool)
      pool = gst_rtsp_server_get_session_pool (self->server);

  g_ptr_array_foreach (self->sessions, remove_session, pool);
  if (self->path) {
    journal_print ("%s has left %s after %d s", self->address, self->path,
        (gint) ((g_get_monotonic_time () - self->start) / G_USEC_PER_SEC));
  }
  g_object_set_data (G_OBJECT (client), KEY, NULL);
}

/* The kernel then ends a connection whose other end takes nothing, or is not
 * there any more. */
static void
limit_time (GSocket *socket, gint timeout)
{
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, timeout * 1000,
      NULL);
  g_socket_set_keepalive (socket, TRUE);
}

gboolean
viewer_log_follow (GstRTSPServer *server, GstRTSPClient *client, Guard *guard,
    gint timeout)
{
  GstRTSPConnection *connection = gst_rtsp_client_get_connection (client);
  GSocket *socket = gst_rtsp_connection_get_read_socket (connection);
  const gchar *address = gst_rtsp_connection_get_ip (connection);
  ViewerLog *self;

  g_object_set_data_full (G_OBJECT (client), SOCKET_KEY, g_object_ref (socket),
      g_object_unref);
  if (!guard_add_connection (guard, address))
    return FALSE;
  limit_time (socket, timeout);
  self = g_new0 (ViewerLog, 1);
  self->server = server;
  self->guard = guard;
  self->address = g_strdup (address);
  self->sessions = g_ptr_array_new_with_free_func (g_object_unref);
  g_object_set_data_full (G_OBJECT (client), KEY, self, viewer_log_free);
  g_signal_connect (client, "new-session", G_CALLBACK (on_new_session), self);
  g_signal_connect (client, "play-request", G_CALLBACK (on_play), self);
  g_signal_connect (client, "closed", G_CALLBACK (on_closed), self);
  return TRUE;
}

void
viewer_log_shut_down (GstRTSPClient *client)
{
  g_socket_shutdown (g_object_get_data (G_OBJECT (client), SOCKET_KEY), TRUE,
      TRUE, NULL);
}
