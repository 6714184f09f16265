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
/* Of a session, which may outlive the client. */
#define PLACE_KEY "activationmap-place"

typedef struct {
  GstRTSPServer *server; /* not owned: it outlives its connections */
  Guard *guard;
  gchar *address;
  gchar *path;  /* what is watched, or NULL */
  Hub *hub;     /* of which, or NULL */
  gint64 start; /* since when */
} ViewerLog;

/* Place: what a session takes of those that an address may have. */
typedef struct {
  Guard *guard;
  gchar *address;
  const ViewerLog *owner; /* only to compare */
} Place;

static void
viewer_log_free (gpointer data)
{
  ViewerLog *self = data;

  guard_remove_connection (self->guard, self->address);
  if (self->hub)
    hub_remove_player (self->hub);
  g_free (self->address);
  g_free (self->path);
  g_free (self);
}

static void
place_free (gpointer data)
{
  Place *self = data;

  guard_remove_session (self->guard, self->address);
  g_free (self->address);
  g_free (self);
}

/* A SETUP that belongs to no session is about to begin one. */
static GstRTSPStatusCode
on_pre_set_up (GstRTSPClient *client, GstRTSPContext *context, gpointer data)
{
  ViewerLog *self = data;

  return context->session || guard_may_add_session (self->guard, self->address)
      ? GST_RTSP_STS_OK
      : GST_RTSP_STS_SERVICE_UNAVAILABLE;
}

static void
on_new_session (GstRTSPClient *client, GstRTSPSession *session, gpointer data)
{
  ViewerLog *self = data;
  Place *place = g_new (Place, 1);

  guard_add_session (self->guard, self->address);
  place->guard = self->guard;
  place->address = g_strdup (self->address);
  place->owner = self;
  g_object_set_data_full (G_OBJECT (session), PLACE_KEY, place, place_free);
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
  if (context->media) {
    self->hub = stream_factory_get_hub (context->media);
    hub_add_player (self->hub);
  }
  self->start = g_get_monotonic_time ();
  journal_print ("%s watches %s (%.60s)", self->address, self->path,
      user_agent ? user_agent : "unknown player");
}

/* The session of a viewer who has hung up would count as a viewer until it
 * times out. One that has media left sends by UDP, for which the connection is
 * not needed. */
static GstRTSPFilterResult
judge_session (GstRTSPSessionPool *pool, GstRTSPSession *session, gpointer self)
{
  const Place *place = g_object_get_data (G_OBJECT (session), PLACE_KEY);
  GstRTSPFilterResult result = GST_RTSP_FILTER_KEEP;
  GList *media;

  if (!place || place->owner != self)
    return result;
  media = gst_rtsp_session_filter (session, NULL, NULL);
  if (!media)
    result = GST_RTSP_FILTER_REMOVE;
  g_list_free_full (media, g_object_unref);
  return result;
}

static void
on_closed (GstRTSPClient *client, gpointer data)
{
  ViewerLog *self = data;
  g_autoptr (GstRTSPSessionPool)
      pool = gst_rtsp_server_get_session_pool (self->server);

  g_list_free (gst_rtsp_session_pool_filter (pool, judge_session, self));
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
  g_object_set_data_full (G_OBJECT (client), KEY, self, viewer_log_free);
  g_signal_connect (client, "pre-setup-request", G_CALLBACK (on_pre_set_up),
      self);
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
