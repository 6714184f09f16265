/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests of activationoverlay: what it draws in all formats and sizes, and which
 * pixels it leaves alone. */

#include "common.h"

#include <math.h>
#include <string.h>

#include "image/image-composite.h"
#include "overlay/panel-layout.h"
#include "overlay/renderer.h"

#define WIDTH 640
#define HEIGHT 480

/* The face of most tests. It lies left of the middle, so that the dock is on
 * the right. */
static const Rect box = { 100, 150, 150, 150 };

/* Two interleaved maps of 4x4. */
static gfloat noise[4 * 4 * 2];

static void
add_prediction (GstBuffer *buffer, gint id, const Rect *rect)
{
  g_autoptr (GstActivations) activations = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (noise); i++)
    noise[i] = (gfloat) (i * 7 % 11);
  activations = test_activations (4, 4, 2, noise);
  test_add_prediction (buffer, activations, id, rect);
}

/* Returns whether a sample that covers these pixels may change. */
typedef gboolean (*MayChange) (const Rect *pixels);

static gboolean
touches (const Rect *a, gint x, gint y, gint width, gint height)
{
  return a->x < x + width && x < a->x + a->width && a->y < y + height
      && y < a->y + a->height;
}

/* Allows changes around the face, where its box and label are, but not in its
 * middle, and in the dock. */
static gboolean
near_face_or_dock (const Rect *pixels)
{
  if (touches (pixels, WIDTH - WIDTH * 2 / 5, 0, WIDTH * 2 / 5, HEIGHT))
    return TRUE;
  return touches (pixels, box.x - 4, box.y - 60, 270, box.height + 120)
      && !touches (pixels, box.x + 50, box.y + 50, 50, 50);
}

static gboolean
near_title (const Rect *pixels)
{
  return touches (pixels, WIDTH - WIDTH * 2 / 5, 0, WIDTH * 2 / 5, 60);
}

static gsize
get_sample_size (const GstVideoInfo *info, guint component)
{
  return (GST_VIDEO_INFO_COMP_DEPTH (info, component) + 7) / 8;
}

/* Compares the frames sample by sample, and returns how many samples
 * changed. */
static guint
check_changes (GstBuffer *before, GstBuffer *after, const GstVideoInfo *info,
    MayChange may_change)
{
  const GstVideoFormatInfo *format = info->finfo;
  GstVideoFrame frames[2];
  guint n_changed = 0;

  fail_unless (gst_video_frame_map (&frames[0], info, before, GST_MAP_READ));
  fail_unless (gst_video_frame_map (&frames[1], info, after, GST_MAP_READ));
  for (guint c = 0; c < GST_VIDEO_INFO_N_COMPONENTS (info); c++) {
    const gint step = GST_VIDEO_FRAME_COMP_PSTRIDE (&frames[0], c);
    const gsize size = get_sample_size (info, c);
    const gint stride = GST_VIDEO_FRAME_COMP_STRIDE (&frames[0], c);
    const guint8 *a = GST_VIDEO_FRAME_COMP_DATA (&frames[0], c);
    const guint8 *b = GST_VIDEO_FRAME_COMP_DATA (&frames[1], c);

    for (gint y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (&frames[0], c); y++) {
      for (gint x = 0; x < GST_VIDEO_FRAME_COMP_WIDTH (&frames[0], c); x++) {
        const gint sub_x = 1 << GST_VIDEO_FORMAT_INFO_W_SUB (format, c);
        const gint sub_y = 1 << GST_VIDEO_FORMAT_INFO_H_SUB (format, c);
        const Rect pixels = { x * sub_x, y * sub_y, sub_x, sub_y };

        if (!memcmp (a + y * stride + x * step, b + y * stride + x * step,
                size))
          continue;
        n_changed++;
        fail_unless (may_change (&pixels), "component %u at %d,%d changed", c,
            pixels.x, pixels.y);
      }
    }
  }
  gst_video_frame_unmap (&frames[0]);
  gst_video_frame_unmap (&frames[1]);
  return n_changed;
}

/* Draws the scene with src/overlay alone. */
static void
draw_expected (GstBuffer *buffer, const GstVideoInfo *info,
    const OverlayScene *scene, const OverlayStyle *style)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  guint n_pieces;
  const OverlayPiece *pieces = overlay_renderer_render (renderer,
      GST_VIDEO_INFO_WIDTH (info), GST_VIDEO_INFO_HEIGHT (info), scene, style,
      &n_pieces);
  GstVideoFrame frame;
  ImageFrame image;

  test_map_image (buffer, info, GST_MAP_READWRITE, &frame, &image);
  for (guint i = 0; i < n_pieces; i++) {
    const OverlayPiece *piece = &pieces[i];
    const ImageOverlay overlay = { cairo_image_surface_get_data (
                                       piece->surface),
      cairo_image_surface_get_stride (piece->surface), piece->rect.width,
      piece->rect.height };

    image_composite (&image, &overlay, piece->rect.x, piece->rect.y);
  }
  gst_video_frame_unmap (&frame);
}

static const OverlayStyle everything = OVERLAY_STYLE_INIT;

/* The prediction that the tests draw. */
static const gchar *const labels[] = { "low", "high" };
static const gfloat scores[] = { 0.25f, 0.75f };
static const OverlayAttribute attribute = { "attribute", "high", 0.75, 0.5 };
static ClassifierDescription description = { "model", "level", labels, 2 };
static const ClassifierResult result = { .description = &description,
  .scores = scores,
  .winner = 1 };
static const CnnLayerMaps layer_maps = { "maps", "maps", 4, 4, 2, noise };

static OverlayScene
make_scene (const OverlayFace *faces, guint n_faces, gint main_face,
    const OverlayLayer *layer)
{
  OverlayScene scene = OVERLAY_SCENE_INIT;

  scene.title = "Activation maps";
  scene.faces = faces;
  scene.n_faces = n_faces;
  scene.main_face = main_face;
  scene.layers = layer;
  scene.n_layers = n_faces > 0;
  scene.result = n_faces > 0 ? &result : NULL;
  return scene;
}

/* Compares the drawing of the element for faces at @rects with the expected
 * one. */
static void
check_drawing (const gchar *format, gint width, gint height, const Rect *rects,
    guint n_rects)
{
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      format, width, height);
  GstBuffer *buffer = test_frame (format, width, height, 0);
  GstBuffer *expected = gst_buffer_copy_deep (buffer);
  g_autofree OverlayFace *faces = g_new0 (OverlayFace, MAX (n_rects, 1));
  OverlayLayer layer = { "maps", &layer_maps, &result };
  OverlayScene scene = make_scene (faces, n_rects, -1, &layer);
  g_autoptr (GstCaps) caps = test_caps (format, width, height);
  g_autoptr (GBytes) bytes = NULL;
  gint64 largest = -1;
  GstVideoInfo info;

  for (guint i = 0; i < n_rects; i++) {
    const OverlayFace face = { rects[i], (gint) i + 1, &attribute, 1 };
    const gint64 area = (gint64) rects[i].width * rects[i].height;

    faces[i] = face;
    if (area > largest) {
      largest = area;
      scene.main_face = (gint) i;
    }
    add_prediction (buffer, (gint) i + 1, &rects[i]);
  }
  fail_unless (gst_video_info_from_caps (&info, caps));
  draw_expected (expected, &info, &scene, &everything);
  bytes = test_copy_bytes (expected);
  buffer = test_push (harness, buffer);
  fail_unless (test_same_bytes (buffer, bytes), "%s %dx%d", format, width,
      height);
  gst_buffer_unref (buffer);
  gst_buffer_unref (expected);
  gst_harness_teardown (harness);
}

GST_START_TEST (test_formats_drawn)
{
  const gchar *format = test_formats[__i__];
  static const Rect rects[] = { { 100, 150, 150, 150 }, { 300, 100, 61, 75 },
    { 33, 35, 51, 53 } };

  check_drawing (format, WIDTH, HEIGHT, rects, 1);
  check_drawing (format, WIDTH, HEIGHT, rects, 3);
  check_drawing (format, WIDTH - 1, HEIGHT - 1, rects, 3);
  check_drawing (format, WIDTH, HEIGHT, NULL, 0);
}
GST_END_TEST;

GST_START_TEST (test_nothing_else)
{
  const gchar *format = test_formats[__i__];
  g_autoptr (GstCaps) caps = test_caps (format, WIDTH, HEIGHT);
  GstVideoInfo info;

  fail_unless (gst_video_info_from_caps (&info, caps));
  for (guint with_face = 0; with_face < 2; with_face++) {
    GstHarness *harness = test_harness (test_element ("activationoverlay"),
        format, WIDTH, HEIGHT);
    GstBuffer *before = test_frame (format, WIDTH, HEIGHT, 0);
    GstBuffer *after = gst_buffer_copy_deep (before);
    guint n_changed;

    if (with_face)
      add_prediction (after, 1, &box);
    after = test_push (harness, after);
    n_changed = check_changes (before, after, &info,
        with_face ? near_face_or_dock : near_title);
    fail_unless (n_changed > 500);
    gst_buffer_unref (before);
    gst_buffer_unref (after);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* Boxes, labels and maps can be switched on and off independently. */
GST_START_TEST (test_switches)
{
  const gboolean boxes = __i__ & 1, plates = (__i__ & 2) != 0,
                 maps = (__i__ & 4) != 0;
  OverlayStyle style = OVERLAY_STYLE_INIT;
  const OverlayFace face = { box, 1, &attribute, 1 };
  const OverlayLayer layer = { "maps", &layer_maps, &result };
  const OverlayScene scene = make_scene (&face, 1, 0, &layer);
  GstHarness *harness = test_harness (
      test_element ("activationoverlay draw-boxes=%d draw-labels=%d "
                    "draw-maps=%d colormap=magma",
          boxes, plates, maps),
      "I420", WIDTH, HEIGHT);
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
  GstBuffer *expected = gst_buffer_copy_deep (buffer);
  g_autoptr (GBytes) before = test_copy_bytes (buffer);
  g_autoptr (GBytes) due = NULL;
  g_autoptr (GstCaps) caps = test_caps ("I420", WIDTH, HEIGHT);
  GstVideoInfo info;
  GstBuffer *same = buffer;

  style.colormap = OVERLAY_COLORMAP_MAGMA;
  style.draw_boxes = boxes;
  style.draw_labels = plates;
  style.draw_maps = maps;
  add_prediction (buffer, 1, &box);
  fail_unless (gst_video_info_from_caps (&info, caps));
  draw_expected (expected, &info, &scene, &style);
  due = test_copy_bytes (expected);
  buffer = test_push (harness, buffer);
  fail_unless (buffer == same);
  fail_unless (test_same_bytes (buffer, due));
  fail_unless (test_same_bytes (buffer, before) == (__i__ == 0));
  gst_buffer_unref (buffer);
  gst_buffer_unref (expected);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static const struct {
  const gchar *properties;
  guint size;
  gint content;
} label_forms[] = {
  { "", 0, OVERLAY_LABEL_AUTO },
  { "label-size=30", 30, OVERLAY_LABEL_AUTO },
  { "label-content=auto", 0, OVERLAY_LABEL_AUTO },
  { "label-content=id+confidence", 0,
      OVERLAY_LABEL_ID | OVERLAY_LABEL_CONFIDENCE },
  { "label-size=14 label-content=attribute+label", 14,
      OVERLAY_LABEL_ATTRIBUTE | OVERLAY_LABEL_LABEL },
};

/* Properties set the text beside a face and its size. */
GST_START_TEST (test_label_forms)
{
  OverlayStyle style = OVERLAY_STYLE_INIT;
  const OverlayFace face = { box, 1, &attribute, 1 };
  const OverlayLayer layer = { "maps", &layer_maps, &result };
  const OverlayScene scene = make_scene (&face, 1, 0, &layer);
  GstHarness *harness = test_harness (test_element ("activationoverlay %s",
                                          label_forms[__i__].properties),
      "I420", WIDTH, HEIGHT);
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
  GstBuffer *expected = gst_buffer_copy_deep (buffer);
  g_autoptr (GstCaps) caps = test_caps ("I420", WIDTH, HEIGHT);
  g_autoptr (GBytes) due = NULL;
  GstVideoInfo info;

  style.label_size = label_forms[__i__].size;
  style.label_content = (OverlayLabelContent) label_forms[__i__].content;
  add_prediction (buffer, 1, &box);
  fail_unless (gst_video_info_from_caps (&info, caps));
  draw_expected (expected, &info, &scene, &style);
  due = test_copy_bytes (expected);
  buffer = test_push (harness, buffer);
  fail_unless (test_same_bytes (buffer, due));
  gst_buffer_unref (buffer);
  gst_buffer_unref (expected);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* If there is nothing to draw, the buffer is not even mapped, so that read-only
 * memory is passed on as it is. */
GST_START_TEST (test_nothing_to_draw)
{
  GstHarness *harness = test_harness (test_element (
                                          "activationoverlay draw-maps=false"),
      "RGB", WIDTH, HEIGHT);
  GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
  g_autoptr (GBytes) bytes = test_copy_bytes (buffer);
  GstMemory *memory = gst_buffer_peek_memory (buffer, 0);
  GstBuffer *out;

  out = test_push (harness, gst_buffer_ref (buffer));
  fail_unless (gst_buffer_peek_memory (out, 0) == memory);
  fail_unless (test_same_bytes (out, bytes));
  gst_buffer_unref (out);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

typedef struct {
  gint left, top, right, bottom;
  guint n;
} Extent;

/* Finds the pixels of this colour in @area of a BGRx frame. */
static Extent
find_colour (GstBuffer *buffer, gint width, const Rect *area, guint32 colour)
{
  Extent extent = { G_MAXINT, G_MAXINT, -1, -1, 0 };
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  for (gsize i = 0; i < map.size; i += 4) {
    const guint8 *pixel = map.data + i;
    const gint x = (gint) (i / 4) % width, y = (gint) (i / 4) / width;

    if (!touches (area, x, y, 1, 1))
      continue;
    if (pixel[0] != (colour & 0xff) || pixel[1] != (colour >> 8 & 0xff)
        || pixel[2] != (colour >> 16 & 0xff))
      continue;
    extent.left = MIN (extent.left, x);
    extent.right = MAX (extent.right, x);
    extent.top = MIN (extent.top, y);
    extent.bottom = MAX (extent.bottom, y);
    extent.n++;
  }
  gst_buffer_unmap (buffer, &map);
  return extent;
}

/* Returns where the dock has the only tile of a layer with one map. */
static Rect
find_tile (gint map_width, gint map_height)
{
  const CnnLayerMaps form = { "maps", "maps", map_height, map_width, 1, NULL };
  const OverlayLayer layer = { "maps", &form, NULL };
  const OverlayPanelRequest request = { .frame_width = WIDTH,
    .frame_height = HEIGHT,
    .has_title = TRUE,
    .layers = &layer,
    .n_layers = 1,
    .enlarged = -1,
    .focus = -1 };
  OverlayPanelLayout layout;
  Rect tile;

  overlay_panel_layout_compute (&layout, &request);
  tile = overlay_grid_get_tile (&layout.grids.grids[0], 0);
  tile.x += layout.rect.x;
  tile.y += layout.rect.y;
  return tile;
}

/* A map with one hot cell in a corner is drawn upright and not mirrored. In
 * each colormap, the hot cell has the last colour of the table, and the others
 * have the colour of zero. */
GST_START_TEST (test_colormaps_and_orientation)
{
  enum {
    MAP_WIDTH = 6,
    MAP_HEIGHT = 4
  };
  const OverlayColormap colormap = (OverlayColormap) __i__;
  const guint32 *table = overlay_colormap_get_table (colormap);
  const guint32 zero = table[overlay_colormap_get_zero (colormap)];
  const Rect tile = find_tile (MAP_WIDTH, MAP_HEIGHT);
  const gint cell_width = tile.width / MAP_WIDTH;
  const gint cell_height = tile.height / MAP_HEIGHT;

  for (guint corner = 0; corner < 4; corner++) {
    const gint column = corner & 1 ? MAP_WIDTH - 1 : 0;
    const gint row = corner & 2 ? MAP_HEIGHT - 1 : 0;
    gfloat data[MAP_HEIGHT * MAP_WIDTH] = { 0 };
    GstHarness *harness = test_harness (
        test_element ("activationoverlay draw-labels=false draw-boxes=false"),
        "BGRx", WIDTH, HEIGHT);
    GstBuffer *buffer = test_frame ("BGRx", WIDTH, HEIGHT, 0);
    g_autoptr (GstActivations) activations = NULL;
    Extent hot, cold;
    gint value;

    data[row * MAP_WIDTH + column] = 5.0f;
    activations = test_activations (MAP_HEIGHT, MAP_WIDTH, 1, data);
    test_add_prediction (buffer, activations, 1, &box);
    g_object_set (harness->element, "colormap", (gint) colormap, NULL);
    g_object_get (harness->element, "colormap", &value, NULL);
    fail_unless_equals_int (value, colormap);
    buffer = test_push (harness, buffer);
    hot = find_colour (buffer, WIDTH, &tile, table[255] & 0xffffff);
    cold = find_colour (buffer, WIDTH, &tile, zero & 0xffffff);
    fail_unless_equals_int (hot.n, cell_width * cell_height);
    fail_unless_equals_int (cold.n, hot.n * (MAP_WIDTH * MAP_HEIGHT - 1));
    fail_unless_equals_int (hot.left, tile.x + column * cell_width);
    fail_unless_equals_int (hot.right, hot.left + cell_width - 1);
    fail_unless_equals_int (hot.top, tile.y + row * cell_height);
    fail_unless_equals_int (hot.bottom, hot.top + cell_height - 1);
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

GST_START_TEST (test_colormap_nicks)
{
  static const gchar *const nicks[] = { "ylgnbu", "viridis", "magma", "inferno",
    "plasma", "cividis", "turbo", "jet", "gray", "signed" };
  gint value;

  fail_unless_equals_int (G_N_ELEMENTS (nicks), OVERLAY_N_COLORMAPS);
  for (gint i = 0; i < (gint) G_N_ELEMENTS (nicks); i++) {
    GstElement *element = test_element ("activationoverlay colormap=%s",
        nicks[i]);

    g_object_get (element, "colormap", &value, NULL);
    fail_unless_equals_int (value, i);
    gst_object_unref (element);
  }
}
GST_END_TEST;

GST_START_TEST (test_sizes)
{
  static const struct {
    gint width, height;
  } sizes[] = { { 160, 120 }, { 161, 121 }, { 320, 240 }, { 641, 479 },
    { 16, 16 }, { 17, 400 }, { 400, 17 }, { 1280, 720 }, { 3840, 2160 } };
  const gint width = sizes[__i__].width, height = sizes[__i__].height;
  const Rect rects[] = {
    { width / 8, height / 4, width / 4, height / 3 },
    { width / 2, height / 4, width / 5, height / 5 },
    { width - 10, height - 10, 50, 50 },
  };

  check_drawing ("I420", width, height, rects, 3);
  check_drawing ("YUY2", width, height, rects, 1);
  check_drawing ("BGRx", width, height, NULL, 0);
}
GST_END_TEST;

/* The largest luma, of ten bits, that is drawn on black. */
static guint
find_largest_luma (const gchar *colorimetry)
{
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      "P010_10LE", WIDTH, HEIGHT);
  GstBuffer *buffer = test_black_frame ("P010_10LE", WIDTH, HEIGHT, 0);
  g_autofree gchar *text = g_strdup_printf (
      "video/x-raw,format=P010_10LE,width=%d,height=%d,framerate=30/1,"
      "colorimetry=%s",
      WIDTH, HEIGHT, colorimetry);
  guint largest = 0;
  GstMapInfo map;

  gst_harness_set_src_caps_str (harness, text);
  add_prediction (buffer, 1, &box);
  buffer = test_push (harness, buffer);
  fail_unless (gst_buffer_map (buffer, &map, GST_MAP_READ));
  for (gsize i = 0; i < (gsize) WIDTH * HEIGHT; i++)
    largest = MAX (largest, GST_READ_UINT16_LE (map.data + 2 * i) >> 6);
  gst_buffer_unmap (buffer, &map);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  return largest;
}

/* In high dynamic range, what is drawn is no brighter than white paper. */
GST_START_TEST (test_graphics_white)
{
  fail_unless_equals_int (find_largest_luma ("bt2020-10"), 940);
  fail_unless_equals_int (find_largest_luma ("bt2100-pq"), 64 + 508);
  fail_unless_equals_int (find_largest_luma ("bt2100-hlg"), 64 + 657);
}
GST_END_TEST;

/* Frames that are too small to draw on pass through. A warning would fail the
 * test. */
GST_START_TEST (test_tiny)
{
  const gchar *format = test_formats[__i__];
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      format, 1, 1);

  for (gint height = 1; height <= 20; height += 1 + height / 8) {
    for (gint width = 1; width <= 20; width++) {
      const Rect rects[] = { { 0, 0, width, height }, { 1, 1, 9, 9 } };
      GstBuffer *buffer = test_frame (format, width, height, 0);

      gst_harness_set_src_caps (harness, test_caps (format, width, height));
      add_prediction (buffer, 1, &rects[0]);
      add_prediction (buffer, 2, &rects[1]);
      test_add_region (buffer, "face", 3, 2, 2, 5, 5);
      gst_buffer_unref (test_push (harness, buffer));
    }
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_absurd_boxes)
{
  static const guint boxes[][4] = { { 0, 0, 0, 0 },
    { 10, 10, G_MAXINT, G_MAXINT }, { G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT },
    { (guint) G_MININT, (guint) G_MININT, G_MAXINT, G_MAXINT },
    { (guint) -10, (guint) -10, 50, 50 },
    { G_MAXUINT, G_MAXUINT, G_MAXUINT, G_MAXUINT }, { 5000, 5000, 10, 10 },
    { 630, 470, 100, 100 }, { 100, 100, 1, 1 }, { 0, 0, WIDTH, HEIGHT } };
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      "I420", WIDTH, HEIGHT);

  for (guint number = 0; number < 2; number++) {
    for (guint i = 0; i < G_N_ELEMENTS (boxes); i++) {
      GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, i);
      const Rect rect = { (gint) boxes[i][0], (gint) boxes[i][1],
        (gint) boxes[i][2], (gint) boxes[i][3] };

      if (number == 0)
        add_prediction (buffer, 1, &rect);
      else
        test_add_region (buffer, "face", 1, boxes[i][0], boxes[i][1],
            boxes[i][2], boxes[i][3]);
      gst_buffer_unref (test_push (harness, buffer));
    }
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Values that no network should give, and shapes that are hard to lay out. */
GST_START_TEST (test_absurd_maps)
{
  static const struct {
    gint height, width, channels;
  } shapes[] = { { 1, 1, 1 }, { 1, 1, 4096 }, { 300, 1, 2 }, { 1, 300, 2 },
    { 64, 64, 16 }, { 2, 2, 2048 } };
  static const gfloat values[] = { 0.0f, 1.0f, NAN, INFINITY, -INFINITY,
    3.4e38f, -3.4e38f, 1e-45f };
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      "NV12", WIDTH, HEIGHT);

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++) {
    const gsize n = (gsize) shapes[i].height * (gsize) shapes[i].width
        * (gsize) shapes[i].channels;
    g_autofree gfloat *data = g_new (gfloat, n);

    for (guint kind = 0; kind <= G_N_ELEMENTS (values); kind++) {
      GstBuffer *buffer = test_frame ("NV12", WIDTH, HEIGHT, 0);
      g_autoptr (GstActivations) activations = NULL;

      for (gsize k = 0; k < n; k++)
        data[k] =
            values[kind < G_N_ELEMENTS (values) ? kind
                                                : k % G_N_ELEMENTS (values)];
      activations = test_activations ((guint) shapes[i].height,
          (guint) shapes[i].width, (guint) shapes[i].channels, data);
      gst_buffer_add_activation_meta (buffer, activations, NULL, 0, 0, WIDTH,
          HEIGHT)
          ->id = G_MAXINT;
      gst_buffer_unref (test_push (harness, buffer));
    }
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Labels as a file may contain them: empty, very long, with control characters,
 * or not in UTF-8. */
GST_START_TEST (test_absurd_labels)
{
  g_autofree gchar *endless = g_strnfill (5000, 'W');
  const gchar *texts[] = { "", endless, "\xe5\xa5\xb3\xe6\x80\xa7", "a\tb\nc",
    "\xff\xfe", NULL };
  const gfloat values[] = { -1.0f, 2.0f, NAN, INFINITY, 1e-30f };
  g_autoptr (GstActivationsBuilder)
      builder = gst_activations_builder_new ("", "", texts);
  GstHarness *harness = test_harness (test_element ("activationoverlay"), "RGB",
      WIDTH, HEIGHT);

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
    g_autoptr (GstActivations) activations = NULL;

    fail_unless (gst_activations_builder_set_scores (builder, values,
        G_N_ELEMENTS (values), i));
    activations = gst_activations_builder_finish (builder);
    gst_buffer_add_activation_meta (buffer, activations, NULL, 10, 10, 200,
        200);
    gst_buffer_unref (test_push (harness, buffer));
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A region with a prediction is drawn once, even if an element in between has
 * rounded its box differently. Other regions are drawn, too. */
GST_START_TEST (test_regions)
{
  GstBuffer *frames[3];
  g_autoptr (GBytes) alone = NULL;

  for (gint i = 0; i < 3; i++) {
    GstHarness *harness = test_harness (test_element ("activationoverlay"),
        "I420", WIDTH, HEIGHT);
    GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
    const Rect rounded = { box.x - 1, box.y, box.width + 1, box.height - 1 };

    add_prediction (buffer, 1, i == 1 ? &rounded : &box);
    if (i == 1)
      test_add_region (buffer, "face", 1, (guint) box.x, (guint) box.y,
          (guint) box.width, (guint) box.height);
    if (i == 2)
      test_add_region (buffer, "hand", 2, (guint) box.x + 20, (guint) box.y,
          (guint) box.width, (guint) box.height);
    frames[i] = test_push (harness, buffer);
    gst_harness_teardown (harness);
  }
  alone = test_copy_bytes (frames[0]);
  fail_unless (test_same_bytes (frames[1], alone));
  fail_if (test_same_bytes (frames[2], alone));
  for (gint i = 0; i < 3; i++)
    gst_buffer_unref (frames[i]);
}
GST_END_TEST;

/* A buffer that somebody else holds, or whose memory is shared, is copied
 * before it is drawn on. */
GST_START_TEST (test_shared_input)
{
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      "NV12", WIDTH, HEIGHT);
  GstBuffer *buffer = test_frame ("NV12", WIDTH, HEIGHT, 0);
  g_autoptr (GBytes) bytes = test_copy_bytes (buffer);
  GstBuffer *out;

  add_prediction (buffer, 1, &box);
  out = test_push (harness, gst_buffer_ref (buffer));
  fail_unless (test_same_bytes (buffer, bytes));
  fail_if (test_same_bytes (out, bytes));
  gst_buffer_unref (out);
  out = test_push (harness, gst_buffer_copy (buffer));
  fail_unless (test_same_bytes (buffer, bytes));
  fail_if (test_same_bytes (out, bytes));
  /* The metadata is kept for other elements. */
  fail_unless (gst_buffer_get_nth_activation_meta (out, 0) != NULL);
  gst_buffer_unref (out);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_read_only_memory)
{
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      "NV12", WIDTH, HEIGHT);
  GstBuffer *source = test_frame ("NV12", WIDTH, HEIGHT, 0);
  g_autoptr (GBytes) bytes = test_copy_bytes (source);
  gsize size;
  gpointer data = (gpointer) g_bytes_get_data (bytes, &size);
  GstBuffer *buffer = gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY,
      data, size, 0, size, NULL, NULL);

  add_prediction (buffer, 1, &box);
  buffer = test_push (harness, buffer);
  fail_unless (test_same_bytes (source, bytes));
  fail_if (test_same_bytes (buffer, bytes));
  gst_buffer_unref (buffer);
  gst_buffer_unref (source);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Rows may be padded; the padding is not changed. */
GST_START_TEST (test_strides)
{
  enum {
    STRIDE = WIDTH + 29
  };
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      "GRAY8", WIDTH, HEIGHT);
  GstBuffer *compact = test_frame ("GRAY8", WIDTH, HEIGHT, 0);
  GstBuffer *padded = gst_buffer_new_allocate (NULL, STRIDE * HEIGHT + 3, NULL);
  gsize offsets[GST_VIDEO_MAX_PLANES] = { 3 };
  gint strides[GST_VIDEO_MAX_PLANES] = { STRIDE };
  GstMapInfo from, to;

  gst_buffer_memset (padded, 0, 0xa5, STRIDE * HEIGHT + 3);
  gst_buffer_add_video_meta_full (padded, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_FORMAT_GRAY8, WIDTH, HEIGHT, 1, offsets, strides);
  gst_buffer_map (compact, &from, GST_MAP_READ);
  gst_buffer_map (padded, &to, GST_MAP_WRITE);
  for (gint y = 0; y < HEIGHT; y++)
    memcpy (to.data + 3 + y * STRIDE, from.data + y * WIDTH, WIDTH);
  gst_buffer_unmap (compact, &from);
  gst_buffer_unmap (padded, &to);
  add_prediction (compact, 1, &box);
  add_prediction (padded, 1, &box);
  compact = test_push (harness, compact);
  padded = test_push (harness, padded);
  gst_buffer_map (compact, &from, GST_MAP_READ);
  gst_buffer_map (padded, &to, GST_MAP_READ);
  for (gint y = 0; y < HEIGHT; y++) {
    fail_unless (
        memcmp (to.data + 3 + y * STRIDE, from.data + y * WIDTH, WIDTH) == 0);
    for (gint x = WIDTH; x < STRIDE; x++)
      fail_unless_equals_int (to.data[3 + y * STRIDE + x], 0xa5);
  }
  gst_buffer_unmap (compact, &from);
  gst_buffer_unmap (padded, &to);
  gst_buffer_unref (compact);
  gst_buffer_unref (padded);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Smoothing affects the drawing, not the metadata that others read. */
GST_START_TEST (test_metadata_stays)
{
  GstHarness *harness = test_harness (test_element (
                                          "activationoverlay smoothing=5"),
      "RGB", WIDTH, HEIGHT);

  for (guint i = 0; i < 5; i++) {
    GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, i);
    const Rect moved = { box.x + 9 * (gint) i, box.y, box.width, box.height };
    GstActivationMeta *meta;
    g_autoptr (GstActivations) activations = NULL;

    add_prediction (buffer, 1, &moved);
    meta = gst_buffer_get_nth_activation_meta (buffer, 0);
    activations = gst_activations_ref (meta->activations);
    buffer = test_push (harness, buffer);
    meta = gst_buffer_get_nth_activation_meta (buffer, 0);
    fail_unless (meta->activations == activations);
    fail_unless_equals_int (meta->x, moved.x);
    fail_unless_equals_int (meta->y, moved.y);
    fail_unless_equals_int (meta->width, moved.width);
    fail_unless_equals_int (meta->height, moved.height);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_property_changes)
{
  GstHarness *harness = test_harness (test_element ("activationoverlay"), "RGB",
      WIDTH, HEIGHT);
  g_autoptr (GBytes) untouched = NULL;
  g_autoptr (GBytes) last = NULL;

  for (guint i = 0; i < 12; i++) {
    GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
    const gboolean off = i % 4 == 3;

    if (!untouched)
      untouched = test_copy_bytes (buffer);
    add_prediction (buffer, 1, &box);
    g_object_set (harness->element, "colormap", i % OVERLAY_N_COLORMAPS,
        "draw-boxes", !off, "draw-labels", !off, "draw-maps", !off, NULL);
    buffer = test_push (harness, buffer);
    fail_unless (test_same_bytes (buffer, untouched) == off);
    if (last)
      fail_if (test_same_bytes (buffer, last));
    g_clear_pointer (&last, g_bytes_unref);
    last = test_copy_bytes (buffer);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

typedef struct {
  GstElement *element;
  gint stop;
} Changes;

static gpointer
change_properties (gpointer data)
{
  Changes *changes = data;

  for (guint i = 0; !g_atomic_int_get (&changes->stop); i++) {
    g_object_set (changes->element, "colormap", i % OVERLAY_N_COLORMAPS,
        "draw-boxes", i % 2, "draw-labels", i % 3 == 0, "draw-maps", i % 5 > 0,
        NULL);
    g_thread_yield ();
  }
  return NULL;
}

GST_START_TEST (test_changes_from_another_thread)
{
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      "I420", 320, 240);
  Changes changes = { harness->element, 0 };
  GThread *thread = g_thread_new ("changes", change_properties, &changes);

  for (guint i = 0; i < 200; i++) {
    const Rect rect = { (gint) i, 20, 50, 50 };
    GstBuffer *buffer = test_frame ("I420", 320, 240, i);

    add_prediction (buffer, (gint) i, &rect);
    gst_buffer_unref (test_push (harness, buffer));
  }
  g_atomic_int_set (&changes.stop, 1);
  g_thread_join (thread);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_caps_change)
{
  static const struct {
    const gchar *format;
    gint width, height;
  } caps[] = { { "RGB", 640, 480 }, { "I420", 640, 480 }, { "NV12", 320, 240 },
    { "GRAY8", 16, 16 }, { "BGRA", 1280, 720 }, { "RGB", 640, 480 } };
  GstHarness *harness = test_harness (test_element ("activationoverlay"), "RGB",
      640, 480);

  for (guint i = 0; i < G_N_ELEMENTS (caps); i++) {
    const Rect rect = { 5, 6, 100, 90 };
    GstBuffer *buffer = test_frame (caps[i].format, caps[i].width,
        caps[i].height, i);
    g_autoptr (GBytes) bytes = test_copy_bytes (buffer);

    gst_harness_set_src_caps (harness,
        test_caps (caps[i].format, caps[i].width, caps[i].height));
    add_prediction (buffer, 1, &rect);
    buffer = test_push (harness, buffer);
    fail_unless (caps[i].width == 16 || !test_same_bytes (buffer, bytes));
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_restart)
{
  GstHarness *harness = test_harness (test_element ("activationoverlay"), "RGB",
      WIDTH, HEIGHT);

  for (guint i = 0; i < 5; i++) {
    GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, i);

    add_prediction (buffer, 1, &box);
    gst_buffer_unref (test_push (harness, buffer));
    fail_unless_equals_int (gst_element_set_state (harness->element,
                                GST_STATE_NULL),
        GST_STATE_CHANGE_SUCCESS);
    gst_harness_play (harness);
    gst_harness_set_src_caps (harness, test_caps ("RGB", WIDTH, HEIGHT));
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_short_buffer)
{
  GstHarness *harness = test_harness (test_element ("activationoverlay"), "RGB",
      WIDTH, HEIGHT);

  gst_buffer_unref (test_push (harness, gst_buffer_new_and_alloc (100)));
  test_expect_warning (harness->element, "is no frame of 640x480 RGB");
  gst_buffer_unref (test_push (harness, gst_buffer_new ()));
  fail_unless_equals_int (test_count_messages (harness->element,
                              GST_MESSAGE_WARNING | GST_MESSAGE_ERROR),
      0);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Frames have the widths that the design gives for these sizes, and the picture
 * left of the panel is the same bit by bit. */
GST_START_TEST (test_beside)
{
  static const struct {
    gint width, height, wide;
  } sizes[] = { { 1280, 720, 1920 }, { 1920, 1080, 2768 }, { 320, 180, 544 },
    { 641, 479, 1074 }, { 3840, 2160, 5744 }, { 16, 16, 240 } };
  const gchar *format = test_formats[__i__];

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const gint width = sizes[i].width, height = sizes[i].height;
    GstHarness *harness =
        test_harness (test_element (
                          "activationoverlay layout=beside draw-boxes=false "
                          "draw-labels=false"),
            format, width, height);
    GstBuffer *buffer = test_frame (format, width, height, 0);
    GstVideoInfo info, wide_info;
    GstVideoFrame frame, wide;
    g_autoptr (GstCaps) caps = test_caps (format, width, height);
    g_autoptr (GstCaps) wide_caps = NULL;
    GstBuffer *out;
    guint n_changed = 0;

    add_prediction (buffer, 1, &box);
    out = test_push (harness, gst_buffer_ref (buffer));
    wide_caps = gst_pad_get_current_caps (harness->sinkpad);
    fail_unless (gst_video_info_from_caps (&info, caps));
    fail_unless (gst_video_info_from_caps (&wide_info, wide_caps));
    fail_unless_equals_int (GST_VIDEO_INFO_WIDTH (&wide_info), sizes[i].wide);
    fail_unless_equals_int (GST_VIDEO_INFO_HEIGHT (&wide_info), height);
    fail_unless (gst_buffer_get_nth_activation_meta (out, 0) != NULL);
    fail_unless (GST_BUFFER_PTS (out) == GST_BUFFER_PTS (buffer));
    fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
    fail_unless (gst_video_frame_map (&wide, &wide_info, out, GST_MAP_READ));
    for (guint c = 0; c < GST_VIDEO_INFO_N_COMPONENTS (&info); c++) {
      const gint step = GST_VIDEO_FRAME_COMP_PSTRIDE (&frame, c);
      const gsize size = get_sample_size (&info, c);

      for (gint y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (&frame, c); y++) {
        const guint8 *a = (const guint8 *) GST_VIDEO_FRAME_COMP_DATA (&frame, c)
            + y * GST_VIDEO_FRAME_COMP_STRIDE (&frame, c);
        const guint8 *b = (const guint8 *) GST_VIDEO_FRAME_COMP_DATA (&wide, c)
            + y * GST_VIDEO_FRAME_COMP_STRIDE (&wide, c);

        for (gint x = 0; x < GST_VIDEO_FRAME_COMP_WIDTH (&frame, c); x++)
          n_changed += memcmp (a + x * step, b + x * step, size) != 0;
      }
    }
    fail_unless_equals_int (n_changed, 0);
    gst_video_frame_unmap (&frame);
    gst_video_frame_unmap (&wide);
    gst_buffer_unref (buffer);
    gst_buffer_unref (out);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

static gint
get_out_width (GstHarness *harness)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (harness->sinkpad);
  gint width = 0;

  gst_structure_get_int (gst_caps_get_structure (caps, 0), "width", &width);
  return width;
}

/* The layout can change between frames, and regions stay where they are. */
GST_START_TEST (test_layout_changes)
{
  static const struct {
    const gchar *layout;
    gint width;
  } steps[] = { { "dock", 1280 }, { "beside", 1920 }, { "beside", 1920 },
    { "face", 1280 }, { "none", 1280 }, { "beside", 1920 }, { "dock", 1280 } };
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      "NV12", 1280, 720);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    GstBuffer *buffer = test_frame ("NV12", 1280, 720, i);
    GstVideoRegionOfInterestMeta *region;

    gst_util_set_object_arg (G_OBJECT (harness->element), "layout",
        steps[i].layout);
    add_prediction (buffer, 1, &box);
    test_add_region (buffer, "face", 1, 100, 150, 150, 150);
    buffer = test_push (harness, buffer);
    fail_unless_equals_int (get_out_width (harness), steps[i].width);
    fail_unless_equals_uint64 (gst_buffer_get_size (buffer),
        (guint64) steps[i].width * 720 * 3 / 2);
    region = test_nth_region (buffer, 0);
    fail_unless (region != NULL);
    fail_unless_equals_int ((gint) region->x, 100);
    fail_unless_equals_int ((gint) region->w, 150);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Upstream is asked for the width that downstream wants, less the panel. */
GST_START_TEST (test_beside_backwards)
{
  GstHarness *harness = gst_harness_new ("activationoverlay");
  g_autoptr (GstCaps) wanted = test_caps ("I420", 1920, 720);
  g_autoptr (GstCaps) impossible = test_caps ("I420", 501, 720);
  g_autoptr (GstCaps) caps = NULL;
  gint width = 0;

  g_object_set (harness->element, "layout", OVERLAY_LAYOUT_BESIDE, NULL);
  gst_harness_set_sink_caps (harness, gst_caps_ref (wanted));
  caps = gst_pad_peer_query_caps (harness->srcpad, NULL);
  fail_if (gst_caps_is_empty (caps));
  caps = gst_caps_fixate (caps);
  gst_structure_get_int (gst_caps_get_structure (caps, 0), "width", &width);
  fail_unless_equals_int (width, 1280);
  gst_harness_set_sink_caps (harness, gst_caps_ref (impossible));
  gst_caps_replace (&caps, NULL);
  caps = gst_pad_peer_query_caps (harness->srcpad, NULL);
  fail_unless (gst_caps_is_empty (caps));
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* After a picture of odd width the panel begins at an even column. The column
 * in between belongs to neither. */
GST_START_TEST (test_beside_odd)
{
  static const gint sizes[][2] = { { 641, 480 }, { 161, 121 }, { 479, 641 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const gint width = sizes[i][0], height = sizes[i][1];
    GstHarness *harness = test_harness (test_element (
                                            "activationoverlay layout=beside"),
        "I420", width, height);
    GstBuffer *buffer = test_push (harness,
        test_frame ("I420", width, height, 0));
    g_autoptr (GstCaps) caps = gst_pad_get_current_caps (harness->sinkpad);
    gint wide = 0;

    gst_structure_get_int (gst_caps_get_structure (caps, 0), "width", &wide);
    fail_unless (wide > width && wide % 2 == 0);
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* Creates a harness whose sink prefers caps with a composition. */
static GstHarness *
harness_with_composition (gboolean proposes_meta)
{
  GstHarness *harness = gst_harness_new ("activationoverlay");
  GstCaps *caps = test_caps ("I420", WIDTH, HEIGHT);

  gst_caps_set_features (caps, 0,
      gst_caps_features_new (
          GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION, NULL));
  gst_caps_append (caps, test_caps ("I420", WIDTH, HEIGHT));
  gst_harness_set_sink_caps (harness, caps);
  if (proposes_meta)
    gst_harness_add_propose_allocation_meta (harness,
        GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE, NULL);
  gst_harness_set_src_caps (harness, test_caps ("I420", WIDTH, HEIGHT));
  return harness;
}

/* A composition is attached if downstream takes it. Its rectangles lie within
 * the frame, and the picture is not changed. */
GST_START_TEST (test_composition_attached)
{
  GstHarness *harness = harness_with_composition (TRUE);
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
  g_autoptr (GBytes) before = test_copy_bytes (buffer);
  GstVideoOverlayCompositionMeta *meta;
  guint n_rectangles;
  gint right = 0;

  add_prediction (buffer, 1, &box);
  buffer = test_push (harness, buffer);
  fail_unless (test_same_bytes (buffer, before));
  meta = gst_buffer_get_video_overlay_composition_meta (buffer);
  fail_unless (meta != NULL);
  n_rectangles = gst_video_overlay_composition_n_rectangles (meta->overlay);
  fail_unless_equals_int (n_rectangles, 4 + 1 + 1); /* box, label, dock */
  for (guint i = 0; i < n_rectangles; i++) {
    GstVideoOverlayRectangle *rectangle =
        gst_video_overlay_composition_get_rectangle (meta->overlay, i);
    gint x, y;
    guint width, height;

    gst_video_overlay_rectangle_get_render_rectangle (rectangle, &x, &y, &width,
        &height);
    fail_unless (x >= 0 && y >= 0);
    fail_unless (x + (gint) width <= WIDTH && y + (gint) height <= HEIGHT);
    right = MAX (right, x + (gint) width);
  }
  fail_unless (right > WIDTH - 10);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* If downstream takes the caps feature but does not propose the meta, the
 * element draws on the frame, with plain caps. */
GST_START_TEST (test_composition_refused)
{
  GstHarness *harness = harness_with_composition (FALSE);

  for (guint i = 0; i < 3; i++) {
    GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, i);
    g_autoptr (GBytes) before = test_copy_bytes (buffer);
    g_autoptr (GstCaps) caps = NULL;

    add_prediction (buffer, 1, &box);
    buffer = test_push (harness, buffer);
    fail_if (test_same_bytes (buffer, before));
    fail_if (gst_buffer_get_video_overlay_composition_meta (buffer));
    caps = gst_pad_get_current_caps (harness->sinkpad);
    fail_if (gst_caps_features_contains (gst_caps_get_features (caps, 0),
        GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION));
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* If downstream takes any caps, it gets plain ones. */
GST_START_TEST (test_composition_not_offered)
{
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      "I420", WIDTH, HEIGHT);
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
  g_autoptr (GstCaps) caps = NULL;

  gst_buffer_unref (test_push (harness, buffer));
  caps = gst_pad_get_current_caps (harness->sinkpad);
  fail_if (gst_caps_features_contains (gst_caps_get_features (caps, 0),
      GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION));
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* If two faces leave the dock no room, it covers the face that it does not
 * describe. It describes the largest face, or the one that is wanted. */
GST_START_TEST (test_panel_face)
{
  const Rect large = { 10, 10, WIDTH / 2 - 20, HEIGHT - 20 };
  const Rect small = { WIDTH / 2 + 10, 20, WIDTH / 2 - 20, HEIGHT - 40 };

  for (gint wanted = -1; wanted < 3; wanted++) {
    GstHarness *harness = test_harness (
        test_element ("activationoverlay draw-boxes=false draw-labels=false "
                      "panel-face=%d",
            wanted),
        "GRAY8", WIDTH, HEIGHT);
    GstBuffer *before = test_frame ("GRAY8", WIDTH, HEIGHT, 0);
    GstBuffer *after = gst_buffer_copy_deep (before);
    GstMapInfo maps[2];
    guint n_left = 0, n_right = 0;

    add_prediction (after, 1, &large);
    add_prediction (after, 2, &small);
    after = test_push (harness, after);
    gst_buffer_map (before, &maps[0], GST_MAP_READ);
    gst_buffer_map (after, &maps[1], GST_MAP_READ);
    for (gsize i = 0; i < maps[0].size; i++) {
      if (maps[0].data[i] == maps[1].data[i])
        continue;
      if (i % WIDTH < WIDTH / 2)
        n_left++;
      else
        n_right++;
    }
    gst_buffer_unmap (before, &maps[0]);
    gst_buffer_unmap (after, &maps[1]);
    if (wanted == 2) {
      fail_unless (n_left > 5000 && n_right == 0, "%u %u", n_left, n_right);
    } else if (wanted == 0) {
      /* no such face: only the title is drawn */
      fail_unless (n_left == 0 && n_right > 0 && n_right < 5000);
    } else {
      fail_unless (n_left == 0 && n_right > 5000);
    }
    gst_buffer_unref (before);
    gst_buffer_unref (after);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* Layer names that the frames do not have cause one warning. */
GST_START_TEST (test_panel_layers)
{
  GstHarness *harness = test_harness (test_element (
                                          "activationoverlay panel-layers=x"),
      "I420", WIDTH, HEIGHT);

  for (guint i = 0; i < 3; i++) {
    GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, i);

    add_prediction (buffer, 1, &box);
    gst_buffer_unref (test_push (harness, buffer));
  }
  fail_unless_equals_int (test_count_messages (harness->element,
                              GST_MESSAGE_WARNING),
      1);
  g_object_set (harness->element, "panel-layers", "maps", NULL);
  for (guint i = 0; i < 3; i++) {
    GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, i);

    add_prediction (buffer, 1, &box);
    gst_buffer_unref (test_push (harness, buffer));
  }
  fail_unless_equals_int (test_count_messages (harness->element,
                              GST_MESSAGE_WARNING),
      0);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Runs the default network on a frame, and returns what is drawn. */
static GBytes *
draw_network (const gchar *properties, const gchar *warning)
{
  GstElement *element = test_element ("activationmap roi-type=\"\" %s",
      properties);
  GstHarness *harness = test_harness (element, "I420", WIDTH, HEIGHT);
  GstBuffer *buffer = test_push (harness,
      test_frame ("I420", WIDTH, HEIGHT, 0));
  GBytes *bytes = test_copy_bytes (buffer);

  if (warning)
    test_expect_warning (harness->element, warning);
  else
    fail_unless_equals_int (test_count_messages (harness->element,
                                GST_MESSAGE_WARNING | GST_MESSAGE_ERROR),
        0);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  return bytes;
}

/* Every choice of what to show is drawn otherwise, and the default is one of
 * them. */
GST_START_TEST (test_show)
{
  static const gchar *const choices[] = { "show=maps+input", "show=maps",
    "show=kernels", "show=maps+kernels", "show=input", "show=0" };
  const gboolean is_beside = __i__ == 1;
  g_autoptr (GPtrArray)
      drawn = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) by_default = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++) {
    g_autofree gchar *properties = g_strdup_printf ("layout=%s %s",
        is_beside ? "beside" : "dock", choices[i]);

    g_ptr_array_add (drawn, draw_network (properties, NULL));
  }
  by_default = draw_network (is_beside ? "layout=beside" : "", NULL);
  fail_unless (g_bytes_equal (by_default, g_ptr_array_index (drawn, 0)));
  for (guint i = 1; i < drawn->len; i++) {
    for (guint k = 0; k < i; k++) {
      /* only the panel beside the picture shows the input */
      const gboolean is_same = !is_beside
          && ((i == 1 && k == 0) || (i == 5 && k == 4));

      fail_unless (g_bytes_equal (g_ptr_array_index (drawn, i),
                       g_ptr_array_index (drawn, k))
              == is_same,
          "%s %s", choices[i], choices[k]);
    }
  }
}
GST_END_TEST;

/* Kernels of a layer that is not shown cause a warning. */
GST_START_TEST (test_no_kernels)
{
  g_autoptr (GBytes) none = draw_network ("show=kernels panel-layers=conv2d_2",
      "Property 'show'");
  g_autoptr (GBytes) empty = draw_network ("panel-layers=\"\"", NULL);

  fail_unless (g_bytes_equal (none, empty));
}
GST_END_TEST;

static GstBuffer *
predicted_frame (guint number)
{
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, number);

  add_prediction (buffer, 1, &box);
  return buffer;
}

static const gchar *const bad_channels[] = { "maps", "maps:", ":1", "maps:-1",
  "maps:1x", "maps:99999999999" };

/* A malformed channel causes a warning, both in place and beside the picture,
 * at the start and while playing, and everything else is drawn. */
GST_START_TEST (test_bad_channel)
{
  const gchar *bad = bad_channels[__i__];
  g_autofree gchar *text = g_strdup_printf ("Property 'channel': '%s' is not",
      bad);

  for (guint beside = 0; beside < 2; beside++) {
    GstElement *element = test_element (
        beside ? "activationoverlay layout=beside" : "activationoverlay");
    GstHarness *harness;

    g_object_set (element, "channel", bad, NULL);
    harness = test_harness (element, "I420", WIDTH, HEIGHT);
    for (guint i = 0; i < 2; i++) {
      gst_buffer_unref (test_push (harness, predicted_frame (0)));
      test_expect_warning (element, text);
      gst_buffer_unref (test_push (harness, predicted_frame (0)));
      g_object_set (element, "channel", i == 0 ? "maps:1" : "", NULL);
      gst_buffer_unref (test_push (harness, predicted_frame (1)));
      fail_unless_equals_int (test_count_messages (element,
                                  GST_MESSAGE_ERROR | GST_MESSAGE_WARNING),
          0);
      g_object_set (element, "channel", bad, NULL);
    }
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* A channel that the frames do not have causes one warning. */
GST_START_TEST (test_missing_channel)
{
  GstHarness *harness = test_harness (test_element ("activationoverlay"),
      "I420", WIDTH, HEIGHT);
  static const gchar *const missing[] = { "no_maps:0", "maps:999" };

  for (guint i = 0; i < G_N_ELEMENTS (missing); i++) {
    g_object_set (harness->element, "channel", missing[i], NULL);
    for (guint k = 0; k < 3; k++)
      gst_buffer_unref (test_push (harness, predicted_frame (k)));
    fail_unless_equals_int (test_count_messages (harness->element,
                                GST_MESSAGE_WARNING),
        1);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

static Suite *
activationoverlay_suite (void)
{
  Suite *suite = suite_create ("activationoverlay");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_loop_test (tests, test_formats_drawn, 0, TEST_N_FORMATS);
  tcase_add_loop_test (tests, test_nothing_else, 0, TEST_N_FORMATS);
  tcase_add_loop_test (tests, test_switches, 0, 8);
  tcase_add_loop_test (tests, test_label_forms, 0, G_N_ELEMENTS (label_forms));
  tcase_add_test (tests, test_nothing_to_draw);
  tcase_add_loop_test (tests, test_colormaps_and_orientation, 0,
      OVERLAY_N_COLORMAPS);
  tcase_add_test (tests, test_colormap_nicks);
  tcase_add_loop_test (tests, test_sizes, 0, 9);
  tcase_add_test (tests, test_graphics_white);
  tcase_add_loop_test (tests, test_tiny, 0, TEST_N_FORMATS);
  tcase_add_test (tests, test_absurd_boxes);
  tcase_add_test (tests, test_absurd_maps);
  tcase_add_test (tests, test_absurd_labels);
  tcase_add_test (tests, test_regions);
  tcase_add_test (tests, test_shared_input);
  tcase_add_test (tests, test_read_only_memory);
  tcase_add_test (tests, test_strides);
  tcase_add_test (tests, test_metadata_stays);
  tcase_add_test (tests, test_property_changes);
  tcase_add_test (tests, test_changes_from_another_thread);
  tcase_add_test (tests, test_caps_change);
  tcase_add_test (tests, test_restart);
  tcase_add_test (tests, test_short_buffer);
  tcase_add_loop_test (tests, test_beside, 0, TEST_N_FORMATS);
  tcase_add_test (tests, test_layout_changes);
  tcase_add_test (tests, test_beside_backwards);
  tcase_add_test (tests, test_beside_odd);
  tcase_add_test (tests, test_composition_attached);
  tcase_add_test (tests, test_composition_refused);
  tcase_add_test (tests, test_composition_not_offered);
  tcase_add_test (tests, test_panel_face);
  tcase_add_test (tests, test_panel_layers);
  tcase_add_loop_test (tests, test_show, 0, 2);
  tcase_add_test (tests, test_no_kernels);
  tcase_add_loop_test (tests, test_bad_channel, 0, G_N_ELEMENTS (bad_channels));
  tcase_add_test (tests, test_missing_channel);
  return suite;
}

GST_CHECK_MAIN (activationoverlay);
