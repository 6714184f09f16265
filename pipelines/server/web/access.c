/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "access.h"

#include <string.h>

#include "../stamps.h"
#include "digest-domain.h"
#include "uploads.h"

#define TICKET_SECONDS 30
#define TICKET "ticket"
#define BEARER "Bearer "
#define JSON "application/json"
#define BINARY "application/octet-stream"

struct _Access {
  SoupServer *server;
  SoupAuthDomain *domain; /* (nullable) */
  Users *users;           /* (nullable) */
  Guard *guard;
  gchar **names;
  gboolean is_read_only;
  gchar *metrics_token; /* (nullable) */
  Stamps stamps;        /* of tickets */
};

gchar *
access_make_ticket (Access *self)
{
  return stamps_make (&self->stamps, TICKET);
}

static gboolean
is_ticket (const Access *self, const gchar *ticket)
{
  const gint64 age = stamps_get_age (&self->stamps, TICKET, ticket);

  return age >= 0 && age <= TICKET_SECONDS;
}

static gboolean
has_ticket (const Access *self, SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  const gchar *query = g_uri_get_query (uri);
  g_autoptr (GHashTable) fields = NULL;
  const gchar *ticket;

  if (!query || !g_str_has_suffix (g_uri_get_path (uri), "/live.ws"))
    return FALSE;
  fields = soup_form_decode (query);
  ticket = g_hash_table_lookup (fields, "ticket");
  return ticket && is_ticket (self, ticket);
}

/* Prometheus can send a token, but does not know digest authentication. */
static gboolean
has_metrics_token (const Access *self, SoupServerMessage *message)
{
  const gchar *authorization = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Authorization");

  return self->metrics_token && authorization
      && g_str_has_prefix (authorization, BEARER)
      && stamps_are_equal (authorization + strlen (BEARER),
          self->metrics_token);
}

/* Whoever watches over servers asks for their health without a name. */
static gboolean
needs_password (SoupAuthDomain *domain, SoupServerMessage *message,
    gpointer data)
{
  const gchar *path = g_uri_get_path (soup_server_message_get_uri (message));

  if (g_str_equal (path, "/healthz"))
    return FALSE;
  if (g_str_equal (path, "/metrics") && has_metrics_token (data, message))
    return FALSE;
  return !has_ticket (data, message);
}

static void
require_password (Access *self)
{
  self->domain = digest_domain_new (self->users, self->guard);
  soup_auth_domain_add_path (self->domain, "/");
  soup_auth_domain_set_filter (self->domain, needs_password, self, NULL);
  soup_server_add_auth_domain (self->server, self->domain);
}

/* Whether the host is an address (which no other web site has by a name of its
 * own) or a name of this machine. Of longer names only that of mDNS is: anybody
 * may own a domain in which there is a machine of the same name. */
static gboolean
is_own_host (const Access *self, const gchar *host)
{
  const gchar *own = g_get_host_name ();
  g_autofree gchar *in_mdns = g_strconcat (own, ".local", NULL);

  if (g_hostname_is_ip_address (host) || !g_ascii_strcasecmp (host, "localhost")
      || !g_ascii_strcasecmp (host, own) || !g_ascii_strcasecmp (host, in_mdns))
    return TRUE;
  for (guint i = 0; self->names && self->names[i]; i++) {
    if (!g_ascii_strcasecmp (host, self->names[i]))
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_host (const Access *self, const gchar *header)
{
  g_autofree gchar *text = g_strconcat ("http://", header, "/", NULL);
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  return uri && g_uri_get_host (uri) && !g_uri_get_userinfo (uri)
      && is_own_host (self, g_uri_get_host (uri));
}

/* A browser sends the origin of the page that asks, unless it only shows a
 * picture or follows a link; other programs send none. */
static gboolean
check_origin (const gchar *origin, const gchar *host)
{
  const gchar *separator = strstr (origin, "://");

  return separator && !g_ascii_strcasecmp (separator + strlen ("://"), host);
}

static gboolean
changes_something (SoupServerMessage *message)
{
  const gchar *method = soup_server_message_get_method (message);

  return method != SOUP_METHOD_GET && method != SOUP_METHOD_HEAD;
}

/* Returns: the status with which a request is refused, or 0; @reason: (out) */
static guint
judge_origin (const Access *self, SoupServerMessage *message,
    const gchar **reason)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (
      message);
  const gchar *host = soup_message_headers_get_one (headers, "Host");
  const gchar *origin = soup_message_headers_get_one (headers, "Origin");

  *reason = "The Host is no name of this server; see --http-name";
  if (!host || !check_host (self, host))
    return SOUP_STATUS_MISDIRECTED_REQUEST;
  *reason = "Other web sites may not do this";
  if (origin && !check_origin (origin, host))
    return SOUP_STATUS_FORBIDDEN;
  return 0;
}

/* Whether a model is sent, see api.c. */
static gboolean
is_upload (SoupServerMessage *message)
{
  return soup_server_message_get_method (message) == SOUP_METHOD_POST
      && g_str_has_suffix (g_uri_get_path (
                               soup_server_message_get_uri (message)),
          "/api/models");
}

static guint
judge_body (SoupServerMessage *message, const gchar **reason)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (
      message);
  const gchar *type = soup_message_headers_get_content_type (headers, NULL);
  const goffset length = soup_message_headers_get_content_length (headers);

  const gboolean sends_model = is_upload (message);

  *reason = "The body is too long";
  if (length > (sends_model ? UPLOADS_MAX_SIZE : GUARD_MAX_BODY))
    return SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE;
  *reason = "The body needs a Content-Length";
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED)
    return SOUP_STATUS_LENGTH_REQUIRED;
  *reason = sends_model ? "The Content-Type must be " BINARY
                        : "The Content-Type must be " JSON;
  if (changes_something (message)
      && g_strcmp0 (type, sends_model ? BINARY : JSON) != 0)
    return SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE;
  return 0;
}

static guint
judge (Access *self, SoupServerMessage *message, const gchar **reason)
{
  const gchar *address = soup_server_message_get_remote_host (message);
  guint status;

  *reason = "Too many requests";
  if (address && !guard_add_request (self->guard, address))
    return 429; /* Too Many Requests */
  status = judge_origin (self, message, reason);
  return status ? status : judge_body (message, reason);
}

static void
ignore_body (SoupServerMessage *message)
{
  soup_message_body_set_accumulate (soup_server_message_get_request_body (
                                        message),
      FALSE);
}

/* No more of the body is kept, and the connection is closed. */
static void
refuse (SoupServerMessage *message, guint status, const gchar *reason)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "Connection", "close");
  ignore_body (message);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "text/plain; charset=utf-8",
      SOUP_MEMORY_COPY, reason, strlen (reason));
}

static void
on_got_headers (SoupServerMessage *message, gpointer data)
{
  const gchar *reason;
  const guint status = judge (data, message, &reason);

  if (status)
    refuse (message, status, reason);
  else if (is_upload (message)
      && access_get_role (data, message) < USER_OPERATOR)
    ignore_body (message);
}

static void
on_request_started (SoupServer *server, SoupServerMessage *message,
    gpointer data)
{
  g_signal_connect (message, "got-headers", G_CALLBACK (on_got_headers), data);
}

Access *
access_new (SoupServer *server, Users *users, Guard *guard,
    const gchar *const *names, gboolean is_read_only,
    const gchar *metrics_token)
{
  Access *self = g_new0 (Access, 1);

  self->server = g_object_ref (server);
  self->users = users;
  self->guard = guard;
  self->names = g_strdupv ((gchar **) names);
  self->is_read_only = is_read_only;
  self->metrics_token = g_strdup (metrics_token);
  stamps_init (&self->stamps);
  if (users)
    require_password (self);
  g_signal_connect (server, "request-started", G_CALLBACK (on_request_started),
      self);
  return self;
}

void
access_free (Access *self)
{
  g_signal_handlers_disconnect_by_data (self->server, self);
  g_clear_object (&self->domain);
  g_object_unref (self->server);
  g_strfreev (self->names);
  g_free (self->metrics_token);
  g_free (self);
}

/* A proxy on this machine asks for others, and mostly says so. */
static gboolean
is_forwarded (SoupServerMessage *message)
{
  static const gchar *const names[] = { "Forwarded", "X-Forwarded-For",
    "X-Real-IP", "Via" };
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (
      message);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (soup_message_headers_get_list (headers, names[i]))
      return TRUE;
  }
  return FALSE;
}

/* Where nobody needs a password, only who is at this machine changes things. */
static UserRole
get_role_of_place (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  return G_IS_INET_SOCKET_ADDRESS (address) && !is_forwarded (message)
          && g_inet_address_get_is_loopback (g_inet_socket_address_get_address (
              G_INET_SOCKET_ADDRESS (address)))
      ? USER_OPERATOR
      : USER_VIEWER;
}

static UserRole
get_role_of_user (Access *self, SoupServerMessage *message)
{
  const gchar *name = digest_domain_get_user (message);

  return name ? users_get_role (self->users, name) : USER_NONE;
}

UserRole
access_get_role (Access *self, SoupServerMessage *message)
{
  const UserRole role = self->domain ? get_role_of_user (self, message)
                                     : get_role_of_place (message);

  return self->is_read_only ? MIN (role, USER_VIEWER) : role;
}
