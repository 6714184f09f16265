/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Talk: an RTSP connection whose every request a test makes itself. */
typedef struct {
  GSocketConnection *connection;
  gchar *url;
  gchar *session; /* after talk_set_up() */
  guint n_requests;
} Talk;

Talk *talk_new (const gchar *url);
/* Hangs up. */
void talk_free (Talk *self);

/* Sends a request with a header (nullable) such as "Range: npt=0-". */
void talk_send (Talk *self, const gchar *method, const gchar *url,
    const gchar *header);
/* Returns the next answer, with its body; NULL if the connection has ended.
 * Pictures that come before it are skipped. */
gchar *talk_receive (Talk *self);

/* Each makes a request, and checks that it is granted. @transport: such as
 * "RTP/AVP/TCP;unicast;interleaved=0-1". */
gchar *talk_describe (Talk *self);
gchar *talk_set_up (Talk *self, const gchar *transport);
gchar *talk_play (Talk *self);

#define TALK_TCP "RTP/AVP/TCP;unicast;interleaved=0-1"

/* A packet of RTP: its time stamp in ticks of 1/90000 s, and the type of the
 * last H.264 unit of which it holds something. */
typedef struct {
  guint32 time;
  guint type;
} TalkPacket;

/* Waits for the next packet that comes by TCP. FALSE at the end. */
gboolean talk_next_packet (Talk *self, TalkPacket *packet);

G_END_DECLS
