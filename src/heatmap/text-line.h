/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/pixels.h"
#include "heatmap/text.h"

G_BEGIN_DECLS

/**
 * HeatmapTextLine:
 *
 * A line of any text, which is rendered only when it changes.
 */
typedef struct _HeatmapTextLine HeatmapTextLine;

/**
 * heatmap_text_line_new:
 * @text: outlasts the line
 *
 * Returns: (transfer full): free with heatmap_text_line_free()
 */
HeatmapTextLine *heatmap_text_line_new (HeatmapText *text);

void heatmap_text_line_free (HeatmapTextLine *line);

/**
 * HeatmapTextStyle:
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
} HeatmapTextStyle;

/**
 * heatmap_text_line_set:
 * @string: (nullable): UTF-8, or what claims to be
 *
 * Returns: the width of the line, in pixels
 */
gint heatmap_text_line_set (HeatmapTextLine *line, const gchar *string,
    const HeatmapTextStyle *style);

/**
 * heatmap_text_line_get_version:
 *
 * Returns: another number whenever the line was rendered anew
 */
guint heatmap_text_line_get_version (const HeatmapTextLine *line);

/**
 * heatmap_text_line_show:
 * @x: left edge
 * @y: top edge of the line
 * @height: of the line; capital letters stand in its middle
 *
 * Lays the text over @pixels; what reaches outside is cut off.
 */
void heatmap_text_line_show (const HeatmapTextLine *line,
    const HeatmapPixels *pixels, gint x, gint y, gint height);

G_END_DECLS
