/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/scene.h"

G_BEGIN_DECLS

#define OVERLAY_MAX_GRIDS 32

/**
 * OverlayGrid:
 * @layer: index of the layer
 * @first: first channel that has a tile
 * @shown: number of channels that have a tile, in order, row by row
 * @heading: line above the tiles; its height is 0 if it is left out
 * @legend: line that explains the colours; its height is 0 if it is left out
 * @enlarged: place of an enlarged channel; its height is 0 if there is none
 * @x: left edge of the first tile
 * @y: top edge of the first tile
 * @tile_width: a multiple of the map's width, or less than it
 * @tile_height: a multiple of the map's height, or less than it
 * @caption_height: height of the line under each row of tiles; 0 for none
 * @gap: gap between tiles, in pixels
 *
 * The places of the maps of one layer.
 */
typedef struct {
  guint layer;
  gint first;
  gint shown;
  Rect heading;
  Rect legend;
  Rect enlarged;
  gint x;
  gint y;
  gint tile_width;
  gint tile_height;
  gint caption_height;
  gint gap;
  gint columns;
  gint rows;
} OverlayGrid;

/**
 * OverlayGridBox:
 * @width: width available to the grids, in pixels
 * @height: height available to the grids, in pixels
 * @is_wide: whether to begin with twice as many columns, and put the legend
 *   into the line of the heading and an enlarged channel beside its grid rather
 *   than below
 * @heading_height: height of a line of text; 0 for no headings and legends
 * @legend_height: height of the line below the heading; unused if @is_wide
 * @caption_width: width of the text under a tile
 * @caption_height: height of the text under a tile
 * @section_gap: gap between grids
 * @max_gap: maximum gap between tiles
 *
 * The room for the grids, and the sizes of their parts.
 */
typedef struct {
  gint width;
  gint height;
  gboolean is_wide;
  gint heading_height;
  gint legend_height;
  gint caption_width;
  gint caption_height;
  gint section_gap;
  gint max_gap;
} OverlayGridBox;

/**
 * OverlayGridPage:
 * @height: height of all grids together, in pixels
 * @width: width of the page, in pixels
 */
typedef struct {
  guint n_grids;
  gint width;
  gint height;
  OverlayGrid grids[OVERLAY_MAX_GRIDS];
} OverlayGridPage;

/**
 * overlay_grid_layout_get_smallest_tile:
 *
 * Returns: the width below which a tile of such a map is unreadable in a box of
 *   @box_width
 */
gint overlay_grid_layout_get_smallest_tile (const CnnLayerMaps *layer,
    gint box_width);

/**
 * overlay_grid_layout_fit:
 * @width: of a map or picture, in cells
 * @height: of the same
 *
 * Returns: at the origin, the largest multiple of that size that fits into a
 *   square of @side, or a smaller one of its proportions
 */
Rect overlay_grid_layout_fit (gint width, gint height, gint side);

/**
 * overlay_grid_layout_compute:
 * @layers: (array length=n_layers): layers, of which only the shapes and the
 *   presence of contributions matter
 * @enlarged: index of the layer that has an enlarged channel, or -1
 * @focus: index of the layer that gets larger tiles than the others, or -1
 * @page: number of the page, from 0; wraps around after the last one
 * @result: (out): the page, relative to the box
 *
 * Stacks grids from top to bottom. Tiles are integer multiples of their map if
 * there is room. Grids that do not fit get more columns and smaller tiles, but
 * these stay readable: layers that still do not fit go to the next page. A
 * layer that needs more than one page is divided between pages. What is left of
 * a page's height makes tiles larger, first those of @focus, then the smallest.
 *
 * Returns: the number of pages; 0 if not even one row fits
 */
guint overlay_grid_layout_compute (const OverlayGridBox *box,
    const OverlayLayer *layers, guint n_layers, gint enlarged, gint focus,
    guint page, OverlayGridPage *result);

/**
 * overlay_grid_layout_get_raggedness:
 *
 * Returns: the mean part of the box's width that grids leave empty, 0 to 1
 */
gdouble overlay_grid_layout_get_raggedness (const OverlayGridBox *box,
    const OverlayLayer *layers, guint n_layers);

/**
 * overlay_grid_get_outset:
 *
 * Returns: how far the borders of tiles extend into the gaps around them
 */
gint overlay_grid_get_outset (const OverlayGrid *grid);

/**
 * overlay_grid_get_width:
 *
 * Returns: the width of a row of tiles with its gaps, in pixels
 */
gint overlay_grid_get_width (const OverlayGrid *grid);

/**
 * overlay_grid_get_tile:
 * @index: index of the tile, from 0
 *
 * Returns: the rectangle of the tile
 */
Rect overlay_grid_get_tile (const OverlayGrid *grid, gint index);

/**
 * overlay_grid_get_caption:
 * @index: index of the tile, from 0
 *
 * Returns: the place of the text under the tile, which may be wider than that;
 *   its height is 0 if there is none
 */
Rect overlay_grid_get_caption (const OverlayGrid *grid, gint index);

G_END_DECLS
