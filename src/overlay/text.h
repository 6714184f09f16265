/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/drawing.h"

G_BEGIN_DECLS

/**
 * OverlayText:
 *
 * Shapes and draws lines of text in any language, with Pango: from right to
 * left where they are so written, and in whichever fonts have their characters.
 * Colour emoji keep their colours. Text is never markup. Where no font is
 * installed, ASCII is drawn with the font that is built into Cairo.
 *
 * All this allocates memory, so keep what is drawn: see #OverlayTextLine and
 * #OverlayGlyphs. Each object serves one thread at a time; different ones may
 * be used at once.
 */
typedef struct _OverlayText OverlayText;

/**
 * overlay_text_new:
 *
 * Also loads the fonts of the common scripts, as their first use takes longer
 * than a frame.
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
 * Returns: how much of @max_width overlay_text_show() fills: the width of
 *   @string, or of as much of it as fits with an ellipsis; 0 when nothing does
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
 * Returns: the height of capital letters in the selected font, in pixels
 */
gint overlay_text_get_cap_height (OverlayText *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OverlayText, overlay_text_free)

/**
 * OverlayTextLine:
 *
 * A line of any text that is rendered only when it changes.
 */
typedef struct _OverlayTextLine OverlayTextLine;

/**
 * overlay_text_line_new:
 * @text: outlasts the line
 *
 * Returns: (transfer full): free with overlay_text_line_free()
 */
OverlayTextLine *overlay_text_line_new (OverlayText *text);

void overlay_text_line_free (OverlayTextLine *line);

/**
 * OverlayTextStyle:
 * @size: in pixels
 * @max_width: longer text ends in an ellipsis
 * @keeps_size: whether text that is too long is cut at once; else it is made
 *   smaller first
 * @rgb: 0xRRGGBB
 */
typedef struct {
  gint size;
  gboolean bold;
  gint max_width;
  gboolean keeps_size;
  guint32 rgb;
} OverlayTextStyle;

/**
 * overlay_text_line_set:
 * @string: (nullable): UTF-8, or what claims to be
 *
 * Returns: the width of the line, in pixels
 */
gint overlay_text_line_set (OverlayTextLine *line, const gchar *string,
    const OverlayTextStyle *style);

/**
 * overlay_text_line_get_version:
 *
 * Returns: a number that changes whenever the line is rendered
 */
guint overlay_text_line_get_version (const OverlayTextLine *line);

/**
 * overlay_text_line_show:
 * @x: left edge
 * @y: top edge of the line
 * @height: of the line; capital letters stand in its middle
 *
 * Lays the text over @pixels; what reaches outside is cut off.
 */
void overlay_text_line_show (const OverlayTextLine *line,
    const OverlayPixels *pixels, gint x, gint y, gint height);

/**
 * OverlayGlyphs:
 *
 * The characters of figures, rendered once. Text that changes with every frame
 * is composed of them, as shaping text takes time and memory.
 */
typedef struct _OverlayGlyphs OverlayGlyphs;

/**
 * overlay_glyphs_new:
 * @text: draws them; not kept
 * @size: of the text, in pixels
 *
 * Returns: (transfer full): free with overlay_glyphs_free()
 */
OverlayGlyphs *overlay_glyphs_new (OverlayText *text, gint size, gboolean bold);

void overlay_glyphs_free (OverlayGlyphs *glyphs);

gint overlay_glyphs_get_size (const OverlayGlyphs *glyphs);

/**
 * overlay_glyphs_measure:
 * @text: UTF-8; of what is not ASCII, only a few signs of mathematics are
 *   known, and a question mark stands for all else
 *
 * Returns: the width of @text, in pixels
 */
gint overlay_glyphs_measure (const OverlayGlyphs *glyphs, const gchar *text);

/**
 * overlay_glyphs_show:
 * @x: left edge
 * @y: top edge of the line
 * @height: of the line; capital letters stand in its middle
 * @rgb: 0xRRGGBB
 *
 * Lays @text over @pixels; what reaches outside is cut off.
 *
 * Returns: where the text ends
 */
gint overlay_glyphs_show (const OverlayGlyphs *glyphs,
    const OverlayPixels *pixels, const gchar *text, gint x, gint y, gint height,
    guint32 rgb);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OverlayGlyphs, overlay_glyphs_free)

G_END_DECLS
