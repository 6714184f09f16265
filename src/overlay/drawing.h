/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * overlay_drawing_renew_surface:
 * @surface: (inout) (transfer full): NULL at first
 *
 * Makes @surface a transparent CAIRO_FORMAT_ARGB32 image of the given size; one
 * that has the size already is cleared. What is then drawn has a serial number
 * of its own.
 */
void overlay_drawing_renew_surface (cairo_surface_t **surface, gint width,
    gint height);

/**
 * overlay_drawing_ensure_surface:
 * @surface: (inout) (transfer full): NULL at first
 *
 * Makes @surface a CAIRO_FORMAT_ARGB32 image of the given size; one that has
 * the size already stays as it is.
 */
void overlay_drawing_ensure_surface (cairo_surface_t **surface, gint width,
    gint height);

/**
 * overlay_drawing_grow_surface:
 * @surface: (inout) (transfer full): NULL at first
 *
 * Makes @surface a CAIRO_FORMAT_ARGB32 image of at least the given size; it
 * only ever grows, so that what is drawn on it may change its size.
 */
void overlay_drawing_grow_surface (cairo_surface_t **surface, gint width,
    gint height);

/**
 * overlay_drawing_renew_serial:
 *
 * Says that @surface is to have other pixels than all there have been.
 */
void overlay_drawing_renew_serial (cairo_surface_t *surface);

/**
 * overlay_drawing_get_serial:
 *
 * Returns: the number that no other pixels have; 0 for a surface that was never
 *   given one
 */
gsize overlay_drawing_get_serial (cairo_surface_t *surface);

/**
 * overlay_drawing_set_colour:
 * @rgb: 0xRRGGBB
 */
void overlay_drawing_set_colour (cairo_t *cairo, guint32 rgb, gdouble alpha);

/**
 * overlay_drawing_make_font_options:
 *
 * Shapes are smoothed in gray, as the colour fringes of subpixel smoothing do
 * not blend over video.
 *
 * Returns: (transfer full):
 */
cairo_font_options_t *overlay_drawing_make_font_options (void);

void overlay_drawing_fill_plate (cairo_t *cairo, gint width, gint height,
    gint radius);

G_END_DECLS
