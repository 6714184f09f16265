/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * HeatmapText:
 *
 * Shapes and draws lines of text in any language, with Pango: from right to left
 * where they are so written, and in whichever fonts have their characters. Colour
 * emoji keep their colours. Text is never markup.
 *
 * All this allocates memory, so what is drawn is to be kept. Each object serves one
 * thread at a time; different ones may be used at once.
 */
typedef struct _HeatmapText HeatmapText;

/**
 * heatmap_text_new:
 *
 * Also looks for the fonts of the common scripts, as their first use takes
 * longer than a frame.
 *
 * Returns: (transfer full): free with heatmap_text_free()
 */
HeatmapText *heatmap_text_new (void);

void heatmap_text_free (HeatmapText *text);

/**
 * heatmap_text_clean:
 * @string: (nullable): UTF-8, or what claims to be
 *
 * Returns: (transfer full): the first few hundred characters as one line of
 *   valid UTF-8, with a space for each control character
 */
gchar *heatmap_text_clean (const gchar *string);

/**
 * heatmap_text_select:
 * @size: in pixels
 *
 * Selects the font for all that follows.
 */
void heatmap_text_select (HeatmapText *text, gint size, gboolean bold);

/**
 * heatmap_text_measure:
 * @string: valid UTF-8, one line, as below
 *
 * Returns: the width of @string in the selected font, in whole pixels
 */
gint heatmap_text_measure (HeatmapText *text, const gchar *string);

/**
 * heatmap_text_measure_within:
 *
 * Returns: what heatmap_text_show() takes of @max_width: the width of @string,
 *   or of as much of it as fits with an ellipsis; 0 when nothing does
 */
gint heatmap_text_measure_within (HeatmapText *text, const gchar *string,
    gint max_width);

/**
 * heatmap_text_fit:
 * @size: to begin with, in pixels
 *
 * Selects the largest font in which @string fits @max_width, down to two thirds
 * of @size and no smaller than can be read.
 */
void heatmap_text_fit (HeatmapText *text, const gchar *string, gint size,
    gboolean bold, gint max_width);

/**
 * heatmap_text_show:
 * @x: left edge, also of text from right to left
 * @y: top edge of the line
 * @height: of the line; capital letters stand in its middle
 * @max_width: longer text is cut between graphemes and ends in an ellipsis
 *
 * Draws in the current source of @cairo and the selected font.
 */
void heatmap_text_show (HeatmapText *text, cairo_t *cairo, const gchar *string,
    gint x, gint y, gint height, gint max_width);

/**
 * heatmap_text_show_on_line:
 * @baseline: on which the letters stand
 *
 * As heatmap_text_show().
 */
void heatmap_text_show_on_line (HeatmapText *text, cairo_t *cairo,
    const gchar *string, gint x, gint baseline, gint max_width);

/**
 * heatmap_text_get_cap_height:
 *
 * Returns: of the selected font, in pixels
 */
gint heatmap_text_get_cap_height (HeatmapText *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeatmapText, heatmap_text_free)

G_END_DECLS
