/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Configuration: a GKeyFile as the options that it stands for. The keys of the
 * group [server] are the names of long options; those of a group [stream NAME],
 * of which there may be many, options of that stream. */
typedef struct _Configuration Configuration;

/* Errors: a file that cannot be read, or has a group that is not known, or a
 * stream whose name cannot stand in a path. */
Configuration *configuration_new (const gchar *path, GError **error);
void configuration_free (Configuration *self);

/* Adds the options of [server] to an array of strings, as they would stand on
 * the command line: "--KEY=VALUE"; "--KEY" if the value is true, and nothing if
 * it is false; once for each part of a list that semicolons separate. */
void configuration_add_server (Configuration *self, GPtrArray *arguments);

guint configuration_get_n_streams (Configuration *self);
const gchar *configuration_get_stream_name (Configuration *self, guint index);
/* Adds the options of a stream. Errors: a key that is not among @entries. */
gboolean configuration_add_stream (Configuration *self, guint index,
    const GOptionEntry *entries, GPtrArray *arguments, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Configuration, configuration_free)

G_END_DECLS
