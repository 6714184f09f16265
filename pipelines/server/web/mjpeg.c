/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mjpeg.h"

#include "../journal.h"

#define BOUNDARY "picture"

struct _Mjpeg {
  SoupServerMessage *message;
  gchar *address;
  gint64 start;
  gboolean is_writing;
  gboolean has_ended;
  guint64 last_number;
  MjpegFunc ready;
  MjpegFunc closed;
  gpointer user_data;
};

static void
on_wrote_chunk (SoupServerMessage *message, gpointer data)
{
  Mjpeg *self = data;

  self->is_writing = FALSE;
  self->ready (self, self->user_data);
}

static void
on_ended (SoupServerMessage *message, gpointer data)
{
  Mjpeg *self = data;

  self->has_ended = TRUE;
  self->closed (self, self->user_data);
}

static const gchar *
get_path (const Mjpeg *self)
{
  return g_uri_get_path (soup_server_message_get_uri (self->message));
}

Mjpeg *
mjpeg_new (SoupServerMessage *message, MjpegFunc ready, MjpegFunc closed,
    gpointer user_data)
{
  Mjpeg *self = g_new0 (Mjpeg, 1);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (
      message);

  self->message = g_object_ref (message);
  self->address = g_strdup (soup_server_message_get_remote_host (message));
  self->start = g_get_monotonic_time ();
  self->ready = ready;
  self->closed = closed;
  self->user_data = user_data;
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_EOF);
  soup_message_headers_replace (headers, "Content-Type",
      "multipart/x-mixed-replace; boundary=" BOUNDARY);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (
                                        message),
      FALSE);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (on_wrote_chunk), self);
  g_signal_connect (message, "finished", G_CALLBACK (on_ended), self);
  g_signal_connect (message, "disconnected", G_CALLBACK (on_ended), self);
  journal_print ("%s watches %s", self->address, get_path (self));
  return self;
}

void
mjpeg_free (Mjpeg *self)
{
  g_signal_handlers_disconnect_by_data (self->message, self);
  if (!self->has_ended) {
    soup_message_body_complete (
        soup_server_message_get_response_body (self->message));
    soup_server_message_unpause (self->message);
  }
  journal_print ("%s has left %s after %d s", self->address, get_path (self),
      (gint) ((g_get_monotonic_time () - self->start) / G_USEC_PER_SEC));
  g_object_unref (self->message);
  g_free (self->address);
  g_free (self);
}

void
mjpeg_send (Mjpeg *self, const Picture *picture)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);
  g_autoptr (GString) head = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;

  if (self->is_writing || picture->info.number == self->last_number)
    return;
  g_string_printf (head,
      "--" BOUNDARY "\r\nContent-Type: image/jpeg\r\n"
      "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      g_bytes_get_size (picture->jpeg));
  g_string_append_len (head, g_bytes_get_data (picture->jpeg, NULL),
      (gssize) g_bytes_get_size (picture->jpeg));
  g_string_append (head, "\r\n");
  bytes = g_string_free_to_bytes (g_steal_pointer (&head));
  soup_message_body_append_bytes (body, bytes);
  self->is_writing = TRUE;
  self->last_number = picture->info.number;
  soup_server_message_unpause (self->message);
}
