/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/pixels.h"
#include "overlay/text.h"

G_BEGIN_DECLS

/**
 * OverlayTextLine:
 *
 * A line of any text, which is rendered only when it changes.
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
 * @keeps_size: whether text that is too long is cut, rather than made smaller
 *   before
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
 * Returns: another number whenever the line was rendered anew
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

G_END_DECLS
