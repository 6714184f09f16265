/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/renderer.h"

G_BEGIN_DECLS

#define HEATMAP_DOCK_MAX_GRIDS 32

/**
 * HeatmapDockGrid:
 * @heading: the line above the tiles; of no height when it is left out
 * @x: left edge of the first tile
 * @y: top edge of the first tile
 * @tile_width: a multiple of the map's width, or less than it
 * @tile_height: a multiple of the map's height, or less than it
 * @gap: between tiles, in pixels
 * @shown: number of channels that have a tile, in their order, row by row
 *
 * Where the maps of one layer lie.
 */
typedef struct {
  ImageRect heading;
  gint x;
  gint y;
  gint tile_width;
  gint tile_height;
  gint gap;
  gint columns;
  gint rows;
  gint shown;
} HeatmapDockGrid;

/**
 * HeatmapDockLayout:
 * @rect: the dock in the frame; empty when there is nothing to show
 * @margin: distance to the frame's edges
 * @title: of no height when it is left out
 * @remainder: the line that tells how many layers are left out; of no height
 *   when all are shown
 * @title_size: of the text, in pixels
 * @heading_size: of the text, in pixels
 * @grids: (array length=n_grids): of the first @n_grids layers
 *
 * Where all parts of the dock lie. All but @rect is relative to the dock.
 */
typedef struct {
  gint frame_width;
  gint frame_height;
  ImageRect rect;
  gint margin;
  gint padding;
  ImageRect title;
  ImageRect remainder;
  gint title_size;
  gint heading_size;
  guint n_layers;
  guint n_grids;
  HeatmapDockGrid grids[HEATMAP_DOCK_MAX_GRIDS];
} HeatmapDockLayout;

/**
 * heatmap_dock_layout_compute:
 * @has_title: whether to leave room for a title
 * @layers: (array length=n_layers): whose shapes count; names and data do not
 *
 * Lays the dock out at the right side of a frame. It is 17.5 % of the frame
 * wide, more where that is too narrow to read, and a little more or less where
 * the grids then get to be of one width. Tiles are whole multiples of their
 * map as far as there is room; what does not fit gets more columns and smaller
 * tiles, then fewer rows, then fewer layers.
 */
void heatmap_dock_layout_compute (HeatmapDockLayout *layout, gint frame_width,
    gint frame_height, gboolean has_title, const HeatmapLayer *layers,
    guint n_layers);

/**
 * heatmap_dock_layout_place:
 * @face: (nullable): the face to leave free, in frame pixels
 * @on_left: the side where the dock is now
 *
 * Moves the dock to the side where it covers less of the face. It stays where
 * it is unless the other side is clearly better.
 *
 * Returns: whether the dock is on the left side
 */
gboolean heatmap_dock_layout_place (HeatmapDockLayout *layout,
    const ImageRect *face, gboolean on_left);

G_END_DECLS
