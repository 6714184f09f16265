/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Guard: limits what one address may take of the server, by RTSP and HTTP
 * together, and all addresses together. Addresses are IP addresses as text,
 * without a port; those of IPv6 count as one if their first 64 bits are equal,
 * because whoever has one of them has them all. All functions may be called
 * from any thread. */
typedef struct _Guard Guard;

/* The most bytes that the body of a request may have, unless a handler says
 * otherwise (the upload of a model). */
#define GUARD_MAX_BODY (64 * 1024)

/* RTSP sessions of all addresses. */
#define GUARD_MAX_SESSIONS 256
/* Connections of all addresses, unless one may have more. Each has a
 * descriptor, and a process may have 1024 of them. */
#define GUARD_MAX_CONNECTIONS 800
/* Addresses that are remembered. */
#define GUARD_MAX_ADDRESSES 4096

/* @max_connections: at the same time, for one address. */
Guard *guard_new (guint max_connections);
void guard_free (Guard *self);

/* Whether the address may have one more connection; if so, it is counted until
 * guard_remove_connection(). */
gboolean guard_add_connection (Guard *self, const gchar *address);
void guard_remove_connection (Guard *self, const gchar *address);

/* Whether the address may begin one more RTSP session, which may go on without
 * a connection. Not more than half of all sessions are for one address. */
gboolean guard_may_add_session (Guard *self, const gchar *address);
void guard_add_session (Guard *self, const gchar *address);
void guard_remove_session (Guard *self, const gchar *address);

/* Whether the address may make one more request now. */
gboolean guard_add_request (Guard *self, const gchar *address);

/* Counts a wrong name or password. */
void guard_add_failed_login (Guard *self, const gchar *address);
/* Whether the address has had too many of them of late: then do not even look
 * at its passwords. */
gboolean guard_is_locked_out (Guard *self, const gchar *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Guard, guard_free)

G_END_DECLS
