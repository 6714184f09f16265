/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/map-range.h"
#include "overlay/scene.h"

G_BEGIN_DECLS

/**
 * OverlayLayerState:
 * @channels: number of channels of the layer
 * @shown: the maps to draw, which follow those of the layer with a short lag;
 *   valid until the next update, and no longer than that frame
 * @whole: smoothed range of the layer
 * @ranges: (array length=channels): smoothed range of each map
 * @quiet: (array length=channels): number of consecutive frames, up to now, in
 *   which no cell of the channel has responded
 * @n_dead: number of channels that have been quiet for OVERLAY_DEAD_AFTER
 *   frames
 * @n_silent: number of channels that are quiet now
 * @has_outliers: whether some cell lies above the range of its map
 *
 * The responses of the channels of a layer over time.
 */
typedef struct {
  gint channels;
  CnnLayerMaps shown;
  OverlayRange whole;
  OverlayRange *ranges;
  guint16 *quiet;
  gint n_dead;
  gint n_silent;
  gboolean has_outliers;

  /*< private >*/
  OverlayRange *full;
  OverlayRange *current;
  gfloat *values;
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
 * @layer: maps of a frame, of the same size as in all frames before
 * @style: its scaling and smoothing count
 * @elapsed: seconds since the last frame
 *
 * A narrower range is approached with the time constant of the smoothing. A
 * wider one is adopted at once, or, with %OVERLAY_SCALING_INSIDE, in about ten
 * frames: cells beyond it are drawn as its end meanwhile. Maps go three tenths
 * of the way in a usual frame time, as boxes do.
 */
void overlay_layer_state_update (OverlayLayerState *state,
    const CnnLayerMaps *layer, const OverlayStyle *style, gdouble elapsed);

/**
 * overlay_layer_state_get_range:
 *
 * Returns: the values at the ends of the colormap in the map of @channel.
 *   With %OVERLAY_SCALING_INSIDE it is the range of the map's inside, see
 *   overlay_map_range_measure_inside(), with %OVERLAY_SCALING_MAP that of all
 *   its cells.
 *   With %OVERLAY_SCALING_LAYER it extends from the layer's least value to
 *   least + span (max_c / span)^b, where span is the span of the layer, max_c
 *   the channel's largest value above the least, and b the scaling exponent: 0
 *   gives all channels the range of the layer, 1 gives each its own maximum.
 *   With %OVERLAY_COLORMAP_SIGNED, zero is in the middle.
 */
OverlayRange overlay_layer_state_get_range (const OverlayLayerState *state,
    gint channel, const OverlayStyle *style);

G_END_DECLS
