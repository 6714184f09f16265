/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <float.h>
#include <math.h>

#include "overlay/scene.h"

G_BEGIN_DECLS

/**
 * OverlayRange:
 * @minimum: least finite value
 * @maximum: greatest finite value; less than @minimum if there are none
 *
 * The values at the ends of the colormap.
 */
typedef struct {
  gfloat minimum;
  gfloat maximum;
} OverlayRange;

/* The range of no values. */
#define OVERLAY_RANGE_INIT \
  {                        \
    FLT_MAX, -FLT_MAX      \
  }

static inline void
overlay_range_include (OverlayRange *range, gfloat value)
{
  /* false for NaN and the infinities */
  const gboolean finite = fabsf (value) <= FLT_MAX;

  range->minimum = finite && value < range->minimum ? value : range->minimum;
  range->maximum = finite && value > range->maximum ? value : range->maximum;
}

static inline gboolean
overlay_range_is_empty (const OverlayRange *range)
{
  return range->maximum < range->minimum;
}

/* Puts zero in the middle, for colours of two signs. */
static inline void
overlay_range_make_symmetric (OverlayRange *range)
{
  range->maximum = fmaxf (fabsf (range->minimum), fabsf (range->maximum));
  range->minimum = -range->maximum;
}

/**
 * overlay_map_range_measure:
 * @n_channels: number of channels to measure, from channel 0
 * @ranges: (out caller-allocates) (array length=n_channels): range of each
 *   channel
 *
 * Measures the range of each map. The channels of a vector all get the range of
 * the whole vector, so that their values can be compared.
 */
void overlay_map_range_measure (const CnnLayerMaps *layer, gint n_channels,
    OverlayRange *ranges);

/**
 * overlay_map_range_measure_inside:
 *
 * The same for the inside of each map, without outliers: of the cells of
 * #CnnLayerMaps.interior, 4 % lie below the range, and 8 % of those that
 * respond (that lie above its lower end) lie above it. So neither a single
 * cell, nor the zeros around the picture, which filters take for edges, decide
 * how the rest of the map looks.
 *
 * The quantiles are those of a histogram of 128 bins between the least and the
 * greatest value of the interior, with even distribution inside a bin. Maps
 * with few cells keep all of them.
 */
void overlay_map_range_measure_inside (const CnnLayerMaps *layer,
    gint n_channels, OverlayRange *ranges);

G_END_DECLS
