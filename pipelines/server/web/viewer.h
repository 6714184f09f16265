/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "message.h"

G_BEGIN_DECLS

/* Viewer: a browser that watches by a WebSocket. libsoup queues without end
 * what it is given to send, so at most two pictures are on their way to a
 * viewer: each must be acknowledged with its token, which only who has read it
 * knows. Of the others, only the newest is sent. Main thread only. */
typedef struct _Viewer Viewer;

/* Something has changed: there is room for another picture, or another part of
 * it is wanted, or the viewer is gone and must be freed. */
typedef void (*ViewerFunc) (Viewer *viewer, gpointer user_data);

/* @address: where it comes from. */
Viewer *viewer_new (SoupWebsocketConnection *connection, const gchar *address,
    ViewerFunc changed, ViewerFunc closed, gpointer user_data);
void viewer_free (Viewer *self);

const gchar *viewer_get_address (const Viewer *self);
/* Since when it has been there, in s. */
gint viewer_get_age (const Viewer *self);

const MessageRequest *viewer_get_request (const Viewer *self);

/* Whether the picture should be sent: it is one that the viewer does not have,
 * and not too many are on their way. */
gboolean viewer_wants (const Viewer *self, const Picture *picture);
void viewer_send (Viewer *self, const Picture *picture, GBytes *message);

G_END_DECLS
