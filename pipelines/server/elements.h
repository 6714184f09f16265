/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Whether all these elements, NULL-terminated, are installed: what is missing
 * is an error at the start, not when it is needed. */
gboolean elements_check (const gchar *const *names, GError **error);

G_END_DECLS
