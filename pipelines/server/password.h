/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads a line from the standard input, which a terminal does not show. A
 * signal that ends the program meanwhile, such as Ctrl-C, leaves the terminal
 * as it was. @size: of @password, with the zero at its end. FALSE: there is no
 * line. */
gboolean password_read (gchar *password, gint size);

G_END_DECLS
