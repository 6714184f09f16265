/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "reply.h"

#include <string.h>

#include "base/json.h"

#define POLICY                                                        \
  "default-src 'none'; script-src 'self'; style-src 'self'; "         \
  "img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; " \
  "form-action 'none'; frame-ancestors 'none'"

/* Of a message whose client has gone. */
#define GONE_KEY "activationmap-gone"

void
reply_json (SoupServerMessage *message, guint status, cJSON *root)
{
  gchar *text = json_print (root);

  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json",
      SOUP_MEMORY_COPY, text, strlen (text));
  cJSON_free (text);
  cJSON_Delete (root);
}

void
reply_error (SoupServerMessage *message, guint status, const gchar *text)
{
  cJSON *root = cJSON_CreateObject ();

  cJSON_AddStringToObject (root, "error", text);
  reply_json (message, status, root);
}

void
reply_bytes (SoupServerMessage *message, const gchar *type, GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, data,
      size);
}

static void
on_gone (SoupServerMessage *message, gpointer data)
{
  g_object_set_data (G_OBJECT (message), GONE_KEY, message);
}

void
reply_pause (SoupServerMessage *message)
{
  g_signal_connect (message, "disconnected", G_CALLBACK (on_gone), NULL);
  g_signal_connect (message, "finished", G_CALLBACK (on_gone), NULL);
  soup_server_message_pause (message);
}

/* libsoup cannot resume what has been disconnected. */
void
reply_resume (SoupServerMessage *message)
{
  if (!g_object_get_data (G_OBJECT (message), GONE_KEY))
    soup_server_message_unpause (message);
}

void
reply_add_headers (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (
      message);

  soup_message_headers_replace (headers, "Content-Security-Policy", POLICY);
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Cache-Control", "no-cache");
}
