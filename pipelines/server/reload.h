/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "options.h"
#include "users.h"

G_BEGIN_DECLS

/* Reload: what the command line and the files that it names say now, read and
 * tried while everything goes on as it was. */
typedef struct {
  Options *options;
  Users *users;       /* (nullable) */
  GPtrArray *changes; /* for each hub, what hub_apply_properties() takes */
} Reload;

/* @reload: (transfer full) (nullable): NULL with an error, which is lent. */
typedef void (
    *ReloadFunc) (Reload *reload, const GError *error, gpointer user_data);

/* Calls @func once, from the main loop. @argv and @hubs must stay until then.
 * Of the properties of a stream, those are changed that its options name:
 * others stay as they are. */
void reload_start (gchar **argv, GPtrArray *hubs, ReloadFunc func,
    gpointer user_data);
void reload_free (Reload *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reload, reload_free)

G_END_DECLS
