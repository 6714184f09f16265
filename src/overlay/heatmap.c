/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/heatmap.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define N_LEVELS 256

struct _OverlayHeatmap {
  gint id;
  gboolean is_signed;
  gdouble largest; /* the evidence that a cell of 1 stands for, if signed */
  gint height;
  gint width;
  gfloat *cells; /* -1 to 1 if signed, otherwise 0 to 1 */
  gfloat *row;   /* cells interpolated between two rows of the map */
  guint32 *line; /* words of a row, before they are laid over pixels */
  gint line_length;
  gboolean is_new;

  /* premultiplied words of all levels, and the settings they were made for */
  guint32 words[N_LEVELS];
  OverlayColormap colormap;
  gdouble opacity;
};

/* Levels are fixed point with this many bits of fraction. */
#define LEVEL_BITS 16

/* The position of a row of pixels between two rows of cells. */
typedef struct {
  gint first;
  gint second;
  gfloat part;
} Between;

OverlayHeatmap *
overlay_heatmap_new (void)
{
  OverlayHeatmap *heatmap = g_new0 (OverlayHeatmap, 1);

  heatmap->is_new = TRUE;
  heatmap->opacity = -1.0;
  return heatmap;
}

void
overlay_heatmap_free (OverlayHeatmap *heatmap)
{
  g_free (heatmap->cells);
  g_free (heatmap->row);
  g_free (heatmap->line);
  g_free (heatmap);
}

void
overlay_heatmap_reset (OverlayHeatmap *heatmap)
{
  heatmap->is_new = TRUE;
}

static void
set_shape (OverlayHeatmap *heatmap, gint height, gint width)
{
  if (heatmap->height == height && heatmap->width == width)
    return;
  heatmap->height = height;
  heatmap->width = width;
  heatmap->cells = g_renew (gfloat, heatmap->cells,
      (gsize) height * (gsize) width);
  heatmap->row = g_renew (gfloat, heatmap->row, width);
  heatmap->is_new = TRUE;
}

static gfloat
get_largest (const gfloat *values, gsize n)
{
  gfloat largest = 0.0f;

  for (gsize i = 0; i < n; i++) {
    gfloat size = fabsf (values[i]);

    largest = size <= FLT_MAX && size > largest ? size : largest;
  }
  return largest;
}

void
overlay_heatmap_update (OverlayHeatmap *heatmap,
    const CnnExplanation *explanation, gint id, gboolean is_signed,
    gdouble part)
{
  gsize n = (gsize) explanation->height * (gsize) explanation->width;
  const gfloat *values = is_signed ? explanation->cell_contributions
                                   : explanation->map;
  gfloat largest = is_signed ? get_largest (values, n) : 1.0f;
  gfloat gain = largest > 0.0f ? 1.0f / largest : 0.0f;

  set_shape (heatmap, explanation->height, explanation->width);
  if (heatmap->is_new || heatmap->id != id || heatmap->is_signed != is_signed)
    part = 1.0;
  for (gsize i = 0; i < n; i++) {
    gfloat value = values[i] * gain;

    value = value >= -1.0f && value <= 1.0f ? value : 0.0f;
    heatmap->cells[i] = part < 1.0
        ? heatmap->cells[i] + (value - heatmap->cells[i]) * (gfloat) part
        : value;
  }
  heatmap->largest += ((gdouble) largest - heatmap->largest) * part;
  heatmap->id = id;
  heatmap->is_signed = is_signed;
  heatmap->is_new = FALSE;
}

gdouble
overlay_heatmap_get_largest (const OverlayHeatmap *heatmap)
{
  return heatmap->largest;
}

static void
make_words (OverlayHeatmap *heatmap, OverlayColormap colormap, gdouble opacity)
{
  const guint32 *table = overlay_colormap_get_table (colormap);
  guint zero = overlay_colormap_get_zero (colormap);
  guint zero_to_end = N_LEVELS - 1 - zero;

  if (heatmap->colormap == colormap && heatmap->opacity == opacity)
    return;
  for (guint i = 0; i < N_LEVELS; i++) {
    guint strength = MIN (ABS ((gint) i - (gint) zero), (gint) zero_to_end);
    guint32 color = table[i];

    /* evidence for and against has one colour each */
    if (colormap == OVERLAY_COLORMAP_SIGNED)
      color = table[i < zero ? 0 : N_LEVELS - 1];
    heatmap->words[i] = overlay_pixels_make_word (color & 0xffffff,
        (guint) lround (255.0 * opacity * strength / zero_to_end));
  }
  heatmap->colormap = colormap;
  heatmap->opacity = opacity;
}

static Between
find_between (gint pixel, gint n_pixels, gint n_cells)
{
  gfloat position =
      ((gfloat) pixel + 0.5f) * (gfloat) n_cells / (gfloat) n_pixels - 0.5f;
  Between between;

  position = CLAMP (position, 0.0f, (gfloat) (n_cells - 1));
  between.first = (gint) position;
  between.second = MIN (between.first + 1, n_cells - 1);
  between.part = position - (gfloat) between.first;
  return between;
}

static gfloat
mix (gfloat a, gfloat b, gfloat part)
{
  return a + (b - a) * part;
}

static void
prepare_row (OverlayHeatmap *heatmap, const Between *down)
{
  const gfloat *upper = heatmap->cells
      + (gsize) down->first * (gsize) heatmap->width;
  const gfloat *lower = heatmap->cells
      + (gsize) down->second * (gsize) heatmap->width;
  gfloat zero = heatmap->is_signed ? 0.5f : 0.0f;
  gfloat gain = heatmap->is_signed ? 0.5f : 1.0f;

  for (gint i = 0; i < heatmap->width; i++) {
    gfloat value = mix (upper[i], lower[i], down->part);

    heatmap->row[i] = (zero + gain * value) * (N_LEVELS - 1);
  }
}

static void
lay_over (guint32 *restrict pixels, const guint32 *restrict words, gint n)
{
  for (gint i = 0; i < n; i++)
    pixels[i] = overlay_pixels_lay_over (pixels[i], words[i]);
}

/* The first pixel whose centre is at or right of the middle of a cell. */
static gint64
find_middle (const OverlayHeatmap *heatmap, const Rect *box, gint cell)
{
  const gint64 cells = 2 * (gint64) heatmap->width;
  const gint64 position = (2 * (gint64) cell + 1) * box->width - heatmap->width;

  return box->x + (position + cells - 1) / cells;
}

/* Draws the pixels from @x to @end, which lie between the same two cells, so
 * that their levels have a constant @step. */
static void
draw_span (const OverlayHeatmap *heatmap, guint32 *pixels, gint x, gint end,
    gint level, gint step)
{
  for (; x < end; x++, level += step)
    pixels[x] = heatmap->words[level >> LEVEL_BITS & (N_LEVELS - 1)];
}

static void
draw_row (const OverlayHeatmap *heatmap, guint32 *pixels, gint width,
    const Rect *box)
{
  const gfloat unit = (gfloat) (1 << LEVEL_BITS);
  const gfloat cells = (gfloat) heatmap->width / (gfloat) box->width;
  gint x = 0;

  /* one span before the first cell's middle, one between each two middles, and
   * one after the last */
  for (gint cell = -1; cell < heatmap->width && x < width; cell++) {
    const gint left = MAX (cell, 0), right = MIN (cell + 1, heatmap->width - 1);
    const gint end = cell + 1 < heatmap->width
        ? (gint) CLAMP (find_middle (heatmap, box, cell + 1), x, width)
        : width;
    const gfloat slope = (heatmap->row[right] - heatmap->row[left]) * cells;
    /* distance from the middle of the left cell to the middle of the pixel */
    const gfloat way = (gfloat) ((gint64) x - box->x) + 0.5f
        - ((gfloat) left + 0.5f) / cells;

    draw_span (heatmap, pixels, x, end,
        (gint) ((heatmap->row[left] + slope * way + 0.5f) * unit),
        (gint) (slope * unit));
    x = end;
  }
}

static void
ensure_line (OverlayHeatmap *heatmap, gint length)
{
  if (heatmap->line_length >= length)
    return;
  heatmap->line = g_renew (guint32, heatmap->line, length);
  heatmap->line_length = length;
}

void
overlay_heatmap_draw (OverlayHeatmap *heatmap, const OverlayPixels *pixels,
    const Rect *box, OverlayColormap colormap, gdouble opacity, gboolean over)
{
  make_words (heatmap, colormap, opacity);
  if (over)
    ensure_line (heatmap, pixels->width);
  for (gint y = 0; y < pixels->height; y++) {
    guint32 *row = pixels->data + (gsize) y * pixels->stride;
    Between down = find_between (y - box->y, box->height, heatmap->height);

    prepare_row (heatmap, &down);
    draw_row (heatmap, over ? heatmap->line : row, pixels->width, box);
    if (over)
      lay_over (row, heatmap->line, pixels->width);
  }
}
