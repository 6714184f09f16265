/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "server.h"

#include <gst/rtsp-server/rtsp-server.h>

#include "host.h"
#include "rtsp-auth.h"
#include "stream-factory.h"
#include "viewer-log.h"

/* Connections that wait to be accepted. */
#define BACKLOG 128
#define CLEANUP_SECONDS 2
#define DISCONNECT_POLL_US (10 * 1000)

struct _Server {
  GstRTSPServer *rtsp;
  GSource *listener;
  guint cleanup;
  gchar *address;
  gboolean has_tls;
  gint viewer_timeout;
  Guard *guard;
};

static void
on_client_connected (GstRTSPServer *rtsp, GstRTSPClient *client, gpointer data)
{
  Server *self = data;

  if (!viewer_log_follow (rtsp, client, self->guard, self->viewer_timeout))
    viewer_log_shut_down (client);
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

static gchar *
make_clean_path (const Hub *hub)
{
  const gchar *name = hub_get_name (hub);

  return g_strconcat (*name ? "/" : "", name, "/clean", NULL);
}

static gboolean
add_factory (Server *self, Hub *hub, const gchar *path, gboolean draws,
    GstRTSPAddressPool *ports, GError **error)
{
  g_autoptr (GstRTSPMountPoints)
      mounts = gst_rtsp_server_get_mount_points (self->rtsp);
  g_autoptr (GstRTSPMediaFactory)
      other = gst_rtsp_mount_points_match (mounts, path, NULL);

  if (other) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "%s: two pictures cannot have the same path", path);
    return FALSE;
  }
  gst_rtsp_mount_points_add_factory (mounts, path,
      stream_factory_new (hub, draws, ports));
  return TRUE;
}

static gboolean
add_hub (Server *self, Hub *hub, GstRTSPAddressPool *ports, GError **error)
{
  g_autofree gchar *clean = make_clean_path (hub);

  return add_factory (self, hub, hub_get_options (hub)->mount, TRUE, ports,
             error)
      && add_factory (self, hub, clean, FALSE, ports, error);
}

static GstRTSPAddressPool *
make_ports (const Options *options)
{
  GstRTSPAddressPool *pool;

  if (!options->first_udp_port)
    return NULL;
  pool = gst_rtsp_address_pool_new ();
  gst_rtsp_address_pool_add_range (pool, GST_RTSP_ADDRESS_POOL_ANY_IPV4,
      GST_RTSP_ADDRESS_POOL_ANY_IPV4, (guint16) options->first_udp_port,
      (guint16) options->last_udp_port, 0);
  gst_rtsp_address_pool_add_range (pool, GST_RTSP_ADDRESS_POOL_ANY_IPV6,
      GST_RTSP_ADDRESS_POOL_ANY_IPV6, (guint16) options->first_udp_port,
      (guint16) options->last_udp_port, 0);
  return pool;
}

static gboolean
add_hubs (Server *self, const Options *options, GPtrArray *hubs, GError **error)
{
  g_autoptr (GstRTSPAddressPool) ports = make_ports (options);

  for (guint i = 0; i < hubs->len; i++) {
    if (!add_hub (self, hubs->pdata[i], ports, error))
      return FALSE;
  }
  return TRUE;
}

static void
configure (Server *self, const Options *options)
{
  g_autofree gchar *port = g_strdup_printf ("%d", options->port);
  g_autoptr (GstRTSPSessionPool)
      pool = gst_rtsp_server_get_session_pool (self->rtsp);

  gst_rtsp_server_set_address (self->rtsp, options->access.address);
  gst_rtsp_server_set_service (self->rtsp, port);
  gst_rtsp_server_set_backlog (self->rtsp, BACKLOG);
  gst_rtsp_server_set_content_length_limit (self->rtsp, GUARD_MAX_BODY);
  gst_rtsp_session_pool_set_max_sessions (pool, GUARD_MAX_SESSIONS);
  g_signal_connect (self->rtsp, "client-connected",
      G_CALLBACK (on_client_connected), self);
}

gboolean
server_set_access (Server *self, GTlsCertificate *certificate, Users *users,
    GError **error)
{
  g_autoptr (GstRTSPAuth)
      auth = rtsp_auth_new (certificate, users, self->guard, error);

  if (!auth)
    return FALSE;
  gst_rtsp_server_set_auth (self->rtsp, auth);
  return TRUE;
}

Server *
server_new (const Options *options, GPtrArray *hubs, Users *users, Guard *guard,
    GError **error)
{
  g_autoptr (Server) self = g_new0 (Server, 1);

  self->rtsp = gst_rtsp_server_new ();
  self->address = g_strdup (options->access.address);
  self->has_tls = options->access.certificate != NULL;
  self->viewer_timeout = options->access.viewer_timeout;
  self->guard = guard;
  configure (self, options);
  if (!stream_factory_check (error) || !add_hubs (self, options, hubs, error)
      || !server_set_access (self, options->access.certificate, users, error))
    return NULL;
  self->listener = gst_rtsp_server_create_source (self->rtsp, NULL, error);
  return self->listener ? g_steal_pointer (&self) : NULL;
}

static GstRTSPFilterResult
shut_down (GstRTSPServer *rtsp, GstRTSPClient *client, gpointer data)
{
  viewer_log_shut_down (client);
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

static void
disconnect_clients (Server *self)
{
  do {
    g_list_free (gst_rtsp_server_client_filter (self->rtsp, shut_down, NULL));
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
  g_free (self);
}

void
server_start (Server *self)
{
  g_source_attach (self->listener, NULL);
  self->cleanup = g_timeout_add_seconds (CLEANUP_SECONDS, on_cleanup, self);
}

gchar *
server_make_url (const Server *self, const Hub *hub)
{
  g_autofree gchar *host = host_from_address (self->address);

  return g_strdup_printf ("%s://%s:%d%s", self->has_tls ? "rtsps" : "rtsp",
      host, gst_rtsp_server_get_bound_port (self->rtsp),
      hub_get_options (hub)->mount);
}
