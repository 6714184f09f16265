/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/grid-layout.h"
#include "overlay/map-tile.h"
#include "overlay/text.h"

G_BEGIN_DECLS

/**
 * OverlayLayerState:
 * @channels: of the layer
 * @whole: range of the layer, smoothed
 * @ranges: (array length=channels): range of each map, smoothed
 * @quiet: (array length=channels): for how many frames in a row no cell has
 *   responded; 0 when one does now
 * @n_dead: channels that have been quiet for OVERLAY_DEAD_AFTER frames
 * @n_silent: channels that are quiet now
 *
 * How the channels of a layer have responded over time.
 */
typedef struct {
  gint channels;
  OverlayRange whole;
  OverlayRange *ranges;
  guint16 *quiet;
  gint n_dead;
  gint n_silent;

  /*< private >*/
  OverlayRange *current;
  gboolean is_new;
} OverlayLayerState;

/* How many frames without any response make a channel count as dead. */
#define OVERLAY_DEAD_AFTER 300

/**
 * overlay_layer_state_reset:
 * @state: all zero at first
 *
 * Forgets all earlier frames and makes room for @channels.
 */
void overlay_layer_state_reset (OverlayLayerState *state, gint channels);

void overlay_layer_state_clear (OverlayLayerState *state);

/**
 * overlay_layer_state_update:
 * @layer: of as many channels as @state
 * @release: of the way to a narrower range, the part to cover in this frame, 0
 *   to 1; a wider range is taken at once
 */
void overlay_layer_state_update (OverlayLayerState *state,
    const CnnLayerMaps *layer, gdouble release);

/**
 * overlay_layer_state_get_range:
 *
 * Returns: what the ends of the colormap stand for in the map of @channel.
 *   By layer it reaches from the layer's least value to
 *   least + span (max_c / span)^b, where span is that of the layer, max_c the
 *   channel's largest value above the least, and b the scaling exponent: 0
 *   gives all channels the range of the layer, 1 each its own maximum. With
 *   %OVERLAY_COLORMAP_SIGNED, zero is in the middle.
 */
OverlayRange overlay_layer_state_get_range (const OverlayLayerState *state,
    gint channel, const OverlayStyle *style);

#define OVERLAY_TEXT_COLOR 0xffffff
#define OVERLAY_DETAIL_COLOR 0xa8adb5
#define OVERLAY_FOR_COLOR 0xff922b     /* adds to the score */
#define OVERLAY_AGAINST_COLOR 0x59afff /* takes from it */

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
 * All that the grids of a panel have in common.
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
 * Draws the tiles with their marks, the enlarged channel and the legend.
 */
void overlay_grid_view_draw (const OverlayGridView *view,
    const OverlayGrid *grid, const OverlayLayerState *state);

/**
 * overlay_grid_view_format:
 * @text: (out caller-allocates) (array length=size):
 *
 * Writes a number in few characters, with about two significant digits.
 */
void overlay_grid_view_format (gchar *text, gsize size, gdouble value);

G_END_DECLS
