/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "web.h"

#include <libsoup/soup.h>
#include <string.h>

#include "access.h"
#include "api.h"
#include "host.h"
#include "listener.h"
#include "metrics.h"
#include "overlay/colormap.h"
#include "page-resources.h"
#include "reply.h"
#include "stream.h"

#define PAGE "/activationmap/page/"
#define WEBSOCKET "live.ws"
#define COLORS 256
/* To each viewer in the time in which it must answer. */
#define PINGS 3

/* Site: a stream with its API, under a path of its own. */
typedef struct {
  gchar *path;     /* "/NAME/", or "/" */
  guint keepalive; /* seconds between pings of a viewer */
  Stream *stream;
  Api *api;
} Site;

struct _Web {
  SoupServer *server;
  Access *access;
  Listener *listener;
  gchar *address;
  gchar *models;
  guint keepalive;
  GPtrArray *sites;   /* of Site; the first is also at "/" */
  GPtrArray *streams; /* of Stream, owned by the sites */
};

static void
site_free (gpointer data)
{
  Site *self = data;

  g_clear_pointer (&self->api, api_free);
  g_clear_pointer (&self->stream, stream_free);
  g_free (self->path);
  g_free (self);
}

static void
on_websocket (SoupServer *server, SoupServerMessage *message, const gchar *path,
    SoupWebsocketConnection *connection, gpointer data)
{
  const Site *site = data;
  const gchar *address = soup_server_message_get_remote_host (message);

  soup_websocket_connection_set_keepalive_interval (connection,
      site->keepalive);
  stream_add_viewer (site->stream, connection, address ? address : "?");
}

static const gchar *
get_media_type (const gchar *path)
{
  static const gchar *const types[][2] = {
    { ".html", "text/html; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".svg", "image/svg+xml" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    if (g_str_has_suffix (path, types[i][0]))
      return types[i][1];
  }
  return "application/octet-stream";
}

static gboolean
serve_page (SoupServerMessage *message, const gchar *path)
{
  g_autofree gchar *resource = g_strconcat (PAGE, *path ? path : "index.html",
      NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (page_get_resource (),
      resource, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  if (!bytes)
    return FALSE;
  reply_bytes (message, get_media_type (resource), bytes);
  return TRUE;
}

static cJSON *
describe_sites (Web *self)
{
  cJSON *root = cJSON_CreateObject ();
  cJSON *list = cJSON_AddArrayToObject (root, "streams");

  for (guint i = 0; i < self->sites->len; i++) {
    const Site *site = g_ptr_array_index (self->sites, i);
    cJSON *item = cJSON_CreateObject ();

    cJSON_AddStringToObject (item, "name",
        hub_get_name (stream_get_hub (site->stream)));
    cJSON_AddStringToObject (item, "path", site->path);
    cJSON_AddItemToArray (list, item);
  }
  return root;
}

/* Six hexadecimal digits for each colour. */
static gchar *
write_colormap (OverlayColormap colormap)
{
  const guint32 *table = overlay_colormap_get_table (colormap);
  GString *text = g_string_sized_new (COLORS * 6);

  for (guint i = 0; i < COLORS; i++)
    g_string_append_printf (text, "%06x", table[i] & 0xffffff);
  return g_string_free (text, FALSE);
}

static cJSON *
describe_colormaps (void)
{
  g_autoptr (GTypeClass) class = NULL;
  GType type = g_type_from_name ("GstActivationOverlayColormap");
  cJSON *root = cJSON_CreateObject ();

  class = type ? g_type_class_ref (type) : NULL;
  for (guint i = 0; class && i < OVERLAY_N_COLORMAPS; i++) {
    const GEnumValue *value = g_enum_get_value (G_ENUM_CLASS (class), (gint) i);
    g_autofree gchar *colors = write_colormap ((OverlayColormap) i);

    cJSON_AddStringToObject (root, value->value_nick, colors);
  }
  return root;
}

static void
reply_health (Web *self, SoupServerMessage *message)
{
  const gboolean is_healthy = metrics_is_healthy (self->streams);
  const gchar *text = is_healthy ? "ok\n" : "no picture for two seconds\n";

  soup_server_message_set_status (message,
      is_healthy ? SOUP_STATUS_OK : SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
  soup_server_message_set_response (message, "text/plain; charset=utf-8",
      SOUP_MEMORY_STATIC, text, strlen (text));
}

static void
reply_metrics (Web *self, SoupServerMessage *message)
{
  gchar *text = metrics_write (self->streams);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  reply_bytes (message, "text/plain; version=0.0.4; charset=utf-8", bytes);
}

/* What is not about one stream. */
static gboolean
handle_common (Web *self, SoupServerMessage *message, const gchar *path)
{
  if (g_str_equal (path, "/api/streams"))
    reply_json (message, SOUP_STATUS_OK, describe_sites (self));
  else if (g_str_equal (path, "/api/colormaps"))
    reply_json (message, SOUP_STATUS_OK, describe_colormaps ());
  else if (g_str_equal (path, "/healthz"))
    reply_health (self, message);
  else if (g_str_equal (path, "/metrics"))
    reply_metrics (self, message);
  else
    return FALSE;
  return TRUE;
}

/* The site whose path is the longest that @path begins with. */
static const Site *
find_site (Web *self, const gchar *path)
{
  for (guint i = 0; i < self->sites->len; i++) {
    const Site *site = g_ptr_array_index (self->sites, i);

    if (!g_str_equal (site->path, "/") && g_str_has_prefix (path, site->path))
      return site;
  }
  return NULL;
}

static gboolean
redirect_to_site (Web *self, SoupServerMessage *message, const gchar *path)
{
  g_autofree gchar *folder = g_strconcat (path, "/", NULL);
  const Site *site = find_site (self, folder);

  if (!site || !g_str_equal (site->path, folder))
    return FALSE;
  soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, folder);
  return TRUE;
}

static void
handle_stream (Web *self, SoupServerMessage *message, const gchar *path,
    GHashTable *query)
{
  const Site *named = find_site (self, path);
  const Site *site = named ? named : g_ptr_array_index (self->sites, 0);
  const gchar *rest = path + (named ? strlen (named->path) : 1);

  if (!api_handle (site->api, message, rest, query)
      && !serve_page (message, rest) && !redirect_to_site (self, message, path))
    reply_error (message, SOUP_STATUS_NOT_FOUND, "There is nothing here");
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const gchar *path,
    GHashTable *query, gpointer data)
{
  Web *self = data;

  reply_add_headers (message);
  if (!handle_common (self, message, path))
    handle_stream (self, message, path, query);
}

static void
serve_websocket (Web *self, const gchar *folder, Site *site)
{
  g_autofree gchar *path = g_strconcat (folder, WEBSOCKET, NULL);

  soup_server_add_websocket_handler (self->server, path, NULL, NULL,
      on_websocket, site, NULL);
}

static gboolean
add_site (Web *self, Hub *hub, GError **error)
{
  const gchar *name = hub_get_name (hub);
  Stream *stream = stream_new (hub, error);
  Site *site;

  if (!stream)
    return FALSE;
  /* The page shows what decides, which costs the network almost nothing. */
  hub_set_default (hub, "explain=hires-cam");
  site = g_new0 (Site, 1);
  site->path = *name ? g_strdup_printf ("/%s/", name) : g_strdup ("/");
  site->keepalive = self->keepalive;
  site->stream = stream;
  site->api = api_new (stream, self->access, self->models);
  serve_websocket (self, site->path, site);
  if (self->sites->len == 0 && *name)
    serve_websocket (self, "/", site);
  g_ptr_array_add (self->sites, site);
  g_ptr_array_add (self->streams, stream);
  return TRUE;
}

static gboolean
add_sites (Web *self, GPtrArray *hubs, GError **error)
{
  for (guint i = 0; i < hubs->len; i++) {
    if (!add_site (self, g_ptr_array_index (hubs, i), error))
      return FALSE;
  }
  return TRUE;
}

/* To deflate pictures takes time and gains nothing. */
static SoupServer *
make_server (void)
{
  SoupServer *server = soup_server_new ("server-header", "activationmap-server",
      NULL);

  soup_server_remove_websocket_extension (server,
      SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  return server;
}

/* Spaces around it are none of it. @token: (out) (nullable) */
static gboolean
read_token (const gchar *path, gchar **token, GError **error)
{
  if (!path)
    return TRUE;
  if (!g_file_get_contents (path, token, NULL, error))
    return FALSE;
  g_strstrip (*token);
  if (**token)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
      "%s: there is no token in it", path);
  return FALSE;
}

Web *
web_new (const WebOptions *options, const AccessOptions *access,
    GPtrArray *hubs, Users *users, Guard *guard, GError **error)
{
  g_autofree gchar *token = NULL;
  g_autoptr (Web) self = NULL;

  if (!read_token (options->metrics_token, &token, error))
    return NULL;
  self = g_new0 (Web, 1);
  self->server = make_server ();
  self->address = g_strdup (access->address);
  self->models = g_strdup (options->models);
  self->access = access_new (self->server, users, guard,
      (const gchar *const *) options->names, access->read_only, token);
  self->keepalive = (guint) MAX (access->viewer_timeout / PINGS, 1);
  self->sites = g_ptr_array_new_with_free_func (site_free);
  self->streams = g_ptr_array_new ();
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  if (!add_sites (self, hubs, error))
    return NULL;
  self->listener = listener_new (self->server, access, (guint16) options->port,
      guard, error);
  return self->listener ? g_steal_pointer (&self) : NULL;
}

void
web_free (Web *self)
{
  g_clear_pointer (&self->listener, listener_free);
  /* While sites wait for their threads, no request must reach them. */
  soup_server_disconnect (self->server);
  g_ptr_array_unref (self->sites);
  g_ptr_array_unref (self->streams);
  access_free (self->access);
  g_object_unref (self->server);
  g_free (self->address);
  g_free (self->models);
  g_free (self);
}

void
web_set_certificate (Web *self, GTlsCertificate *certificate)
{
  listener_set_certificate (self->listener, certificate);
}

gchar *
web_make_url (const Web *self)
{
  g_autofree gchar *host = host_from_address (self->address);

  return g_strdup_printf ("%s://%s:%u/",
      listener_has_tls (self->listener) ? "https" : "http", host,
      listener_get_port (self->listener));
}
