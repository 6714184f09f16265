/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Covers the panels' layouts over many frame sizes and layers, their pages, the
 * colours and the orientation of the tiles, scaling and smoothing, the marks,
 * the class activation map, the label plates, and that all pieces stay in the
 * frame.
 */

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/rect.h"
#include "overlay/color-tile.h"
#include "overlay/face-stabilizer.h"
#include "overlay/grid-view.h"
#include "overlay/heatmap.h"
#include "overlay/label-placement.h"
#include "overlay/map-tile.h"
#include "overlay/panel-layout.h"
#include "overlay/renderer.h"
#include "overlay/score-view.h"
#include "overlay/text.h"

/* Called by LeakSanitizer. The font configuration lives as long as the
 * process. */
const char *__lsan_default_suppressions (void);

__attribute__ ((visibility ("default"))) const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\n";
}

#define MAX_LAYERS 40
#define FRAME_TIME (1.0 / 30.0)

typedef struct {
  gint width;
  gint height;
} Size;

static const Size frame_sizes[] = {
  { 160, 120 },
  { 176, 144 },
  { 320, 180 },
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

/* A layer without data, for layouts. */
#define LAYER(name, height, width, channels)                                  \
  {                                                                           \
    name, &(const CnnLayerMaps) { name, name, height, width, channels }, NULL \
  }

typedef struct {
  guint n_layers;
  OverlayLayer layers[4]; /* repeated when there are more */
} LayerSet;

static const LayerSet layer_sets[] = {
  { 3,
      { LAYER ("a", 25, 25, 16), LAYER ("b", 12, 12, 32),
          LAYER ("c", 6, 6, 32) } },
  { 1, { LAYER ("one", 1, 1, 1) } },
  { 1, { LAYER ("wide", 7, 7, 2048) } },
  { 1, { LAYER ("large", 512, 512, 3) } },
  { 2, { LAYER ("tall", 400, 2, 5), LAYER ("flat", 2, 400, 5) } },
  { 3,
      { LAYER ("x", 5, 3, 7), LAYER ("dense", 1, 1, 256),
          LAYER ("out", 1, 1, 1000) } },
  { 4,
      { LAYER ("1", 112, 112, 64), LAYER ("2", 56, 56, 128),
          LAYER ("3", 28, 28, 256), LAYER ("4", 14, 14, 512) } },
  { 30,
      { LAYER ("p", 14, 14, 96), LAYER ("q", 7, 7, 160),
          LAYER ("r", 48, 48, 1) } },
  { MAX_LAYERS, { LAYER ("s", 1, 1, 2) } },
};

static guint
expand (const LayerSet *set, OverlayLayer *layers)
{
  guint n_forms = 0;

  while (n_forms < 4 && set->layers[n_forms].name != NULL)
    n_forms++;
  for (guint i = 0; i < set->n_layers; i++)
    layers[i] = set->layers[i % n_forms];
  return set->n_layers;
}

static gboolean
is_inside (const Rect *rect, gint width, gint height)
{
  return rect->x >= 0 && rect->y >= 0 && rect->width > 0 && rect->height > 0
      && rect->width <= width - rect->x && rect->height <= height - rect->y;
}

static Rect
get_grid_rect (const OverlayGrid *grid)
{
  Rect last = overlay_grid_get_tile (grid, grid->columns * grid->rows - 1);

  return (Rect) { grid->x, grid->y, overlay_grid_get_width (grid),
    last.y + last.height + grid->caption_height - grid->y };
}

static void
check_side (gint tile, gint cells)
{
  g_assert_cmpint (tile, >=, 1);
  g_assert_true (tile < cells || tile % cells == 0);
}

/* No map is distorted: a tile is a whole multiple of its map or at least wide
 * enough to be readable. */
static void
check_grid (const OverlayGrid *grid, const CnnLayerMaps *layer,
    gint panel_width)
{
  g_assert_cmpint (grid->shown, >=, 1);
  g_assert_cmpint (grid->shown, ==,
      MIN (layer->channels - grid->first, grid->rows * grid->columns));
  g_assert_cmpint (grid->shown, >, (grid->rows - 1) * grid->columns);
  g_assert_cmpint (grid->gap, >=, 1);
  g_assert_cmpint (grid->gap, <=, MAX (3, panel_width / 100));
  check_side (grid->tile_width, layer->width);
  check_side (grid->tile_height, layer->height);
  if (layer->width > 1 && panel_width >= 120)
    g_assert_cmpint (grid->tile_width, >=, MIN (layer->width, 4));
}

static void
check_parts (const OverlayPanelLayout *layout, const OverlayLayer *layers)
{
  Rect parts[10 + 4 * OVERLAY_MAX_GRIDS];
  guint n_parts = 0;

  parts[n_parts++] = layout->title;
  parts[n_parts++] = layout->notice;
  parts[n_parts++] = layout->page_line;
  parts[n_parts++] = layout->crop;
  parts[n_parts++] = layout->input;
  parts[n_parts++] = layout->input_line;
  parts[n_parts++] = layout->cam;
  parts[n_parts++] = layout->score;
  parts[n_parts++] = layout->legend;
  for (guint i = 0; i < layout->grids.n_grids; i++) {
    const OverlayGrid *grid = &layout->grids.grids[i];

    check_grid (grid, layers[grid->layer].maps, layout->rect.width);
    parts[n_parts++] = grid->heading;
    parts[n_parts++] = grid->legend;
    parts[n_parts++] = grid->enlarged;
    parts[n_parts++] = get_grid_rect (grid);
  }
  for (guint i = 0; i < n_parts; i++) {
    if (parts[i].height == 0)
      continue;
    g_assert_true (
        is_inside (&parts[i], layout->rect.width, layout->rect.height));
    for (guint j = 0; j < i; j++)
      g_assert_cmpint (rect_get_overlap (&parts[i], &parts[j]), ==, 0);
  }
}

static OverlayPanelRequest
make_request (const Size *frame, const OverlayLayer *layers, guint n_layers)
{
  return (OverlayPanelRequest) { .frame_width = frame->width,
    .frame_height = frame->height,
    .has_title = TRUE,
    .layers = layers,
    .n_layers = n_layers,
    .enlarged = -1,
    .focus = -1 };
}

/* Every channel of every layer is on exactly one page. */
static void
check_pages (OverlayPanelRequest request)
{
  OverlayPanelLayout layout;
  guint layer = 0;
  gint channel = 0;

  overlay_panel_layout_compute (&layout, &request);
  g_assert_cmpuint (layout.n_pages, >=, 1);
  for (guint page = 0; page < layout.n_pages; page++) {
    guint n_pages = layout.n_pages;

    request.page = page;
    overlay_panel_layout_compute (&layout, &request);
    g_assert_cmpuint (layout.n_pages, ==, n_pages);
    check_parts (&layout, request.layers);
    for (guint i = 0; i < layout.grids.n_grids; i++) {
      const OverlayGrid *grid = &layout.grids.grids[i];

      g_assert_cmpuint (grid->layer, ==, layer);
      g_assert_cmpint (grid->first, ==, channel);
      channel += grid->shown;
      if (channel == request.layers[layer].maps->channels) {
        layer++;
        channel = 0;
      }
    }
  }
  g_assert_cmpuint (layer, ==, request.n_layers);
  g_assert_cmpint (channel, ==, 0);
}

static void
place_dock (OverlayPanelLayout *layout, const OverlayFace *faces, guint n_faces,
    gint main_face, OverlayDock *dock, gdouble elapsed)
{
  const OverlayScene scene = { .faces = faces,
    .n_faces = n_faces,
    .main_face = main_face };

  overlay_panel_layout_place (layout, &scene, dock, elapsed);
}

static void
check_layout (const OverlayPanelRequest *request)
{
  const gint width = request->frame_width, height = request->frame_height;
  OverlayPanelLayout layout;

  overlay_panel_layout_compute (&layout, request);
  g_assert_cmpuint (layout.grids.n_grids, >=, 1);
  g_assert_cmpint (layout.title_size, >=, 9);
  g_assert_cmpint (layout.heading_size, >=, 9);
  g_assert_cmpint (layout.caption_size, >=, 9);
  if (request->is_beside) {
    g_assert_cmpint (layout.rect.x, ==, (width + 1) / 2 * 2);
    g_assert_cmpint (layout.rect.width, ==,
        overlay_renderer_get_beside_width (width, height, 1.0));
    g_assert_cmpint (layout.rect.height, ==, height);
  } else {
    g_assert_true (is_inside (&layout.rect, width, height));
    g_assert_cmpint (layout.rect.width, <=, width * 2 / 5);
    for (guint corner = 0; corner < 4; corner++) {
      OverlayDock dock = { corner, FALSE, 0.0 };

      place_dock (&layout, NULL, 0, -1, &dock, 1.0);
      g_assert_true (is_inside (&layout.rect, width, height));
      if (corner & 1)
        g_assert_cmpint (layout.rect.x, ==, layout.margin);
    }
  }
  check_pages (*request);
}

static void
test_layout_sweep (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (layer_sets); i++) {
    OverlayLayer layers[MAX_LAYERS];
    guint n_layers = expand (&layer_sets[i], layers);

    for (guint j = 0; j < G_N_ELEMENTS (frame_sizes); j++) {
      OverlayPanelRequest request = make_request (&frame_sizes[j], layers,
          n_layers);

      check_layout (&request);
      request.has_title = FALSE;
      request.enlarged = 0;
      check_layout (&request);
      request.is_beside = TRUE;
      check_layout (&request);
      request.enlarged = -1;
      request.has_title = TRUE;
      request.has_cam = TRUE;
      check_layout (&request);
      request.focus = (gint) n_layers - 1;
      request.input_width = request.input_height = 50;
      request.n_score_rows = 5;
      check_layout (&request);
    }
  }
}

/* Frames smaller than any video may get no panel, but never one that does not
 * fit. */
static void
test_layout_of_tiny_frames (void)
{
  for (gint side = 16; side < 160; side++) {
    const Size frame = { side, side };
    OverlayPanelRequest request = make_request (&frame, layer_sets[0].layers,
        3);

    for (gint is_beside = 0; is_beside < 2; is_beside++) {
      OverlayPanelLayout layout;

      request.is_beside = is_beside;
      overlay_panel_layout_compute (&layout, &request);
      if (layout.rect.height == 0)
        continue;
      if (!is_beside)
        g_assert_true (is_inside (&layout.rect, side, side));
      check_parts (&layout, layer_sets[0].layers);
    }
  }
}

/* What a panel looks like in usual frames. */
static const struct {
  Size frame;
  gint dock[4];   /* left edge, width, sizes of the title and of headings */
  gint docked[6]; /* side and number of columns of the tiles of each layer */
  gint width;     /* of the panel beside the picture */
  gint beside[6];
} figures[] = {
  { { 640, 480 }, { 515, 120, 12, 10 }, { 25, 4, 12, 8, 18, 5 }, 432,
      { 50, 8, 36, 11, 24, 16 } },
  { { 1280, 720 }, { 1048, 224, 22, 14 }, { 50, 4, 24, 8, 30, 6 }, 640,
      { 75, 8, 48, 12, 36, 16 } },
  { { 1920, 1080 }, { 1576, 336, 33, 21 }, { 75, 4, 48, 6, 36, 8 }, 848,
      { 100, 8, 72, 11, 72, 11 } },
  { { 3840, 2160 }, { 3152, 672, 66, 42 }, { 150, 4, 84, 7, 84, 7 }, 1904,
      { 225, 8, 132, 13, 120, 15 } },
};

static OverlayPanelRequest
make_figure_request (guint i, gboolean is_beside)
{
  OverlayPanelRequest request = make_request (&figures[i].frame,
      layer_sets[0].layers, 3);

  request.is_beside = request.has_cam = is_beside;
  return request;
}

static void
check_tiles (const OverlayPanelLayout *layout, const gint *tiles)
{
  g_assert_cmpuint (layout->n_pages, ==, 1);
  g_assert_cmpuint (layout->grids.n_grids, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const OverlayGrid *grid = &layout->grids.grids[i];

    g_assert_cmpint (grid->tile_width, ==, tiles[2 * i]);
    g_assert_cmpint (grid->tile_height, ==, tiles[2 * i]);
    g_assert_cmpint (grid->columns, ==, tiles[2 * i + 1]);
    g_assert_cmpint (grid->heading.height, >, 0);
    g_assert_cmpint (grid->legend.height, >, 0);
  }
}

static void
test_layout_figures (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++) {
    const OverlayPanelRequest request = make_figure_request (i, FALSE);
    OverlayPanelLayout layout;

    overlay_panel_layout_compute (&layout, &request);
    g_assert_cmpint (layout.rect.x, ==, figures[i].dock[0]);
    g_assert_cmpint (layout.rect.width, ==, figures[i].dock[1]);
    g_assert_cmpint (layout.title_size, ==, figures[i].dock[2]);
    g_assert_cmpint (layout.heading_size, ==, figures[i].dock[3]);
    check_tiles (&layout, figures[i].docked);
  }
}

static void
test_layout_beside_figures (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++) {
    const OverlayPanelRequest request = make_figure_request (i, TRUE);
    OverlayPanelLayout layout;

    overlay_panel_layout_compute (&layout, &request);
    g_assert_cmpint (layout.rect.width, ==, figures[i].width);
    g_assert_cmpint (layout.crop.height, >=, figures[i].frame.height / 7);
    g_assert_cmpint (layout.cam.height, ==, layout.crop.height);
    g_assert_cmpint (layout.score.width, >, layout.crop.width);
    g_assert_cmpint (layout.legend.height, >, 0);
    check_tiles (&layout, figures[i].beside);
  }
}

static gint
get_tile_width (const OverlayPanelRequest *request, guint grid)
{
  OverlayPanelLayout layout;

  overlay_panel_layout_compute (&layout, request);
  g_assert_cmpuint (layout.n_pages, ==, 1);
  return layout.grids.grids[grid].tile_width;
}

/* The layer that is looked at has larger tiles than it has otherwise, if there
 * is room for that. */
static void
test_layout_focus (void)
{
  for (guint i = 0; i < 2 * G_N_ELEMENTS (figures); i++) {
    OverlayPanelRequest request = make_figure_request (i / 2, i % 2);

    for (guint focus = 0; focus < 3; focus++) {
      const gint before = get_tile_width (&request, focus);
      gint after;

      request.focus = (gint) focus;
      after = get_tile_width (&request, focus);
      g_assert_cmpint (after, >=, before);
      g_assert_true (after > before || request.frame_height < 1080);
      g_assert_true (after > before || focus < 2 || i == 0);
      request.focus = -1;
    }
  }
}

/* There are no contributions, or their digits are 11 pixels high in a frame of
 * 1080, where they are 0.73 of the text's size. */
static void
test_layout_captions (void)
{
  static const gfloat contributions[32];
  const CnnExplanation explanation = { .layer = "c",
    .channels = 32,
    .channel_contributions = contributions };
  const ClassifierResult result = { .explanation = &explanation };
  OverlayLayer layers[3];

  memcpy (layers, layer_sets[0].layers, sizeof (layers));
  layers[2].result = &result;
  for (guint i = 0; i < 2 * G_N_ELEMENTS (figures); i++) {
    const gint height = figures[i / 2].frame.height;
    OverlayPanelRequest request = make_figure_request (i / 2, i % 2);
    OverlayPanelLayout layout;
    const OverlayGrid *grid = &layout.grids.grids[2];

    request.layers = layers;
    overlay_panel_layout_compute (&layout, &request);
    g_assert_cmpint (layout.caption_size * 73, >=, height * 1095 / 1080);
    check_parts (&layout, layers);
    if (height >= 720)
      g_assert_cmpint (grid->caption_height, >=, layout.caption_size);
    if (grid->caption_height > 0)
      g_assert_cmpint (overlay_grid_get_caption (grid, 0).width, >=,
          5 * layout.caption_size / 2);
  }
}

/* The input is a multiple of its size or smaller than it, and its place is
 * between the crop and the rest. */
static void
test_layout_input (void)
{
  static const Size inputs[] = { { 50, 50 }, { 224, 224 }, { 32, 64 } };

  for (guint i = 0; i < G_N_ELEMENTS (figures) * G_N_ELEMENTS (inputs); i++) {
    const Size *size = &inputs[i / G_N_ELEMENTS (figures)];
    OverlayPanelRequest request =
        make_figure_request (i % G_N_ELEMENTS (figures), TRUE);
    OverlayPanelLayout layout;

    request.input_width = size->width;
    request.input_height = size->height;
    overlay_panel_layout_compute (&layout, &request);
    check_parts (&layout, request.layers);
    check_side (layout.input.width, size->width);
    check_side (layout.input.height, size->height);
    g_assert_cmpint (layout.input.x, >, layout.crop.x + layout.crop.width);
    g_assert_cmpint (layout.cam.x, >, layout.input.x + layout.input.width);
    g_assert_cmpint (layout.input_line.y, ==,
        layout.input.y + layout.input.height);
    g_assert_cmpint (layout.score.width, >=, layout.rect.width / 4);
  }
}

static void
test_layout_columns (void)
{
  const gint expected[][2] = { { 1, 1 }, { 3, 2 }, { 16, 3 }, { 32, 4 },
    { 64, 5 }, { 128, 7 } };
  const Size frame = { 1280, 720 };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    const OverlayLayer layer = LAYER ("maps", 8, 8, expected[i][0]);
    const OverlayPanelRequest request = make_request (&frame, &layer, 1);
    OverlayPanelLayout layout;

    overlay_panel_layout_compute (&layout, &request);
    g_assert_cmpint (layout.grids.grids[0].columns, ==, expected[i][1]);
  }
}

/* Makes a dock half as high as the frame, so that the corners at the top and at
 * the bottom differ. */
static void
make_dock (OverlayPanelLayout *layout)
{
  const Size frame = { 640, 480 };
  const OverlayPanelRequest request = make_request (&frame,
      layer_sets[0].layers, 3);

  overlay_panel_layout_compute (layout, &request);
  layout->rect.height = 220;
}

static OverlayFace
make_face (gint x, gint y, gint side)
{
  return (OverlayFace) { .box = { x, y, side, side } };
}

static void
test_dock_leaves_face_free (void)
{
  const Size frame = { 640, 480 };
  const OverlayPanelRequest request = make_request (&frame,
      layer_sets[0].layers, 3);
  OverlayPanelLayout layout;
  OverlayDock dock = { 0 };

  overlay_panel_layout_compute (&layout, &request);
  for (gint x = -100; x < 640; x += 7) {
    const OverlayFace face = make_face (x, 100, 150);

    place_dock (&layout, &face, 1, 0, &dock, 1.0);
    g_assert_cmpint (rect_get_overlap (&layout.rect, &face.box), ==, 0);
  }
}

/* With faces in any three corners, the dock goes to the fourth. */
static void
test_dock_finds_free_corner (void)
{
  OverlayPanelLayout layout;

  make_dock (&layout);
  for (guint start = 0; start < 4; start++) {
    for (guint open = 0; open < 4; open++) {
      OverlayDock dock = { start, FALSE, 0.0 };
      OverlayFace faces[3];
      guint n = 0;

      for (guint corner = 0; corner < 4; corner++) {
        if (corner != open)
          faces[n++] = make_face (corner & 1 ? 20 : 540, corner & 2 ? 340 : 60,
              80);
      }
      place_dock (&layout, faces, n, 0, &dock, FRAME_TIME);
      g_assert_cmpuint (dock.corner, ==, open);
      for (guint i = 0; i < n; i++)
        g_assert_cmpint (rect_get_overlap (&layout.rect, &faces[i].box), ==, 0);
    }
  }
}

/* With a face in each corner, the dock covers the least important one. */
static void
test_dock_covers_least (void)
{
  OverlayFace faces[] = { make_face (540, 60, 80), make_face (20, 60, 60),
    make_face (540, 340, 80), make_face (20, 340, 80) };
  OverlayPanelLayout layout;

  make_dock (&layout);
  for (gint main_face = 0; main_face < 4; main_face++) {
    OverlayDock dock = { 0 };

    place_dock (&layout, faces, 4, main_face, &dock, FRAME_TIME);
    g_assert_true (dock.corner != (guint) main_face);
    if (main_face != 1)
      g_assert_cmpuint (dock.corner, ==, 1);
  }
}

static void
test_dock_stays (void)
{
  const OverlayFace middle = make_face (250, 100, 150);
  const OverlayFace whole = { .box = { 0, 0, 640, 480 } };
  OverlayPanelLayout layout;

  make_dock (&layout);
  for (guint corner = 0; corner < 4; corner++) {
    OverlayDock dock = { corner, FALSE, 0.0 };

    place_dock (&layout, NULL, 0, -1, &dock, 1.0);
    g_assert_cmpuint (dock.corner, ==, corner);
    place_dock (&layout, &middle, 1, 0, &dock, 1.0);
    g_assert_cmpuint (dock.corner, ==, corner);
    place_dock (&layout, &whole, 1, 0, &dock, 1.0);
    g_assert_cmpuint (dock.corner, ==, corner);
  }
}

/* The dock stays in place while two faces alternate as the main one or a face
 * appears only briefly. */
static void
test_dock_does_not_flutter (void)
{
  const OverlayFace faces[] = { make_face (540, 60, 80), make_face (20, 60, 80),
    make_face (540, 340, 80), make_face (20, 340, 80) };
  OverlayDock dock = { 0 };
  OverlayPanelLayout layout;
  guint first;

  make_dock (&layout);
  place_dock (&layout, faces, 4, 0, &dock, FRAME_TIME);
  first = dock.corner;
  g_assert_cmpuint (first, !=, 0);
  for (guint i = 0; i < 100; i++) {
    place_dock (&layout, faces, 4, (gint) (i % 4), &dock, FRAME_TIME);
    g_assert_cmpuint (dock.corner, ==, first);
  }
  /* but it leaves a main face that stays there free */
  for (guint i = 0; i < 30; i++)
    place_dock (&layout, faces, 4, (gint) first, &dock, FRAME_TIME);
  g_assert_cmpuint (dock.corner, !=, first);
}

/* Draws the tile of one channel of a layer. */
static void
draw_tile (const CnnLayerMaps *layer, gint channel, gint width, gint height,
    guint32 *words)
{
  OverlayPixels pixels = { words, (gsize) width, width, height };
  OverlayRange *ranges = g_new (OverlayRange, layer->channels);

  overlay_map_range_measure (layer, layer->channels, ranges);
  overlay_map_tile_draw (&pixels, layer, channel, &ranges[channel],
      overlay_colormap_get_table (OVERLAY_COLORMAP_GRAY));
  g_free (ranges);
}

#define GRAY(level) (0xff000000u | (level) *0x010101u)

static void
test_tile_orientation (void)
{
  /* hot at the top left, half hot at the top right, cold elsewhere */
  const gfloat data[] = { 2, 0, 1, 0, 0, 0 };
  const CnnLayerMaps layer = { "map", "map", 2, 3, 1, data };
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
  const CnnLayerMaps layer = { "maps", "maps", 2, 2, 2, data };
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
check_silent (const CnnLayerMaps *layer)
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
  CnnLayerMaps layer = { "map", "map", 2, 2, 1, zeros };

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
  const CnnLayerMaps layer = { "map", "map", 2, 3, 1, data };
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
  CnnLayerMaps layer = { "map", "map", 2, 2, 1, wide };
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
  const CnnLayerMaps layer = { "map", "map", 50, 50, 1, data };

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
  const CnnLayerMaps layer = { "dense", "dense", 1, 1, 4, data };
  const guint levels[] = { 0, 64, 128, 255 };

  for (gint i = 0; i < 4; i++) {
    guint32 words[4];

    draw_tile (&layer, i, 2, 2, words);
    g_assert_cmphex (words[0], ==, GRAY (levels[i]));
    g_assert_cmphex (words[3], ==, GRAY (levels[i]));
  }
}

/* Rows of a picture keep their order, and colours the order of the channels. */
static void
test_color_tile (void)
{
  static const struct {
    ImageChannels channels;
    gfloat values[8];
  } pictures[] = {
    { IMAGE_CHANNELS_RGB, { 1.0f, 0.2f, 0.0f, 0.4f, 0.4f, 0.6f } },
    { IMAGE_CHANNELS_BGR, { 0.0f, 0.2f, 1.0f, 0.6f, 0.4f, 0.4f } },
    { IMAGE_CHANNELS_RGBA, { 1.0f, 0.2f, 0.0f, 1.0f, 0.4f, 0.4f, 0.6f, 1.0f } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++) {
    const ImageTensorSpec spec = { .channels = pictures[i].channels,
      .scale = 1.0f / 255.0f };
    guint32 words[4][2];
    const OverlayPixels pixels = { words[0], 2, 2, 4 };
    ClassifierColors colors;

    classifier_colors_init (&colors, &spec);
    overlay_color_tile_draw (&pixels, pictures[i].values, 2, 1, &colors);
    for (gint y = 0; y < 4; y++) {
      for (gint x = 0; x < 2; x++)
        g_assert_cmphex (words[y][x], ==, y < 2 ? 0xffff3300u : 0xff666699u);
    }
  }
}

/* Each channel has its own scale and offset, and a tensor that does not depend
 * on the picture has one colour. */
static void
test_colors_of_normalized_input (void)
{
  const ImageTensorSpec spec = { .channels = IMAGE_CHANNELS_RGB,
    .scale = 1.0f,
    .normalizes = TRUE,
    .factor = { 0.5f, 0.01f, 0.0f },
    .shift = { -3.0f, 1.0f, 7.0f } };
  const gfloat values[] = { 0.5f * 200.0f - 3.0f, 0.01f * 50.0f + 1.0f, 7.0f };
  const gfloat beyond[] = { 1000.0f, -1000.0f, NAN };
  ClassifierColors colors;

  classifier_colors_init (&colors, &spec);
  g_assert_cmphex (classifier_colors_get_rgb (&colors, values), ==, 0xc83280);
  g_assert_cmphex (classifier_colors_get_rgb (&colors, beyond), ==, 0xff0000);
}

/* Zero is mid-gray, and the largest weight of each kernel white or black in its
 * channel; an empty kernel is gray. */
static void
test_kernel_tile (void)
{
  const gfloat weights[] = { 0.0f, 0.02f, -0.01f, 5.0f, 5.0f, -10.0f, 0.0f,
    0.0f, 0.0f };
  const ClassifierKernels kernels = { { "conv", "conv", 1, 1, 3 }, weights };
  const guint32 expected[] = { 0xff80ff41u, 0xffc0c001u, 0xff808080u };
  ClassifierDescription described = { .kernels = &kernels,
    .colors = { IMAGE_CHANNELS_RGB } };

  for (gint i = 0; i < 3; i++) {
    guint32 word;
    const OverlayPixels pixels = { &word, 1, 1, 1 };

    overlay_color_tile_draw_kernel (&pixels, &described, i);
    g_assert_cmphex (word, ==, expected[i]);
  }
}

static void
test_text_is_cut (void)
{
  const gchar *const string =
      "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 sch\xc3\xb6n";
  g_autoptr (OverlayText) text = overlay_text_new ();
  g_autofree gchar *broken = overlay_text_clean ("caf\xc3\xa9 \xff\n\xc3");
  g_autofree gchar *lines = overlay_text_clean (
      "a\xc2\x85g\xe2\x80\xa8h\xe2\x80\xa9");
  gint whole;

  g_assert_cmpstr (broken, ==, "caf\xc3\xa9 \xef\xbf\xbd \xef\xbf\xbd");
  g_assert_cmpstr (lines, ==, "a g h ");
  overlay_text_select (text, 14, FALSE);
  whole = overlay_text_measure (text, string);
  for (gint width = -1; width < 200; width++) {
    const gint within = overlay_text_measure_within (text, string, width);

    g_assert_cmpint (within, <=, MAX (width, 0));
    g_assert_cmpint (within, >=, width > whole / 2 ? 1 : 0);
    if (width >= whole)
      g_assert_cmpint (within, ==, whole);
  }
}

/* A label in a frame of 640x480. */
static OverlayLabelRequest
make_label_request (const Rect *box, const Rect *taken, guint n_taken)
{
  return (
      OverlayLabelRequest) { 640, 480, *box, 90, 24, taken, n_taken, box, 1 };
}

static void
test_labels_stay_in_frame (void)
{
  const Rect boxes[] = { { 10, 200, 100, 100 }, { 10, 5, 100, 100 },
    { 10, -50, 100, 700 }, { 600, 200, 100, 100 }, { -90, 200, 100, 100 },
    { 639, 479, 1, 1 }, { -5, -5, 2000, 2000 },
    { -2000000000, 10, 2147483647, 2147483647 } };

  for (guint i = 0; i < G_N_ELEMENTS (boxes); i++) {
    const OverlayLabelRequest request = make_label_request (&boxes[i], NULL, 0);
    Rect place;

    g_assert_true (overlay_label_placement_choose (&request, &place));
    g_assert_true (is_inside (&place, 640, 480));
    g_assert_cmpint (place.width, ==, 90);
    g_assert_cmpint (place.height, ==, 24);
  }
}

static Rect
place_label (const Rect *box)
{
  const OverlayLabelRequest request = make_label_request (box, NULL, 0);
  Rect place;

  g_assert_true (overlay_label_placement_choose (&request, &place));
  return place;
}

static void
test_label_place_order (void)
{
  const Rect middle = { 100, 200, 100, 100 };
  const Rect high = { 100, 10, 100, 100 };
  const Rect tall = { 100, 0, 100, 480 };
  const Rect at_right = { 500, 0, 140, 480 };
  const Rect full = { 0, 0, 640, 480 };
  const Rect outside = { 640, 200, 100, 100 };
  OverlayLabelRequest request = make_label_request (&outside, NULL, 0);
  Rect place = place_label (&middle);

  g_assert_cmpint (place.x, ==, 100);
  g_assert_cmpint (place.y + place.height, <=, 200);
  g_assert_cmpint (place_label (&high).y, >=, 110);
  g_assert_cmpint (place_label (&tall).x, >=, 200);
  place = place_label (&at_right);
  g_assert_cmpint (place.x + place.width, <=, 500);
  place = place_label (&full);
  g_assert_cmpint (rect_get_overlap (&place, &full), ==, 90 * 24);
  g_assert_false (overlay_label_placement_choose (&request, &place));
  request = make_label_request (&middle, &full, 1);
  g_assert_false (overlay_label_placement_choose (&request, &place));
}

static void
test_labels_avoid_each_other (void)
{
  const Rect box = { 300, 200, 120, 120 };
  Rect taken[10];

  for (guint i = 0; i < G_N_ELEMENTS (taken); i++) {
    const OverlayLabelRequest request = make_label_request (&box, taken, i);

    g_assert_true (overlay_label_placement_choose (&request, &taken[i]));
    for (guint j = 0; j < i; j++)
      g_assert_cmpint (rect_get_overlap (&taken[i], &taken[j]), ==, 0);
  }
}

/* A label never covers another face, but that of a head may lie in the box of
 * its body. */
static void
test_labels_avoid_other_faces (void)
{
  const Rect head = { 300, 100, 60, 60 }, body = { 250, 80, 160, 390 };
  const Rect faces[] = { head, { 300, 10, 300, 80 }, { 280, 170, 100, 80 },
    body };
  OverlayLabelRequest request = make_label_request (&head, NULL, 0);
  Rect place;

  request.faces = faces;
  request.n_faces = G_N_ELEMENTS (faces);
  g_assert_true (overlay_label_placement_choose (&request, &place));
  for (guint i = 1; i < 3; i++)
    g_assert_cmpint (rect_get_overlap (&place, &faces[i]), ==, 0);
  g_assert_cmpint (rect_get_overlap (&place, &body), >, 0);
}

/* The last members of an OverlayFace that has a single label. */
#define LABELLED(label, confidence) \
  &(const OverlayAttribute) { NULL, label, confidence, 0.5 }, 1

/* A gray style that draws only the given parts. */
static OverlayStyle
make_style (gboolean boxes, gboolean labels, gboolean maps)
{
  OverlayStyle style = OVERLAY_STYLE_INIT;

  style.colormap = OVERLAY_COLORMAP_GRAY;
  style.draw_boxes = boxes;
  style.draw_labels = labels;
  style.draw_maps = maps;
  return style;
}

static OverlayScene
make_scene (const gchar *title, const OverlayFace *faces, guint n_faces,
    gint main_face, const OverlayLayer *layers, guint n_layers)
{
  OverlayScene scene = OVERLAY_SCENE_INIT;

  scene.title = title;
  scene.faces = faces;
  scene.n_faces = n_faces;
  scene.main_face = main_face;
  scene.layers = layers;
  scene.n_layers = n_layers;
  return scene;
}

/* Checks the properties that all pieces have. */
static void
check_pieces (const OverlayPiece *pieces, guint n_pieces, gint width,
    gint height)
{
  for (guint i = 0; i < n_pieces; i++) {
    cairo_surface_t *surface = pieces[i].surface;

    g_assert_true (is_inside (&pieces[i].rect, width, height));
    g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
    g_assert_cmpint (cairo_image_surface_get_format (surface), ==,
        CAIRO_FORMAT_ARGB32);
    g_assert_cmpint (cairo_image_surface_get_width (surface), >=,
        pieces[i].rect.width);
    g_assert_cmpint (cairo_image_surface_get_height (surface), >=,
        pieces[i].rect.height);
  }
}

static guint32
get_pixel (const OverlayPiece *piece, gint x, gint y)
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
fill_layers (CnnLayerMaps *maps, OverlayLayer *layers)
{
  for (guint i = 0; i < 3; i++) {
    const CnnLayerMaps *form = layer_sets[0].layers[i].maps;
    gint channels = form->channels;
    gint n_cells = form->height * form->width;
    gfloat *data = g_new0 (gfloat, n_cells * channels);

    for (gint channel = 0; channel < channels && i < 2; channel++)
      data[(i == 0 ? 0 : n_cells - 1) * channels + channel] = (gfloat) channel
          + 1;
    maps[i] = *form;
    maps[i].data = data;
    layers[i] = (OverlayLayer) { form->name, &maps[i], NULL };
  }
}

static void
clear_layers (CnnLayerMaps *maps)
{
  for (guint i = 0; i < 3; i++)
    g_free ((gpointer) maps[i].data);
}

static void
check_tile (const OverlayPiece *dock, const OverlayGrid *grid, gint tile,
    guint top_left, guint bottom_right, gboolean is_silent)
{
  Rect rect = overlay_grid_get_tile (grid, tile);
  gint x = rect.x, y = rect.y;
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
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  CnnLayerMaps maps[3];
  OverlayLayer layers[3];
  const OverlayFace face = { { 100, 100, 200, 200 }, 1,
    LABELLED ("Female", 0.97) };
  OverlayScene scene = make_scene ("Title", &face, 1, 0, layers, 3);
  const OverlayStyle style = make_style (TRUE, TRUE, TRUE);
  const Size frame = { 1280, 720 };
  const OverlayPanelRequest request = make_request (&frame, layers, 3);
  OverlayPanelLayout layout;
  const OverlayPiece *pieces;
  guint n_pieces;

  fill_layers (maps, layers);
  overlay_panel_layout_compute (&layout, &request);
  pieces = overlay_renderer_render (renderer, 1280, 720, &scene, &style,
      &n_pieces);
  check_pieces (pieces, n_pieces, 1280, 720);
  for (guint i = 0; i < 3; i++) {
    for (gint tile = 0; tile < layout.grids.grids[i].shown; tile++)
      check_tile (&pieces[n_pieces - 1], &layout.grids.grids[i], tile,
          i == 0 ? 255 : 0, i == 1 ? 255 : 0, i == 2);
  }
  clear_layers (maps);
}

static void
test_surfaces_last (void)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  CnnLayerMaps maps[3];
  OverlayLayer layers[3];
  OverlayAttribute attribute = { NULL, "Female", 0.971, 0.5 };
  OverlayFace faces[2] = { { { 100, 100, 200, 200 }, 1, &attribute, 1 },
    { { 400, 100, 99, 99 }, 2, LABELLED ("Male", 0.6) } };
  OverlayScene scene = make_scene ("Title", faces, 2, 0, layers, 3);
  const OverlayStyle style = make_style (TRUE, TRUE, TRUE);
  cairo_surface_t *surfaces[16];
  const OverlayPiece *pieces;
  guint n_pieces;

  fill_layers (maps, layers);
  pieces = overlay_renderer_render (renderer, 640, 480, &scene, &style,
      &n_pieces);
  g_assert_cmpuint (n_pieces, ==, 4 + 4 + 2 + 1);
  for (guint i = 0; i < n_pieces; i++)
    surfaces[i] = pieces[i].surface;
  for (gint step = 0; step < 20; step++) {
    faces[0].box.x += 5;
    faces[0].box.width += 3;
    attribute.confidence -= 0.02;
    pieces = overlay_renderer_render (renderer, 640, 480, &scene, &style,
        &n_pieces);
    check_pieces (pieces, n_pieces, 640, 480);
    for (guint i = 0; i < n_pieces; i++)
      g_assert_true (pieces[i].surface == surfaces[i]);
  }
  clear_layers (maps);
}

/* Draws the label of a face with an empty bar. Returns the last piece. */
static const OverlayPiece *
draw_threshold (OverlayRenderer *renderer, gdouble threshold)
{
  const OverlayAttribute attribute = { NULL, "Hat", 0.0, threshold };
  const OverlayFace face = { { 300, 200, 200, 200 }, 1, &attribute, 1 };
  const OverlayScene scene = make_scene ("Title", &face, 1, 0, NULL, 0);
  const OverlayStyle style = make_style (FALSE, TRUE, FALSE);
  const OverlayPiece *pieces;
  guint n_pieces;

  pieces = overlay_renderer_render (renderer, 1280, 720, &scene, &style,
      &n_pieces);
  g_assert_cmpuint (n_pieces, >, 0);
  return &pieces[n_pieces - 1];
}

/* The tick of a label's bar stands at its threshold. */
static void
test_threshold (void)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  g_autoptr (OverlayRenderer) other = overlay_renderer_new ();
  OverlayPixels low, high;
  gint first = G_MAXINT, last = -1;

  overlay_pixels_from_surface (&low, draw_threshold (renderer, 0.2)->surface);
  overlay_pixels_from_surface (&high, draw_threshold (other, 0.8)->surface);
  g_assert_cmpint (low.width, ==, high.width);
  for (gint y = 0; y < low.height; y++) {
    for (gint x = 0; x < low.width; x++) {
      if (low.data[(gsize) y * low.stride + (gsize) x]
          == high.data[(gsize) y * high.stride + (gsize) x])
        continue;
      first = MIN (first, x);
      last = MAX (last, x);
    }
  }
  g_assert_cmpint (ABS (100 * first / low.width - 20), <, 8);
  g_assert_cmpint (ABS (100 * last / low.width - 80), <, 8);
}

static void
test_only_title_without_face (void)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  OverlayFace face = { { 100, 100, 200, 200 }, 1 };
  OverlayScene scene = make_scene ("Activation maps", NULL, 0, -1, NULL, 0);
  const OverlayStyle style = make_style (TRUE, TRUE, TRUE);
  const OverlayStyle maps_only = make_style (FALSE, FALSE, TRUE);
  const OverlayStyle nothing = make_style (FALSE, FALSE, FALSE);
  const OverlayPiece *pieces;
  guint n_pieces;

  pieces = overlay_renderer_render (renderer, 1280, 720, &scene, &style,
      &n_pieces);
  g_assert_cmpuint (n_pieces, ==, 1);
  check_pieces (pieces, n_pieces, 1280, 720);
  g_assert_cmpint (pieces[0].rect.height, <, 60);
  g_assert_cmpint (pieces[0].rect.x + pieces[0].rect.width, ==, 1280 - 8);

  scene.faces = &face;
  scene.n_faces = 1;
  scene.main_face = 0;
  pieces = overlay_renderer_render (renderer, 1280, 720, &scene, &maps_only,
      &n_pieces);
  g_assert_cmpuint (n_pieces, ==, 1);
  g_assert_cmpint (pieces[0].rect.height, <, 60);

  overlay_renderer_render (renderer, 1280, 720, &scene, &nothing, &n_pieces);
  g_assert_cmpuint (n_pieces, ==, 0);
  scene.title = NULL;
  overlay_renderer_render (renderer, 1280, 720, &scene, &maps_only, &n_pieces);
  g_assert_cmpuint (n_pieces, ==, 0);
}

static void
test_faces_outside_frame (void)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  const OverlayStyle style = make_style (TRUE, TRUE, FALSE);
  const OverlayFace faces[] = {
    { { -50, -50, 100, 100 }, 1, LABELLED ("partly", 0.5) },
    { { 600, 440, 100, 100 }, 2, LABELLED ("partly", 0.5) },
    { { -50, -50, 1000, 1000 }, 3, LABELLED ("larger", 0.5) },
    { { 300, 200, 1, 1 }, 4, LABELLED ("a point", 0.5) },
    { { 640, 100, 100, 100 }, 5, LABELLED ("outside", 0.5) },
    { { -200, 100, 100, 100 }, 6, LABELLED ("outside", 0.5) },
    { { 100, 100, 0, 0 }, 7, LABELLED ("empty", 0.5) },
    { { 100, 100, -20, 20 }, 8, LABELLED ("reversed", 0.5) },
    { { G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT }, 9, LABELLED ("far", 0.5) },
    { { G_MININT, G_MININT, G_MAXINT, G_MAXINT }, 10, LABELLED ("far", 0.5) },
  };
  OverlayScene scene = make_scene (NULL, NULL, 1, 0, NULL, 0);

  for (guint i = 0; i < G_N_ELEMENTS (faces); i++) {
    const OverlayPiece *pieces;
    guint n_pieces;

    scene.faces = &faces[i];
    pieces = overlay_renderer_render (renderer, 640, 480, &scene, &style,
        &n_pieces);
    g_assert_cmpuint (n_pieces, ==, i < 4 ? 5 : 0);
    check_pieces (pieces, n_pieces, 640, 480);
  }
}

static void
test_any_label (void)
{
  const OverlayStyle style = make_style (TRUE, TRUE, TRUE);
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  g_autofree gchar *endless = g_strnfill (500, 'W');
  const OverlayFace faces[] = {
    { { 10, 20, 60, 60 }, 1, LABELLED (endless, 0.5) },
    { { 20, 20, 60, 60 }, 2, LABELLED ("\xff\xfe invalid \xc3", NAN) },
    { { 30, 20, 60, 60 }, G_MAXINT, LABELLED ("", INFINITY) },
    { { 40, 20, 60, 60 }, -1 },
    { { 50, 20, 60, 60 }, G_MININT, LABELLED ("line\nline\ttab", 2.0) },
  };
  OverlayScene scene = make_scene (endless, faces, G_N_ELEMENTS (faces), 0,
      NULL, 0);

  for (guint i = 0; i < G_N_ELEMENTS (frame_sizes); i++) {
    const Size *frame = &frame_sizes[i];
    guint n_pieces;
    const OverlayPiece *pieces = overlay_renderer_render (renderer,
        frame->width, frame->height, &scene, &style, &n_pieces);

    check_pieces (pieces, n_pieces, frame->width, frame->height);
    if (MIN (frame->width, frame->height) >= 240)
      g_assert_cmpuint (n_pieces, >=, 5 * 4 + 1 + 1);
  }
}

static void
test_render_sweep (void)
{
  const OverlayStyle style = make_style (TRUE, TRUE, TRUE);
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  CnnLayerMaps maps[3];
  OverlayLayer layers[3];
  OverlayFace face = { { 0, 0, 0, 0 }, 1, LABELLED ("Female", 0.97) };
  OverlayScene scene = make_scene ("Activation maps", &face, 1, 0, layers, 3);

  fill_layers (maps, layers);
  for (gint width = 16; width < 700; width += 37) {
    for (gint height = 16; height < 700; height += 31) {
      const OverlayPiece *pieces;
      guint n_pieces;

      face.box = (Rect) { width / 3, height / 3, width / 4, height / 4 };
      pieces = overlay_renderer_render (renderer, width, height, &scene, &style,
          &n_pieces);
      check_pieces (pieces, n_pieces, width, height);
    }
  }
  clear_layers (maps);
}

/* Fills maps of 2x1 cells with 0 and a maximum each, which is their range. */
static void
fill_pairs (gfloat *data, const gfloat *maxima, gint channels)
{
  for (gint i = 0; i < channels; i++) {
    data[i] = 0.0f;
    data[channels + i] = maxima[i];
  }
}

static void
test_scaling (void)
{
  const gfloat maxima[3] = { 4.0f, 1.0f, 0.25f };
  gfloat data[6];
  const CnnLayerMaps layer = { "layer", "layer", 2, 1, 3, data };
  OverlayStyle style = OVERLAY_STYLE_INIT;
  OverlayLayerState state = { 0 };

  fill_pairs (data, maxima, 3);
  overlay_layer_state_reset (&state, 3);
  overlay_layer_state_update (&state, &layer, &style, FRAME_TIME);
  for (gint i = 0; i < 3; i++) {
    OverlayRange range = overlay_layer_state_get_range (&state, i, &style);

    g_assert_cmpfloat (range.minimum, ==, 0.0f);
    g_assert_cmpfloat (range.maximum, ==, maxima[i]);
  }
  style.scaling = OVERLAY_SCALING_LAYER;
  for (gint i = 0; i < 3; i++) {
    const gfloat half[3] = { 4.0f, 2.0f, 1.0f };

    style.scaling_exponent = 0.0;
    g_assert_cmpfloat (
        overlay_layer_state_get_range (&state, i, &style).maximum, ==, 4.0f);
    style.scaling_exponent = 1.0;
    g_assert_cmpfloat (
        overlay_layer_state_get_range (&state, i, &style).maximum, ==,
        maxima[i]);
    style.scaling_exponent = 0.5;
    g_assert_cmpfloat_with_epsilon (
        overlay_layer_state_get_range (&state, i, &style).maximum, half[i],
        1e-6);
  }
  style.scaling = OVERLAY_SCALING_FIXED;
  style.range_minimum = -2.0;
  style.range_maximum = 8.0;
  g_assert_cmpfloat (overlay_layer_state_get_range (&state, 1, &style).minimum,
      ==, -2.0f);
  g_assert_cmpfloat (overlay_layer_state_get_range (&state, 1, &style).maximum,
      ==, 8.0f);
  style.colormap = OVERLAY_COLORMAP_SIGNED;
  g_assert_cmpfloat (overlay_layer_state_get_range (&state, 1, &style).minimum,
      ==, -8.0f);
  overlay_layer_state_clear (&state);
}

/* A range grows at once and shrinks slowly. */
static void
test_range_is_smoothed (void)
{
  const gfloat high[1] = { 8.0f }, low[1] = { 4.0f };
  gfloat data[2];
  const CnnLayerMaps layer = { "layer", "layer", 2, 1, 1, data };
  OverlayStyle style = OVERLAY_STYLE_INIT;
  OverlayLayerState state = { 0 };
  /* in which a range covers a quarter of the way, and a map all of it */
  const gdouble time = -100.0 * log (0.75);

  style.scaling = OVERLAY_SCALING_MAP;
  style.smoothing = 100.0;
  overlay_layer_state_reset (&state, 1);
  fill_pairs (data, low, 1);
  overlay_layer_state_update (&state, &layer, &style, time);
  g_assert_cmpfloat (state.ranges[0].maximum, ==, 4.0f);
  fill_pairs (data, high, 1);
  overlay_layer_state_update (&state, &layer, &style, time);
  g_assert_cmpfloat_with_epsilon (state.ranges[0].maximum, 8.0, 1e-5);
  fill_pairs (data, low, 1);
  overlay_layer_state_update (&state, &layer, &style, time);
  g_assert_cmpfloat_with_epsilon (state.ranges[0].maximum, 7.0, 1e-5);
  g_assert_cmpfloat_with_epsilon (state.whole.maximum, 7.0, 1e-5);
  overlay_layer_state_clear (&state);
}

#define SIDE 20

/* A map whose inside is a ramp, from 0 at the top to 1, and whose border is far
 * above it. */
static void
fill_ramp (gfloat *data, gfloat border)
{
  for (gint y = 0; y < SIDE; y++) {
    for (gint x = 0; x < SIDE; x++) {
      const gboolean is_inside = MIN (x, y) > 0 && MAX (x, y) < SIDE - 1;

      data[y * SIDE + x] = is_inside ? (gfloat) (y - 1) / (SIDE - 3) : border;
    }
  }
}

static const Rect inside = { 1, 1, SIDE - 2, SIDE - 2 };

static void
test_range_of_inside (void)
{
  gfloat data[SIDE * SIDE];
  const CnnLayerMaps layer = { "layer", "layer", SIDE, SIDE, 1, data, inside };
  OverlayRange range;

  fill_ramp (data, 50.0f);
  overlay_map_range_measure_inside (&layer, 1, &range);
  /* The first of 18 rows is more than 4 % of all cells, and the last one less
   * than 8 % of the others. */
  g_assert_cmpfloat_with_epsilon (range.minimum, 0.0, 0.01);
  g_assert_cmpfloat_with_epsilon (range.maximum, 16.0 / 17.0, 0.01);

  data[5 * SIDE + 5] = 30.0f; /* no range for the others */
  data[6 * SIDE + 6] = NAN;
  overlay_map_range_measure_inside (&layer, 1, &range);
  g_assert_cmpfloat (range.maximum, <=, 1.2f);
}

/* Where few cells respond, all but a few of those count. */
static void
test_range_of_sparse_map (void)
{
  gfloat data[SIDE * SIDE] = { 0.0f };
  const CnnLayerMaps layer = { "layer", "layer", SIDE, SIDE, 1, data, inside };
  OverlayRange range;

  data[5 * SIDE + 5] = 2.0f;
  data[9 * SIDE + 7] = 1.0f;
  overlay_map_range_measure_inside (&layer, 1, &range);
  g_assert_cmpfloat_with_epsilon (range.minimum, 0.0, 0.02);
  g_assert_cmpfloat_with_epsilon (range.maximum, 2.0, 0.02);
}

/* Of values that are not finite, too. */
static gfloat
get_random_response (void)
{
  static const gfloat strange[] = { NAN, INFINITY, -INFINITY };

  if (g_test_rand_int_range (0, 50) == 0)
    return strange[g_test_rand_int_range (0, G_N_ELEMENTS (strange))];
  return (gfloat) MAX (g_test_rand_double_range (-1.0, 2.0), -0.5);
}

/* Channels are measured in blocks; none may see its neighbours. */
static void
test_ranges_of_channels (void)
{
  enum {
    N = 37
  };
  g_autofree gfloat *data = g_new (gfloat, SIDE * SIDE * N);
  const CnnLayerMaps layer = { "layer", "layer", SIDE, SIDE, N, data, inside };
  OverlayRange full[N], ranges[N];

  for (gint i = 0; i < SIDE * SIDE * N; i++)
    data[i] = get_random_response ();
  overlay_map_range_measure (&layer, N, full);
  overlay_map_range_measure_inside (&layer, N, ranges);
  for (gint channel = 0; channel < N; channel++) {
    gfloat map[SIDE * SIDE];
    const CnnLayerMaps alone = { "layer", "layer", SIDE, SIDE, 1, map, inside };
    OverlayRange range;

    for (gint i = 0; i < SIDE * SIDE; i++)
      map[i] = data[i * N + channel];
    overlay_map_range_measure (&alone, 1, &range);
    g_assert_cmpmem (&range, sizeof (range), &full[channel], sizeof (range));
    overlay_map_range_measure_inside (&alone, 1, &range);
    g_assert_cmpmem (&range, sizeof (range), &ranges[channel], sizeof (range));
  }
}

/* A channel that responds nowhere but at the border is not silent. */
static void
test_range_without_inside (void)
{
  gfloat data[SIDE * SIDE] = { 0.0f };
  const CnnLayerMaps layer = { "layer", "layer", SIDE, SIDE, 1, data, inside };
  const OverlayStyle style = OVERLAY_STYLE_INIT;
  OverlayLayerState state = { 0 };

  data[3] = 4.0f;
  overlay_layer_state_reset (&state, 1);
  overlay_layer_state_update (&state, &layer, &style, FRAME_TIME);
  g_assert_cmpfloat (overlay_layer_state_get_range (&state, 0, &style).maximum,
      ==, 4.0f);
  g_assert_cmpint (state.n_silent, ==, 0);
  overlay_layer_state_clear (&state);
}

/* Maps follow with a lag; without smoothing, and in a first frame, at once. */
static void
test_maps_are_smoothed (void)
{
  gfloat data[4] = { 1.0f, 1.0f, 1.0f, 1.0f };
  const CnnLayerMaps layer = { "layer", "layer", 2, 2, 1, data };
  OverlayStyle style = OVERLAY_STYLE_INIT;
  OverlayLayerState state = { 0 };

  overlay_layer_state_reset (&state, 1);
  overlay_layer_state_update (&state, &layer, &style, FRAME_TIME);
  g_assert_cmpfloat (state.shown.data[0], ==, 1.0f);
  data[0] = 2.0f;
  data[1] = NAN;
  overlay_layer_state_update (&state, &layer, &style, FRAME_TIME);
  g_assert_cmpfloat_with_epsilon (state.shown.data[0], 1.3, 1e-5);
  g_assert_true (isnan (state.shown.data[1]));
  data[1] = 3.0f;
  overlay_layer_state_update (&state, &layer, &style, FRAME_TIME);
  g_assert_cmpfloat (state.shown.data[1], ==, 3.0f);
  style.smoothing = 0.0;
  overlay_layer_state_update (&state, &layer, &style, FRAME_TIME);
  g_assert_cmpfloat (state.shown.data[0], ==, 2.0f);
  overlay_layer_state_clear (&state);
}

/* Maps of before smoothing was off are not mixed in when it is on again. */
static void
test_smoothing_is_turned_on (void)
{
  gfloat data[4] = { 1.0f, 1.0f, 1.0f, 1.0f };
  const CnnLayerMaps layer = { "layer", "layer", 2, 2, 1, data };
  const gdouble smoothing[] = { 0.0, 1.0, 0.0, 1.0 };
  OverlayStyle style = OVERLAY_STYLE_INIT;
  OverlayLayerState state = { 0 };

  overlay_layer_state_reset (&state, 1);
  for (guint i = 0; i < G_N_ELEMENTS (smoothing); i++) {
    style.smoothing = smoothing[i];
    data[0] = (gfloat) i;
    overlay_layer_state_update (&state, &layer, &style, FRAME_TIME);
    g_assert_cmpfloat (state.shown.data[0], ==, (gfloat) i);
  }
  overlay_layer_state_clear (&state);
}

static void
test_dead_channels (void)
{
  gfloat data[4] = { 0.0f, 0.0f, 1.0f, 0.0f }; /* the second one is silent */
  const CnnLayerMaps layer = { "layer", "layer", 2, 1, 2, data };
  const OverlayStyle style = OVERLAY_STYLE_INIT;
  OverlayLayerState state = { 0 };

  overlay_layer_state_reset (&state, 2);
  for (gint frame = 1; frame < OVERLAY_DEAD_AFTER; frame++)
    overlay_layer_state_update (&state, &layer, &style, FRAME_TIME);
  g_assert_cmpint (state.n_silent, ==, 1);
  g_assert_cmpint (state.n_dead, ==, 0);
  overlay_layer_state_update (&state, &layer, &style, FRAME_TIME);
  g_assert_cmpint (state.n_dead, ==, 1);
  data[3] = 0.5f;
  overlay_layer_state_update (&state, &layer, &style, FRAME_TIME);
  g_assert_cmpint (state.n_silent, ==, 0);
  g_assert_cmpint (state.n_dead, ==, 0);
  overlay_layer_state_clear (&state);
}

/* Matches golden values of a resize with half-pixel centres and clamped
 * edges. */
static void
test_heatmap_is_bilinear (void)
{
  const gfloat map[] = { 0.0f, 1.0f, 0.5f };
  const gdouble expected[] = { 0, .142857, .571429, 1, .785714, .571429, .5 };
  const CnnExplanation explanation = { .method = "grad-cam",
    .height = 1,
    .width = 3,
    .map = map,
    .cell_contributions = map };
  const Rect box = { 0, 0, 7, 2 };
  guint32 words[2][7] = { { 0 } };
  OverlayPixels pixels = { words[0], 7, 7, 2 };
  OverlayHeatmap *heatmap = overlay_heatmap_new ();

  overlay_heatmap_update (heatmap, &explanation, 1, FALSE, 1.0);
  overlay_heatmap_draw (heatmap, &pixels, &box, OVERLAY_COLORMAP_GRAY, 1.0,
      FALSE);
  for (guint y = 0; y < 2; y++) {
    for (guint x = 0; x < 7; x++)
      g_assert_cmpint (ABS ((gint) (words[y][x] >> 24)
                           - (gint) lround (255.0 * expected[x])),
          <=, 1);
  }
  overlay_heatmap_free (heatmap);
}

/* Evidence has two colours and is transparent at zero. Some of the picture
 * below shines through. */
static void
test_heatmap_shows_evidence (void)
{
  const gfloat evidence[] = { -0.5f, 0.0f, 1.0f };
  const CnnExplanation explanation = { .method = "hires-cam",
    .height = 1,
    .width = 3,
    .map = evidence,
    .cell_contributions = evidence };
  const Rect box = { 0, 0, 3, 1 };
  guint32 words[3] = { 0xff808080, 0xff808080, 0xff808080 };
  OverlayPixels pixels = { words, 3, 3, 1 };
  OverlayHeatmap *heatmap = overlay_heatmap_new ();

  overlay_heatmap_update (heatmap, &explanation, 1, TRUE, 1.0);
  overlay_heatmap_draw (heatmap, &pixels, &box, OVERLAY_COLORMAP_SIGNED, 0.5,
      TRUE);
  g_assert_cmphex (words[1], ==, 0xff808080);
  g_assert_cmpint (words[0] & 0xff, >, words[0] >> 16 & 0xff);
  g_assert_cmpint (words[2] & 0xff, <, words[2] >> 16 & 0xff);
  g_assert_cmpint (words[2] >> 16 & 0xff, ==, (0x80 + 0xff) / 2 + 1);
  overlay_heatmap_free (heatmap);
}

static void
test_boxes_follow (void)
{
  OverlayFaceStabilizer *stabilizer = overlay_face_stabilizer_new ();
  OverlayFace faces[2] = { { { 100, 100, 100, 100 }, 1 },
    { { 300, 100, 100, 100 }, -1 } };
  const OverlayFace *shown = overlay_face_stabilizer_run (stabilizer, faces, 2,
      FRAME_TIME);

  g_assert_cmpint (shown[0].box.x, ==, 100);
  faces[0].box.x += 10;
  faces[1].box.x += 10;
  shown = overlay_face_stabilizer_run (stabilizer, faces, 2, FRAME_TIME);
  g_assert_cmpint (shown[0].box.x, ==, 103);
  g_assert_cmpint (shown[1].box.x, ==, 310); /* not smoothed without an id */
  faces[0].box.x += 200;
  shown = overlay_face_stabilizer_run (stabilizer, faces, 2, FRAME_TIME);
  g_assert_cmpint (shown[0].box.x, ==, 310);
  overlay_face_stabilizer_run (stabilizer, faces, 0, FRAME_TIME);
  faces[0].box.x += 10;
  shown = overlay_face_stabilizer_run (stabilizer, faces, 1, FRAME_TIME);
  g_assert_cmpint (shown[0].box.x, ==, 320); /* was forgotten meanwhile */
  overlay_face_stabilizer_free (stabilizer);
}

/* Boxes follow at the same speed at every frame rate. */
static void
test_boxes_follow_in_time (void)
{
  for (gint n = 1; n <= 6; n++) {
    OverlayFaceStabilizer *stabilizer = overlay_face_stabilizer_new ();
    OverlayFace face = { { 1000, 1000, 3000, 3000 }, 1 };
    const OverlayFace *shown = overlay_face_stabilizer_run (stabilizer, &face,
        1, FRAME_TIME);

    face.box.x += 300;
    for (gint i = 0; i < n; i++)
      shown = overlay_face_stabilizer_run (stabilizer, &face, 1,
          4 * FRAME_TIME / n);
    g_assert_cmpint (ABS (shown->box.x - 1228), <=, 1); /* 1 - 0.7^4 of 300 */
    overlay_face_stabilizer_free (stabilizer);
  }
}

static void
test_labels_hold (void)
{
  const struct {
    const gchar *label;
    gdouble confidence;
    const gchar *shown;
    gdouble shown_confidence;
  } steps[] = { { "Male", 0.9, "Male", 0.9 }, { "Female", 0.52, "Male", 0.48 },
    { "Female", 0.6, "Female", 0.6 }, { "Male", 0.54, "Female", 0.46 },
    { "Male", 0.56, "Male", 0.56 } };
  OverlayFaceStabilizer *stabilizer = overlay_face_stabilizer_new ();

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    gboolean is_male = g_str_equal (steps[i].label, "Male");
    const OverlayAttribute attribute = { "gender", steps[i].label,
      steps[i].confidence, 0.5, is_male ? "Female" : "Male" };
    const OverlayFace face = { { 10, 10, 50, 50 }, 1, &attribute, 1 };
    const OverlayFace *shown = overlay_face_stabilizer_run (stabilizer, &face,
        1, FRAME_TIME);

    g_assert_cmpstr (shown->attributes->label, ==, steps[i].shown);
    g_assert_cmpfloat_with_epsilon (shown->attributes->confidence,
        steps[i].shown_confidence, 1e-9);
  }
  overlay_face_stabilizer_free (stabilizer);
}

/* Text never exceeds its OverlayPixels, wherever it is placed. */
static void
test_glyphs_stay_inside (void)
{
  const gchar *texts[] = { "0–3.1", "≤−12×7 · 99 %", "", "日本 é",
    "a rather long text that cannot fit" };
  g_autoptr (OverlayText) text = overlay_text_new ();

  for (gint size = 5; size < 40; size += 7) {
    g_autoptr (OverlayGlyphs)
        glyphs = overlay_glyphs_new (text, size, size % 2);
    guint32 words[30][30];
    OverlayPixels pixels = { &words[5][5], 30, 20, 20 };

    memset (words, 0x11, sizeof (words));
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
      gint width = overlay_glyphs_measure (glyphs, texts[i]);

      for (gint place = -30; place < 50; place += 5)
        g_assert_cmpint (overlay_glyphs_show (glyphs, &pixels, texts[i], place,
                             place / 2, 20, 0xffffff),
            ==, place + width);
    }
    for (gint y = 0; y < 30; y++) {
      for (gint x = 0; x < 30; x++) {
        if (x < 5 || x >= 25 || y < 5 || y >= 25)
          g_assert_cmphex (words[y][x], ==, 0x11111111);
      }
    }
    g_assert_cmpint (overlay_glyphs_measure (glyphs, "日"), ==,
        overlay_glyphs_measure (glyphs, "?"));
  }
}

/* A face with all the information that it can have. */
typedef struct {
  CnnLayerMaps maps[3];
  OverlayLayer layers[3];
  gfloat contributions[32];
  gfloat cells[36];
  OverlayAttribute attribute;
  OverlayFace face;
  CnnExplanation explanation;
  CnnKnockOut knock_out;
  ClassifierResult result;
  guint8 pixels[64 * 64];
  ImageFrame picture;
  OverlayScene scene;
} WholeScene;

static const gchar *const class_labels[] = { "Female", "Male" };
static ClassifierDescription class_description = { "Model", "gender",
  class_labels, 2 };
static const gfloat class_scores[] = { 0.03f, 0.97f };
static const gfloat class_intact_scores[] = { 0.1f, 0.9f };

static void
init_whole_scene (WholeScene *whole)
{
  memset (whole, 0, sizeof (*whole));
  fill_layers (whole->maps, whole->layers);
  for (gint i = 0; i < 32; i++)
    whole->contributions[i] = (gfloat) (i % 2 == 0 ? i : -i) / 16.0f;
  for (gint i = 0; i < 36; i++)
    whole->cells[i] = (gfloat) i / 35.0f;
  whole->attribute = (OverlayAttribute) { "gender", "Male", 0.97, 0.5,
    "Female" };
  whole->face = (OverlayFace) { { 10, 10, 40, 40 }, 1, &whole->attribute, 1 };
  whole->explanation = (CnnExplanation) { .method = "hires-cam",
    .layer = whole->maps[1].name,
    .target_class = 1,
    .height = 6,
    .width = 6,
    .channels = 32,
    .map = whole->cells,
    .cell_contributions = whole->cells,
    .channel_contributions = whole->contributions };
  whole->knock_out = (CnnKnockOut) { 0, 3, whole->maps[0].name };
  whole->result = (ClassifierResult) { .description = &class_description,
    .scores = class_scores,
    .intact_scores = class_intact_scores,
    .winner = 1,
    .explanation = &whole->explanation,
    .knock_outs = &whole->knock_out,
    .n_knock_outs = 1 };
  for (guint i = 0; i < G_N_ELEMENTS (whole->layers); i++)
    whole->layers[i].result = &whole->result;
  for (guint i = 0; i < sizeof (whole->pixels); i++)
    whole->pixels[i] = (guint8) i;
  whole->picture = (ImageFrame) { .format = IMAGE_FORMAT_GRAY8,
    .width = 64,
    .height = 64,
    .plane = { whole->pixels },
    .stride = { 64 } };
  whole->scene = make_scene ("Activation maps", &whole->face, 1, 0,
      whole->layers, 3);
  whole->scene.result = &whole->result;
  whole->scene.enlarged_layer = 0;
  whole->scene.enlarged_channel = 2;
  whole->scene.picture = &whole->picture;
  whole->scene.frame_rate = 29.97;
}

static void
test_all_layouts_at_all_sizes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (frame_sizes); i++) {
    for (gint layout = 0; layout < OVERLAY_N_LAYOUTS; layout++) {
      g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
      const Size *frame = &frame_sizes[i];
      OverlayStyle style = make_style (TRUE, TRUE, TRUE);
      gint width = frame->width;
      WholeScene whole;

      init_whole_scene (&whole);
      style.layout = (OverlayLayout) layout;
      if (layout == OVERLAY_LAYOUT_BESIDE)
        width = (width + 1) / 2 * 2
            + overlay_renderer_get_beside_width (width, frame->height, 1.0);
      for (gint step = 0; step < 4; step++) {
        guint n_pieces;
        const OverlayPiece *pieces;

        whole.scene.time = step * G_GINT64_CONSTANT (1300000000);
        style.cam_colormap = step % 2 ? OVERLAY_COLORMAP_SIGNED
                                      : OVERLAY_COLORMAP_INFERNO;
        whole.scene.n_faces = step < 3;
        pieces = overlay_renderer_render (renderer, frame->width, frame->height,
            &whole.scene, &style, &n_pieces);
        check_pieces (pieces, n_pieces, width, frame->height);
      }
      clear_layers (whole.maps);
    }
  }
}

/* Returns the value, 0 to 255, of a map whose six columns grow from 0 to 1, at
 * the pixel @x, if it covers @maps. */
static gint
get_ramp (const Rect *maps, gint x)
{
  const gdouble cell = (x + 0.5 - maps->x) * 6.0 / maps->width - 0.5;

  return (gint) lround (255.0 * CLAMP (cell, 0.0, 5.0) / 5.0);
}

/* Of a map that grows to the right, the part over what the network saw is
 * drawn, and each cell over its own place. */
static void
test_heat_is_where_the_network_looked (void)
{
  static const struct {
    ClassifierView view;
    Rect due;
  } cases[] = {
    { { { 0 }, { 0 } }, { 40, 40, 80, 60 } },
    /* the middle of the face */
    { { { 0.125f, 0, 0.125f, 0 }, { 0.125f, 0, 0.125f, 0 } },
        { 50, 40, 60, 60 } },
    /* the face and what surrounds it */
    { { { -0.25f, -0.5f, -0.25f, -0.5f }, { -0.25f, -0.5f, -0.25f, -0.5f } },
        { 20, 10, 120, 120 } },
    /* with bars at the left and at the right */
    { { { 0 }, { -0.5f, 0, -0.5f, 0 } }, { 40, 40, 80, 60 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
    OverlayStyle style = make_style (FALSE, FALSE, TRUE);
    const ClassifierView *view = &cases[i].view;
    const Rect *due = &cases[i].due;
    const OverlayPiece *pieces;
    WholeScene whole;
    guint n_pieces, left, right;
    Rect maps;

    init_whole_scene (&whole);
    for (gint cell = 0; cell < 36; cell++)
      whole.cells[cell] = (gfloat) (cell % 6) / 5.0f;
    whole.face.box = (Rect) { 40, 40, 80, 60 };
    whole.result.view = *view;
    style.layout = OVERLAY_LAYOUT_FACE;
    style.smoothing = 0.0;
    style.opacity = 1.0;
    style.cam_colormap = OVERLAY_COLORMAP_GRAY;
    pieces = overlay_renderer_render (renderer, 200, 150, &whole.scene, &style,
        &n_pieces);
    g_assert_cmpuint (n_pieces, ==, 1);
    g_assert_cmpmem (&pieces[0].rect, sizeof (Rect), due, sizeof *due);
    maps = rect_apply_margins (&whole.face.box, &view->maps);
    left = get_pixel (&pieces[0], 0, 5) >> 24;
    right = get_pixel (&pieces[0], due->width - 1, 5) >> 24;
    g_assert_cmpint (ABS ((gint) left - get_ramp (&maps, due->x)), <=, 1);
    g_assert_cmpint (ABS ((gint) right
                         - get_ramp (&maps, due->x + due->width - 1)),
        <=, 1);
    clear_layers (whole.maps);
  }
}

/* Only the five largest contributions have a border. */
static void
test_borders (void)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  const Size frame = { 1280, 720 };
  const OverlayStyle style = make_style (FALSE, FALSE, TRUE);
  OverlayPanelRequest request;
  OverlayPanelLayout layout;
  const OverlayGrid *grid;
  const OverlayPiece *pieces;
  WholeScene whole;
  guint n_pieces;

  init_whole_scene (&whole);
  whole.scene.enlarged_layer = -1;
  request = make_request (&frame, whole.layers, 3);
  overlay_panel_layout_compute (&layout, &request);
  grid = &layout.grids.grids[1];
  pieces = overlay_renderer_render (renderer, 1280, 720, &whole.scene, &style,
      &n_pieces);
  for (gint i = 0; i < 32; i++) {
    Rect tile = overlay_grid_get_tile (grid, i);
    guint32 word = get_pixel (&pieces[n_pieces - 1], tile.x + tile.width / 2,
        tile.y - 1);
    /* the border of the tile above does not reach down to this row */
    gboolean has_border = (word & 0xffffff) == 0xff922b
        || (word & 0xffffff) == 0x59afff;

    g_assert_true (has_border == (i >= 27));
    if (has_border)
      g_assert_cmphex (word & 0xffffff, ==, i % 2 ? 0x59afff : 0xff922b);
  }
  clear_layers (whole.maps);
}

/* Pages are shown in turn, or a fixed one is. */
static void
test_pages_cycle (void)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  g_autofree gfloat *data = g_new0 (gfloat, 56 * 56 * 128);
  const CnnLayerMaps maps = { "a", "a", 56, 56, 128, data };
  const OverlayLayer layers[2] = { { "a", &maps, NULL }, { "b", &maps, NULL } };
  const OverlayFace face = { { 10, 10, 40, 40 }, 1, LABELLED ("Male", 0.97) };
  OverlayScene scene = make_scene ("Title", &face, 1, 0, layers, 2);
  OverlayStyle style = make_style (FALSE, FALSE, TRUE);
  guint checksums[12];

  for (gint page = 0; page < 2; page++) {
    style.page = (guint) page * 2; /* 0: cycle; 2: the second */
    for (guint i = 0; i < G_N_ELEMENTS (checksums); i++) {
      const OverlayPiece *pieces;
      guint n_pieces;

      scene.time = (gint64) i * 1000000000;
      pieces = overlay_renderer_render (renderer, 640, 480, &scene, &style,
          &n_pieces);
      checksums[i] = 0;
      for (gint y = 0; y < pieces[0].rect.height; y++) {
        for (gint x = 0; x < pieces[0].rect.width; x++)
          checksums[i] = checksums[i] * 31 + get_pixel (&pieces[0], x, y);
      }
    }
    g_assert_cmpuint (checksums[1], ==, checksums[3]);
    if (page == 0)
      g_assert_cmpuint (checksums[3], !=, checksums[4]);
    else
      g_assert_cmpuint (checksums[3], ==, checksums[4]);
  }
}

/* Returns the first and the last column that has the colour of the curve. */
static void
find_curve (OverlayScoreView *view, const OverlayGlyphs *glyphs,
    const ClassifierResult *result, gint *first, gint *last)
{
  guint32 words[150][200];
  const OverlayPixels pixels = { words[0], 200, 200, 150 };

  *first = *last = -1;
  overlay_score_view_draw (view, &pixels, result, glyphs, glyphs, 0, 0xfedcba);
  for (gint x = 0; x < 200; x++) {
    for (gint y = 60; y < 150; y++) {
      if (words[y][x] != 0xfffedcbau)
        continue;
      *first = *first < 0 ? x : *first;
      *last = x;
    }
  }
}

/* The curve takes all of its width as soon as there is a score. */
static void
test_curve_starts_full (void)
{
  OverlayText *text = overlay_text_new ();
  OverlayGlyphs *glyphs = overlay_glyphs_new (text, 10, FALSE);
  OverlayScoreView *view = overlay_score_view_new (text);
  gfloat scores[] = { 0.5f, 0.5f };
  const ClassifierResult result = { .description = &class_description,
    .scores = scores };

  for (gint i = 0; i < 60; i++) {
    gint first, last;

    scores[1] = i % 2 ? 0.25f : 0.75f;
    overlay_score_view_update (view, &result, 1,
        i * G_GINT64_CONSTANT (400000000));
    find_curve (view, glyphs, &result, &first, &last);
    g_assert_cmpint (first, ==, 0);
    g_assert_cmpint (last, ==, 199);
  }
  overlay_score_view_free (view);
  overlay_glyphs_free (glyphs);
  overlay_text_free (text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/overlay/layout/sweep", test_layout_sweep);
  g_test_add_func ("/overlay/layout/tiny-frames", test_layout_of_tiny_frames);
  g_test_add_func ("/overlay/layout/figures", test_layout_figures);
  g_test_add_func ("/overlay/layout/beside-figures",
      test_layout_beside_figures);
  g_test_add_func ("/overlay/layout/columns", test_layout_columns);
  g_test_add_func ("/overlay/layout/focus", test_layout_focus);
  g_test_add_func ("/overlay/layout/captions", test_layout_captions);
  g_test_add_func ("/overlay/layout/input", test_layout_input);
  g_test_add_func ("/overlay/layout/face-free", test_dock_leaves_face_free);
  g_test_add_func ("/overlay/layout/free-corner", test_dock_finds_free_corner);
  g_test_add_func ("/overlay/layout/covers-least", test_dock_covers_least);
  g_test_add_func ("/overlay/layout/stays", test_dock_stays);
  g_test_add_func ("/overlay/layout/no-flutter", test_dock_does_not_flutter);
  g_test_add_func ("/overlay/tile/orientation", test_tile_orientation);
  g_test_add_func ("/overlay/tile/scale", test_tile_scales_each_map);
  g_test_add_func ("/overlay/tile/silent", test_tile_of_silent_channel);
  g_test_add_func ("/overlay/tile/not-finite", test_tile_of_values_not_finite);
  g_test_add_func ("/overlay/tile/extreme", test_tile_of_extreme_range);
  g_test_add_func ("/overlay/tile/reduced",
      test_tile_keeps_maximum_when_reduced);
  g_test_add_func ("/overlay/tile/vector", test_vector_is_one_map);
  g_test_add_func ("/overlay/tile/colors", test_color_tile);
  g_test_add_func ("/overlay/tile/normalized", test_colors_of_normalized_input);
  g_test_add_func ("/overlay/tile/kernel", test_kernel_tile);
  g_test_add_func ("/overlay/score/starts-full", test_curve_starts_full);
  g_test_add_func ("/overlay/text/cut", test_text_is_cut);
  g_test_add_func ("/overlay/label/other-faces", test_labels_avoid_other_faces);
  g_test_add_func ("/overlay/label/in-frame", test_labels_stay_in_frame);
  g_test_add_func ("/overlay/label/order", test_label_place_order);
  g_test_add_func ("/overlay/label/apart", test_labels_avoid_each_other);
  g_test_add_func ("/overlay/render/maps", test_dock_shows_maps);
  g_test_add_func ("/overlay/render/surfaces", test_surfaces_last);
  g_test_add_func ("/overlay/threshold", test_threshold);
  g_test_add_func ("/overlay/render/no-face", test_only_title_without_face);
  g_test_add_func ("/overlay/render/outside", test_faces_outside_frame);
  g_test_add_func ("/overlay/render/labels", test_any_label);
  g_test_add_func ("/overlay/render/sweep", test_render_sweep);

  g_test_add_func ("/overlay/render/layouts", test_all_layouts_at_all_sizes);
  g_test_add_func ("/overlay/render/heat",
      test_heat_is_where_the_network_looked);
  g_test_add_func ("/overlay/render/borders", test_borders);
  g_test_add_func ("/overlay/render/pages", test_pages_cycle);
  g_test_add_func ("/overlay/state/scaling", test_scaling);
  g_test_add_func ("/overlay/state/smoothing", test_range_is_smoothed);
  g_test_add_func ("/overlay/state/dead", test_dead_channels);
  g_test_add_func ("/overlay/state/range-of-inside", test_range_of_inside);
  g_test_add_func ("/overlay/state/range-of-sparse-map",
      test_range_of_sparse_map);
  g_test_add_func ("/overlay/state/ranges-of-channels",
      test_ranges_of_channels);
  g_test_add_func ("/overlay/state/range-without-inside",
      test_range_without_inside);
  g_test_add_func ("/overlay/state/maps-are-smoothed", test_maps_are_smoothed);
  g_test_add_func ("/overlay/state/smoothing-is-turned-on",
      test_smoothing_is_turned_on);
  g_test_add_func ("/overlay/heatmap/bilinear", test_heatmap_is_bilinear);
  g_test_add_func ("/overlay/heatmap/evidence", test_heatmap_shows_evidence);
  g_test_add_func ("/overlay/stabilizer/boxes", test_boxes_follow);
  g_test_add_func ("/overlay/stabilizer/boxes-in-time",
      test_boxes_follow_in_time);
  g_test_add_func ("/overlay/stabilizer/labels", test_labels_hold);
  g_test_add_func ("/overlay/glyphs/inside", test_glyphs_stay_inside);

  return g_test_run ();
}
