/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): the host of a URL at which a server is reached that
 * listens on @address: an IPv6 address in brackets, and for all addresses the
 * name of the machine. */
gchar *host_from_address (const gchar *address);

G_END_DECLS
