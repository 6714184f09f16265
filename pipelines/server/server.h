/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

#include "options.h"
#include "relay.h"

G_BEGIN_DECLS

/* Server: the RTSP side, one stream for all viewers. */
typedef struct _Server Server;

/* Binds the port, but does not accept viewers yet. Functions of the relay are
 * called from threads of the server. */
Server *server_new (const Options *options, Relay *relay,
    RelayKeyframeFunc request_keyframe, gpointer user_data, GError **error);

/* Disconnects all viewers, and waits until the last thread that serves one has
 * ended. */
void server_free (Server *self);

/* Starts accepting viewers. */
void server_start (Server *self);

gchar *server_make_url (const Server *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

G_END_DECLS
