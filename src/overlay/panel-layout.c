/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/panel-layout.h"

#include <math.h>
#include <string.h>

#include "base/rect.h"

/* The width of the dock in a frame of 1280x720. All sizes of a dock are given
 * for this width and scale with it. */
#define REFERENCE_WIDTH 224

#define FRAME_SHARE 0.175
#define MAX_FRAME_SHARE 0.4
#define MIN_WIDTH 120 /* fits four maps of 25 cells and text of 10 pixels */

#define TITLE_SIZE 22
#define HEADING_SIZE 14
#define MIN_TEXT_SIZE 10
#define SMALL_TEXT_SIZE \
  9 /* minimum for captions and for all text in frames below 360 pixels */
#define MIN_TEXT_LINES 12 /* text would displace the maps in lower frames */

/* A dock moves if, for PATIENCE seconds, it would have covered less than
 * CLEARLY_LESS of the same in another corner. */
#define N_CORNERS 4
#define MAIN_WEIGHT 4.0   /* weight of the main face */
#define TAKEN_WEIGHT 16.0 /* covered drawings become unreadable */
#define PUSHING_PART 16
#define CLEARLY_LESS 0.75
#define PATIENCE 0.4

/* The panel beside the picture. */
#define BESIDE_COLUMNS 16
#define INFO_SHARE 0.2      /* side of the crop relative to the panel's width */
#define MAX_INFO_SHARE 0.32 /* the same at most */
#define MAX_CROP_SHARE 0.4  /* the same at most without a map beside it */
#define INFO_HEIGHT_SHARE 0.3
#define MIN_INFO_LINES 4
#define TITLE_LINES 2        /* what a score has above its rows */
#define INPUT_SHARE 0.19     /* side of the input at most */
#define MIN_SCORE_SHARE 0.34 /* width of the score, if there is an input */
#define MIN_SCORE_LINES 8    /* the same in heights of lines */
#define MIN_LEGEND_LINES 16

static gint
scale (gint width, gdouble size)
{
  return (gint) lround (size * width / REFERENCE_WIDTH);
}

static gint
get_line_height (gint text_size)
{
  return (gint) lround (1.4 * text_size);
}

/* Digits are 11 pixels high in a frame of 1080, where text has 15. */
static gint
get_caption_size (const OverlayPanelLayout *layout)
{
  const gint side = MIN (layout->frame_width, layout->frame_height);

  return MAX ((gint) lround (15.0 * side / 1080), SMALL_TEXT_SIZE);
}

static void
set_text_sizes (OverlayPanelLayout *layout, gint title_size, gint heading_size)
{
  const gboolean is_small = MIN (layout->frame_width, layout->frame_height)
      < 360;
  const gint least = is_small ? SMALL_TEXT_SIZE : MIN_TEXT_SIZE;

  layout->title_size = MAX (title_size, least);
  layout->heading_size = MAX (heading_size, least);
  layout->caption_size = get_caption_size (layout);
}

static gint
get_title_height (const OverlayPanelLayout *layout)
{
  return (gint) lround (1.35 * layout->title_size);
}

static void
set_captions (OverlayGridBox *box, const OverlayPanelLayout *layout)
{
  /* the width of "+.12" in most fonts */
  box->caption_width = (gint) lround (2.5 * layout->caption_size);
  box->caption_height = layout->caption_size + 2;
}

static void
init_dock (OverlayPanelLayout *layout, OverlayGridBox *box, gint width)
{
  set_text_sizes (layout, scale (width, TITLE_SIZE),
      scale (width, HEADING_SIZE));
  layout->padding = MAX (9 * width / REFERENCE_WIDTH, 3);
  *box = (OverlayGridBox) { .width = width - 2 * layout->padding,
    .height = layout->frame_height - 2 * layout->margin - 2 * layout->padding,
    .heading_height = get_line_height (layout->heading_size),
    .legend_height = get_line_height (layout->heading_size) - 1,
    .section_gap = MAX (scale (width, 9), 3),
    .max_gap = MAX (scale (width, 2), 3) };
  set_captions (box, layout);
}

static gdouble
get_raggedness (const OverlayPanelLayout *layout,
    const OverlayPanelRequest *request, gint width)
{
  OverlayPanelLayout trial = *layout;
  OverlayGridBox box;

  init_dock (&trial, &box, width);
  return overlay_grid_layout_get_raggedness (&box, request->layers,
      MIN (request->n_layers, OVERLAY_MAX_GRIDS));
}

/* Keeps the nominal width unless another one near it is clearly better. */
static gint
choose_dock_width (const OverlayPanelLayout *layout,
    const OverlayPanelRequest *request)
{
  gint frame_width = request->frame_width;
  gint most = (gint) (frame_width * MAX_FRAME_SHARE);
  gint share = (gint) lround (frame_width * FRAME_SHARE);
  gint nominal = MIN (MAX (share, MIN_WIDTH), most);
  gint first = MAX (nominal * 4 / 5, MIN (MIN_WIDTH, most));
  gint last = MIN (nominal * 5 / 4, most);
  gint best = nominal;
  gdouble least;

  if (request->n_layers == 0 || nominal < REFERENCE_WIDTH / 4)
    return nominal;
  least = get_raggedness (layout, request, nominal) - 0.01;
  for (gint width = first; width <= last; width++) {
    gdouble deviation = fabs ((gdouble) width / nominal - 1.0);
    gdouble cost = get_raggedness (layout, request, width) + 0.15 * deviation;

    if (cost < least) {
      least = cost;
      best = width;
    }
  }
  return best;
}

static void
compute_grids (OverlayPanelLayout *layout, const OverlayPanelRequest *request,
    const OverlayGridBox *box)
{
  layout->n_pages = overlay_grid_layout_compute (box, request->layers,
      request->n_layers, request->enlarged, request->focus, request->page,
      &layout->grids);
}

static void
move (Rect *rect, gint x, gint y)
{
  rect->x += x;
  rect->y += y;
}

static void
move_grid (OverlayGrid *grid, gint x, gint y)
{
  grid->x += x;
  grid->y += y;
  move (&grid->heading, x, y);
  move (&grid->legend, x, y);
  move (&grid->enlarged, x, y);
}

static void
move_grids (OverlayPanelLayout *layout, gint x, gint y)
{
  for (guint i = 0; i < layout->grids.n_grids; i++)
    move_grid (&layout->grids.grids[i], x, y);
}

static gint
choose_margin (gint frame_width, gint frame_height)
{
  gint side = MIN (frame_width, frame_height);

  return side < 720 ? MAX (side / 90, 2) : MAX (side / 135, 8);
}

/* Places all parts of a dock from top to bottom. */
static void
stack_dock (OverlayPanelLayout *layout, const OverlayGridBox *box, gint width)
{
  gint inner = layout->n_pages > 0 ? layout->grids.width : box->width;
  gint x = (width - inner) / 2;
  gint y = layout->padding;
  gint end = y;

  if (layout->title.height > 0) {
    layout->title = (Rect) { x, y, inner, layout->title.height };
    end = y + layout->title.height;
    y = end + box->section_gap;
  }
  if (layout->n_pages > 0) {
    move_grids (layout, x, y);
    end = y + layout->grids.height;
    y = end + box->section_gap;
  }
  if (layout->page_line.height > 0) {
    layout->page_line = (Rect) { x, y, inner, layout->page_line.height };
    end = y + layout->page_line.height;
  }
  layout->rect.width = width;
  layout->rect.height = end + layout->padding;
}

/* Computes the grids, and again if the line for the page takes some of their
 * room. */
static void
compute_dock_grids (OverlayPanelLayout *layout,
    const OverlayPanelRequest *request, OverlayGridBox *box, gboolean has_text)
{
  compute_grids (layout, request, box);
  if (layout->n_pages < 2 || !has_text)
    return;
  layout->page_line.height = box->heading_height;
  box->height -= box->heading_height + box->section_gap;
  compute_grids (layout, request, box);
}

static void
compute_dock (OverlayPanelLayout *layout, const OverlayPanelRequest *request)
{
  gint width = choose_dock_width (layout, request);
  OverlayGridBox box;
  gboolean has_text;

  init_dock (layout, &box, width);
  if (box.width < 8)
    return;
  has_text = box.height >= MIN_TEXT_LINES * box.heading_height;
  if (!has_text)
    box.heading_height = 0;
  if (request->has_title && (has_text || request->n_layers == 0)
      && get_title_height (layout) <= box.height) {
    layout->title.height = get_title_height (layout);
    box.height -= layout->title.height + box.section_gap;
  }
  compute_dock_grids (layout, request, &box, has_text);
  if (layout->title.height == 0 && layout->n_pages == 0)
    return;
  stack_dock (layout, &box, width);
  layout->rect.x = layout->frame_width - layout->margin - width;
  layout->rect.y = layout->margin;
}

/* Returns an empty size if no input is to be shown. */
static Rect
fit_input (const OverlayPanelRequest *request, gint most)
{
  return request->input_width > 0
      ? overlay_grid_layout_fit (request->input_width, request->input_height,
          most)
      : (Rect) { 0, 0, 0, 0 };
}

/* The input has a line of text below. */
static Rect
get_input_size (const OverlayPanelRequest *request, gint width, gint side,
    gint line)
{
  const gint most = (gint) MIN (side - line, width * INPUT_SHARE);

  return most < 2 * line ? (Rect) { 0, 0, 0, 0 } : fit_input (request, most);
}

/* Places the input if that leaves enough room for the score. Returns the x
 * position behind it. */
static gint
place_input (OverlayPanelLayout *layout, const OverlayPanelRequest *request,
    gint x, gint right, gint gap)
{
  const gint line = get_line_height (layout->heading_size);
  const gint used = layout->input.width + gap
      + (request->has_cam ? layout->crop.width + gap : 0);
  Rect *input = &layout->input;

  if (input->width == 0 || right - x - used < MIN_SCORE_LINES * line) {
    *input = (Rect) { 0, 0, 0, 0 };
    return x;
  }
  input->x = x;
  input->y = layout->crop.y;
  layout->input_line = (Rect) { x, input->y + input->height, input->width,
    line };
  return x + input->width + gap;
}

/* Places the pictures, and the score in the room beside them. */
static void
place_info (OverlayPanelLayout *layout, const OverlayPanelRequest *request,
    gint x, gint y, gint width, gint side, gint gap)
{
  gint right = x + width;

  if (side == 0)
    return;
  layout->crop = (Rect) { x, y, side, side };
  layout->input = get_input_size (request, width, side,
      get_line_height (layout->heading_size));
  x = place_input (layout, request, x + side + gap, right, gap);
  if (request->has_cam) {
    layout->cam = (Rect) { x, y, side, side };
    x += side + gap;
  }
  layout->score = (Rect) { x, y, right - x, side };
}

/* Distributes the remaining room between the grids. */
static void
spread_grids (OverlayPanelLayout *layout, gint spare, gint most)
{
  OverlayGridPage *page = &layout->grids;
  gint step = page->n_grids > 0 ? MIN (spare / (gint) page->n_grids, most) : 0;

  for (guint i = 0; i < page->n_grids; i++)
    move_grid (&page->grids[i], 0, step * (gint) i);
}

/* In a narrow panel, and beside the scores of many classes, the squares may
 * take more of the width. */
static gint
choose_info_side (const OverlayPanelRequest *request, gint width, gint height,
    gint line)
{
  const gint rows = (gint) request->n_score_rows;
  const gint wanted = MAX (MIN_INFO_LINES, rows > 0 ? TITLE_LINES + rows : 0)
      * line;
  const gint most = (gint) MIN (width * MAX_INFO_SHARE,
      height * INFO_HEIGHT_SHARE);
  const gint side = (gint) MAX (width * INFO_SHARE, wanted);

  return most >= MIN_INFO_LINES * line ? MIN (side, most) : 0;
}

/* The side of the squares at most, so that all pictures and the score have
 * room. */
static gint
choose_widest (const OverlayPanelRequest *request, gint width, gint gap)
{
  const gint input = fit_input (request, (gint) (width * INPUT_SHARE)).width;
  const gint n_squares = request->has_cam ? 2 : 1;
  const gint widest = (gint) (width
      * (request->has_cam ? MAX_INFO_SHARE : MAX_CROP_SHARE));
  const gint room = (gint) (width * (1.0 - MIN_SCORE_SHARE)) - input
      - (n_squares + 1) * gap;

  return input > 0 ? MIN (widest, room / n_squares) : widest;
}

/* Enlarges the squares into the room that the grids leave. */
static gint
grow_info (gint side, gint widest, gint *spare)
{
  const gint grown = side > 0 ? MAX (MIN (side + *spare, widest), side) : 0;

  *spare -= grown - side;
  return grown;
}

/* Returns the y position at which the other parts begin. */
static gint
place_title (OverlayPanelLayout *layout, const OverlayPanelRequest *request,
    gint width, gint gap)
{
  const gint line = get_line_height (layout->heading_size);
  const gint top = layout->padding, height = get_title_height (layout);

  if (!request->has_title || layout->frame_height < MIN_TEXT_LINES * line)
    return top;
  layout->title = (Rect) { layout->padding, top, width * 2 / 5, height };
  layout->notice = (Rect) { layout->padding + layout->title.width, top,
    width - layout->title.width, height };
  return top + height + gap;
}

/* Returns the y position at which the other parts end. */
static gint
place_legend (OverlayPanelLayout *layout, gint width, gint gap)
{
  const gint line = get_line_height (layout->heading_size);
  const gint bottom = layout->frame_height - layout->padding;

  if (layout->frame_height < MIN_LEGEND_LINES * line)
    return bottom;
  layout->legend = (Rect) { layout->padding, bottom - line, width, line };
  return bottom - line - gap;
}

/* Places, from top to bottom, the title, the squares with the score, the grids
 * and the legend. */
static void
fill_beside (OverlayPanelLayout *layout, const OverlayPanelRequest *request,
    gint inner, gint gap)
{
  const gint line = get_line_height (layout->heading_size);
  const gint top = place_title (layout, request, inner, gap);
  const gint bottom = place_legend (layout, inner, gap);
  gint side = choose_info_side (request, inner, bottom - top, line);
  OverlayGridBox box = { .width = inner,
    .height = bottom - top - (side > 0 ? side + gap : 0),
    .is_wide = TRUE,
    .heading_height = layout->title.height > 0 ? line : 0,
    .section_gap = gap,
    .max_gap = MAX (layout->rect.width / 200, 2) };
  gint spare;

  set_captions (&box, layout);
  compute_grids (layout, request, &box);
  spare = layout->n_pages > 0 ? box.height - layout->grids.height : box.height;
  side = grow_info (side, choose_widest (request, inner, gap), &spare);
  spread_grids (layout, spare, line);
  place_info (layout, request, layout->padding, top, inner, side, gap);
  move_grids (layout, layout->padding + (inner - layout->grids.width) / 2,
      top + (side > 0 ? side + gap : 0));
}

static void
compute_beside (OverlayPanelLayout *layout, const OverlayPanelRequest *request)
{
  const gint width = overlay_panel_layout_get_beside_width (layout->frame_width,
      layout->frame_height);

  layout->rect = (Rect) { (layout->frame_width + 1) & ~1, 0, width,
    layout->frame_height };
  layout->padding = MAX (width / 53, 6);
  set_text_sizes (layout, width / 28, width / 40);
  fill_beside (layout, request, width - 2 * layout->padding,
      layout->padding * 3 / 4);
}

gint
overlay_panel_layout_get_beside_width (gint width, gint height)
{
  /* a multiple of the usual sides of maps, 12 and 6; half as many columns must
   * fit maps of 25 cells */
  gint unit = 12 * MAX ((MIN (width, height) + 60) / 240, 1);
  gint gap = MAX (unit / 16, 1);
  gint inner = BESIDE_COLUMNS * unit
      + MAX (BESIDE_COLUMNS + (BESIDE_COLUMNS / 2 - 1) * gap,
          (BESIDE_COLUMNS - 1) * gap);

  return (inner + 2 * unit / 3 + 15) / 16 * 16;
}

void
overlay_panel_layout_compute (OverlayPanelLayout *layout,
    const OverlayPanelRequest *request)
{
  memset (layout, 0, sizeof (*layout));
  layout->frame_width = request->frame_width;
  layout->frame_height = request->frame_height;
  layout->is_beside = request->is_beside;
  if (request->is_beside) {
    compute_beside (layout, request);
    return;
  }
  layout->margin = choose_margin (request->frame_width, request->frame_height);
  compute_dock (layout, request);
}

static void
move_to_corner (OverlayPanelLayout *layout, guint corner)
{
  Rect *rect = &layout->rect;

  rect->x = corner & 1 ? layout->margin
                       : layout->frame_width - layout->margin - rect->width;
  rect->y = corner & 2 ? layout->frame_height - layout->margin - rect->height
                       : layout->margin;
}

static gdouble
get_cover (OverlayPanelLayout *layout, const OverlayScene *scene, guint corner)
{
  gdouble cover = 0.0;

  move_to_corner (layout, corner);
  for (guint i = 0; i < scene->n_faces; i++) {
    const gdouble weight = (gint) i == scene->main_face ? MAIN_WEIGHT : 1.0;

    cover += weight
        * (gdouble) rect_get_overlap (&layout->rect, &scene->faces[i].box);
  }
  for (guint i = 0; i < scene->n_taken; i++)
    cover += TAKEN_WEIGHT
        * (gdouble) rect_get_overlap (&layout->rect, &scene->taken[i]);
  return cover;
}

/* Of equally good corners, the horizontally opposite one is preferred, then the
 * vertically opposite one. */
static guint
find_better_corner (OverlayPanelLayout *layout, const OverlayScene *scene,
    guint here)
{
  gdouble least = CLEARLY_LESS * get_cover (layout, scene, here);
  guint best = here;

  for (guint i = 1; i < N_CORNERS; i++) {
    const gdouble cover = get_cover (layout, scene, here ^ i);

    if (cover < least) {
      least = cover;
      best = here ^ i;
    }
  }
  return best;
}

/* Returns whether others have drawn over more than 1 / PUSHING_PART of the
 * dock's place, such as another panel. The dock then moves at once. */
static gboolean
is_pushed (OverlayPanelLayout *layout, const OverlayScene *scene, guint corner)
{
  const Rect *rect = &layout->rect;

  move_to_corner (layout, corner);
  for (guint i = 0; i < scene->n_taken; i++) {
    if (rect_get_overlap (rect, &scene->taken[i])
        > (gint64) rect->width * rect->height / PUSHING_PART)
      return TRUE;
  }
  return FALSE;
}

void
overlay_panel_layout_place (OverlayPanelLayout *layout,
    const OverlayScene *scene, OverlayDock *dock, gdouble elapsed)
{
  guint better;

  if (layout->is_beside)
    return;
  better = find_better_corner (layout, scene, dock->corner);
  dock->waited = better != dock->corner ? dock->waited + elapsed : 0.0;
  if (!dock->is_placed || dock->waited >= PATIENCE
      || is_pushed (layout, scene, dock->corner)) {
    dock->corner = better;
    dock->waited = 0.0;
  }
  dock->is_placed = dock->is_placed || scene->n_faces + scene->n_taken > 0;
  move_to_corner (layout, dock->corner);
}
