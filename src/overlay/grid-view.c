/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/grid-view.h"

#include <float.h>
#include <math.h>

#include "overlay/color-tile.h"
#include "overlay/drawing.h"

#define N_BORDERS 5

#define OUTLINE_COLOR 0xffffff
#define KNOCK_OUT_COLOR 0xff4d4d
#define PLATE_COLOR 0x0b0c0e

void
overlay_grid_view_format (gchar *text, gsize size, gdouble value)
{
  gdouble magnitude = fabs (value);
  const gchar *sign = value < 0.0 ? "−" : "";
  const gchar *format = "%.2f";
  gchar number[G_ASCII_DTOSTR_BUF_SIZE];

  if (value == 0.0)
    format = "%.0f";
  else if (magnitude >= 9999.5 || magnitude < 0.00995)
    format = "%.0e";
  else if (magnitude >= 9.95)
    format = "%.0f";
  else if (magnitude >= 0.995)
    format = "%.1f";
  g_ascii_formatd (number, sizeof (number), format, magnitude);
  g_snprintf (text, (gulong) size, "%s%s", sign, number);
}

/* Formats a number with its sign in at most four characters: "+.12", "−1.3",
 * "+15". */
static void
format_contribution (gchar *text, gsize size, gdouble value)
{
  gdouble magnitude = fabs (value);
  const gchar *sign = value < 0.0 ? "−" : "+";
  gchar number[16];

  if (!(magnitude < 99.5))
    g_snprintf (text, (gulong) size, "%s99", sign);
  else if (magnitude < 0.995)
    g_snprintf (text, (gulong) size, "%s.%02d", sign,
        (gint) lround (100.0 * magnitude));
  else {
    g_ascii_formatd (number, sizeof (number),
        magnitude < 9.95 ? "%.1f" : "%.0f", magnitude);
    g_snprintf (text, (gulong) size, "%s%s", sign, number);
  }
}

static gboolean
is_enlarged (const OverlayScene *scene, guint layer, gint channel)
{
  return scene->enlarged_layer == (gint) layer
      && scene->enlarged_channel == channel;
}

/* Draws the map or the kernel of a channel. */
static void
draw_channel (const OverlayGridView *view, const OverlayGrid *grid,
    const OverlayLayerState *state, gint channel, const Rect *rect)
{
  const OverlayLayer *layer = &view->scene->layers[grid->layer];
  OverlayPixels tile = overlay_pixels_get_part (view->pixels, rect);
  OverlayRange range;

  if (layer->has_kernels) {
    overlay_color_tile_draw_kernel (&tile, layer->result->description, channel);
    return;
  }
  if (state->quiet[channel] > 0) {
    overlay_map_tile_draw_quiet (&tile,
        view->table[overlay_colormap_get_zero (view->style->colormap)],
        state->quiet[channel] == OVERLAY_DEAD_AFTER);
  } else {
    range = overlay_layer_state_get_range (state, channel, view->style);
    overlay_map_tile_draw (&tile, &state->shown, channel, &range, view->table);
  }
  if (layer->result != NULL
      && classifier_result_is_knocked_out (layer->result, layer->maps, channel))
    overlay_pixels_cross (&tile,
        overlay_pixels_make_word (KNOCK_OUT_COLOR, 255));
}

static guint32
get_contribution_color (gfloat contribution)
{
  return contribution < 0.0f ? OVERLAY_AGAINST_COLOR : OVERLAY_FOR_COLOR;
}

static void
draw_caption (const OverlayGridView *view, const OverlayGrid *grid, gint index,
    gfloat contribution)
{
  const Rect place = overlay_grid_get_caption (grid, index);
  OverlayPixels pixels;
  gchar text[16];
  gint width;

  if (place.height == 0 || fabsf (contribution) < 0.005f)
    return;
  pixels = overlay_pixels_get_part (view->pixels, &place);
  format_contribution (text, sizeof (text), (gdouble) contribution);
  width = overlay_glyphs_measure (view->caption, text);
  if (width <= place.width)
    overlay_glyphs_show (view->caption, &pixels, text,
        (place.width - width) / 2, 0, place.height,
        get_contribution_color (contribution));
}

/* Finds the channels with the largest contributions of either sign, and returns
 * their number. */
static guint
find_largest (const gfloat *contributions, gint n_channels, gint *largest)
{
  guint n = 0;

  for (gint channel = 0; channel < n_channels; channel++) {
    gfloat size = fabsf (contributions[channel]);
    guint place = n;

    if (!(size > 0.0f))
      continue;
    while (place > 0 && size > fabsf (contributions[largest[place - 1]]))
      place--;
    if (place == N_BORDERS)
      continue;
    n = MIN (n + 1, N_BORDERS);
    for (guint i = n - 1; i > place; i--)
      largest[i] = largest[i - 1];
    largest[place] = channel;
  }
  return n;
}

static gboolean
is_on_page (const OverlayGrid *grid, gint channel)
{
  return channel >= grid->first && channel < grid->first + grid->shown;
}

static void
draw_outline (const OverlayGridView *view, const OverlayGrid *grid,
    gint channel, guint32 rgb)
{
  Rect tile;

  if (!is_on_page (grid, channel))
    return;
  tile = overlay_grid_get_tile (grid, channel - grid->first);
  overlay_pixels_outline (view->pixels, &tile, overlay_grid_get_outset (grid),
      overlay_pixels_make_word (rgb, 255));
}

static void
draw_borders (const OverlayGridView *view, const OverlayGrid *grid,
    const gfloat *contributions)
{
  const OverlayLayer *layer = &view->scene->layers[grid->layer];
  gint largest[N_BORDERS];
  guint n = find_largest (contributions, layer->maps->channels, largest);

  for (guint i = 0; i < n; i++)
    draw_outline (view, grid, largest[i],
        get_contribution_color (contributions[largest[i]]));
}

/* Clears the borders and captions of the previous frame. */
static void
clear_gaps (const OverlayGridView *view, const OverlayGrid *grid)
{
  const Rect last = overlay_grid_get_tile (grid, grid->shown - 1);
  const gint outset = overlay_grid_get_outset (grid);
  const Rect area = { grid->x - outset, grid->y - outset,
    overlay_grid_get_width (grid) + 2 * outset,
    last.y + last.height + grid->caption_height - grid->y + 2 * outset };

  overlay_pixels_fill (view->pixels, &area, view->background);
}

static void
draw_tiles (const OverlayGridView *view, const OverlayGrid *grid,
    const OverlayLayerState *state)
{
  const gfloat *contributions = overlay_layer_get_contributions (
      &view->scene->layers[grid->layer]);
  gboolean has_marks = contributions != NULL
      || view->scene->enlarged_layer == (gint) grid->layer;

  if (has_marks)
    clear_gaps (view, grid);
  for (gint i = 0; i < grid->shown; i++) {
    gint channel = grid->first + i;
    Rect tile = overlay_grid_get_tile (grid, i);

    draw_channel (view, grid, state, channel, &tile);
    if (contributions != NULL)
      draw_caption (view, grid, i, contributions[channel]);
    if (is_enlarged (view->scene, grid->layer, channel))
      draw_outline (view, grid, channel, OUTLINE_COLOR);
  }
  if (contributions != NULL)
    draw_borders (view, grid, contributions);
}

/* Formats the number of the enlarged channel, and the range of its map. */
static void
format_channel (const OverlayGridView *view, const OverlayGrid *grid,
    const OverlayLayerState *state, gchar *text, gsize size)
{
  const gint channel = view->scene->enlarged_channel;
  const OverlayRange *range = &state->ranges[channel];
  gchar low[16], high[16];

  overlay_grid_view_format (low, sizeof (low), (gdouble) range->minimum);
  overlay_grid_view_format (high, sizeof (high), (gdouble) range->maximum);
  if (view->scene->layers[grid->layer].has_kernels)
    g_snprintf (text, (gulong) size, "#%d", channel);
  else
    g_snprintf (text, (gulong) size, "#%d · %s–%s", channel, low, high);
}

/* Draws the enlarged channel, with its number and range at the bottom. */
static void
draw_enlarged (const OverlayGridView *view, const OverlayGrid *grid,
    const OverlayLayerState *state)
{
  gint channel = view->scene->enlarged_channel;
  gint height = overlay_glyphs_get_size (view->heading) * 5 / 4;
  OverlayPixels pixels;
  Rect chip;
  gchar text[64];

  if (grid->enlarged.height == 0)
    return;
  draw_channel (view, grid, state, channel, &grid->enlarged);
  format_channel (view, grid, state, text, sizeof (text));
  pixels = overlay_pixels_get_part (view->pixels, &grid->enlarged);
  chip = (Rect) { 0, pixels.height - height,
    overlay_glyphs_measure (view->heading, text) + height / 2, height };
  if (chip.width > pixels.width || 2 * height > pixels.height)
    return;
  overlay_pixels_fill (&pixels, &chip,
      overlay_pixels_make_word (PLATE_COLOR, 255));
  overlay_glyphs_show (view->heading, &pixels, text, height / 4, chip.y, height,
      OVERLAY_TEXT_COLOR);
}

static gboolean
has_own_ranges (const OverlayGridView *view)
{
  return view->style->scaling == OVERLAY_SCALING_INSIDE
      || view->style->scaling == OVERLAY_SCALING_MAP;
}

/* Formats the values at the ends of the colormap. If each map has its own
 * range, that of the layer is shown, with its upper end as a limit. A plus says
 * that some cells lie beyond the end. */
static void
format_ends (const OverlayGridView *view, const OverlayLayerState *state,
    gchar *low, gchar *high, gsize size)
{
  OverlayRange range = state->whole;
  gchar figure[16];

  if (view->style->scaling == OVERLAY_SCALING_FIXED)
    range = (OverlayRange) { (gfloat) view->style->range_minimum,
      (gfloat) view->style->range_maximum };
  if (range.maximum < range.minimum)
    range = (OverlayRange) { 0.0f, 0.0f };
  if (view->style->colormap == OVERLAY_COLORMAP_SIGNED)
    overlay_range_make_symmetric (&range);
  overlay_grid_view_format (low, size, (gdouble) range.minimum);
  overlay_grid_view_format (figure, sizeof (figure), (gdouble) range.maximum);
  g_snprintf (high, (gulong) size, "%s%s%s", has_own_ranges (view) ? "≤" : "",
      figure, state->has_outliers ? "+" : "");
}

static void
format_quiet (const OverlayLayerState *state, gchar *text, gsize size)
{
  *text = '\0';
  if (state->n_dead > 0)
    g_snprintf (text, (gulong) size, "%d dead", state->n_dead);
  else if (state->n_silent > 0)
    g_snprintf (text, (gulong) size, "%d silent", state->n_silent);
}

/* Returns the length of the gradient, which is 0 if the legend does not fit.
 * The note on quiet channels is the first part to be left out. */
static gint
fit_legend (const OverlayGlyphs *glyphs, gint width, gint ends, gchar *quiet)
{
  const gint size = overlay_glyphs_get_size (glyphs);
  const gint note = overlay_glyphs_measure (glyphs, quiet);
  gint room = width - ends - (note > 0 ? note + size : 0);

  if (room < size) {
    *quiet = '\0';
    room = width - ends;
  }
  return room < size ? 0 : MIN (room, 8 * size);
}

/* Returns the colours of a gradient from @low to @high. Kernels have no values
 * in common. */
static const guint32 *
choose_gradient (const OverlayGridView *view, const OverlayGrid *grid,
    const OverlayLayerState *state, gchar *low, gchar *high, gsize size)
{
  if (view->scene->layers[grid->layer].has_kernels) {
    g_strlcpy (low, "−", size);
    g_strlcpy (high, "+", size);
    return overlay_colormap_get_table (OVERLAY_COLORMAP_GRAY);
  }
  format_ends (view, state, low, high, size);
  return view->table;
}

/* Draws, from left to right, the number of dead or silent channels, the least
 * value, the colours and the greatest value. In a narrow dock the gradient
 * takes the remaining room. */
static void
draw_legend (const OverlayGridView *view, const OverlayGrid *grid,
    const OverlayLayerState *state)
{
  const guint32 *table;
  const OverlayGlyphs *glyphs = view->heading;
  const gint size = overlay_glyphs_get_size (glyphs), gap = size / 2;
  const Rect whole = { 0, 0, grid->legend.width, grid->legend.height };
  Rect gradient = { 0, size / 4, 0, whole.height - size / 2 };
  OverlayPixels pixels;
  gchar low[16], high[32], quiet[32];
  gint ends, x;

  if (grid->legend.height == 0)
    return;
  pixels = overlay_pixels_get_part (view->pixels, &grid->legend);
  overlay_pixels_fill (&pixels, &whole, view->background);
  table = choose_gradient (view, grid, state, low, high, sizeof (low));
  format_quiet (state, quiet, sizeof (quiet));
  ends = overlay_glyphs_measure (glyphs, low)
      + overlay_glyphs_measure (glyphs, high) + 2 * gap;
  gradient.width = fit_legend (glyphs, whole.width, ends, quiet);
  if (gradient.width == 0)
    return;
  overlay_glyphs_show (glyphs, &pixels, quiet, 0, 0, whole.height,
      OVERLAY_DETAIL_COLOR);
  x = whole.width - ends - gradient.width;
  x = overlay_glyphs_show (glyphs, &pixels, low, x, 0, whole.height,
      OVERLAY_DETAIL_COLOR);
  gradient.x = x + gap;
  overlay_pixels_gradient (&pixels, &gradient, table);
  overlay_glyphs_show (glyphs, &pixels, high, gradient.x + gradient.width + gap,
      0, whole.height, OVERLAY_DETAIL_COLOR);
}

void
overlay_grid_view_draw (const OverlayGridView *view, const OverlayGrid *grid,
    const OverlayLayerState *state)
{
  draw_tiles (view, grid, state);
  draw_enlarged (view, grid, state);
  draw_legend (view, grid, state);
}
