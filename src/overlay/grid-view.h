/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/grid-layout.h"
#include "overlay/layer-state.h"
#include "overlay/map-tile.h"
#include "overlay/text.h"

G_BEGIN_DECLS

/**
 * OverlayGridView:
 * @pixels: pixels of the whole panel
 * @background: background of the panel, a premultiplied word
 * @heading: glyphs for headings and legends
 * @caption: glyphs for the captions under tiles
 * @table: colours of all levels, with gamma applied
 * @style: style of the drawing
 * @scene: scene to draw
 *
 * The state that all grids of a panel share.
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
 * @state: state of the grid's layer, updated for this frame
 *
 * Draws the tiles with their marks, the enlarged channel and the legend.
 */
void overlay_grid_view_draw (const OverlayGridView *view,
    const OverlayGrid *grid, const OverlayLayerState *state);

/**
 * overlay_grid_view_format:
 * @text: (out caller-allocates) (array length=size): buffer for the text
 *
 * Formats a number in few characters, with about two significant digits.
 */
void overlay_grid_view_format (gchar *text, gsize size, gdouble value);

G_END_DECLS
