/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "../guard.h"
#include "../options.h"

G_BEGIN_DECLS

/* Listener: accepts connections for a SoupServer, as many as the guard allows
 * an address, and closes those on which nothing moves. Main thread only. */
typedef struct _Listener Listener;

/* Binds the port (0: any free one), and accepts connections from then on.
 * Errors: a port that is taken. */
Listener *listener_new (SoupServer *server, const AccessOptions *options,
    guint16 port, Guard *guard, GError **error);
void listener_free (Listener *self);

/* For the connections to come. @certificate: (nullable): NULL for no TLS. */
void listener_set_certificate (Listener *self, GTlsCertificate *certificate);

guint16 listener_get_port (const Listener *self);
gboolean listener_has_tls (const Listener *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listener, listener_free)

G_END_DECLS
