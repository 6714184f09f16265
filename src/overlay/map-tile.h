/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/drawing.h"
#include "overlay/scene.h"

G_BEGIN_DECLS

/**
 * OverlayRange:
 * @minimum: of the finite values
 * @maximum: of the finite values; below @minimum when there are none
 *
 * What the ends of the colormap stand for.
 */
typedef struct {
  gfloat minimum;
  gfloat maximum;
} OverlayRange;

/**
 * overlay_map_tile_measure:
 * @n_channels: number of ranges to measure, from channel 0 on
 * @ranges: (out caller-allocates) (array length=n_channels):
 *
 * Measures the range of each map. A vector's channels are cells of one map, so
 * that they can be told apart; they all get the range of the whole vector.
 */
void overlay_map_tile_measure (const CnnLayerMaps *layer, gint n_channels,
    OverlayRange *ranges);

/**
 * overlay_map_tile_draw:
 * @pixels: the tile, which is filled completely
 * @range: of this channel, from overlay_map_tile_measure()
 * @table: 256 colours
 *
 * Draws one map upright. Sides that are multiples of the map's are enlarged by
 * nearest neighbour; where a tile is smaller than its map, each pixel shows
 * the greatest value of the cells that it stands for: activations are sparse,
 * and a mean would hide a single strong response. Values that are not finite
 * get the low colour. A constant map, which is a silent channel, gets the low
 * colour and a dot in its middle.
 */
void overlay_map_tile_draw (const OverlayPixels *pixels,
    const CnnLayerMaps *layer, gint channel, const OverlayRange *range,
    const guint32 *table);

/**
 * overlay_map_tile_draw_quiet:
 * @background: the colour of zero
 * @is_dead: whether the channel has been silent for long
 *
 * Draws the tile of a silent channel, with a dot, or of a dead one, hatched.
 */
void overlay_map_tile_draw_quiet (const OverlayPixels *pixels,
    guint32 background, gboolean is_dead);

G_END_DECLS
