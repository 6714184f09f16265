/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/glyphs.h"
#include "overlay/grid-layout.h"
#include "overlay/layer-state.h"

G_BEGIN_DECLS

#define OVERLAY_TEXT_COLOUR 0xffffff
#define OVERLAY_DETAIL_COLOUR 0xa8adb5
#define OVERLAY_FOR_COLOUR 0xff922b     /* adds to the score */
#define OVERLAY_AGAINST_COLOUR 0x59afff /* takes from it */

/**
 * OverlayGridView:
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
  const OverlayPixels *pixels;
  guint32 background;
  const OverlayGlyphs *heading;
  const OverlayGlyphs *caption;
  const guint32 *table;
  const OverlayStyle *style;
  const OverlayScene *scene;
} OverlayGridView;

/**
 * overlay_grid_view_draw:
 * @state: of the grid's layer, for this frame
 *
 * Draws the tiles with their marks, and what changes in the legend.
 */
void overlay_grid_view_draw (const OverlayGridView *view,
    const OverlayGrid *grid, const OverlayLayerState *state);

/**
 * overlay_grid_view_format:
 * @text: (out caller-allocates) (array length=size):
 *
 * Writes a figure as short as it can be told apart by.
 */
void overlay_grid_view_format (gchar *text, gsize size, gdouble value);

G_END_DECLS
