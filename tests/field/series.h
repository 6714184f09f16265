/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A series of frames of one face. Everything that the overlay follows from
 * frame to frame varies: the box, the score and the maps. */

#pragma once

#include "common.h"

G_BEGIN_DECLS

#define SERIES_WIDTH 320
#define SERIES_HEIGHT 240

/**
 * series_overlay:
 *
 * Returns: (transfer full): a harness around an activationoverlay with
 *   @properties
 */
GstHarness *series_overlay (const gchar *properties);

/**
 * series_frame:
 *
 * Returns: (transfer full): frame @number, without a duration
 */
GstBuffer *series_frame (guint number, GstClockTime pts);

/**
 * series_draw:
 *
 * Returns: (transfer full): the bytes of series_frame() after @overlay has
 *   drawn on it
 */
GBytes *series_draw (GstHarness *overlay, guint number, GstClockTime pts);

/**
 * series_is_drawn_anew:
 * @drawn: the result of series_draw() for frame @number, with @properties
 *
 * Returns: whether it was drawn as if it were the first frame of its stream
 */
gboolean series_is_drawn_anew (GBytes *drawn, const gchar *properties,
    guint number);

G_END_DECLS
