/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A series of frames of one face, in which all differs from frame to frame that
 * a drawing follows: box, score, maps. */

#pragma once

#include "common.h"

G_BEGIN_DECLS

#define SERIES_WIDTH 320
#define SERIES_HEIGHT 240

/**
 * series_overlay:
 *
 * Returns: (transfer full): around an activationoverlay with these properties
 */
GstHarness *series_overlay (const gchar *properties);

/**
 * series_frame:
 *
 * Returns: (transfer full): without duration
 */
GstBuffer *series_frame (guint number, GstClockTime pts);

/**
 * series_draw:
 *
 * Returns: (transfer full): the bytes of series_frame() as @overlay draws it
 */
GBytes *series_draw (GstHarness *overlay, guint number, GstClockTime pts);

/**
 * series_is_drawn_anew:
 * @drawn: what series_draw() made of the @number th frame with @properties
 *
 * Returns: whether it is drawn as if it were the first of its stream
 */
gboolean series_is_drawn_anew (GBytes *drawn, const gchar *properties,
    guint number);

G_END_DECLS
