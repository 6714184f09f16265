/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * heatmap_text_clean:
 * @text: (nullable): UTF-8, or what claims to be
 *
 * Returns: (transfer full): the first few hundred characters as one line of
 *   valid UTF-8, with a space for each control character
 */
gchar *heatmap_text_clean (const gchar *text);

/**
 * heatmap_text_select:
 * @size: in pixels
 *
 * Selects the font of all text. Shapes are smoothed in gray, as the colour
 * fringes of subpixel smoothing do not blend over video. Characters that it
 * lacks are measured and shown as the nearest ones of ASCII.
 */
void heatmap_text_select (cairo_t *cairo, gdouble size, gboolean bold);

/**
 * heatmap_text_measure:
 *
 * Returns: the width of @text in the selected font, in whole pixels
 */
gint heatmap_text_measure (cairo_t *cairo, const gchar *text);

/**
 * heatmap_text_fit:
 * @text: valid UTF-8
 * @size: (inout): to begin with, in pixels, and what it came to
 * @bold: whether the font is
 *
 * Selects the largest font in which @text fits @max_width, down to two thirds of
 * @size and no smaller than can be read.
 *
 * Returns: (transfer full): @text, with an ellipsis when no font is small enough
 */
gchar *heatmap_text_fit (cairo_t *cairo, const gchar *text, gint *size,
    gboolean bold, gint max_width);

/**
 * heatmap_text_ellipsise:
 * @text: valid UTF-8
 *
 * Returns: (transfer full): @text, or as much of it as fits @max_width together
 *   with an ellipsis; empty when nothing does
 */
gchar *heatmap_text_ellipsise (cairo_t *cairo, const gchar *text,
    gint max_width);

/**
 * heatmap_text_show:
 * @x: left edge
 * @y: top edge of the line
 * @height: of the line; capital letters stand in its middle
 *
 * Draws in the current source and the selected font.
 */
void heatmap_text_show (cairo_t *cairo, const gchar *text, gint x, gint y,
    gint height);

/**
 * heatmap_text_show_on_line:
 * @baseline: on which the letters stand
 *
 * As heatmap_text_show().
 */
void heatmap_text_show_on_line (cairo_t *cairo, const gchar *text, gint x,
    gint baseline);

G_END_DECLS
