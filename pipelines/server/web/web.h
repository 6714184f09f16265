/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "../guard.h"
#include "../hub.h"
#include "../users.h"
#include "../web-options.h"

G_BEGIN_DECLS

/* Web: the page, its WebSockets, and the API, for any number of streams. It
 * lives in the main thread's default context. */
typedef struct _Web Web;

/* Binds the port, and serves from then on. @hubs: (element-type Hub), which
 * must outlive it, as @users (nullable) and @guard must. */
Web *web_new (const WebOptions *options, const AccessOptions *access,
    GPtrArray *hubs, Users *users, Guard *guard, GError **error);
/* Closes all connections. */
void web_free (Web *self);

/* For the connections to come, if there was a certificate. */
void web_set_certificate (Web *self, GTlsCertificate *certificate);

/* Returns: (transfer full): where to point a browser. */
gchar *web_make_url (const Web *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Web, web_free)

G_END_DECLS
