/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/map-tile.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* A relative spread below this is a rounding error rather than a pattern. */
#define CONSTANT_SPREAD 1e-6

/* Maps the pixels of a tile to cells along one side: @samples steps of @factor
 * pixels each. */
typedef struct {
  gint cells;
  gint samples;
  gint factor;
} Axis;

static gboolean
is_constant (const OverlayRange *range)
{
  gdouble span = (gdouble) range->maximum - (gdouble) range->minimum;
  gdouble largest = fmax (fabs (range->maximum), fabs (range->minimum));

  return range->maximum < range->minimum || span <= CONSTANT_SPREAD * largest;
}

static void
init_axis (Axis *axis, gint cells, gint pixels)
{
  axis->cells = cells;
  axis->samples = MIN (cells, pixels);
  axis->factor = pixels / axis->samples;
}

static gint
get_first_cell (const Axis *axis, gint sample)
{
  return (gint) ((gint64) sample * axis->cells / axis->samples);
}

/* Returns one past the last cell. Neighbouring samples share a cell that lies
 * across the edge between them. */
static gint
get_last_cell (const Axis *axis, gint sample)
{
  gint64 edge = ((gint64) sample + 1) * axis->cells;

  return (gint) ((edge + axis->samples - 1) / axis->samples);
}

/* Returns the greatest value of the box, or -INFINITY if no cell is finite. */
static gfloat
get_box_maximum (const CnnLayerMaps *layer, gint channel, gint x, gint right,
    gint y, gint bottom)
{
  OverlayRange range = { FLT_MAX, -INFINITY };

  for (gint row = y; row < bottom; row++) {
    gsize first = (gsize) row * (gsize) layer->width + (gsize) x;
    const gfloat *value = layer->data + first * (gsize) layer->channels;

    value += channel;
    for (gint column = x; column < right; column++) {
      overlay_range_include (&range, *value);
      value += layer->channels;
    }
  }
  return range.maximum;
}

/* Needs double precision, because the span of finite floats may exceed
 * FLT_MAX. */
static guint
get_index (gfloat value, gdouble minimum, gdouble gain)
{
  const gdouble above = (gdouble) value - minimum;

  return above > 0.0 ? (guint) MIN (gain * above + 0.5, 255.0) : 0;
}

static void
fill (guint32 *pixels, gint n_pixels, guint32 word)
{
  /* common counts, without the overhead of a loop */
  switch (n_pixels) {
    case 3:
      pixels[2] = word;
      G_GNUC_FALLTHROUGH;
    case 2:
      pixels[1] = word;
      G_GNUC_FALLTHROUGH;
    case 1:
      pixels[0] = word;
      return;
  }
  for (gint i = 0; i < n_pixels; i++)
    pixels[i] = word;
}

/* For tiles in which every cell has its own pixels. Returns -INFINITY for a
 * value that is not finite. */
static gfloat
get_cell (const CnnLayerMaps *layer, gint channel, gint x, gint y)
{
  const gsize cell = (gsize) y * (gsize) layer->width + (gsize) x;
  const gfloat value =
      layer->data[cell * (gsize) layer->channels + (gsize) channel];

  return fabsf (value) <= FLT_MAX ? value : -INFINITY;
}

/* Draws one row of samples and repeats it downwards. */
static void
draw_row (guint32 *row, const OverlayPixels *pixels, const Axis *across,
    const Axis *down, gint sample, const CnnLayerMaps *layer, gint channel,
    const OverlayRange *range, const guint32 *table)
{
  const gdouble minimum = (gdouble) range->minimum;
  const gdouble gain = 255.0 / ((gdouble) range->maximum - minimum);
  const gboolean is_whole = across->samples == across->cells
      && down->samples == down->cells;
  const gint y = get_first_cell (down, sample);
  const gint bottom = get_last_cell (down, sample);

  for (gint i = 0; i < across->samples; i++) {
    const gfloat value = is_whole
        ? get_cell (layer, channel, i, y)
        : get_box_maximum (layer, channel, get_first_cell (across, i),
            get_last_cell (across, i), y, bottom);

    fill (row + i * across->factor, across->factor,
        table[get_index (value, minimum, gain)]);
  }
  for (gint i = 1; i < down->factor; i++)
    memcpy (row + (gsize) i * pixels->stride, row,
        (gsize) pixels->width * sizeof (guint32));
}

/* Returns the colour a third of the way from @low to white. */
static guint32
get_mark_color (guint32 low)
{
  guint32 word = 0xff;

  for (gint shift = 16; shift >= 0; shift -= 8) {
    guint32 part = low >> shift & 0xff;

    word = word << 8 | (part + (255 - part) / 3);
  }
  return word;
}

static void
draw_dot (const OverlayPixels *pixels, guint32 word)
{
  gint shorter = MIN (pixels->width, pixels->height);
  gint side = MAX (shorter / 12 * 2, 2) - (shorter & 1);
  const Rect dot = { (pixels->width - side) / 2, (pixels->height - side) / 2,
    side, side };

  overlay_pixels_fill (pixels, &dot, word);
}

void
overlay_map_tile_draw_quiet (const OverlayPixels *pixels, guint32 background,
    gboolean is_dead)
{
  const Rect whole = { 0, 0, pixels->width, pixels->height };

  overlay_pixels_fill (pixels, &whole, background);
  if (is_dead)
    overlay_pixels_hatch (pixels, get_mark_color (background));
  else
    draw_dot (pixels, get_mark_color (background));
}

void
overlay_map_tile_draw (const OverlayPixels *pixels, const CnnLayerMaps *layer,
    gint channel, const OverlayRange *range, const guint32 *table)
{
  Axis across;
  Axis down;
  guint32 *row = pixels->data;

  if (is_constant (range)) {
    overlay_map_tile_draw_quiet (pixels, table[0], FALSE);
    return;
  }
  init_axis (&across, layer->width, pixels->width);
  init_axis (&down, layer->height, pixels->height);
  for (gint i = 0; i < down.samples; i++) {
    draw_row (row, pixels, &across, &down, i, layer, channel, range, table);
    row += (gsize) down.factor * pixels->stride;
  }
}
