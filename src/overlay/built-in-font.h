/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* Text where no font is installed, in the one that Cairo then takes: its own.
 * That has ASCII only, so other characters are shown as the nearest ones of
 * ASCII. */

/**
 * overlay_built_in_font_measure:
 *
 * Returns: in pixels
 */
gint overlay_built_in_font_measure (gint size, gboolean bold,
    const gchar *string);

/**
 * overlay_built_in_font_get_cap_height:
 *
 * Returns: of capital letters, in pixels
 */
gint overlay_built_in_font_get_cap_height (gint size, gboolean bold);

/**
 * overlay_built_in_font_ellipsise:
 * @string: valid UTF-8
 *
 * Returns: (transfer full): @string, or as much of it as fits @max_width
 *   together with an ellipsis; empty when nothing does
 */
gchar *overlay_built_in_font_ellipsise (gint size, gboolean bold,
    const gchar *string, gint max_width);

/**
 * overlay_built_in_font_show:
 *
 * Draws in the current source of @cairo.
 */
void overlay_built_in_font_show (cairo_t *cairo, gint size, gboolean bold,
    const gchar *string, gint x, gint baseline);

G_END_DECLS
