/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/rtsp-server/rtsp-server.h>

#include "guard.h"

G_BEGIN_DECLS

/* ViewerLog: follows an RTSP connection from its beginning to its end: logs who
 * watches what, tells the stream when somebody begins to watch, ends
 * connections that do not read, and leaves nothing of those that have ended.
 * The connection owns it. @timeout: seconds that a connection may take to read.
 * FALSE: the address has too many connections, and this one is to be closed. */
gboolean viewer_log_follow (GstRTSPServer *server, GstRTSPClient *client,
    Guard *guard, gint timeout);

/* For the server's end: shuts the connection down, and leaves it to the thread
 * that serves it to close it. If it were closed while that thread reads, the
 * thread would never end. */
void viewer_log_shut_down (GstRTSPClient *client);

G_END_DECLS
