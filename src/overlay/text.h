/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * OverlayText:
 *
 * Shapes and draws lines of text in any language, with Pango: from right to
 * left where they are so written, and in whichever fonts have their characters.
 * Colour emoji keep their colours. Text is never markup.
 *
 * All this allocates memory, so what is drawn is to be kept. Each object serves
 * one thread at a time; different ones may be used at once.
 */
typedef struct _OverlayText OverlayText;

/**
 * overlay_text_new:
 *
 * Also looks for the fonts of the common scripts, as their first use takes
 * longer than a frame.
 *
 * Returns: (transfer full): free with overlay_text_free()
 */
OverlayText *overlay_text_new (void);

void overlay_text_free (OverlayText *text);

/**
 * overlay_text_clean:
 * @string: (nullable): UTF-8, or what claims to be
 *
 * Returns: (transfer full): the first few hundred characters as one line of
 *   valid UTF-8, with a space for each control character
 */
gchar *overlay_text_clean (const gchar *string);

/**
 * overlay_text_select:
 * @size: in pixels
 *
 * Selects the font for all that follows.
 */
void overlay_text_select (OverlayText *text, gint size, gboolean bold);

/**
 * overlay_text_measure:
 * @string: valid UTF-8, one line, as below
 *
 * Returns: the width of @string in the selected font, in whole pixels
 */
gint overlay_text_measure (OverlayText *text, const gchar *string);

/**
 * overlay_text_measure_within:
 *
 * Returns: what overlay_text_show() takes of @max_width: the width of @string,
 *   or of as much of it as fits with an ellipsis; 0 when nothing does
 */
gint overlay_text_measure_within (OverlayText *text, const gchar *string,
    gint max_width);

/**
 * overlay_text_fit:
 * @size: to begin with, in pixels
 *
 * Selects the largest font in which @string fits @max_width, down to two thirds
 * of @size and no smaller than can be read.
 */
void overlay_text_fit (OverlayText *text, const gchar *string, gint size,
    gboolean bold, gint max_width);

/**
 * overlay_text_show:
 * @x: left edge, also of text from right to left
 * @y: top edge of the line
 * @height: of the line; capital letters stand in its middle
 * @max_width: longer text is cut between graphemes and ends in an ellipsis
 *
 * Draws in the current source of @cairo and the selected font.
 */
void overlay_text_show (OverlayText *text, cairo_t *cairo, const gchar *string,
    gint x, gint y, gint height, gint max_width);

/**
 * overlay_text_show_on_line:
 * @baseline: on which the letters stand
 *
 * As overlay_text_show().
 */
void overlay_text_show_on_line (OverlayText *text, cairo_t *cairo,
    const gchar *string, gint x, gint baseline, gint max_width);

/**
 * overlay_text_get_cap_height:
 *
 * Returns: of the selected font, in pixels
 */
gint overlay_text_get_cap_height (OverlayText *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OverlayText, overlay_text_free)

G_END_DECLS
