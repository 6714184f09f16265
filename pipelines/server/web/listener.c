/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "listener.h"

#include <errno.h>
#include <sys/socket.h>

/* Viewers answer a ping each second, or more rarely. */
#define MIN_TIMEOUT 2
/* Connections that wait to be accepted. */
#define BACKLOG 128

/* Places: the connections that are open. Each of them refers to it. */
typedef struct {
  GMutex lock;
  Guard *guard;          /* NULL once the listener is gone; protected by lock */
  GHashTable *addresses; /* of GSocketConnections; protected by lock */
} Places;

struct _Listener {
  SoupServer *server;
  GSocketService *service;
  GTlsCertificate *certificate; /* (nullable) */
  GSocket *stub;                /* (nullable): see keep_connections() */
  Guard *guard;
  Places *places;
  guint16 port;
  guint timeout; /* seconds without reading or writing that end a connection */
};

static Places *
places_new (Guard *guard)
{
  Places *self = g_atomic_rc_box_new0 (Places);

  g_mutex_init (&self->lock);
  self->guard = guard;
  self->addresses = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return self;
}

static void
places_clear (gpointer data)
{
  Places *self = data;

  g_hash_table_unref (self->addresses);
  g_mutex_clear (&self->lock);
}

/* The last reference may be dropped in any thread. */
static void
on_connection_gone (gpointer data, GObject *connection)
{
  Places *self = data;

  g_mutex_lock (&self->lock);
  if (self->guard)
    guard_remove_connection (self->guard,
        g_hash_table_lookup (self->addresses, connection));
  g_hash_table_remove (self->addresses, connection);
  g_mutex_unlock (&self->lock);
  g_atomic_rc_box_release_full (self, places_clear);
}

/* Connections that are still open belong to nobody's account any more. */
static void
places_forget (Places *self)
{
  GHashTableIter iterator;
  gpointer address;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iterator, self->addresses);
  while (g_hash_table_iter_next (&iterator, NULL, &address))
    guard_remove_connection (self->guard, address);
  self->guard = NULL;
  g_mutex_unlock (&self->lock);
  g_atomic_rc_box_release_full (self, places_clear);
}

static gchar *
get_address (GSocketConnection *connection)
{
  g_autoptr (GSocketAddress)
      remote = g_socket_connection_get_remote_address (connection, NULL);

  if (!G_IS_INET_SOCKET_ADDRESS (remote))
    return NULL;
  return g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));
}

/* Counts the connection for as long as it is open. */
static gboolean
take_place (Listener *self, GSocketConnection *connection)
{
  gchar *address = get_address (connection);

  if (!address || !guard_add_connection (self->guard, address)) {
    g_free (address);
    return FALSE;
  }
  g_mutex_lock (&self->places->lock);
  g_hash_table_insert (self->places->addresses, connection, address);
  g_mutex_unlock (&self->places->lock);
  g_object_weak_ref (G_OBJECT (connection), on_connection_gone,
      g_atomic_rc_box_acquire (self->places));
  return TRUE;
}

static GIOStream *
wrap (Listener *self, GSocketConnection *connection)
{
  if (!self->certificate)
    return g_object_ref (G_IO_STREAM (connection));
  return g_tls_server_connection_new (G_IO_STREAM (connection),
      self->certificate, NULL);
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *connection,
    GObject *source, gpointer data)
{
  Listener *self = data;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GSocketAddress) local = NULL, remote = NULL;

  if (!take_place (self, connection))
    return TRUE;
  g_socket_set_timeout (g_socket_connection_get_socket (connection),
      self->timeout);
  local = g_socket_connection_get_local_address (connection, NULL);
  remote = g_socket_connection_get_remote_address (connection, NULL);
  stream = wrap (self, connection);
  if (stream)
    soup_server_accept_iostream (self->server, stream, local, remote, NULL);
  return TRUE;
}

static GSocketAddress *
resolve (const gchar *address, guint16 port, GError **error)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  GSocketAddress *resolved = g_inet_socket_address_new_from_string (address,
      port);
  GList *found;

  if (resolved)
    return resolved;
  found = g_resolver_lookup_by_name (resolver, address, NULL, error);
  if (!found)
    return NULL;
  resolved = g_inet_socket_address_new (found->data, port);
  g_resolver_free_addresses (found);
  return resolved;
}

static gboolean
bind_port (Listener *self, const gchar *address, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) wanted = resolve (address, port, error);
  g_autoptr (GSocketAddress) bound = NULL;

  if (!wanted
      || !g_socket_listener_add_address (G_SOCKET_LISTENER (self->service),
          wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound,
          error)) {
    g_prefix_error (error,
        "The page cannot be served at %s, port %u (--http-port chooses "
        "another): ",
        address, port);
    return FALSE;
  }
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  return TRUE;
}

/* libsoup keeps connections open from one request to the next only while it
 * listens itself: to this, to which nobody can connect. Before 3.4 it does not
 * notice when the other side closes such a connection. */
static gboolean
keep_connections (Listener *self, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  gint pair[2];

  if (!soup_check_version (3, 4, 0))
    return TRUE;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno),
        g_strerror (errno));
    return FALSE;
  }
  socket = g_socket_new_from_fd (pair[0], NULL);
  self->stub = g_socket_new_from_fd (pair[1], NULL);
  return soup_server_listen_socket (self->server, socket, 0, error);
}

void
listener_set_certificate (Listener *self, GTlsCertificate *certificate)
{
  g_set_object (&self->certificate, certificate);
}

Listener *
listener_new (SoupServer *server, const AccessOptions *options, guint16 port,
    Guard *guard, GError **error)
{
  g_autoptr (Listener) self = g_new0 (Listener, 1);

  self->server = g_object_ref (server);
  self->guard = guard;
  self->timeout = (guint) MAX (options->viewer_timeout, MIN_TIMEOUT);
  self->places = places_new (self->guard);
  self->service = g_socket_service_new ();
  g_socket_listener_set_backlog (G_SOCKET_LISTENER (self->service), BACKLOG);
  listener_set_certificate (self, options->certificate);
  if (!bind_port (self, options->address, port, error)
      || !keep_connections (self, error))
    return NULL;
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
  return g_steal_pointer (&self);
}

void
listener_free (Listener *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_object_unref (self->service);
  places_forget (self->places);
  g_clear_object (&self->stub);
  g_clear_object (&self->certificate);
  g_object_unref (self->server);
  g_free (self);
}

guint16
listener_get_port (const Listener *self)
{
  return self->port;
}

gboolean
listener_has_tls (const Listener *self)
{
  return self->certificate != NULL;
}
