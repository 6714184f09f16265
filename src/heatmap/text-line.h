/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/pixels.h"

G_BEGIN_DECLS

/**
 * HeatmapTextLine:
 *
 * A line of any text, which is rendered only when it changes.
 */
typedef struct _HeatmapTextLine HeatmapTextLine;

HeatmapTextLine *heatmap_text_line_new (void);
void heatmap_text_line_free (HeatmapTextLine *line);

/**
 * heatmap_text_line_set:
 * @text: (nullable): UTF-8, or what claims to be
 * @size: in pixels
 * @max_width: longer text ends in an ellipsis
 *
 * Returns: the width of the line, in pixels
 */
gint heatmap_text_line_set (HeatmapTextLine *line, const gchar *text, gint size,
    gboolean bold, gint max_width);

/**
 * heatmap_text_line_show:
 * @x: left edge
 * @y: top edge of the line
 * @height: of the line; capital letters stand in its middle
 * @rgb: 0xRRGGBB
 *
 * Lays the text over @pixels; what reaches outside is cut off.
 */
void heatmap_text_line_show (const HeatmapTextLine *line,
    const HeatmapPixels *pixels, gint x, gint y, gint height, guint32 rgb);

G_END_DECLS
