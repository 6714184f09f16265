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
 * @channels: number of channels of the layer
 * @whole: smoothed range of the layer
 * @ranges: (array length=channels): smoothed range of each map
 * @quiet: (array length=channels): number of consecutive frames, up to now, in
 *   which no cell of the channel has responded
 * @n_dead: number of channels that have been quiet for OVERLAY_DEAD_AFTER
 *   frames
 * @n_silent: number of channels that are quiet now
 *
 * The responses of the channels of a layer over time.
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

/* The number of frames without any response after which a channel counts as
 * dead. */
#define OVERLAY_DEAD_AFTER 300

/**
 * overlay_layer_state_reset:
 * @state: (inout): state, zeroed before first use
 *
 * Forgets all earlier frames and makes room for @channels.
 */
void overlay_layer_state_reset (OverlayLayerState *state, gint channels);

void overlay_layer_state_clear (OverlayLayerState *state);

/**
 * overlay_layer_state_update:
 * @layer: maps of a frame, with as many channels as @state
 * @release: part of the way to a narrower range to cover in this frame, 0 to 1;
 *   a wider range is adopted at once
 */
void overlay_layer_state_update (OverlayLayerState *state,
    const CnnLayerMaps *layer, gdouble release);

/**
 * overlay_layer_state_get_range:
 *
 * Returns: the values at the ends of the colormap in the map of @channel.
 *   With %OVERLAY_SCALING_LAYER it extends from the layer's least value to
 *   least + span (max_c / span)^b, where span is the span of the layer, max_c
 *   the channel's largest value above the least, and b the scaling exponent: 0
 *   gives all channels the range of the layer, 1 gives each its own maximum.
 *   With %OVERLAY_COLORMAP_SIGNED, zero is in the middle.
 */
OverlayRange overlay_layer_state_get_range (const OverlayLayerState *state,
    gint channel, const OverlayStyle *style);

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
