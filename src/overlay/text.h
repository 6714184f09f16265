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
 * Shapes and draws lines of text in any language with Pango, including
 * right-to-left scripts, in any fonts that have the characters. Colour emoji
 * keep their colours. Text is never parsed as markup. If no font is installed,
 * ASCII is drawn with the built-in font of Cairo.
 *
 * Shaping allocates memory, so keep its results: see #OverlayTextLine and
 * #OverlayGlyphs. Use each object from one thread at a time; different objects
 * may be used concurrently.
 */
typedef struct _OverlayText OverlayText;

/**
 * overlay_text_new:
 *
 * Also loads the fonts of common scripts, because their first use takes longer
 * than a frame.
 *
 * Returns: (transfer full): free with overlay_text_free()
 */
OverlayText *overlay_text_new (void);

void overlay_text_free (OverlayText *text);

/**
 * overlay_text_clean:
 * @string: (nullable): text in UTF-8, which may be invalid
 *
 * Returns: (transfer full): the first few hundred characters as one line of
 *   valid UTF-8, with control characters replaced by spaces
 */
gchar *overlay_text_clean (const gchar *string);

/**
 * overlay_text_select:
 * @size: text size, in pixels
 *
 * Selects the font for the following calls.
 */
void overlay_text_select (OverlayText *text, gint size, gboolean bold);

/**
 * overlay_text_measure:
 * @string: a line of valid UTF-8, as in the functions below
 *
 * Returns: the width of @string in the selected font, in whole pixels
 */
gint overlay_text_measure (OverlayText *text, const gchar *string);

/**
 * overlay_text_measure_within:
 *
 * Returns: the part of @max_width that overlay_text_show() fills: the width of
 *   @string, or of the part of it that fits with an ellipsis; 0 if none fits
 */
gint overlay_text_measure_within (OverlayText *text, const gchar *string,
    gint max_width);

/**
 * overlay_text_fit:
 * @size: largest size to try, in pixels
 *
 * Selects the largest font in which @string fits @max_width, but not less than
 * two thirds of @size and not so small as to be unreadable.
 */
void overlay_text_fit (OverlayText *text, const gchar *string, gint size,
    gboolean bold, gint max_width);

/**
 * overlay_text_show:
 * @x: left edge, also for right-to-left text
 * @y: top edge of the line
 * @height: height of the line, in which capital letters are centred
 * @max_width: maximum width; longer text is cut between graphemes and ends in
 *   an ellipsis
 *
 * Draws text with the current source of @cairo in the selected font.
 */
void overlay_text_show (OverlayText *text, cairo_t *cairo, const gchar *string,
    gint x, gint y, gint height, gint max_width);

/**
 * overlay_text_show_on_line:
 * @baseline: y position of the baseline
 *
 * Same as overlay_text_show(), but with a given baseline.
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
 * A line of text that is only rendered when it changes.
 */
typedef struct _OverlayTextLine OverlayTextLine;

/**
 * overlay_text_line_new:
 * @text: text renderer, which must outlive the line
 *
 * Returns: (transfer full): free with overlay_text_line_free()
 */
OverlayTextLine *overlay_text_line_new (OverlayText *text);

void overlay_text_line_free (OverlayTextLine *line);

/**
 * OverlayTextStyle:
 * @size: text size, in pixels
 * @max_width: maximum width; longer text ends in an ellipsis
 * @keeps_size: whether to cut text that is too long rather than make it smaller
 *   first
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
 * @string: (nullable): text in UTF-8, which may be invalid
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
 * @height: height of the line, in which capital letters are centred
 *
 * Lays the text over @pixels, which clip it.
 */
void overlay_text_line_show (const OverlayTextLine *line,
    const OverlayPixels *pixels, gint x, gint y, gint height);

/**
 * OverlayGlyphs:
 *
 * The characters of figures, rendered once. Text that changes with every frame
 * is composed of them, because shaping takes time and memory.
 */
typedef struct _OverlayGlyphs OverlayGlyphs;

/**
 * overlay_glyphs_new:
 * @text: text renderer that draws the glyphs; not kept
 * @size: text size, in pixels
 *
 * Returns: (transfer full): free with overlay_glyphs_free()
 */
OverlayGlyphs *overlay_glyphs_new (OverlayText *text, gint size, gboolean bold);

void overlay_glyphs_free (OverlayGlyphs *glyphs);

gint overlay_glyphs_get_size (const OverlayGlyphs *glyphs);

/**
 * overlay_glyphs_measure:
 * @text: text in UTF-8; apart from ASCII only a few mathematical signs are
 *   known, and all other characters are replaced by question marks
 *
 * Returns: the width of @text, in pixels
 */
gint overlay_glyphs_measure (const OverlayGlyphs *glyphs, const gchar *text);

/**
 * overlay_glyphs_show:
 * @x: left edge
 * @y: top edge of the line
 * @height: height of the line, in which capital letters are centred
 * @rgb: 0xRRGGBB
 *
 * Lays @text over @pixels, which clip it.
 *
 * Returns: the x position at which the text ends
 */
gint overlay_glyphs_show (const OverlayGlyphs *glyphs,
    const OverlayPixels *pixels, const gchar *text, gint x, gint y, gint height,
    guint32 rgb);

/**
 * overlay_glyphs_format_number:
 * @text: (out caller-allocates) (array length=size): buffer for the text
 *
 * Formats a number that a network predicts, as classifier_format_number() does,
 * but with a minus sign, for overlay_glyphs_show().
 */
void overlay_glyphs_format_number (gchar *text, gsize size, gdouble number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OverlayGlyphs, overlay_glyphs_free)

G_END_DECLS
