/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "../guard.h"
#include "../options.h"
#include "../users.h"

G_BEGIN_DECLS

/* Access: which requests are served. A page of another web site, open in a
 * browser on this machine, must not reach the server in the name of who sits
 * there: the Host must be an address or a name of this machine, the Origin that
 * of the page, and what changes something must be JSON. Main thread only. */
typedef struct _Access Access;

/* @users: (nullable): NULL lets everybody watch, and those at this machine
 * change things. @names: (nullable): further names by which browsers know this
 * machine; NULL-terminated. @is_read_only: nobody changes things.
 * @metrics_token: (nullable): opens /metrics without a password. */
Access *access_new (SoupServer *server, Users *users, Guard *guard,
    const gchar *const *names, gboolean is_read_only,
    const gchar *metrics_token);
void access_free (Access *self);

/* What the sender of the request may do. */
UserRole access_get_role (Access *self, SoupServerMessage *message);

/* Returns: (transfer full): a word that opens a WebSocket for the next half a
 * minute, because not every browser sends a password with one. */
gchar *access_make_ticket (Access *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Access, access_free)

G_END_DECLS
