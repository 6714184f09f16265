/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/drawing.h"
#include "overlay/map-range.h"

G_BEGIN_DECLS

/**
 * overlay_map_tile_draw:
 * @pixels: pixels of the tile, all of which are written
 * @range: range of this channel
 * @table: 256 colours
 *
 * Draws one map. If a side is a multiple of the map's, cells are repeated. If
 * it is smaller, each pixel shows the greatest value of the cells that it
 * covers: activations are sparse, and a mean would hide a single strong
 * response. Values that are not finite get the low colour. A constant map,
 * which is a silent channel, gets the low colour and a dot in its middle.
 */
void overlay_map_tile_draw (const OverlayPixels *pixels,
    const CnnLayerMaps *layer, gint channel, const OverlayRange *range,
    const guint32 *table);

/**
 * overlay_map_tile_draw_quiet:
 * @background: colour of zero
 * @is_dead: whether the channel has been silent for a long time
 *
 * Draws the tile of a silent channel, which has a dot, or of a dead one, which
 * is hatched.
 */
void overlay_map_tile_draw_quiet (const OverlayPixels *pixels,
    guint32 background, gboolean is_dead);

G_END_DECLS
