/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/grid-layout.h"

#include <string.h>

#define MIN_TILE 4
#define SMALL_TILE 10    /* side for a map with fewer cells */
#define READABLE_TILE 24 /* side for a map with more cells */

/* The position in the layers at which a page begins. */
typedef struct {
  guint layer;
  gint channel;
} Position;

/* The layers of a page that is being laid out. */
typedef struct {
  const OverlayGridBox *box;
  const OverlayLayer *layers;
  guint n_layers;
  gint enlarged;
} Stack;

gint
overlay_grid_layout_get_smallest_tile (const CnnLayerMaps *layer,
    gint box_width)
{
  const gint eighth = (box_width - 7) / 8, quarter = (box_width - 3) / 4;

  /* eight tiles side by side with their gaps, or fewer if they would get too
   * small */
  const gint most = MAX (eighth, MIN (READABLE_TILE, quarter));
  const gint least = MIN (MAX (box_width / 24, SMALL_TILE), most);

  return MAX (CLAMP (layer->width, least, most), MIN_TILE);
}

static gint
get_smallest_tile (const OverlayLayer *layer, const OverlayGridBox *box)
{
  if (cnn_layer_maps_is_vector (layer->maps))
    return MIN_TILE;
  return overlay_grid_layout_get_smallest_tile (layer->maps,
      box->is_wide ? box->width / 2 : box->width);
}

/* The width available to a tile with the narrowest gaps. */
static gint
get_tile_room (gint width, gint columns)
{
  return (width - (columns - 1)) / columns;
}

static gint
fit_side (gint cells, gint room, gint max_cell)
{
  return room < cells ? MAX (room, 1) : cells * MIN (room / cells, max_cell);
}

/* The height that matches a tile's width, limited so that the tile is visible
 * and leaves room for others. */
static gint
get_tile_height (const OverlayLayer *layer, const OverlayGridBox *box,
    gint tile_width)
{
  gint64 height = (gint64) layer->maps->height * tile_width
      / layer->maps->width;
  gint most = MAX (MIN (box->width, box->height / 2), MIN_TILE);
  gint wanted = (gint) CLAMP (height, MIN_TILE, most);

  return fit_side (layer->maps->height, wanted, wanted);
}

/* The width of the box minus that of an enlarged channel beside the grid. */
static gint
get_grid_room (const OverlayGrid *grid, const OverlayGridBox *box)
{
  if (!box->is_wide || grid->enlarged.width == 0)
    return box->width;
  return box->width - grid->enlarged.width - box->section_gap;
}

static void
set_rows (OverlayGrid *grid, const OverlayLayer *layer, gint rows)
{
  grid->rows = rows;
  grid->shown = (gint) MIN ((gint64) rows * grid->columns,
      layer->maps->channels - grid->first);
}

static void
set_columns (OverlayGrid *grid, const OverlayLayer *layer,
    const OverlayGridBox *box, gint columns, gint max_tile)
{
  gint width = get_grid_room (grid, box);
  gint max_cell = MAX (box->width / 24, 4)
      * (cnn_layer_maps_is_vector (layer->maps) ? 2 : 1);
  gint n_channels = layer->maps->channels - grid->first;

  grid->columns = columns;
  grid->tile_width = fit_side (layer->maps->width,
      MIN (get_tile_room (width, columns), max_tile), max_cell);
  grid->tile_height = get_tile_height (layer, box, grid->tile_width);
  grid->caption_height = 0;
  if (overlay_layer_get_contributions (layer) != NULL
      && grid->tile_width >= box->caption_width && box->heading_height > 0)
    grid->caption_height = box->caption_height;
  grid->gap = box->max_gap;
  if (columns > 1) {
    gint spare = width - columns * grid->tile_width;

    grid->gap = CLAMP (spare / (columns - 1), 1, box->max_gap);
  }
  set_rows (grid, layer, (n_channels + columns - 1) / columns);
}

/* Steps down through 64, 48, 32, 24, 16, 12, 8, 6, 4. */
static gint
get_fewer_columns (gint columns)
{
  return columns % 3 == 0 ? columns * 2 / 3 : columns * 3 / 4;
}

/* 4 columns for 16 channels, 8 for 32 and 64, 16 for 128; twice as many in a
 * wide box. Fewer if the tiles would become smaller than the maps and too small
 * to read. */
static gint
choose_columns (const OverlayGrid *grid, const OverlayLayer *layer,
    const OverlayGridBox *box)
{
  gint n_channels = layer->maps->channels - grid->first;
  gint width = get_grid_room (grid, box);
  gint columns = MIN (n_channels, 4);

  if (cnn_layer_maps_is_vector (layer->maps)) {
    gint cell = MAX (box->width / (box->is_wide ? 80 : 40), MIN_TILE);

    return MIN (n_channels, MAX ((width + 1) / (cell + 1), 1));
  }
  while ((gint64) columns * columns < n_channels)
    columns *= 2;
  if (box->is_wide && grid->enlarged.width == 0)
    columns = MIN (2 * columns, n_channels);
  while (columns > 4
      && get_tile_room (width, columns) < get_smallest_tile (layer, box))
    columns = get_fewer_columns (columns);
  return columns;
}

gint
overlay_grid_get_outset (const OverlayGrid *grid)
{
  return MIN (grid->gap, 3);
}

gint
overlay_grid_get_width (const OverlayGrid *grid)
{
  return grid->columns * (grid->tile_width + grid->gap) - grid->gap;
}

Rect
overlay_grid_get_tile (const OverlayGrid *grid, gint index)
{
  gint pitch_x = grid->tile_width + grid->gap;
  gint pitch_y = grid->tile_height + grid->caption_height + grid->gap;

  return (Rect) { grid->x + index % grid->columns * pitch_x,
    grid->y + index / grid->columns * pitch_y, grid->tile_width,
    grid->tile_height };
}

static gint64
get_tiles_height (const OverlayGrid *grid)
{
  return (gint64) grid->rows
      * (grid->tile_height + grid->caption_height + grid->gap)
      - grid->gap;
}

static gint64
get_section_height (const OverlayGrid *grid, const OverlayGridBox *box)
{
  gint64 tiles = get_tiles_height (grid);

  if (grid->enlarged.height > 0 && box->is_wide)
    tiles = MAX (tiles, grid->enlarged.height);
  else if (grid->enlarged.height > 0)
    tiles += grid->enlarged.height + box->max_gap;
  return tiles + grid->heading.height
      + (box->is_wide ? 0 : grid->legend.height);
}

static gint64
get_total_height (const OverlayGridPage *page, const OverlayGridBox *box)
{
  gint64 height = 0;

  for (guint i = 0; i < page->n_grids; i++)
    height += get_section_height (&page->grids[i], box)
        + (i > 0 ? box->section_gap : 0);
  return height;
}

/* Scales @side by @length / @longest. */
static gint
get_share (gint side, gint length, gint longest)
{
  return (gint) ((gint64) side * length / longest);
}

/* An enlarged map keeps its proportions; its cells are whole pixels if
 * possible. */
static void
set_enlarged_size (OverlayGrid *grid, const OverlayLayer *layer,
    const OverlayGridBox *box)
{
  gint side = box->is_wide ? MIN (box->width / 4, box->height / 2)
                           : MIN (box->width * 3 / 5, box->height / 4);
  gint longer = MAX (layer->maps->width, layer->maps->height);

  grid->enlarged.width = MAX (fit_side (layer->maps->width,
                                  get_share (side, layer->maps->width, longer),
                                  side),
      1);
  grid->enlarged.height =
      MAX (fit_side (layer->maps->height,
               get_share (side, layer->maps->height, longer), side),
          1);
}

/* Gives every grid its preferred size. Without text there are no headings and
 * no legends. */
static void
start_page (OverlayGridPage *page, const Stack *stack, Position from,
    guint n_grids, gboolean with_legends)
{
  const OverlayGridBox *box = stack->box;

  page->n_grids = n_grids;
  for (guint i = 0; i < n_grids; i++) {
    OverlayGrid *grid = &page->grids[i];
    const OverlayLayer *layer = &stack->layers[from.layer + i];

    memset (grid, 0, sizeof (*grid));
    grid->layer = from.layer + i;
    grid->first = i == 0 ? from.channel : 0;
    grid->heading.height = box->heading_height;
    if (with_legends && box->heading_height > 0)
      grid->legend.height = box->is_wide ? box->heading_height
                                         : box->legend_height;
    if ((gint) grid->layer == stack->enlarged
        && !cnn_layer_maps_is_vector (layer->maps))
      set_enlarged_size (grid, layer, box);
    set_columns (grid, layer, box, choose_columns (grid, layer, box), G_MAXINT);
  }
}

/* Reduces a grid by one step: more columns, or smaller tiles if every channel
 * already has its own column. Returns FALSE if tiles would get too small. */
static gboolean
reduce_grid (OverlayGrid *grid, const OverlayLayer *layer,
    const OverlayGridBox *box)
{
  gint smallest = get_smallest_tile (layer, box);
  gint width = get_grid_room (grid, box);
  gint n_channels = layer->maps->channels - grid->first;
  gint columns = MIN (grid->columns * 2, n_channels);

  if (columns > grid->columns) {
    if (get_tile_room (width, columns) < smallest)
      columns = MIN (grid->columns * 3 / 2, n_channels);
    if (columns == grid->columns || get_tile_room (width, columns) < smallest)
      return FALSE;
    set_columns (grid, layer, box, columns, G_MAXINT);
    return TRUE;
  }
  if (grid->tile_width / 2 < smallest)
    return FALSE;
  set_columns (grid, layer, box, columns, grid->tile_width / 2);
  return TRUE;
}

/* An enlarged channel is reduced before any grid is. */
static gboolean
reduce_enlarged (OverlayGridPage *page, const Stack *stack)
{
  for (guint i = 0; i < page->n_grids; i++) {
    OverlayGrid *grid = &page->grids[i];
    const OverlayLayer *layer = &stack->layers[grid->layer];
    const gint least = MAX (2 * grid->tile_width, layer->maps->width);
    const gint width = grid->enlarged.width - layer->maps->width;
    const gint height = grid->enlarged.height - layer->maps->height;

    if (grid->enlarged.height == 0 || width < least
        || height < layer->maps->height)
      continue;
    grid->enlarged.width = width;
    grid->enlarged.height = height;
    return TRUE;
  }
  return FALSE;
}

static gint64
get_tallest (const OverlayGridPage *page, const gboolean *stuck)
{
  gint64 tallest = 0;

  for (guint i = 0; i < page->n_grids; i++) {
    if (!stuck[i])
      tallest = MAX (tallest, get_tiles_height (&page->grids[i]));
  }
  return tallest;
}

/* Grids that are about as tall as the tallest are reduced with it, so that
 * similar layers look alike. */
static gboolean
reduce_tallest_grids (OverlayGridPage *page, const Stack *stack)
{
  gboolean stuck[OVERLAY_MAX_GRIDS] = { FALSE };
  gboolean has_reduced = FALSE;
  gint64 tallest;

  if (reduce_enlarged (page, stack))
    return TRUE;
  while (!has_reduced && (tallest = get_tallest (page, stuck)) > 0) {
    for (guint i = 0; i < page->n_grids; i++) {
      OverlayGrid *grid = &page->grids[i];

      if (stuck[i] || 10 * get_tiles_height (grid) < 9 * tallest)
        continue;
      stuck[i] = TRUE;
      has_reduced |= reduce_grid (grid, &stack->layers[grid->layer],
          stack->box);
    }
  }
  return has_reduced;
}

static gboolean
fits (const OverlayGridPage *page, const OverlayGridBox *box)
{
  return get_total_height (page, box) <= box->height;
}

/* Puts @n_grids complete layers on the page, reduced as far as necessary.
 * Returns FALSE if they do not fit. */
static gboolean
try_whole (OverlayGridPage *page, const Stack *stack, Position from,
    guint n_grids, gboolean with_legends)
{
  start_page (page, stack, from, n_grids, with_legends);
  while (!fits (page, stack->box)) {
    if (!reduce_tallest_grids (page, stack))
      return FALSE;
  }
  return TRUE;
}

/* Puts as many rows of one layer on the page as fit. The legend is left out if
 * the whole layer fits without it, or if not even one row fits with it. */
static gboolean
try_rows (OverlayGridPage *page, const Stack *stack, Position from)
{
  const OverlayLayer *layer = &stack->layers[from.layer];
  OverlayGrid *grid = &page->grids[0];

  if (try_whole (page, stack, from, 1, FALSE))
    return TRUE;
  for (gint with_legends = 1; with_legends >= 0; with_legends--) {
    try_whole (page, stack, from, 1, with_legends);
    while (grid->rows > 1 && !fits (page, stack->box))
      set_rows (grid, layer, grid->rows - 1);
    if (fits (page, stack->box))
      return TRUE;
  }
  return FALSE;
}

/* Returns the number of complete layers that fit on a page. */
static guint
count_whole (OverlayGridPage *page, const Stack *stack, Position from)
{
  guint most = MIN (stack->n_layers - from.layer, OVERLAY_MAX_GRIDS);
  guint n = 0;

  while (n < most && try_whole (page, stack, from, n + 1, TRUE))
    n++;
  return n;
}

/* Tries to put all layers on one page. Legends are only left out if that avoids
 * further pages without making maps smaller. */
static gboolean
try_single_page (OverlayGridPage *page, const Stack *stack, Position from)
{
  if (from.layer > 0 || from.channel > 0 || stack->n_layers > OVERLAY_MAX_GRIDS)
    return FALSE;
  if (try_whole (page, stack, from, stack->n_layers, TRUE))
    return TRUE;
  start_page (page, stack, from, stack->n_layers, FALSE);
  return fits (page, stack->box);
}

/* Returns the index of the grid with the smallest tiles, or -1 if all grids are
 * done. */
static gint
find_smallest_tiles (const OverlayGridPage *page, const gboolean *is_done)
{
  gint smallest = -1;

  for (guint i = 0; i < page->n_grids; i++) {
    if (!is_done[i]
        && (smallest < 0
            || page->grids[i].tile_width < page->grids[smallest].tile_width))
      smallest = (gint) i;
  }
  return smallest;
}

/* Halves the columns of a grid. Returns FALSE if the page would become too
 * high. */
static gboolean
grow_grid (OverlayGridPage *page, const Stack *stack, OverlayGrid *grid)
{
  const OverlayLayer *layer = &stack->layers[grid->layer];
  const OverlayGrid before = *grid;

  if (grid->columns % 2 > 0 || cnn_layer_maps_is_vector (layer->maps))
    return FALSE;
  set_columns (grid, layer, stack->box, grid->columns / 2, G_MAXINT);
  if (fits (page, stack->box))
    return TRUE;
  *grid = before;
  return FALSE;
}

/* Enlarges the smallest tiles while there is room to spare. */
static void
grow_grids (OverlayGridPage *page, const Stack *stack)
{
  gboolean is_done[OVERLAY_MAX_GRIDS] = { FALSE };

  for (guint tries = 0; tries < 4 * page->n_grids; tries++) {
    const gint smallest = find_smallest_tiles (page, is_done);

    if (smallest < 0)
      return;
    is_done[smallest] = !grow_grid (page, stack, &page->grids[smallest]);
  }
}

/* Fills a page and moves @from to the next one. Returns FALSE if nothing
 * fits. */
static gboolean
fill_page (OverlayGridPage *page, const Stack *stack, Position *from)
{
  const OverlayGrid *last;

  if (!try_single_page (page, stack, *from)) {
    const guint n_whole = count_whole (page, stack, *from);

    if (n_whole > 0)
      try_whole (page, stack, *from, n_whole, TRUE);
    else if (!try_rows (page, stack, *from))
      return FALSE;
  }
  last = &page->grids[page->n_grids - 1];
  from->layer = last->layer;
  from->channel = last->first + last->shown;
  if (from->channel == stack->layers[from->layer].maps->channels)
    *from = (Position) { from->layer + 1, 0 };
  if (stack->box->is_wide)
    grow_grids (page, stack);
  return TRUE;
}

static void
place_enlarged (OverlayGrid *grid, const OverlayGridBox *box, gint width)
{
  Rect *enlarged = &grid->enlarged;

  if (enlarged->height == 0)
    return;
  if (box->is_wide) {
    enlarged->x = width - enlarged->width;
    enlarged->y = grid->y;
  } else {
    enlarged->x = (width - enlarged->width) / 2;
    enlarged->y = grid->y + (gint) get_tiles_height (grid) + box->max_gap;
  }
}

/* Raises a line of text, so that its descenders are not drawn over. */
static void
leave_below (Rect *line, gint outset)
{
  line->height -= MIN (outset + line->height / 10, line->height / 4);
}

/* The width of the widest grid, or that of the box if all grids are much
 * narrower. */
static gint
choose_page_width (const OverlayGridPage *page, const OverlayGridBox *box)
{
  gint width = 0;

  for (guint i = 0; i < page->n_grids; i++) {
    const OverlayGrid *grid = &page->grids[i];

    width = MAX (width, overlay_grid_get_width (grid));
    if (box->is_wide && grid->enlarged.width > 0)
      width = box->width;
    width = MAX (width, grid->enlarged.width);
  }
  return width < box->width * 4 / 5 ? box->width : width;
}

/* Heading and legend are side by side in a wide box, and stacked otherwise.
 * Returns the y position at which the tiles begin. */
static gint
place_heading_and_legend (OverlayGrid *grid, const OverlayGridBox *box,
    gint width, gint y)
{
  const gint outset = overlay_grid_get_outset (grid);
  const gint line = grid->heading.height;
  gint below = y + line;

  grid->heading = (Rect) { 0, y, width, line };
  if (box->is_wide) {
    grid->legend = (Rect) { width / 2, y, width / 2, grid->legend.height };
    if (grid->legend.height > 0)
      grid->heading.width = width / 2 - box->section_gap;
  } else {
    grid->legend = (Rect) { 0, below, width, grid->legend.height };
    below += grid->legend.height;
  }
  leave_below (&grid->legend, outset);
  leave_below (&grid->heading,
      box->is_wide || grid->legend.height == 0 ? outset : 0);
  return below;
}

static void
place_grids (OverlayGridPage *page, const OverlayGridBox *box)
{
  gint y = 0;

  page->width = choose_page_width (page, box);
  for (guint i = 0; i < page->n_grids; i++) {
    OverlayGrid *grid = &page->grids[i];
    const gint height = (gint) get_section_height (grid, box);

    grid->y = place_heading_and_legend (grid, box, page->width, y);
    place_enlarged (grid, box, page->width);
    y += height + box->section_gap;
  }
  page->height = y - box->section_gap;
}

guint
overlay_grid_layout_compute (const OverlayGridBox *box,
    const OverlayLayer *layers, guint n_layers, gint enlarged, guint page,
    OverlayGridPage *result)
{
  const Stack stack = { box, layers, n_layers, enlarged };
  Position position = { 0, 0 };
  guint n_pages = 0;

  result->n_grids = 0;
  if (box->width < 2 * MIN_TILE)
    return 0;
  while (position.layer < n_layers) {
    if (!fill_page (result, &stack, &position)) {
      result->n_grids = 0;
      return 0;
    }
    n_pages++;
  }
  if (n_pages == 0)
    return 0;
  position = (Position) { 0, 0 };
  for (guint i = 0; i <= page % n_pages; i++)
    fill_page (result, &stack, &position);
  place_grids (result, box);
  return n_pages;
}

gdouble
overlay_grid_layout_get_raggedness (const OverlayGridBox *box,
    const OverlayLayer *layers, guint n_layers)
{
  gdouble sum = 0.0;

  for (guint i = 0; i < n_layers; i++) {
    OverlayGrid grid = { 0 };

    set_columns (&grid, &layers[i], box,
        choose_columns (&grid, &layers[i], box), G_MAXINT);
    sum += 1.0 - (gdouble) overlay_grid_get_width (&grid) / box->width;
  }
  return sum / n_layers;
}
