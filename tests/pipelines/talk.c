/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "talk.h"

#include <stdlib.h>
#include <string.h>

#define OK "RTSP/1.0 200 OK"
#define RTP_HEADER 12
#define AGGREGATE 24
#define FRAGMENT 28

Talk *
talk_new (const gchar *url)
{
  Talk *self = g_new0 (Talk, 1);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;

  self->url = g_strdup (url);
  self->connection = g_socket_client_connect_to_uri (client, url, 8554, NULL,
      &error);
  g_assert_no_error (error);
  return self;
}

void
talk_free (Talk *self)
{
  g_object_unref (self->connection);
  g_free (self->url);
  g_free (self->session);
  g_free (self);
}

void
talk_send (Talk *self, const gchar *method, const gchar *url,
    const gchar *header)
{
  g_autofree gchar *session = self->session
      ? g_strdup_printf ("Session: %s\r\n", self->session)
      : g_strdup ("");
  g_autofree gchar *text =
      g_strdup_printf ("%s %s RTSP/1.0\r\nCSeq: %u\r\n%s%s%s\r\n", method, url,
          ++self->n_requests, session, header ? header : "",
          header ? "\r\n" : "");

  g_output_stream_write_all (g_io_stream_get_output_stream (
                                 G_IO_STREAM (self->connection)),
      text, strlen (text), NULL, NULL, NULL);
}

static gboolean
read_bytes (Talk *self, gpointer bytes, gsize size)
{
  gsize n_read = 0;

  g_input_stream_read_all (g_io_stream_get_input_stream (
                               G_IO_STREAM (self->connection)),
      bytes, size, &n_read, NULL, NULL);
  return n_read == size;
}

/* Reads the rest of a packet after the dollar that it begins with. */
static GBytes *
read_packet (Talk *self, guint8 *channel)
{
  guint8 header[3];
  gsize size;
  guint8 *bytes;

  if (!read_bytes (self, header, sizeof header))
    return NULL;
  *channel = header[0];
  size = (gsize) header[1] << 8 | header[2];
  bytes = g_malloc (size);
  if (!read_bytes (self, bytes, size)) {
    g_free (bytes);
    return NULL;
  }
  return g_bytes_new_take (bytes, size);
}

static gboolean
read_body (Talk *self, GString *answer)
{
  const gchar *field = strstr (answer->str, "Content-Length: ");
  const gsize size = field ? (gsize) atoi (field + strlen ("Content-Length: "))
                           : 0;
  const gsize start = answer->len;

  g_string_set_size (answer, start + size);
  return read_bytes (self, answer->str + start, size);
}

gchar *
talk_receive (Talk *self)
{
  g_autoptr (GString) answer = g_string_new (NULL);
  guint8 channel;
  gchar c;

  while (!g_str_has_suffix (answer->str, "\r\n\r\n")) {
    if (!read_bytes (self, &c, 1))
      return NULL;
    if (c == '$' && answer->len == 0)
      g_bytes_unref (read_packet (self, &channel));
    else
      g_string_append_c (answer, c);
  }
  if (!read_body (self, answer))
    return NULL;
  return g_strdup (answer->str);
}

static gchar *
ask (Talk *self, const gchar *method, const gchar *url, const gchar *header)
{
  gchar *answer;

  talk_send (self, method, url, header);
  answer = talk_receive (self);
  g_assert_nonnull (answer);
  if (!g_str_has_prefix (answer, OK))
    g_test_message ("%s: %s", method, answer);
  g_assert_true (g_str_has_prefix (answer, OK));
  return answer;
}

gchar *
talk_describe (Talk *self)
{
  return ask (self, "DESCRIBE", self->url, "Accept: application/sdp");
}

gchar *
talk_set_up (Talk *self, const gchar *transport)
{
  g_autofree gchar *url = g_strconcat (self->url, "/stream=0", NULL);
  g_autofree gchar *header = g_strconcat ("Transport: ", transport, NULL);
  gchar *answer = ask (self, "SETUP", url, header);
  const gchar *session = strstr (answer, "Session: ");

  g_assert_nonnull (session);
  session += strlen ("Session: ");
  self->session = g_strndup (session, strcspn (session, ";\r"));
  return answer;
}

gchar *
talk_play (Talk *self)
{
  return ask (self, "PLAY", self->url, "Range: npt=0-");
}

/* Returns the type of the last unit in a packet that holds several, each after
 * its size. */
static guint
get_last_type (const guint8 *data, gsize size)
{
  guint type = 0;

  for (gsize i = 1; i + 2 < size; i += 2 + ((gsize) data[i] << 8 | data[i + 1]))
    type = data[i + 2] & 31;
  return type;
}

static gboolean
parse_packet (GBytes *bytes, TalkPacket *packet)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  if (size <= RTP_HEADER + 1)
    return FALSE;
  packet->time = (guint32) data[4] << 24 | (guint32) data[5] << 16
      | (guint32) data[6] << 8 | data[7];
  packet->type = data[RTP_HEADER] & 31;
  if (packet->type == FRAGMENT)
    packet->type = data[RTP_HEADER + 1] & 31;
  else if (packet->type == AGGREGATE)
    packet->type = get_last_type (data + RTP_HEADER, size - RTP_HEADER);
  return TRUE;
}

gboolean
talk_next_packet (Talk *self, TalkPacket *packet)
{
  guint8 dollar, channel;

  while (read_bytes (self, &dollar, 1)) {
    g_autoptr (GBytes) bytes = read_packet (self, &channel);

    if (!bytes)
      return FALSE;
    if (channel == 0 && parse_packet (bytes, packet))
      return TRUE;
  }
  return FALSE;
}
