/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "heatmap/dock-layout.h"

#include <math.h>
#include <string.h>

#include "heatmap/rect.h"

/* The sizes below are those of a frame of 1280x720, where the dock has this
 * width; they scale with the dock. */
#define REFERENCE_WIDTH 224

#define FRAME_SHARE 0.175
#define MAX_FRAME_SHARE 0.4
#define MIN_WIDTH 112 /* four maps of 25 cells fit, and text of 9 pixels */

#define TITLE_SIZE 22
#define HEADING_SIZE 14
#define MIN_TEXT_SIZE 9
#define MIN_TEXT_LINES 12 /* in a lower frame text would displace the maps */

#define MIN_TILE 4

typedef struct {
  gint width;
  gint padding;
  gint inner_width;
  gint max_gap;
  gint section_gap;
  gint small_tile; /* a larger map is not reduced below it */
  gint max_cell;
  gint max_tile_height;
  gint title_height;
  gint heading_height;
} Metrics;

static gint
scale (gint width, gdouble size)
{
  return (gint) lround (size * width / REFERENCE_WIDTH);
}

static void
init_metrics (Metrics *metrics, gint width)
{
  gint title_size = MAX (scale (width, TITLE_SIZE), MIN_TEXT_SIZE);
  gint heading_size = MAX (scale (width, HEADING_SIZE), MIN_TEXT_SIZE);

  metrics->width = width;
  metrics->padding = MAX (9 * width / REFERENCE_WIDTH, 3);
  metrics->inner_width = width - 2 * metrics->padding;
  metrics->max_gap = MAX (scale (width, 2), 3);
  metrics->section_gap = MAX (scale (width, 9), 3);
  metrics->small_tile = MAX (metrics->inner_width / 20, MIN_TILE);
  metrics->max_cell = MAX (metrics->inner_width / 24, 4);
  metrics->max_tile_height = metrics->inner_width;
  metrics->title_height = (gint) lround (1.35 * title_size);
  metrics->heading_height = (gint) lround (1.4 * heading_size);
}

static gboolean
is_vector (const HeatmapLayer *layer)
{
  return layer->width == 1 && layer->height == 1;
}

/* The room for a tile when the gaps are the narrowest. */
static gint
get_tile_room (const Metrics *metrics, gint columns)
{
  return (metrics->inner_width - (columns - 1)) / columns;
}

static gint
get_smallest_tile (const HeatmapLayer *layer, const Metrics *metrics)
{
  return CLAMP (layer->width, MIN_TILE, metrics->small_tile);
}

static gint
fit_side (gint cells, gint room, gint max_cell)
{
  return room < cells ? MAX (room, 1) : cells * MIN (room / cells, max_cell);
}

/* The height belonging to a tile's width, within what can be seen and what
 * leaves room for others. */
static gint
get_tile_height (const HeatmapLayer *layer, const Metrics *metrics,
    gint tile_width)
{
  gint64 height = (gint64) layer->height * tile_width / layer->width;
  gint wanted = (gint) CLAMP (height, MIN_TILE, metrics->max_tile_height);

  return fit_side (layer->height, wanted, wanted);
}

static void
set_rows (HeatmapDockGrid *grid, const HeatmapLayer *layer, gint rows)
{
  grid->rows = rows;
  grid->shown = (gint) MIN ((gint64) rows * grid->columns, layer->channels);
}

static void
set_columns (HeatmapDockGrid *grid, const HeatmapLayer *layer,
    const Metrics *metrics, gint columns, gint max_tile)
{
  gint room = MIN (get_tile_room (metrics, columns), max_tile);
  gint max_cell = metrics->max_cell * (is_vector (layer) ? 2 : 1);

  grid->columns = columns;
  grid->tile_width = fit_side (layer->width, room, max_cell);
  grid->tile_height = get_tile_height (layer, metrics, grid->tile_width);
  grid->gap = metrics->max_gap;
  if (columns > 1) {
    gint spare = metrics->inner_width - columns * grid->tile_width;

    grid->gap = CLAMP (spare / (columns - 1), 1, metrics->max_gap);
  }
  set_rows (grid, layer, (layer->channels + columns - 1) / columns);
}

/* 64, 48, 32, 24, 16, 12, 8, 6, 4 */
static gint
get_fewer_columns (gint columns)
{
  return columns % 3 == 0 ? columns * 2 / 3 : columns * 3 / 4;
}

static gint
choose_vector_columns (const HeatmapLayer *layer, const Metrics *metrics)
{
  gint cell = MAX (metrics->inner_width / 40, MIN_TILE);

  return MIN (layer->channels, (metrics->inner_width + 1) / (cell + 1));
}

/* 16 channels in 4 columns, 32 and 64 in 8, 128 in 16. Fewer when the tiles
 * would get smaller than the maps and too small to read. */
static gint
choose_columns (const HeatmapLayer *layer, const Metrics *metrics)
{
  gint columns = MIN (layer->channels, 4);

  if (is_vector (layer))
    return choose_vector_columns (layer, metrics);
  while ((gint64) columns * columns < layer->channels)
    columns *= 2;
  while (columns > 4
      && get_tile_room (metrics, columns) < get_smallest_tile (layer, metrics))
    columns = get_fewer_columns (columns);
  return columns;
}

static gint
get_grid_width (const HeatmapDockGrid *grid)
{
  return grid->columns * (grid->tile_width + grid->gap) - grid->gap;
}

static gint64
get_grid_height (const HeatmapDockGrid *grid)
{
  return (gint64) grid->rows * (grid->tile_height + grid->gap) - grid->gap;
}

/* How far the grids are from filling a dock of this width. */
static gdouble
get_raggedness (const HeatmapLayer *layers, guint n_layers, gint width)
{
  Metrics metrics;
  gdouble sum = 0.0;

  init_metrics (&metrics, width);
  for (guint i = 0; i < n_layers; i++) {
    HeatmapDockGrid grid;

    set_columns (&grid, &layers[i], &metrics,
        choose_columns (&layers[i], &metrics), G_MAXINT);
    sum += 1.0 - (gdouble) get_grid_width (&grid) / metrics.inner_width;
  }
  return sum / n_layers;
}

/* Keeps the nominal width unless another one near it is clearly better. */
static gint
choose_width (gint frame_width, const HeatmapLayer *layers, guint n_layers)
{
  gint most = (gint) (frame_width * MAX_FRAME_SHARE);
  gint share = (gint) lround (frame_width * FRAME_SHARE);
  gint nominal = MIN (MAX (share, MIN_WIDTH), most);
  gint first = MAX (nominal * 4 / 5, MIN (MIN_WIDTH, most));
  gint last = MIN (nominal * 5 / 4, most);
  gint best = nominal;
  gdouble least;

  if (n_layers == 0 || nominal < REFERENCE_WIDTH / 4)
    return nominal;
  least = get_raggedness (layers, n_layers, nominal) - 0.01;
  for (gint width = first; width <= last; width++) {
    gdouble deviation = fabs ((gdouble) width / nominal - 1.0);
    gdouble cost = get_raggedness (layers, n_layers, width) + 0.15 * deviation;

    if (cost < least) {
      least = cost;
      best = width;
    }
  }
  return best;
}

static gint64
get_total_height (const HeatmapDockLayout *layout, const Metrics *metrics)
{
  gint64 height = 2 * metrics->padding;
  gint sections = (gint) layout->n_grids;

  if (layout->title.height > 0) {
    height += metrics->title_height;
    sections++;
  }
  if (layout->n_grids < layout->n_layers) {
    height += metrics->heading_height;
    sections++;
  }
  for (guint i = 0; i < layout->n_grids; i++) {
    const HeatmapDockGrid *grid = &layout->grids[i];

    height += grid->heading.height + get_grid_height (grid);
  }
  return height + MAX (sections - 1, 0) * metrics->section_gap;
}

static gint
get_height_limit (const HeatmapDockLayout *layout)
{
  return layout->frame_height - 2 * layout->margin;
}

static gboolean
fits (const HeatmapDockLayout *layout, const Metrics *metrics)
{
  return get_total_height (layout, metrics) <= get_height_limit (layout);
}

static void
start_grids (HeatmapDockLayout *layout, const Metrics *metrics,
    const HeatmapLayer *layers, guint n_grids, gboolean has_text)
{
  layout->n_grids = n_grids;
  for (guint i = 0; i < n_grids; i++) {
    HeatmapDockGrid *grid = &layout->grids[i];

    grid->heading.height = has_text ? metrics->heading_height : 0;
    set_columns (grid, &layers[i], metrics,
        choose_columns (&layers[i], metrics), G_MAXINT);
  }
}

/* The next smaller form of a grid: more columns, or a smaller tile when every
 * channel has its column. FALSE when tiles would get too small. */
static gboolean
reduce_grid (HeatmapDockGrid *grid, const HeatmapLayer *layer,
    const Metrics *metrics)
{
  gint smallest = get_smallest_tile (layer, metrics);
  gint columns = MIN (grid->columns * 2, layer->channels);

  if (columns > grid->columns) {
    if (get_tile_room (metrics, columns) < smallest)
      columns = MIN (grid->columns * 3 / 2, layer->channels);
    if (columns == grid->columns || get_tile_room (metrics, columns) < smallest)
      return FALSE;
    set_columns (grid, layer, metrics, columns, G_MAXINT);
    return TRUE;
  }
  if (grid->tile_width / 2 < smallest)
    return FALSE;
  set_columns (grid, layer, metrics, columns, grid->tile_width / 2);
  return TRUE;
}

static gboolean
reduce_tallest_grid (HeatmapDockLayout *layout, const HeatmapLayer *layers,
    const Metrics *metrics)
{
  gboolean stuck[HEATMAP_DOCK_MAX_GRIDS] = { FALSE };

  for (guint tries = 0; tries < layout->n_grids; tries++) {
    gint tallest = -1;

    for (guint i = 0; i < layout->n_grids; i++) {
      if (!stuck[i]
          && (tallest < 0
              || get_grid_height (&layout->grids[i])
                  > get_grid_height (&layout->grids[tallest])))
        tallest = (gint) i;
    }
    if (reduce_grid (&layout->grids[tallest], &layers[tallest], metrics))
      return TRUE;
    stuck[tallest] = TRUE;
  }
  return FALSE;
}

static gboolean
drop_row_of_tallest_grid (HeatmapDockLayout *layout, const HeatmapLayer *layers,
    gint min_rows)
{
  gint tallest = -1;

  for (guint i = 0; i < layout->n_grids; i++) {
    const HeatmapDockGrid *grid = &layout->grids[i];

    if (grid->rows > min_rows
        && (tallest < 0
            || get_grid_height (grid)
                > get_grid_height (&layout->grids[tallest])))
      tallest = (gint) i;
  }
  if (tallest < 0)
    return FALSE;
  set_rows (&layout->grids[tallest], &layers[tallest],
      layout->grids[tallest].rows - 1);
  return TRUE;
}

/* Shows the first @n_grids layers with all their channels. */
static gboolean
try_whole (HeatmapDockLayout *layout, const Metrics *metrics,
    const HeatmapLayer *layers, guint n_grids, gboolean has_text)
{
  start_grids (layout, metrics, layers, n_grids, has_text);
  while (!fits (layout, metrics)) {
    if (!reduce_tallest_grid (layout, layers, metrics))
      return FALSE;
  }
  return TRUE;
}

/* Shows the first @n_grids layers, if need be without their last channels. */
static gboolean
try_cut (HeatmapDockLayout *layout, const Metrics *metrics,
    const HeatmapLayer *layers, guint n_grids, gboolean has_text)
{
  if (try_whole (layout, metrics, layers, n_grids, has_text))
    return TRUE;
  while (!fits (layout, metrics)) {
    if (!drop_row_of_tallest_grid (layout, layers, n_grids > 1 ? 2 : 1))
      return FALSE;
  }
  return TRUE;
}

static void
fit_grids (HeatmapDockLayout *layout, const Metrics *metrics,
    const HeatmapLayer *layers, gboolean has_text)
{
  guint most = MIN (layout->n_layers, HEATMAP_DOCK_MAX_GRIDS);

  for (guint n_grids = most; n_grids > 0; n_grids--) {
    if (try_cut (layout, metrics, layers, n_grids, has_text))
      return;
  }
  layout->n_grids = 0;
  if (!fits (layout, metrics))
    layout->title.height = 0;
}

/* Gives every part its place, from top to bottom. */
static void
stack_parts (HeatmapDockLayout *layout, const Metrics *metrics)
{
  gint width = 0;
  gint x;
  gint y = metrics->padding;

  for (guint i = 0; i < layout->n_grids; i++)
    width = MAX (width, get_grid_width (&layout->grids[i]));
  /* the padding is then the same at both sides */
  if (width < metrics->inner_width * 4 / 5)
    width = metrics->inner_width;
  x = (metrics->width - width) / 2;

  if (layout->title.height > 0) {
    layout->title = (ImageRect) { x, y, width, metrics->title_height };
    y += metrics->title_height + metrics->section_gap;
  }
  for (guint i = 0; i < layout->n_grids; i++) {
    HeatmapDockGrid *grid = &layout->grids[i];

    grid->heading = (ImageRect) { x, y, width, grid->heading.height };
    grid->x = x;
    grid->y = y + grid->heading.height;
    y = grid->y + (gint) get_grid_height (grid) + metrics->section_gap;
  }
  if (layout->n_grids < layout->n_layers)
    layout->remainder = (ImageRect) { x, y, width, metrics->heading_height };
}

static gint
choose_margin (gint frame_width, gint frame_height)
{
  gint side = MIN (frame_width, frame_height);

  return side < 720 ? MAX (side / 90, 2) : MAX (side / 135, 8);
}

void
heatmap_dock_layout_compute (HeatmapDockLayout *layout, gint frame_width,
    gint frame_height, gboolean has_title, const HeatmapLayer *layers,
    guint n_layers)
{
  guint n_measured = MIN (n_layers, HEATMAP_DOCK_MAX_GRIDS);
  Metrics metrics;
  gboolean has_text;

  memset (layout, 0, sizeof (*layout));
  layout->frame_width = frame_width;
  layout->frame_height = frame_height;
  layout->margin = choose_margin (frame_width, frame_height);
  layout->n_layers = n_layers;
  init_metrics (&metrics, choose_width (frame_width, layers, n_measured));
  layout->padding = metrics.padding;
  layout->title_size = MAX (scale (metrics.width, TITLE_SIZE), MIN_TEXT_SIZE);
  layout->heading_size = MAX (scale (metrics.width, HEADING_SIZE),
      MIN_TEXT_SIZE);
  if (metrics.inner_width < 2 * MIN_TILE)
    return;

  metrics.max_tile_height =
      MAX (MIN (metrics.inner_width, get_height_limit (layout) / 2), MIN_TILE);

  has_text = get_height_limit (layout)
      >= MIN_TEXT_LINES * metrics.heading_height;
  if (has_title && (has_text || n_layers == 0))
    layout->title.height = metrics.title_height;
  fit_grids (layout, &metrics, layers, has_text);
  if (layout->title.height == 0 && layout->n_grids == 0)
    return;

  stack_parts (layout, &metrics);
  layout->rect.width = metrics.width;
  layout->rect.height = (gint) get_total_height (layout, &metrics);
  layout->rect.x = frame_width - layout->margin - metrics.width;
  layout->rect.y = layout->margin;
}

gboolean
heatmap_dock_layout_place (HeatmapDockLayout *layout, const ImageRect *face,
    gboolean on_left)
{
  ImageRect *rect = &layout->rect;
  gint sides[2] = { layout->frame_width - layout->margin - rect->width,
    layout->margin };

  if (face != NULL) {
    gint64 here;
    gint64 there;

    rect->x = sides[on_left];
    here = heatmap_rect_get_overlap (rect, face);
    rect->x = sides[!on_left];
    there = heatmap_rect_get_overlap (rect, face);
    if (there < here - here / 4)
      on_left = !on_left;
  }
  rect->x = sides[on_left];
  return on_left;
}
