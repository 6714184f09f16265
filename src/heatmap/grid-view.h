/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/glyphs.h"
#include "heatmap/grid-layout.h"
#include "heatmap/layer-state.h"

G_BEGIN_DECLS

#define HEATMAP_TEXT_COLOUR 0xffffff
#define HEATMAP_DETAIL_COLOUR 0xa8adb5
#define HEATMAP_FOR_COLOUR 0xff922b     /* adds to the score */
#define HEATMAP_AGAINST_COLOUR 0x59afff /* takes from it */

/**
 * HeatmapGridView:
 * @pixels: of the whole panel
 * @background: of the panel, a premultiplied word
 * @heading: of headings and legends
 * @caption: of what stands under tiles
 * @table: the colours of all levels, gamma applied
 * @style: how to draw
 * @scene: what to draw
 *
 * All that drawing a grid needs, whichever it is.
 */
typedef struct {
  const HeatmapPixels *pixels;
  guint32 background;
  const HeatmapGlyphs *heading;
  const HeatmapGlyphs *caption;
  const guint32 *table;
  const HeatmapStyle *style;
  const HeatmapScene *scene;
} HeatmapGridView;

/**
 * heatmap_grid_view_draw:
 * @state: of the grid's layer, for this frame
 *
 * Draws the tiles with their marks, and what changes in the legend.
 */
void heatmap_grid_view_draw (const HeatmapGridView *view,
    const HeatmapGrid *grid, const HeatmapLayerState *state);

/**
 * heatmap_grid_view_format:
 * @text: (out caller-allocates) (array length=size):
 *
 * Writes a figure as short as it can be told apart by.
 */
void heatmap_grid_view_format (gchar *text, gsize size, gdouble value);

G_END_DECLS
