/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/colormap.h"

#include "overlay/colormap-tables.h"

#define TABLE_SIZE 256

/* A colour at a multiple of an eighth of the range. */
typedef struct {
  guint8 eighth;
  guint8 color[3];
} Anchor;

/* YlGnBu of plotly, which is that of ColorBrewer reversed. */
static const Anchor ylgnbu_anchors[] = {
  { 0, { 8, 29, 88 } },
  { 1, { 37, 52, 148 } },
  { 2, { 34, 94, 168 } },
  { 3, { 29, 145, 192 } },
  { 4, { 65, 182, 196 } },
  { 5, { 127, 205, 187 } },
  { 6, { 199, 233, 180 } },
  { 7, { 237, 248, 217 } },
  { 8, { 255, 255, 217 } },
};

static const Anchor jet_anchors[] = {
  { 0, { 0, 0, 128 } },
  { 1, { 0, 0, 255 } },
  { 3, { 0, 255, 255 } },
  { 5, { 255, 255, 0 } },
  { 7, { 255, 0, 0 } },
  { 8, { 128, 0, 0 } },
};

static const Anchor gray_anchors[] = {
  { 0, { 0, 0, 0 } },
  { 8, { 255, 255, 255 } },
};

static const Anchor signed_anchors[] = {
  { 0, { 89, 175, 255 } },
  { 4, { 12, 12, 14 } },
  { 8, { 255, 146, 43 } },
};

/**
 * Source:
 * @table: (nullable): all colours, or %NULL for @anchors
 * @anchors: (nullable): colours between which the others are interpolated
 */
typedef struct {
  const guint32 *table;
  const Anchor *anchors;
} Source;

static const Source sources[] = {
  [OVERLAY_COLORMAP_YLGNBU] = { .anchors = ylgnbu_anchors },
  [OVERLAY_COLORMAP_VIRIDIS] = { .table = viridis_table },
  [OVERLAY_COLORMAP_MAGMA] = { .table = magma_table },
  [OVERLAY_COLORMAP_INFERNO] = { .table = inferno_table },
  [OVERLAY_COLORMAP_PLASMA] = { .table = plasma_table },
  [OVERLAY_COLORMAP_CIVIDIS] = { .table = cividis_table },
  [OVERLAY_COLORMAP_TURBO] = { .table = turbo_table },
  [OVERLAY_COLORMAP_JET] = { .anchors = jet_anchors },
  [OVERLAY_COLORMAP_GRAY] = { .anchors = gray_anchors },
  [OVERLAY_COLORMAP_SIGNED] = { .anchors = signed_anchors },
};
G_STATIC_ASSERT (G_N_ELEMENTS (sources) == OVERLAY_N_COLORMAPS);

static guint32
interpolate (const Anchor *low, const Anchor *high, gint index)
{
  gint last = TABLE_SIZE - 1;
  gint above = 8 * index - low->eighth * last;
  gint range = (high->eighth - low->eighth) * last;
  guint32 word = 0xff;

  for (guint i = 0; i < G_N_ELEMENTS (low->color); i++) {
    gint blend = low->color[i] * (range - above) + high->color[i] * above;

    word = word << 8 | (guint32) ((blend + range / 2) / range);
  }
  return word;
}

static void
fill_from_anchors (guint32 *table, const Anchor *anchors)
{
  const Anchor *low = anchors;

  for (gint i = 0; i < TABLE_SIZE; i++) {
    while (8 * i > low[1].eighth * (TABLE_SIZE - 1))
      low++;
    table[i] = interpolate (low, low + 1, i);
  }
}

static gpointer
make_anchored_tables (gpointer unused)
{
  static guint32 tables[OVERLAY_N_COLORMAPS][TABLE_SIZE];

  for (guint i = 0; i < OVERLAY_N_COLORMAPS; i++) {
    if (sources[i].anchors)
      fill_from_anchors (tables[i], sources[i].anchors);
  }
  return tables;
}

const guint32 *
overlay_colormap_get_table (OverlayColormap colormap)
{
  static GOnce once = G_ONCE_INIT;
  const guint32 (
      *anchored)[TABLE_SIZE] = g_once (&once, make_anchored_tables, NULL);

  if ((guint) colormap >= OVERLAY_N_COLORMAPS)
    colormap = OVERLAY_COLORMAP_YLGNBU;
  return sources[colormap].table ? sources[colormap].table : anchored[colormap];
}

guint
overlay_colormap_get_zero (OverlayColormap colormap)
{
  return colormap == OVERLAY_COLORMAP_SIGNED ? TABLE_SIZE / 2 : 0;
}
