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
  gint focus;
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

/* Kernels have few cells, all of which matter. */
static gint
get_smallest_tile (const OverlayLayer *layer, const OverlayGridBox *box)
{
  const gint width = box->is_wide ? box->width / 2 : box->width;

  if (cnn_layer_maps_is_vector (layer->maps))
    return MIN_TILE;
  return MAX (overlay_grid_layout_get_smallest_tile (layer->maps, width),
      layer->has_kernels ? MIN (READABLE_TILE, width / 8) : 0);
}

/* Kernels have no background of their own that would set them apart. */
static gint
get_least_gap (const OverlayLayer *layer, const OverlayGridBox *box)
{
  return layer->has_kernels ? box->max_gap : 1;
}

/* The width available to a tile with the narrowest gaps. */
static gint
get_tile_room (gint width, gint columns, gint gap)
{
  return (width - (columns - 1) * gap) / columns;
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

gint
overlay_grid_get_outset (const OverlayGrid *grid)
{
  return MIN (grid->gap, 3);
}

/* Captions may reach into the gaps, but do not touch. */
static gint
get_caption_width (const OverlayGrid *grid)
{
  return grid->tile_width + MIN (grid->gap - 1, overlay_grid_get_outset (grid));
}

static void
set_columns (OverlayGrid *grid, const OverlayLayer *layer,
    const OverlayGridBox *box, gint columns, gint max_tile)
{
  gint width = get_grid_room (grid, box);
  gint max_cell = MAX (box->width / 12, 4)
      * (cnn_layer_maps_is_vector (layer->maps) ? 2 : 1);
  gint n_channels = layer->maps->channels - grid->first;
  gint least_gap = get_least_gap (layer, box);

  grid->columns = columns;
  grid->tile_width = fit_side (layer->maps->width,
      MIN (get_tile_room (width, columns, least_gap), max_tile), max_cell);
  grid->tile_height = get_tile_height (layer, box, grid->tile_width);
  grid->gap = box->max_gap;
  if (columns > 1) {
    gint spare = width - columns * grid->tile_width;

    grid->gap = CLAMP (spare / (columns - 1), least_gap, box->max_gap);
  }
  grid->caption_height = 0;
  if (overlay_layer_get_contributions (layer) != NULL
      && get_caption_width (grid) >= box->caption_width
      && box->heading_height > 0)
    grid->caption_height = box->caption_height;
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
      && get_tile_room (width, columns, get_least_gap (layer, box))
          < get_smallest_tile (layer, box))
    columns = get_fewer_columns (columns);
  return columns;
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

Rect
overlay_grid_get_caption (const OverlayGrid *grid, gint index)
{
  const Rect tile = overlay_grid_get_tile (grid, index);
  const gint width = get_caption_width (grid);

  return (Rect) { tile.x - (width - tile.width) / 2, tile.y + tile.height,
    width, grid->caption_height };
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

Rect
overlay_grid_layout_fit (gint width, gint height, gint side)
{
  const gint longer = MAX (width, height);

  return (Rect) { 0, 0,
    MAX (fit_side (width, get_share (side, width, longer), side), 1),
    MAX (fit_side (height, get_share (side, height, longer), side), 1) };
}

static void
set_enlarged_size (OverlayGrid *grid, const OverlayLayer *layer,
    const OverlayGridBox *box)
{
  gint side = box->is_wide ? MIN (box->width / 4, box->height / 2)
                           : MIN (box->width * 3 / 5, box->height / 4);

  grid->enlarged = overlay_grid_layout_fit (layer->maps->width,
      layer->maps->height, side);
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
    if (get_tile_room (width, columns, get_least_gap (layer, box)) < smallest)
      columns = MIN (grid->columns * 3 / 2, n_channels);
    if (columns == grid->columns
        || get_tile_room (width, columns, get_least_gap (layer, box))
            < smallest)
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
 * similar layers look alike. @spared (nullable) is not reduced, nor is an
 * enlarged channel then. */
static gboolean
reduce_tallest_grids (OverlayGridPage *page, const Stack *stack,
    const OverlayGrid *spared)
{
  gboolean stuck[OVERLAY_MAX_GRIDS] = { FALSE };
  gboolean has_reduced = FALSE;
  gint64 tallest;

  if (spared != NULL)
    stuck[spared - page->grids] = TRUE;
  else if (reduce_enlarged (page, stack))
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

/* Reduces grids as far as necessary, except @spared (nullable). Returns FALSE
 * if they do not fit even then. */
static gboolean
reduce_to_fit (OverlayGridPage *page, const Stack *stack,
    const OverlayGrid *spared)
{
  while (!fits (page, stack->box)) {
    if (!reduce_tallest_grids (page, stack, spared))
      return FALSE;
  }
  return TRUE;
}

/* Puts @n_grids complete layers on the page, reduced as far as necessary.
 * Returns FALSE if they do not fit. */
static gboolean
try_whole (OverlayGridPage *page, const Stack *stack, Position from,
    guint n_grids, gboolean with_legends)
{
  start_page (page, stack, from, n_grids, with_legends);
  return reduce_to_fit (page, stack, NULL);
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

/* Whether a grid takes most of the width, unless it has but one row. */
static gboolean
fills_width (const OverlayGrid *grid, const OverlayGridBox *box)
{
  return grid->rows == 1
      || 5 * overlay_grid_get_width (grid) >= 4 * get_grid_room (grid, box);
}

/* Makes tiles larger by as few cells of the map as possible, in as many columns
 * as fit. Returns FALSE if they cannot get larger. The tiles of a layer that is
 * divided between pages stay alike. */
static gboolean
enlarge_tiles (OverlayGrid *grid, const OverlayLayer *layer,
    const OverlayGridBox *box)
{
  const gint gap = get_least_gap (layer, box);
  const gint room = get_grid_room (grid, box) + gap;
  const gint step = layer->maps->width, start = grid->tile_width;

  if (grid->first > 0 || cnn_layer_maps_is_vector (layer->maps))
    return FALSE;
  if (start < step) {
    set_columns (grid, layer, box, MAX (grid->columns - 1, 1), G_MAXINT);
    return grid->tile_width > start;
  }
  for (gint side = start + step; side + gap <= room; side += step) {
    set_columns (grid, layer, box, MIN (grid->columns, room / (side + gap)),
        side);
    if (grid->tile_width < side)
      return FALSE;
    if (fills_width (grid, box))
      return TRUE;
  }
  return FALSE;
}

/* Makes the tiles of a grid one step larger. Returns FALSE if the page would
 * become too high. */
static gboolean
grow_grid (OverlayGridPage *page, const Stack *stack, OverlayGrid *grid)
{
  const OverlayGrid before = *grid;

  if (enlarge_tiles (grid, &stack->layers[grid->layer], stack->box)
      && fits (page, stack->box))
    return TRUE;
  *grid = before;
  return FALSE;
}

/* The same at the cost of the other grids, if that is possible. */
static void
grow_at_cost (OverlayGridPage *page, const Stack *stack, OverlayGrid *grid)
{
  const OverlayGridPage before = *page;

  if (enlarge_tiles (grid, &stack->layers[grid->layer], stack->box)
      && reduce_to_fit (page, stack, grid))
    return;
  *page = before;
}

static OverlayGrid *
find_focus (OverlayGridPage *page, const Stack *stack)
{
  for (guint i = 0; i < page->n_grids; i++) {
    if ((gint) page->grids[i].layer == stack->focus)
      return &page->grids[i];
  }
  return NULL;
}

/* The layer that is looked at gets the room that is left, and one step more, so
 * that its tiles are larger than they would be otherwise. */
static void
grow_focus (OverlayGridPage *page, const Stack *stack)
{
  OverlayGrid *focus = find_focus (page, stack);

  if (focus == NULL)
    return;
  while (grow_grid (page, stack, focus))
    continue;
  grow_at_cost (page, stack, focus);
}

/* Returns the grid with the smallest tiles, or NULL if all grids are done. */
static OverlayGrid *
find_smallest_tiles (OverlayGridPage *page, const gboolean *is_done)
{
  OverlayGrid *smallest = NULL;

  for (guint i = 0; i < page->n_grids; i++) {
    OverlayGrid *grid = &page->grids[i];

    if (!is_done[i]
        && (smallest == NULL || grid->tile_width < smallest->tile_width))
      smallest = grid;
  }
  return smallest;
}

/* Enlarges the smallest tiles as long as there is room. */
static void
grow_grids (OverlayGridPage *page, const Stack *stack)
{
  gboolean is_done[OVERLAY_MAX_GRIDS] = { FALSE };
  OverlayGrid *grid;

  grow_focus (page, stack);
  while ((grid = find_smallest_tiles (page, is_done)) != NULL)
    is_done[grid - page->grids] = !grow_grid (page, stack, grid);
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
    const OverlayLayer *layers, guint n_layers, gint enlarged, gint focus,
    guint page, OverlayGridPage *result)
{
  const Stack stack = { box, layers, n_layers, enlarged, focus };
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
