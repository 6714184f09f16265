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

/* The ranges of a block of channels, an array for each end so that loops are on
 * consecutive floats. */
typedef struct {
  gfloat minimum[BLOCK];
  gfloat maximum[BLOCK];
} Extremes;

/* A constant @n lets the compiler keep the extremes in registers. */
static inline __attribute__ ((always_inline)) void
find_extremes (const CnnLayerMaps *layer, const Rect *part, gint first, gint n,
    Extremes *restrict extremes)
{
  for (gint y = part->y; y < part->y + part->height; y++) {
    const gfloat *restrict cell = get_cell (layer, part->x, y) + first;

    for (gint x = 0; x < part->width; x++, cell += layer->channels) {
      for (gint i = 0; i < n; i++) {
        const gboolean finite = fabsf (cell[i]) <= FLT_MAX;
        const gfloat low = finite ? cell[i] : FLT_MAX;
        const gfloat high = finite ? cell[i] : -FLT_MAX;

        extremes->minimum[i] = MIN (low, extremes->minimum[i]);
        extremes->maximum[i] = MAX (high, extremes->maximum[i]);
      }
    }
  }
}

static void
measure_block (const CnnLayerMaps *layer, const Rect *part, gint first, gint n,
    OverlayRange *ranges)
{
  const OverlayRange none = OVERLAY_RANGE_INIT;
  Extremes extremes;

  for (gint i = 0; i < n; i++) {
    extremes.minimum[i] = none.minimum;
    extremes.maximum[i] = none.maximum;
  }
  if (n == BLOCK)
    find_extremes (layer, part, first, BLOCK, &extremes);
  else
    find_extremes (layer, part, first, n, &extremes);
  for (gint i = 0; i < n; i++)
    ranges[i] = (OverlayRange) { extremes.minimum[i], extremes.maximum[i] };
}

static void
measure_part (const CnnLayerMaps *layer, const Rect *part, gint n_channels,
    OverlayRange *ranges)
{
  for (gint i = 0; i < n_channels; i += BLOCK)
    measure_block (layer, part, i, MIN (n_channels - i, BLOCK), &ranges[i]);
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

/* The last count is of values without a bin. */
typedef struct {
  gfloat minimum[BLOCK];
  gfloat gain[BLOCK]; /* bins per unit */
  guint32 counts[BLOCK][N_BINS + 1];
} Histograms;

static void
init_histograms (Histograms *histograms, const OverlayRange *ranges, gint n)
{
  memset (histograms->counts, 0, sizeof (histograms->counts));
  for (gint i = 0; i < n; i++) {
    const gdouble span = (gdouble) ranges[i].maximum - ranges[i].minimum;

    histograms->minimum[i] = ranges[i].minimum;
    histograms->gain[i] = span > 0.0 ? (gfloat) (N_BINS / span) : 0.0f;
  }
}

/* All bins are found first, because that is arithmetic on vectors and counting
 * is not. */
static inline __attribute__ ((always_inline)) void
count_cell (Histograms *restrict histograms, const gfloat *restrict values,
    gint n)
{
  gint32 bins[BLOCK];

  for (gint i = 0; i < n; i++) {
    const gfloat place = (values[i] - histograms->minimum[i])
        * histograms->gain[i];
    const gfloat last = MIN (place, (gfloat) (N_BINS - 1));

    /* not true of NaN */
    bins[i] = (gint32) (place >= 0.0f ? last : (gfloat) N_BINS);
  }
  for (gint i = 0; i < n; i++)
    histograms->counts[i][bins[i]]++;
}

static inline __attribute__ ((always_inline)) void
count_cells (Histograms *histograms, const CnnLayerMaps *layer,
    const Rect *part, gint first, gint n)
{
  for (gint y = part->y; y < part->y + part->height; y++) {
    const gfloat *cell = get_cell (layer, part->x, y) + first;

    for (gint x = 0; x < part->width; x++, cell += layer->channels)
      count_cell (histograms, cell, n);
  }
}

/* Returns the number of values before @place, which is in bins. */
static guint32
sum_to (const guint32 *counts, guint place)
{
  guint32 sum = 0;

  for (guint bin = 0; bin < place; bin++)
    sum += counts[bin];
  return sum;
}

/* The place, in bins, below which there are @below of the values from bin
 * @first on. */
static gdouble
find_place (const guint32 *counts, guint first, gdouble below)
{
  const guint32 whole = (guint32) ceil (below);
  guint bin = first;
  guint32 sum = 0;

  while (bin < N_BINS - 1 && whole > sum + counts[bin])
    sum += counts[bin++];
  below -= (gdouble) sum;
  return bin + (counts[bin] > 0 ? MIN (below / counts[bin], 1.0) : 0.0);
}

static OverlayRange
cut_outliers (const guint32 *counts, const OverlayRange *range)
{
  const gdouble step = ((gdouble) range->maximum - range->minimum) / N_BINS;
  const guint32 all = sum_to (counts, N_BINS);
  const guint first = (guint) find_place (counts, 0, LOW_SHARE * (gdouble) all);
  const gdouble responding = (gdouble) (all - sum_to (counts, first + 1));
  const gdouble last = find_place (counts, first + 1,
      (1.0 - HIGH_SHARE) * responding);

  if (responding <= 0.0)
    return *range;
  return (OverlayRange) { (gfloat) (range->minimum + first * step),
    (gfloat) (range->minimum + last * step) };
}

static void
narrow_block (const CnnLayerMaps *layer, const Rect *part, gint first, gint n,
    OverlayRange *ranges)
{
  Histograms histograms;

  init_histograms (&histograms, ranges, n);
  if (n == BLOCK)
    count_cells (&histograms, layer, part, first, BLOCK);
  else
    count_cells (&histograms, layer, part, first, n);
  for (gint i = 0; i < n; i++)
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
