/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "../hub.h"
#include "picture.h"
#include "snapshots.h"

G_BEGIN_DECLS

/* Stream: what browsers see of a hub. Each picture is encoded once, and only
 * while somebody watches. Main thread only. */
typedef struct _Stream Stream;

/* @hub must outlive it. */
Stream *stream_new (Hub *hub, GError **error);
/* Closes the connections of all viewers. */
void stream_free (Stream *self);

Hub *stream_get_hub (Stream *self);

/* Shows the pictures to a viewer. @address: where it comes from. */
void stream_add_viewer (Stream *self, SoupWebsocketConnection *connection,
    const gchar *address);
/* Answers with a sequence of JPEG pictures. */
void stream_add_mjpeg (Stream *self, SoupServerMessage *message);
guint stream_count_viewers (Stream *self);

/* Asks for the last picture: that of all viewers, or one that is made now. */
void stream_ask_picture (Stream *self, SnapshotFunc func, gpointer user_data);

/* Makes viewers ask for the properties and the model again. */
void stream_announce_change (Stream *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Stream, stream_free)

G_END_DECLS
