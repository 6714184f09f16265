/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Covers the dock's layout over many frame sizes and layers, the colours and
 * the orientation of the tiles, the label plates, and that all pieces stay in
 * the frame.
 */

#include <float.h>
#include <math.h>
#include <string.h>

#include "heatmap/dock-layout.h"
#include "heatmap/label-placement.h"
#include "heatmap/map-tile.h"
#include "heatmap/rect.h"
#include "heatmap/renderer.h"
#include "heatmap/text.h"

/* Read by LeakSanitizer: the font configuration lives as long as the process. */
const char *__lsan_default_suppressions (void);

__attribute__ ((visibility ("default"))) const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\n";
}

#define MAX_LAYERS 40

typedef struct {
  gint width;
  gint height;
} Size;

static const Size frame_sizes[] = {
  { 160, 120 },
  { 176, 144 },
  { 320, 240 },
  { 352, 288 },
  { 640, 360 },
  { 640, 480 },
  { 720, 576 },
  { 800, 600 },
  { 854, 480 },
  { 1024, 768 },
  { 1280, 720 },
  { 1366, 768 },
  { 1920, 1080 },
  { 2560, 1440 },
  { 3840, 2160 },
  { 120, 160 },
  { 480, 640 },
  { 720, 1280 },
  { 1080, 1920 },
  { 2160, 3840 },
  { 1280, 160 },
  { 160, 1280 },
  { 641, 479 },
};

typedef struct {
  guint n_layers;
  HeatmapLayer layers[4]; /* repeated when there are more */
} LayerSet;

static const LayerSet layer_sets[] = {
  { 3, { { "a", 25, 25, 16 }, { "b", 12, 12, 32 }, { "c", 6, 6, 32 } } },
  { 1, { { "one", 1, 1, 1 } } },
  { 1, { { "wide", 7, 7, 2048 } } },
  { 1, { { "large", 512, 512, 3 } } },
  { 2, { { "tall", 400, 2, 5 }, { "flat", 2, 400, 5 } } },
  { 3, { { "x", 5, 3, 7 }, { "dense", 1, 1, 256 }, { "out", 1, 1, 1000 } } },
  { 4,
      { { "1", 112, 112, 64 }, { "2", 56, 56, 128 }, { "3", 28, 28, 256 },
          { "4", 14, 14, 512 } } },
  { 30, { { "p", 14, 14, 96 }, { "q", 7, 7, 160 }, { "r", 48, 48, 1 } } },
  { MAX_LAYERS, { { "s", 1, 1, 2 } } },
};

static guint
expand (const LayerSet *set, HeatmapLayer *layers)
{
  guint n_forms = 0;

  while (n_forms < 4 && set->layers[n_forms].name != NULL)
    n_forms++;
  for (guint i = 0; i < set->n_layers; i++)
    layers[i] = set->layers[i % n_forms];
  return set->n_layers;
}

static gboolean
is_inside (const ImageRect *rect, gint width, gint height)
{
  return rect->x >= 0 && rect->y >= 0 && rect->width > 0 && rect->height > 0
      && rect->width <= width - rect->x && rect->height <= height - rect->y;
}

static ImageRect
get_grid_rect (const HeatmapDockGrid *grid)
{
  return (ImageRect) { grid->x, grid->y,
    grid->columns * (grid->tile_width + grid->gap) - grid->gap,
    grid->rows * (grid->tile_height + grid->gap) - grid->gap };
}

static void
check_side (gint tile, gint cells)
{
  g_assert_cmpint (tile, >=, 1);
  g_assert_true (tile < cells || tile % cells == 0);
}

static void
check_grid (const HeatmapDockGrid *grid, const HeatmapLayer *layer,
    gint dock_width)
{
  g_assert_cmpint (grid->shown, >=, 1);
  g_assert_cmpint (grid->shown, ==,
      MIN (layer->channels, grid->rows * grid->columns));
  g_assert_cmpint (grid->shown, >, (grid->rows - 1) * grid->columns);
  g_assert_cmpint (grid->gap, >=, 1);
  g_assert_cmpint (grid->gap, <=, MAX (3, dock_width / 100));
  check_side (grid->tile_width, layer->width);
  check_side (grid->tile_height, layer->height);
}

static void
check_parts (const HeatmapDockLayout *layout, const HeatmapLayer *layers)
{
  ImageRect parts[2 + 2 * HEATMAP_DOCK_MAX_GRIDS];
  guint n_parts = 0;

  parts[n_parts++] = layout->title;
  parts[n_parts++] = layout->remainder;
  for (guint i = 0; i < layout->n_grids; i++) {
    check_grid (&layout->grids[i], &layers[i], layout->rect.width);
    parts[n_parts++] = layout->grids[i].heading;
    parts[n_parts++] = get_grid_rect (&layout->grids[i]);
  }
  for (guint i = 0; i < n_parts; i++) {
    if (parts[i].height == 0)
      continue;
    g_assert_true (
        is_inside (&parts[i], layout->rect.width, layout->rect.height));
    for (guint j = 0; j < i; j++)
      g_assert_cmpint (heatmap_rect_get_overlap (&parts[i], &parts[j]), ==, 0);
  }
}

static void
check_layout (const Size *frame, gboolean has_title, const HeatmapLayer *layers,
    guint n_layers)
{
  HeatmapDockLayout layout;

  heatmap_dock_layout_compute (&layout, frame->width, frame->height, has_title,
      layers, n_layers);
  g_assert_cmpuint (layout.n_grids, >=, 1);
  g_assert_cmpuint (layout.n_grids, <=, n_layers);
  g_assert_true ((layout.n_grids < n_layers) == (layout.remainder.height > 0));
  g_assert_true (is_inside (&layout.rect, frame->width, frame->height));
  g_assert_cmpint (layout.rect.width, <=, frame->width * 2 / 5);
  g_assert_cmpint (layout.title_size, >=, 9);
  g_assert_cmpint (layout.heading_size, >=, 9);
  check_parts (&layout, layers);

  heatmap_dock_layout_place (&layout, NULL, TRUE);
  g_assert_cmpint (layout.rect.x, ==, layout.margin);
}

static void
test_layout_sweep (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (layer_sets); i++) {
    HeatmapLayer layers[MAX_LAYERS];
    guint n_layers = expand (&layer_sets[i], layers);

    for (guint j = 0; j < G_N_ELEMENTS (frame_sizes); j++) {
      check_layout (&frame_sizes[j], TRUE, layers, n_layers);
      check_layout (&frame_sizes[j], FALSE, layers, n_layers);
    }
  }
}

/* Frames smaller than anybody's video: nothing to see, nothing outside. */
static void
test_layout_of_tiny_frames (void)
{
  for (gint side = 16; side < 160; side++) {
    HeatmapDockLayout layout;

    heatmap_dock_layout_compute (&layout, side, side, TRUE,
        layer_sets[0].layers, 3);
    if (layout.rect.height == 0)
      continue;
    g_assert_true (is_inside (&layout.rect, side, side));
    check_parts (&layout, layer_sets[0].layers);
  }
}

static void
check_figures (const Size *frame, const ImageRect *dock, gint title_size,
    gint heading_size, const gint *tiles)
{
  HeatmapDockLayout layout;
  gint grid_width;

  heatmap_dock_layout_compute (&layout, frame->width, frame->height, TRUE,
      layer_sets[0].layers, 3);
  grid_width = get_grid_rect (&layout.grids[0]).width;
  g_assert_cmpint (layout.rect.x, ==, dock->x);
  g_assert_cmpint (layout.rect.width, ==, dock->width);
  g_assert_cmpint (layout.title_size, ==, title_size);
  g_assert_cmpint (layout.heading_size, ==, heading_size);
  g_assert_cmpuint (layout.n_grids, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const HeatmapDockGrid *grid = &layout.grids[i];

    g_assert_cmpint (grid->tile_width, ==, tiles[i]);
    g_assert_cmpint (grid->tile_height, ==, tiles[i]);
    g_assert_cmpint (grid->columns, ==, i == 0 ? 4 : 8);
    g_assert_cmpint (grid->rows, ==, 4);
    g_assert_cmpint (grid->heading.height, >, 0);
    g_assert_cmpint (get_grid_rect (grid).width, ==, grid_width);
  }
}

static void
test_layout_figures (void)
{
  const Size hd = { 1280, 720 };
  const Size full_hd = { 1920, 1080 };
  const ImageRect hd_dock = { 1048, 0, 224, 0 };
  const ImageRect full_hd_dock = { 1576, 0, 336, 0 };
  const gint hd_tiles[] = { 50, 24, 24 };
  const gint full_hd_tiles[] = { 75, 36, 36 };

  check_figures (&hd, &hd_dock, 22, 14, hd_tiles);
  check_figures (&full_hd, &full_hd_dock, 33, 21, full_hd_tiles);
}

static void
test_layout_columns (void)
{
  const gint expected[][2] = { { 1, 1 }, { 3, 3 }, { 16, 4 }, { 32, 8 },
    { 64, 8 }, { 128, 16 } };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    HeatmapLayer layer = { "maps", 8, 8, expected[i][0], NULL };
    HeatmapDockLayout layout;

    heatmap_dock_layout_compute (&layout, 1280, 720, TRUE, &layer, 1);
    g_assert_cmpint (layout.grids[0].columns, ==, expected[i][1]);
  }
}

static void
test_dock_leaves_face_free (void)
{
  HeatmapDockLayout layout;
  gboolean on_left = FALSE;

  heatmap_dock_layout_compute (&layout, 640, 480, TRUE, layer_sets[0].layers,
      3);
  for (gint x = -100; x < 640; x += 7) {
    ImageRect face = { x, 100, 150, 150 };

    on_left = heatmap_dock_layout_place (&layout, &face, on_left);
    g_assert_cmpint (heatmap_rect_get_overlap (&layout.rect, &face), ==, 0);
  }
}

static void
test_dock_stays (void)
{
  HeatmapDockLayout layout;
  ImageRect middle = { 250, 100, 150, 150 };
  ImageRect whole = { 0, 0, 640, 480 };

  heatmap_dock_layout_compute (&layout, 640, 480, TRUE, layer_sets[0].layers,
      3);
  for (gint on_left = 0; on_left < 2; on_left++) {
    g_assert_true (
        heatmap_dock_layout_place (&layout, &middle, on_left) == on_left);
    g_assert_true (
        heatmap_dock_layout_place (&layout, &whole, on_left) == on_left);
    g_assert_true (
        heatmap_dock_layout_place (&layout, NULL, on_left) == on_left);
  }
}

/* A tile of its own, for one channel of a layer. */
static void
draw_tile (const HeatmapLayer *layer, gint channel, gint width, gint height,
    guint32 *words)
{
  HeatmapPixels pixels = { words, (gsize) width, width, height };
  HeatmapRange *ranges = g_new (HeatmapRange, layer->channels);

  heatmap_map_tile_measure (layer, layer->channels, ranges);
  heatmap_map_tile_draw (&pixels, layer, channel, &ranges[channel],
      heatmap_colormap_get_table (HEATMAP_COLORMAP_GRAY));
  g_free (ranges);
}

#define GRAY(level) (0xff000000u | (level) *0x010101u)

static void
test_tile_orientation (void)
{
  /* hot at the top left, half hot at the top right, cold elsewhere */
  const gfloat data[] = { 2, 0, 1, 0, 0, 0 };
  const HeatmapLayer layer = { "map", 2, 3, 1, data };
  guint32 words[4][6];

  draw_tile (&layer, 0, 6, 4, words[0]);
  for (gint y = 0; y < 4; y++) {
    for (gint x = 0; x < 6; x++) {
      guint level = y > 1 || x / 2 == 1 ? 0 : x < 2 ? 255 : 128;

      g_assert_cmphex (words[y][x], ==, GRAY (level));
    }
  }
}

static void
test_tile_scales_each_map (void)
{
  const gfloat data[] = { 0, -5, 1, -4, 2, -3, 4, -1 };
  const HeatmapLayer layer = { "maps", 2, 2, 2, data };
  guint32 first[4];
  guint32 second[4];

  draw_tile (&layer, 0, 2, 2, first);
  draw_tile (&layer, 1, 2, 2, second);
  g_assert_cmpmem (first, sizeof (first), second, sizeof (second));
  g_assert_cmphex (first[0], ==, GRAY (0));
  g_assert_cmphex (first[1], ==, GRAY (64));
  g_assert_cmphex (first[2], ==, GRAY (128));
  g_assert_cmphex (first[3], ==, GRAY (255));
}

static void
check_silent (const HeatmapLayer *layer)
{
  guint32 words[24][24];
  guint marked = 0;

  draw_tile (layer, 0, 24, 24, words[0]);
  for (gint y = 0; y < 24; y++) {
    for (gint x = 0; x < 24; x++)
      marked += words[y][x] != GRAY (0);
  }
  g_assert_cmphex (words[0][0], ==, GRAY (0));
  g_assert_cmphex (words[12][12], !=, GRAY (0));
  g_assert_cmpuint (marked, <, 24 * 24 / 10);
}

static void
test_tile_of_silent_channel (void)
{
  const gfloat zeros[4] = { 0, 0, 0, 0 };
  const gfloat sevens[4] = { 7, 7, 7, 7 };
  const gfloat undefined[4] = { NAN, NAN, INFINITY, -INFINITY };
  HeatmapLayer layer = { "map", 2, 2, 1, zeros };

  check_silent (&layer);
  layer.data = sevens;
  check_silent (&layer);
  layer.data = undefined;
  check_silent (&layer);
}

static void
test_tile_of_values_not_finite (void)
{
  const gfloat data[] = { NAN, INFINITY, -INFINITY, 1, 2, 3 };
  const HeatmapLayer layer = { "map", 2, 3, 1, data };
  const guint32 expected[] = { GRAY (0), GRAY (0), GRAY (0), GRAY (0),
    GRAY (128), GRAY (255) };
  guint32 words[6];

  draw_tile (&layer, 0, 3, 2, words);
  g_assert_cmpmem (words, sizeof (words), expected, sizeof (expected));
}

static void
test_tile_of_extreme_range (void)
{
  const gfloat wide[] = { -FLT_MAX, 0, FLT_MAX, FLT_MAX };
  const gfloat narrow[] = { 0, FLT_TRUE_MIN, 0, 2 * FLT_TRUE_MIN };
  HeatmapLayer layer = { "map", 2, 2, 1, wide };
  guint32 words[4];

  draw_tile (&layer, 0, 2, 2, words);
  g_assert_cmphex (words[0], ==, GRAY (0));
  g_assert_cmphex (words[1], ==, GRAY (128));
  g_assert_cmphex (words[2], ==, GRAY (255));
  layer.data = narrow;
  draw_tile (&layer, 0, 2, 2, words);
  g_assert_cmphex (words[0], ==, GRAY (0));
  g_assert_cmphex (words[1], ==, GRAY (128));
  g_assert_cmphex (words[3], ==, GRAY (255));
}

/* A single hot cell stays visible in a tile smaller than the map. */
static void
test_tile_keeps_maximum_when_reduced (void)
{
  gfloat data[50 * 50];
  const HeatmapLayer layer = { "map", 50, 50, 1, data };

  for (guint cell = 0; cell < G_N_ELEMENTS (data); cell += 7) {
    guint32 words[12][12];
    guint x = cell % 50 * 12 / 50;
    guint y = cell / 50 * 12 / 50;

    memset (data, 0, sizeof (data));
    data[cell] = 1;
    draw_tile (&layer, 0, 12, 12, words[0]);
    g_assert_cmphex (words[y][x], ==, GRAY (255));
    g_assert_cmphex (words[11 - y / 6 * 11][11 - x / 6 * 11], ==, GRAY (0));
  }
}

static void
test_vector_is_one_map (void)
{
  const gfloat data[] = { 0, 1, 2, 4 };
  const HeatmapLayer layer = { "dense", 1, 1, 4, data };
  const guint levels[] = { 0, 64, 128, 255 };

  for (gint i = 0; i < 4; i++) {
    guint32 words[4];

    draw_tile (&layer, i, 2, 2, words);
    g_assert_cmphex (words[0], ==, GRAY (levels[i]));
    g_assert_cmphex (words[3], ==, GRAY (levels[i]));
  }
}

static void
test_text_is_cut_between_characters (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cairo = cairo_create (surface);
  g_autofree gchar *broken = heatmap_text_clean ("caf\xc3\xa9 \xff\n\xc3");

  g_assert_cmpstr (broken, ==, "caf\xc3\xa9 \xef\xbf\xbd \xef\xbf\xbd");
  heatmap_text_select (cairo, 14, FALSE);
  for (gint width = 0; width < 200; width++) {
    g_autofree gchar *text = heatmap_text_ellipsise (cairo,
        "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 sch\xc3\xb6n", width);

    g_assert_true (g_utf8_validate (text, -1, NULL));
    g_assert_cmpint (heatmap_text_measure (cairo, text), <=, width);
  }
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
}

static void
test_labels_stay_in_frame (void)
{
  const ImageRect boxes[] = { { 10, 200, 100, 100 }, { 10, 5, 100, 100 },
    { 10, -50, 100, 700 }, { 600, 200, 100, 100 }, { -90, 200, 100, 100 },
    { 639, 479, 1, 1 }, { -5, -5, 2000, 2000 } };

  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++) {
    ImageRect place;

    g_assert_true (heatmap_label_placement_choose (640, 480, &boxes[i], 90, 24,
        NULL, 0, &place));
    g_assert_true (is_inside (&place, 640, 480));
    g_assert_cmpint (place.width, ==, 90);
    g_assert_cmpint (place.height, ==, 24);
  }
}

static void
test_label_place_order (void)
{
  const ImageRect middle = { 100, 200, 100, 100 };
  const ImageRect high = { 100, 10, 100, 100 };
  const ImageRect full = { 100, 0, 100, 480 };
  const ImageRect outside = { 640, 200, 100, 100 };
  ImageRect place;

  heatmap_label_placement_choose (640, 480, &middle, 90, 24, NULL, 0, &place);
  g_assert_cmpint (place.x, ==, 100);
  g_assert_cmpint (place.y + place.height, <=, 200);
  heatmap_label_placement_choose (640, 480, &high, 90, 24, NULL, 0, &place);
  g_assert_cmpint (place.y, >=, 110);
  heatmap_label_placement_choose (640, 480, &full, 90, 24, NULL, 0, &place);
  g_assert_cmpint (heatmap_rect_get_overlap (&place, &full), ==, 90 * 24);
  g_assert_false (heatmap_label_placement_choose (640, 480, &outside, 90, 24,
      NULL, 0, &place));
}

static void
test_labels_avoid_each_other (void)
{
  const ImageRect box = { 300, 200, 120, 120 };
  ImageRect taken[4];

  for (guint i = 0; i < G_N_ELEMENTS (taken); i++) {
    g_assert_true (heatmap_label_placement_choose (640, 480, &box, 90, 24,
        taken, i, &taken[i]));
    for (guint j = 0; j < i; j++)
      g_assert_cmpint (heatmap_rect_get_overlap (&taken[i], &taken[j]), ==, 0);
  }
}

static const HeatmapStyle whole_style = { HEATMAP_COLORMAP_GRAY, TRUE, TRUE,
  TRUE };

/* All that holds for any pieces. */
static void
check_pieces (const HeatmapPiece *pieces, guint n_pieces, gint width,
    gint height)
{
  for (guint i = 0; i < n_pieces; i++) {
    cairo_surface_t *surface = pieces[i].surface;

    g_assert_true (is_inside (&pieces[i].rect, width, height));
    g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
    g_assert_cmpint (cairo_image_surface_get_format (surface), ==,
        CAIRO_FORMAT_ARGB32);
    g_assert_cmpint (cairo_image_surface_get_width (surface), ==,
        pieces[i].rect.width);
    g_assert_cmpint (cairo_image_surface_get_height (surface), ==,
        pieces[i].rect.height);
  }
}

static guint32
get_pixel (const HeatmapPiece *piece, gint x, gint y)
{
  const guint8 *data = cairo_image_surface_get_data (piece->surface);
  guint32 word;

  data += (gsize) y * (gsize) cairo_image_surface_get_stride (piece->surface);
  memcpy (&word, data + (gsize) x * sizeof (word), sizeof (word));
  return word;
}

/* The first layer has its hot cell at the top left, the second at the bottom
 * right; the third is silent. */
static void
fill_layers (HeatmapLayer *layers)
{
  for (guint i = 0; i < 3; i++) {
    gint channels = layer_sets[0].layers[i].channels;
    gint n_cells = layer_sets[0].layers[i].height
        * layer_sets[0].layers[i].width;
    gfloat *data = g_new0 (gfloat, n_cells * channels);

    for (gint channel = 0; channel < channels && i < 2; channel++)
      data[(i == 0 ? 0 : n_cells - 1) * channels + channel] = (gfloat) channel
          + 1;
    layers[i] = layer_sets[0].layers[i];
    layers[i].data = data;
  }
}

static void
clear_layers (HeatmapLayer *layers)
{
  for (guint i = 0; i < 3; i++)
    g_free ((gpointer) layers[i].data);
}

static void
check_tile (const HeatmapPiece *dock, const HeatmapDockGrid *grid, gint tile,
    guint top_left, guint bottom_right, gboolean is_silent)
{
  gint x = grid->x + tile % grid->columns * (grid->tile_width + grid->gap);
  gint y = grid->y + tile / grid->columns * (grid->tile_height + grid->gap);
  gint right = x + grid->tile_width - 1;
  gint bottom = y + grid->tile_height - 1;
  guint32 middle = get_pixel (dock, x + grid->tile_width / 2,
      y + grid->tile_height / 2);

  g_assert_cmphex (get_pixel (dock, x, y), ==, GRAY (top_left));
  g_assert_cmphex (get_pixel (dock, right, bottom), ==, GRAY (bottom_right));
  g_assert_cmphex (get_pixel (dock, right, y), ==, GRAY (0));
  g_assert_cmphex (get_pixel (dock, x, bottom), ==, GRAY (0));
  g_assert_true ((middle != GRAY (0)) == is_silent);
}

static void
test_dock_shows_maps (void)
{
  g_autoptr (HeatmapRenderer) renderer = heatmap_renderer_new ();
  HeatmapLayer layers[3];
  HeatmapFace face = { { 100, 100, 200, 200 }, 1, "Female", 0.97 };
  HeatmapScene scene = { "Title", &face, 1, 0, layers, 3 };
  HeatmapDockLayout layout;
  const HeatmapPiece *pieces;
  guint n_pieces;

  fill_layers (layers);
  heatmap_dock_layout_compute (&layout, 1280, 720, TRUE, layers, 3);
  pieces = heatmap_renderer_render (renderer, 1280, 720, &scene, &whole_style,
      &n_pieces);
  check_pieces (pieces, n_pieces, 1280, 720);
  for (guint i = 0; i < 3; i++) {
    for (gint tile = 0; tile < layout.grids[i].shown; tile++)
      check_tile (&pieces[n_pieces - 1], &layout.grids[i], tile,
          i == 0 ? 255 : 0, i == 1 ? 255 : 0, i == 2);
  }
  clear_layers (layers);
}

static void
test_surfaces_last (void)
{
  g_autoptr (HeatmapRenderer) renderer = heatmap_renderer_new ();
  HeatmapLayer layers[3];
  HeatmapFace faces[2] = { { { 100, 100, 200, 200 }, 1, "Female", 0.971 },
    { { 400, 100, 99, 99 }, 2, "Male", 0.6 } };
  HeatmapScene scene = { "Title", faces, 2, 0, layers, 3 };
  cairo_surface_t *surfaces[16];
  const HeatmapPiece *pieces;
  guint n_pieces;

  fill_layers (layers);
  pieces = heatmap_renderer_render (renderer, 640, 480, &scene, &whole_style,
      &n_pieces);
  g_assert_cmpuint (n_pieces, ==, 4 + 4 + 2 + 1);
  for (guint i = 0; i < n_pieces; i++)
    surfaces[i] = pieces[i].surface;
  for (gint step = 0; step < 20; step++) {
    faces[0].box.x += 5;
    faces[0].box.width += 3;
    faces[0].confidence -= 0.02;
    pieces = heatmap_renderer_render (renderer, 640, 480, &scene, &whole_style,
        &n_pieces);
    check_pieces (pieces, n_pieces, 640, 480);
    for (guint i = 0; i < n_pieces; i++)
      g_assert_true (pieces[i].surface == surfaces[i]);
  }
  clear_layers (layers);
}

static void
test_only_title_without_face (void)
{
  g_autoptr (HeatmapRenderer) renderer = heatmap_renderer_new ();
  HeatmapFace face = { { 100, 100, 200, 200 }, 1, NULL, -1 };
  HeatmapScene scene = { "Activation maps", NULL, 0, -1, NULL, 0 };
  HeatmapStyle maps_only = { HEATMAP_COLORMAP_GRAY, FALSE, FALSE, TRUE };
  HeatmapStyle nothing = { HEATMAP_COLORMAP_GRAY, FALSE, FALSE, FALSE };
  const HeatmapPiece *pieces;
  guint n_pieces;

  pieces = heatmap_renderer_render (renderer, 1280, 720, &scene, &whole_style,
      &n_pieces);
  g_assert_cmpuint (n_pieces, ==, 1);
  check_pieces (pieces, n_pieces, 1280, 720);
  g_assert_cmpint (pieces[0].rect.height, <, 60);
  g_assert_cmpint (pieces[0].rect.x + pieces[0].rect.width, ==, 1280 - 8);

  scene.faces = &face;
  scene.n_faces = 1;
  scene.main_face = 0;
  pieces = heatmap_renderer_render (renderer, 1280, 720, &scene, &maps_only,
      &n_pieces);
  g_assert_cmpuint (n_pieces, ==, 1);
  g_assert_cmpint (pieces[0].rect.height, <, 60);

  heatmap_renderer_render (renderer, 1280, 720, &scene, &nothing, &n_pieces);
  g_assert_cmpuint (n_pieces, ==, 0);
  scene.title = NULL;
  heatmap_renderer_render (renderer, 1280, 720, &scene, &maps_only, &n_pieces);
  g_assert_cmpuint (n_pieces, ==, 0);
}

static void
test_faces_outside_frame (void)
{
  g_autoptr (HeatmapRenderer) renderer = heatmap_renderer_new ();
  HeatmapStyle style = { HEATMAP_COLORMAP_GRAY, TRUE, TRUE, FALSE };
  const HeatmapFace faces[] = {
    { { -50, -50, 100, 100 }, 1, "partly", 0.5 },
    { { 600, 440, 100, 100 }, 2, "partly", 0.5 },
    { { -50, -50, 1000, 1000 }, 3, "larger", 0.5 },
    { { 300, 200, 1, 1 }, 4, "a point", 0.5 },
    { { 640, 100, 100, 100 }, 5, "outside", 0.5 },
    { { -200, 100, 100, 100 }, 6, "outside", 0.5 },
    { { 100, 100, 0, 0 }, 7, "empty", 0.5 },
    { { 100, 100, -20, 20 }, 8, "reversed", 0.5 },
    { { G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT }, 9, "far", 0.5 },
    { { G_MININT, G_MININT, G_MAXINT, G_MAXINT }, 10, "far", 0.5 },
  };
  HeatmapScene scene = { NULL, NULL, 1, 0, NULL, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (faces); i++) {
    const HeatmapPiece *pieces;
    guint n_pieces;

    scene.faces = &faces[i];
    pieces = heatmap_renderer_render (renderer, 640, 480, &scene, &style,
        &n_pieces);
    g_assert_cmpuint (n_pieces, ==, i < 4 ? 5 : 0);
    check_pieces (pieces, n_pieces, 640, 480);
  }
}

static void
test_any_label (void)
{
  g_autoptr (HeatmapRenderer) renderer = heatmap_renderer_new ();
  g_autofree gchar *endless = g_strnfill (500, 'W');
  const HeatmapFace faces[] = {
    { { 10, 20, 60, 60 }, 1, endless, 0.5 },
    { { 20, 20, 60, 60 }, 2, "\xff\xfe invalid \xc3", NAN },
    { { 30, 20, 60, 60 }, G_MAXINT, "", INFINITY },
    { { 40, 20, 60, 60 }, -1, NULL, -1.0 },
    { { 50, 20, 60, 60 }, G_MININT, "line\nline\ttab", 2.0 },
  };
  HeatmapScene scene = { endless, faces, G_N_ELEMENTS (faces), 0, NULL, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (frame_sizes); i++) {
    const Size *frame = &frame_sizes[i];
    guint n_pieces;
    const HeatmapPiece *pieces = heatmap_renderer_render (renderer,
        frame->width, frame->height, &scene, &whole_style, &n_pieces);

    check_pieces (pieces, n_pieces, frame->width, frame->height);
    if (MIN (frame->width, frame->height) >= 240)
      g_assert_cmpuint (n_pieces, ==, 5 * 4 + 4 + 1);
  }
}

static void
test_render_sweep (void)
{
  g_autoptr (HeatmapRenderer) renderer = heatmap_renderer_new ();
  HeatmapLayer layers[3];
  HeatmapFace face = { { 0, 0, 0, 0 }, 1, "Female", 0.97 };
  HeatmapScene scene = { "Activation maps", &face, 1, 0, layers, 3 };

  fill_layers (layers);
  for (gint width = 16; width < 700; width += 19) {
    for (gint height = 16; height < 700; height += 23) {
      const HeatmapPiece *pieces;
      guint n_pieces;

      face.box = (ImageRect) { width / 3, height / 3, width / 4, height / 4 };
      pieces = heatmap_renderer_render (renderer, width, height, &scene,
          &whole_style, &n_pieces);
      check_pieces (pieces, n_pieces, width, height);
    }
  }
  clear_layers (layers);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/heatmap/layout/sweep", test_layout_sweep);
  g_test_add_func ("/heatmap/layout/tiny-frames", test_layout_of_tiny_frames);
  g_test_add_func ("/heatmap/layout/figures", test_layout_figures);
  g_test_add_func ("/heatmap/layout/columns", test_layout_columns);
  g_test_add_func ("/heatmap/layout/face-free", test_dock_leaves_face_free);
  g_test_add_func ("/heatmap/layout/stays", test_dock_stays);
  g_test_add_func ("/heatmap/tile/orientation", test_tile_orientation);
  g_test_add_func ("/heatmap/tile/scale", test_tile_scales_each_map);
  g_test_add_func ("/heatmap/tile/silent", test_tile_of_silent_channel);
  g_test_add_func ("/heatmap/tile/not-finite", test_tile_of_values_not_finite);
  g_test_add_func ("/heatmap/tile/extreme", test_tile_of_extreme_range);
  g_test_add_func ("/heatmap/tile/reduced",
      test_tile_keeps_maximum_when_reduced);
  g_test_add_func ("/heatmap/tile/vector", test_vector_is_one_map);
  g_test_add_func ("/heatmap/text/cut", test_text_is_cut_between_characters);
  g_test_add_func ("/heatmap/label/in-frame", test_labels_stay_in_frame);
  g_test_add_func ("/heatmap/label/order", test_label_place_order);
  g_test_add_func ("/heatmap/label/apart", test_labels_avoid_each_other);
  g_test_add_func ("/heatmap/render/maps", test_dock_shows_maps);
  g_test_add_func ("/heatmap/render/surfaces", test_surfaces_last);
  g_test_add_func ("/heatmap/render/no-face", test_only_title_without_face);
  g_test_add_func ("/heatmap/render/outside", test_faces_outside_frame);
  g_test_add_func ("/heatmap/render/labels", test_any_label);
  g_test_add_func ("/heatmap/render/sweep", test_render_sweep);

  return g_test_run ();
}
