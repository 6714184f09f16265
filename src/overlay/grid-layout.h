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
 * @first: the first channel that has a tile
 * @shown: number of channels that have a tile, in their order, row by row
 * @heading: the line above the tiles; of no height when it is left out
 * @legend: where the colours are explained; of no height when it is left out
 * @enlarged: where one channel is shown large; of no height when none is
 * @x: left edge of the first tile
 * @y: top edge of the first tile
 * @tile_width: a multiple of the map's width, or less than it
 * @tile_height: a multiple of the map's height, or less than it
 * @caption_height: of the line under each row of tiles; 0 for none
 * @gap: between tiles, in pixels
 *
 * Where the maps of one layer lie.
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
 * @width: of the box that the grids lie in, in pixels
 * @height: of the box, in pixels
 * @is_wide: spread maps over twice the columns, put the legend into the line of
 *   the heading and an enlarged channel beside its grid instead of below
 * @heading_height: of a line of text; 0 leaves headings and legends out
 * @legend_height: of the line below the heading; not used when @is_wide
 * @caption_width: of the text under a tile
 * @caption_height: of that text
 * @section_gap: between grids
 * @max_gap: between tiles
 *
 * The room for the grids, and the sizes of what is in it.
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
 * @height: of all grids together, in pixels
 * @width: of the widest one
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
 * Returns: the width below which a tile of such a map cannot be read in a box
 *   of @box_width
 */
gint overlay_grid_layout_get_smallest_tile (const CnnLayerMaps *layer,
    gint box_width);

/**
 * overlay_grid_layout_compute:
 * @layers: (array length=n_layers): only their shapes are used, and whether
 *   they have contributions
 * @enlarged: index of the layer that has a channel enlarged, or -1
 * @page: which page, from 0; after the last one comes the first again
 * @result: (out): that page, from (0, 0) of the box
 *
 * Stacks grids from top to bottom. Tiles are whole multiples of their map where
 * there is room. Grids that do not fit get more columns and smaller tiles, but
 * none too small to read: what still does not fit goes to the next page. A
 * layer that does not fit on a page of its own is divided between pages.
 *
 * Returns: the number of pages; 0 when not even one row fits
 */
guint overlay_grid_layout_compute (const OverlayGridBox *box,
    const OverlayLayer *layers, guint n_layers, gint enlarged, guint page,
    OverlayGridPage *result);

/**
 * overlay_grid_layout_get_raggedness:
 *
 * Returns: how far the grids are from filling the box's width, 0 to 1
 */
gdouble overlay_grid_layout_get_raggedness (const OverlayGridBox *box,
    const OverlayLayer *layers, guint n_layers);

/**
 * overlay_grid_get_outset:
 *
 * Returns: how far the borders of tiles reach into the gaps around them
 */
gint overlay_grid_get_outset (const OverlayGrid *grid);

/**
 * overlay_grid_get_width:
 *
 * Returns: the width of all tiles together, in pixels
 */
gint overlay_grid_get_width (const OverlayGrid *grid);

/**
 * overlay_grid_get_tile:
 * @index: of the tile, from 0
 *
 * Returns: where it lies
 */
Rect overlay_grid_get_tile (const OverlayGrid *grid, gint index);

G_END_DECLS
