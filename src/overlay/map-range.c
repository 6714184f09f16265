/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/map-range.h"

#include <string.h>

#define N_BINS 128
#define BLOCK 16        /* channels that are counted at a time */
#define MIN_CELLS 64    /* fewer have no outliers */
#define LOW_SHARE 0.04  /* of all cells, below the range */
#define HIGH_SHARE 0.08 /* of the responding cells, above it */

static void
measure_vector (const CnnLayerMaps *layer, gint n_channels,
    OverlayRange *ranges)
{
  OverlayRange whole = OVERLAY_RANGE_INIT;

  for (gint i = 0; i < layer->channels; i++)
    overlay_range_include (&whole, layer->data[i]);
  for (gint i = 0; i < n_channels; i++)
    ranges[i] = whole;
}

static const gfloat *
get_cell (const CnnLayerMaps *layer, gint x, gint y)
{
  const gsize cell = (gsize) y * (gsize) layer->width + (gsize) x;

  return layer->data + cell * (gsize) layer->channels;
}

static void
measure_part (const CnnLayerMaps *layer, const Rect *part, gint n_channels,
    OverlayRange *ranges)
{
  for (gint i = 0; i < n_channels; i++)
    ranges[i] = (OverlayRange) OVERLAY_RANGE_INIT;
  for (gint y = part->y; y < part->y + part->height; y++) {
    const gfloat *cell = get_cell (layer, part->x, y);

    for (gint x = 0; x < part->width; x++, cell += layer->channels) {
      for (gint i = 0; i < n_channels; i++)
        overlay_range_include (&ranges[i], cell[i]);
    }
  }
}

void
overlay_map_range_measure (const CnnLayerMaps *layer, gint n_channels,
    OverlayRange *ranges)
{
  const Rect whole = { 0, 0, layer->width, layer->height };

  if (cnn_layer_maps_is_vector (layer))
    measure_vector (layer, n_channels, ranges);
  else
    measure_part (layer, &whole, n_channels, ranges);
}

/* -- Quantiles -- */

typedef struct {
  gint n_channels;
  gfloat minimum[BLOCK];
  gfloat gain[BLOCK]; /* bins per unit */
  guint32 counts[BLOCK][N_BINS];
} Histograms;

static void
init_histograms (Histograms *histograms, const OverlayRange *ranges,
    gint n_channels)
{
  histograms->n_channels = n_channels;
  memset (histograms->counts, 0, sizeof (histograms->counts));
  for (gint i = 0; i < n_channels; i++) {
    const gdouble span = (gdouble) ranges[i].maximum - ranges[i].minimum;

    histograms->minimum[i] = ranges[i].minimum;
    histograms->gain[i] = span > 0.0 ? (gfloat) (N_BINS / span) : 0.0f;
  }
}

static void
count_cell (Histograms *histograms, const gfloat *values)
{
  for (gint i = 0; i < histograms->n_channels; i++) {
    const gfloat bin = (values[i] - histograms->minimum[i])
        * histograms->gain[i];

    /* not true of NaN */
    if (bin >= 0.0f)
      histograms->counts[i][(guint) MIN (bin, (gfloat) (N_BINS - 1))]++;
  }
}

/* The place, in bins, below which there are @below of the values from bin
 * @first on. */
static gdouble
find_place (const guint32 *counts, guint first, gdouble below)
{
  guint bin = first;

  while (bin < N_BINS - 1 && below > (gdouble) counts[bin])
    below -= (gdouble) counts[bin++];
  return bin + (counts[bin] > 0 ? MIN (below / counts[bin], 1.0) : 0.0);
}

static guint64
sum_from (const guint32 *counts, guint first)
{
  guint64 sum = 0;

  for (guint bin = first; bin < N_BINS; bin++)
    sum += counts[bin];
  return sum;
}

static OverlayRange
cut_outliers (const guint32 *counts, const OverlayRange *range)
{
  const gdouble step = ((gdouble) range->maximum - range->minimum) / N_BINS;
  const guint first = (guint) find_place (counts, 0,
      LOW_SHARE * (gdouble) sum_from (counts, 0));
  const gdouble responding = (gdouble) sum_from (counts, first + 1);
  const gdouble last = find_place (counts, first + 1,
      (1.0 - HIGH_SHARE) * responding);

  if (responding <= 0.0)
    return *range;
  return (OverlayRange) { (gfloat) (range->minimum + first * step),
    (gfloat) (range->minimum + last * step) };
}

static void
narrow_block (const CnnLayerMaps *layer, const Rect *part, gint first,
    gint n_channels, OverlayRange *ranges)
{
  Histograms histograms;

  init_histograms (&histograms, ranges, n_channels);
  for (gint y = part->y; y < part->y + part->height; y++) {
    const gfloat *cell = get_cell (layer, part->x, y) + first;

    for (gint x = 0; x < part->width; x++, cell += layer->channels)
      count_cell (&histograms, cell);
  }
  for (gint i = 0; i < n_channels; i++)
    ranges[i] = cut_outliers (histograms.counts[i], &ranges[i]);
}

void
overlay_map_range_measure_inside (const CnnLayerMaps *layer, gint n_channels,
    OverlayRange *ranges)
{
  const Rect whole = { 0, 0, layer->width, layer->height };
  const Rect part = layer->interior.width > 0 ? layer->interior : whole;

  if (cnn_layer_maps_is_vector (layer)) {
    measure_vector (layer, n_channels, ranges);
    return;
  }
  measure_part (layer, &part, n_channels, ranges);
  if ((gint64) part.width * part.height < MIN_CELLS)
    return;
  for (gint i = 0; i < n_channels; i += BLOCK)
    narrow_block (layer, &part, i, MIN (n_channels - i, BLOCK), &ranges[i]);
}
