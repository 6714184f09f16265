/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Journal: what the program tells whoever runs it. */

/* Writes a line to the standard error, with the program's name; each control
 * character in it becomes a question mark, as parts of a line may come from
 * anywhere. */
void journal_print (const gchar *format, ...) G_GNUC_PRINTF (1, 2);

/* Tells the service manager of a change of state, such as "READY=1"; see
 * sd_notify(3). Nothing happens if none has started the program. */
void journal_notify (const gchar *state);

/* Returns: (transfer full): @url with stars in the place of the name and the
 * password before the host, and of what fields such as "pwd" say after a
 * question mark. */
gchar *journal_hide_password (const gchar *url);

G_END_DECLS
