/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "viewer.h"

#include "../stamps.h"
#include "base/json.h"

#define MAX_IN_FLIGHT 2
/* Names of layers may be many. */
#define MAX_REQUEST_SIZE (64 * 1024)

struct _Viewer {
  SoupWebsocketConnection *connection;
  gchar *address;
  gint64 start;
  MessageRequest request;
  guint64 tokens[MAX_IN_FLIGHT]; /* of the pictures on their way */
  guint n_in_flight;
  guint64 last_number; /* of the picture that was last sent */
  ViewerFunc changed;
  ViewerFunc closed;
  gpointer user_data;
};

static void
acknowledge (Viewer *self, gdouble token)
{
  for (guint i = 0; i < self->n_in_flight; i++) {
    if ((gdouble) self->tokens[i] == token) {
      self->tokens[i] = self->tokens[--self->n_in_flight];
      return;
    }
  }
}

static gboolean
read_request (Viewer *self, const cJSON *root, GError **error)
{
  const cJSON *token = json_get (root, "acknowledge");

  if (cJSON_IsNumber (token))
    acknowledge (self, token->valuedouble);
  return message_request_read (&self->request, root, error);
}

static void
handle (Viewer *self, GBytes *message)
{
  g_autoptr (GError) error = NULL;
  cJSON *root = json_parse (message, &error);

  if (!root || !read_request (self, root, &error))
    soup_websocket_connection_close (self->connection,
        SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, error->message);
  else
    self->changed (self, self->user_data);
  cJSON_Delete (root);
}

static void
on_message (SoupWebsocketConnection *connection, gint type, GBytes *message,
    gpointer data)
{
  handle (data, message);
}

static void
on_closed (SoupWebsocketConnection *connection, gpointer data)
{
  Viewer *self = data;

  self->closed (self, self->user_data);
}

Viewer *
viewer_new (SoupWebsocketConnection *connection, const gchar *address,
    ViewerFunc changed, ViewerFunc closed, gpointer user_data)
{
  Viewer *self = g_new0 (Viewer, 1);

  self->connection = g_object_ref (connection);
  self->address = g_strdup (address);
  self->start = g_get_monotonic_time ();
  self->request = (MessageRequest) MESSAGE_REQUEST_DEFAULT;
  self->changed = changed;
  self->closed = closed;
  self->user_data = user_data;
  soup_websocket_connection_set_max_incoming_payload_size (connection,
      MAX_REQUEST_SIZE);
  g_signal_connect (connection, "message", G_CALLBACK (on_message), self);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  return self;
}

void
viewer_free (Viewer *self)
{
  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (soup_websocket_connection_get_state (self->connection)
      == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection,
        SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  g_object_unref (self->connection);
  message_request_clear (&self->request);
  g_free (self->address);
  g_free (self);
}

const gchar *
viewer_get_address (const Viewer *self)
{
  return self->address;
}

gint
viewer_get_age (const Viewer *self)
{
  return (gint) ((g_get_monotonic_time () - self->start) / G_USEC_PER_SEC);
}

const MessageRequest *
viewer_get_request (const Viewer *self)
{
  return &self->request;
}

gboolean
viewer_wants (const Viewer *self, const Picture *picture)
{
  return self->n_in_flight < MAX_IN_FLIGHT
      && picture->info.number != self->last_number
      && soup_websocket_connection_get_state (self->connection)
      == SOUP_WEBSOCKET_STATE_OPEN;
}

/* Nobody but who reads what is sent to this viewer knows it. */
static guint64
make_token (void)
{
  guint64 number;

  stamps_fill_random (&number, sizeof number);
  return MESSAGE_MIN_TOKEN + number % MESSAGE_N_TOKENS;
}

void
viewer_send (Viewer *self, const Picture *picture, GBytes *message)
{
  const guint64 token = make_token ();
  g_autoptr (GBytes) own = message_give_token (message, token);

  self->tokens[self->n_in_flight++] = token;
  self->last_number = picture->info.number;
  soup_websocket_connection_send_message (self->connection,
      SOUP_WEBSOCKET_DATA_BINARY, own);
}
