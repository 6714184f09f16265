/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Draws the picture that is shown while there is none. @width, @height: at
 * least 1. Returns: (transfer full): a raw picture; its caps are put into
 * @caps (transfer full). */
GstBuffer *placeholder_draw (gint width, gint height, const gchar *text,
    GstCaps **caps);

G_END_DECLS
