/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

#include "guard.h"
#include "hub.h"
#include "options.h"
#include "users.h"

G_BEGIN_DECLS

/* Server: the RTSP side of all streams: for each, the picture with the maps
 * drawn into it, at its mount, and the picture as it came from the source, at
 * /clean or /NAME/clean. */
typedef struct _Server Server;

/* Binds the port, but does not accept viewers yet. @hubs: of Hub. @users:
 * (nullable). Everything outlives the server. */
Server *server_new (const Options *options, GPtrArray *hubs, Users *users,
    Guard *guard, GError **error);

/* Disconnects all viewers, and waits until the last thread that serves one has
 * ended. */
void server_free (Server *self);

/* Starts accepting viewers. */
void server_start (Server *self);

/* Lets in others from now on; those who are connected stay. @certificate: if
 * there was one. @users: if there were some; not kept. Errors: users that
 * cannot be read; then nothing changes. */
gboolean server_set_access (Server *self, GTlsCertificate *certificate,
    Users *users, GError **error);

/* Returns: (transfer full): where the drawn picture of a stream is. */
gchar *server_make_url (const Server *self, const Hub *hub);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Server, server_free)

G_END_DECLS
