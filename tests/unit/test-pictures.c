/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Compares a whole frame of each layout with a stored one: what the eye should
 * get, down to the pixel but for a little tolerance. The text is that of
 * Cairo's own font (see no-fonts.conf), as the fonts of machines differ.
 *
 * And counts what the renderer allocates.
 *
 *   test-pictures --write FOLDER    writes the frames, to be looked at and kept
 */

#include <math.h>
#include <string.h>

#include "allocations.h"
#include "image/image-canvas.h"
#include "image/image-composite.h"
#include "overlay/renderer.h"
#include "overlay/text.h"

/* Differences of up to TOLERANCE levels are ignored, and MAX_DIFFERENT of 10000
 * pixels may differ by more. */
#define TOLERANCE 6
#define MAX_DIFFERENT 10

#define N_LAYERS 3
#define N_KERNELS 16
#define KERNEL_SIDE 5
#define INPUT_SIDE 50

static const struct {
  gint side;
  gint channels;
  const gchar *name;
} layer_forms[N_LAYERS] = { { 25, 16, "conv2d_1" }, { 12, 32, "conv2d_2" },
  { 6, 32, "conv2d_3" } };

typedef struct {
  const gchar *name;
  gint width;
  gint height;
  OverlayLayout layout;
  OverlayColormap cam_colormap;
  OverlayScaling scaling;
  gint enlarged_layer;
  gint enlarged_channel;
  gboolean has_knock_outs;
  guint page;
  CnnPredictionKind kind;
  gboolean has_kernels; /* and shows the input */
  gint focused_layer;   /* 1 for the first, or 0 for none */
  gboolean has_moods;   /* seven classes */
} Picture;

static const Picture pictures[] = {
  { "dock", 640, 480, OVERLAY_LAYOUT_DOCK, OVERLAY_COLORMAP_INFERNO,
      OVERLAY_SCALING_MAP, -1, 0, FALSE, 1 },
  { "dock-enlarged", 1280, 720, OVERLAY_LAYOUT_DOCK, OVERLAY_COLORMAP_SIGNED,
      OVERLAY_SCALING_LAYER, 0, 3, TRUE, 1 },
  { "dock-page", 320, 180, OVERLAY_LAYOUT_DOCK, OVERLAY_COLORMAP_INFERNO,
      OVERLAY_SCALING_MAP, -1, 0, FALSE, 2 },
  { "beside", 640, 480, OVERLAY_LAYOUT_BESIDE, OVERLAY_COLORMAP_INFERNO,
      OVERLAY_SCALING_MAP, -1, 0, FALSE, 1 },
  { "beside-knock-out", 854, 480, OVERLAY_LAYOUT_BESIDE,
      OVERLAY_COLORMAP_SIGNED, OVERLAY_SCALING_FIXED, 1, 5, TRUE, 1 },
  { "beside-portrait", 360, 640, OVERLAY_LAYOUT_BESIDE,
      OVERLAY_COLORMAP_INFERNO, OVERLAY_SCALING_MAP, -1, 0, FALSE, 1 },
  { "face", 640, 480, OVERLAY_LAYOUT_FACE, OVERLAY_COLORMAP_SIGNED,
      OVERLAY_SCALING_MAP, -1, 0, FALSE, 1 },
  { "none", 640, 480, OVERLAY_LAYOUT_NONE, OVERLAY_COLORMAP_INFERNO,
      OVERLAY_SCALING_MAP, -1, 0, FALSE, 1 },
  { "beside-number", 640, 480, OVERLAY_LAYOUT_BESIDE, OVERLAY_COLORMAP_INFERNO,
      OVERLAY_SCALING_MAP, -1, 0, TRUE, 1, CNN_PREDICTION_NUMBER },
  { "beside-labels", 640, 480, OVERLAY_LAYOUT_BESIDE, OVERLAY_COLORMAP_INFERNO,
      OVERLAY_SCALING_MAP, -1, 0, FALSE, 1, CNN_PREDICTION_LABELS },
  { "beside-image", 640, 480, OVERLAY_LAYOUT_BESIDE, OVERLAY_COLORMAP_INFERNO,
      OVERLAY_SCALING_MAP, -1, 0, FALSE, 1, CNN_PREDICTION_MAPS },
  { "beside-kernels", 1280, 720, OVERLAY_LAYOUT_BESIDE,
      OVERLAY_COLORMAP_INFERNO, OVERLAY_SCALING_MAP, -1, 0, FALSE, 1,
      CNN_PREDICTION_CLASSES, TRUE },
  { "beside-classes", 640, 480, OVERLAY_LAYOUT_BESIDE, OVERLAY_COLORMAP_INFERNO,
      OVERLAY_SCALING_MAP, -1, 0, FALSE, 1, CNN_PREDICTION_CLASSES, TRUE, 3,
      TRUE },
  { "dock-kernels", 1280, 720, OVERLAY_LAYOUT_DOCK, OVERLAY_COLORMAP_INFERNO,
      OVERLAY_SCALING_MAP, 0, 2, FALSE, 1, CNN_PREDICTION_LABELS, TRUE, 1 },
};

typedef struct {
  gfloat *maps[N_LAYERS];
  gfloat contributions[32];
  gfloat map[36];
  gfloat evidence[36];
  CnnLayerMaps layer_maps[N_LAYERS];
  OverlayLayer layers[N_LAYERS + 1];
  gfloat weights[N_KERNELS][KERNEL_SIDE][KERNEL_SIDE][3];
  gfloat input[INPUT_SIDE][INPUT_SIDE][3];
  ClassifierKernels kernels;
  ClassifierDescription description;
  CnnLayerMaps input_maps;
  OverlayAttribute attributes[3];
  OverlayFace faces[2];
  CnnExplanation explanation;
  CnnKnockOut knock_outs[2];
  ClassifierResult result;
  gfloat scores[7];
  gfloat intact_scores[2];
  OverlayScene scene;
} Subject;

/* Waves in all directions, so that flipped maps are noticed. Channel 7 is
 * silent. */
static gfloat
make_value (gint x, gint y, gint side, gint channel)
{
  const gdouble u = (gdouble) x / side, v = (gdouble) y / side;
  const gdouble wave = sin (
      6.0 * (u * (channel % 4) + v * (channel / 4 % 4)) + channel);

  if (channel % 16 == 7)
    return 0.0f;
  return (gfloat) MAX (wave * (1.0 + u) * (2.0 - v), 0.0);
}

static void
init_layers (Subject *subject)
{
  for (guint i = 0; i < N_LAYERS; i++) {
    const gint side = layer_forms[i].side, channels = layer_forms[i].channels;
    gfloat *value = g_new (gfloat, side * side * channels);

    subject->maps[i] = value;
    for (gint y = 0; y < side; y++) {
      for (gint x = 0; x < side; x++) {
        for (gint channel = 0; channel < channels; channel++)
          *value++ = make_value (x, y, side, channel);
      }
    }
    subject->layer_maps[i] = (CnnLayerMaps) { layer_forms[i].name,
      layer_forms[i].name, side, side, channels, subject->maps[i] };
    subject->layers[i] = (OverlayLayer) { layer_forms[i].name,
      &subject->layer_maps[i], &subject->result };
  }
  for (gint i = 0; i < 32; i++)
    subject->contributions[i] = (gfloat) (i * 7 % 32 - 15) / 20.0f;
}

static void
init_explanation (Subject *subject)
{
  for (gint i = 0; i < 36; i++) {
    subject->map[i] = (gfloat) (i % 6 * (i / 6)) / 25.0f;
    subject->evidence[i] = (gfloat) (i % 6 - 2) / 10.0f;
  }
  subject->explanation = (CnnExplanation) { .method = "hires-cam",
    .layer = layer_forms[N_LAYERS - 1].name,
    .target_class = 1,
    .height = 6,
    .width = 6,
    .channels = 32,
    .map = subject->map,
    .cell_contributions = subject->evidence,
    .channel_contributions = subject->contributions };
}

/* Replaces what is known of the larger face by a prediction of another kind. */
static void
set_kind (Subject *subject, const Picture *picture)
{
  static const gchar *const labels[] = { "Hat", "Scarf" };
  static const gfloat thresholds[] = { 0.05f, 0.8f };
  static ClassifierDescription descriptions[] = {
    [CNN_PREDICTION_LABELS] = { "Model", "wears", labels, 2,
        CNN_PREDICTION_LABELS, thresholds },
    [CNN_PREDICTION_NUMBER] = { "Model", "age", NULL, 0, CNN_PREDICTION_NUMBER,
        NULL, "years" },
    [CNN_PREDICTION_MAPS] = { "Model", "mask", NULL, 0, CNN_PREDICTION_MAPS },
  };

  if (picture->kind == CNN_PREDICTION_CLASSES)
    return;
  subject->result.description = &descriptions[picture->kind];
  if (picture->kind == CNN_PREDICTION_LABELS) {
    subject->attributes[0] = (OverlayAttribute) { "wears", "Hat", 0.07, 0.05 };
    subject->attributes[1] = (OverlayAttribute) { "wears", "Scarf", 0.93, 0.8,
      .is_continued = TRUE };
    subject->faces[0].n_attributes = 2;
    return;
  }
  subject->result.winner = subject->explanation.target_class = 0;
  subject->attributes[0] = (OverlayAttribute) { "age", NULL, -1.0, 0.0, NULL,
    TRUE, -1.25, TRUE, 31.4, "years" };
  subject->faces[0].n_attributes = picture->kind == CNN_PREDICTION_NUMBER;
}

/* Makes the prediction one of seven classes. */
static void
set_moods (Subject *subject)
{
  static const gchar *const moods[] = { "Angry", "Happy", "Sad", "Surprised",
    "Afraid", "Disgusted", "Neutral" };
  static const gfloat rest[] = { 0.01f, 0.02f, 0.005f, 0.004f, 0.031f };
  static ClassifierDescription description = { "Model", "mood", moods, 7 };

  memcpy (subject->scores + 2, rest, sizeof (rest));
  subject->attributes[0] = (OverlayAttribute) { "mood", "Happy", 0.93 };
  subject->result.description = &description;
}

/* A kernel that answers to an edge, in the colour of its number. */
static gfloat
make_weight (gint kernel, gint y, gint x, gint color)
{
  const gdouble angle = kernel * G_PI / 8;
  const gdouble edge = (x - 2) * cos (angle) + (y - 2) * sin (angle);

  return (gfloat) (edge * (kernel % 4 == 3 || kernel % 4 == color ? 0.5 : 0.1));
}

/* Red to the right, green to the bottom and blue in circles, as a network that
 * takes BGR of -1 to 1 gets it. */
static void
fill_input (Subject *subject)
{
  for (gint y = 0; y < INPUT_SIDE; y++) {
    for (gint x = 0; x < INPUT_SIDE; x++) {
      gfloat *cell = subject->input[y][x];

      cell[2] = (gfloat) x / 25.0f - 1.0f;
      cell[1] = (gfloat) y / 25.0f - 1.0f;
      cell[0] = (gfloat) cos (
          ((x - 25) * (x - 25) + (y - 25) * (y - 25)) / 60.0);
    }
  }
  subject->input_maps = (CnnLayerMaps) { "input", "input", INPUT_SIDE,
    INPUT_SIDE, 3, &subject->input[0][0][0] };
  subject->scene.input = &subject->input_maps;
}

/* Puts the kernels of the first layer before its maps. */
static void
add_kernels (Subject *subject)
{
  gfloat *weight = &subject->weights[0][0][0][0];

  for (gint i = 0; i < N_KERNELS * KERNEL_SIDE * KERNEL_SIDE * 3; i++)
    weight[i] = make_weight (i / 75, i / 15 % 5, i / 3 % 5, i % 3);
  subject->description = *subject->result.description;
  subject->kernels = (ClassifierKernels) { { layer_forms[0].name,
                                               layer_forms[0].name, KERNEL_SIDE,
                                               KERNEL_SIDE, N_KERNELS },
    weight };
  subject->description.kernels = &subject->kernels;
  subject->description.colors = (ClassifierColors) { IMAGE_CHANNELS_BGR,
    { 127.5f, 127.5f, 127.5f }, { 127.5f, 127.5f, 127.5f } };
  subject->result.description = &subject->description;
  memmove (subject->layers + 1, subject->layers,
      N_LAYERS * sizeof (OverlayLayer));
  subject->layers[0] = (OverlayLayer) { "kernels of conv2d_1",
    &subject->kernels.form, &subject->result, TRUE };
  subject->scene.n_layers++;
  fill_input (subject);
}

static void
init_subject (Subject *subject, const Picture *picture)
{
  static const gchar *const labels[] = { "Female", "Male" };
  static ClassifierDescription description = { "Model", "gender", labels, 2 };
  const gint side = MIN (picture->width, picture->height) * 2 / 5;
  OverlayFace *faces = subject->faces;

  *subject = (Subject) { .scores = { 0.07f, 0.93f },
    .intact_scores = { 0.03f, 0.97f },
    .knock_outs = { { 0, 1, layer_forms[2].name },
        { 0, 18, layer_forms[2].name } } };
  init_layers (subject);
  init_explanation (subject);
  subject->attributes[0] = (OverlayAttribute) { "gender", "Male", 0.93, 0.5,
    "Female", picture->has_knock_outs, -0.04 };
  subject->attributes[2] = (OverlayAttribute) { "gender", "Female", 0.61, 0.5,
    "Male" };
  faces[0] = (OverlayFace) { { picture->width / 4, picture->height / 4, side,
                                 side },
    3, &subject->attributes[0], 1 };
  faces[1] = (OverlayFace) { { picture->width / 20, picture->height / 3,
                                 side / 2, side / 2 },
    1, &subject->attributes[2], 1 };
  subject->result = (ClassifierResult) { .description = &description,
    .scores = subject->scores,
    .intact_scores = picture->has_knock_outs ? subject->intact_scores : NULL,
    .winner = 1,
    .explanation = &subject->explanation,
    .knock_outs = subject->knock_outs,
    .n_knock_outs = picture->has_knock_outs ? 2 : 0 };
  set_kind (subject, picture);
  if (picture->has_moods)
    set_moods (subject);
  subject->scene = (OverlayScene) { .title = "Activation maps",
    .focused_layer = picture->focused_layer - 1,
    .faces = faces,
    .n_faces = 2,
    .layers = subject->layers,
    .n_layers = N_LAYERS,
    .result = &subject->result,
    .enlarged_layer = picture->enlarged_layer,
    .enlarged_channel = picture->enlarged_channel,
    .frame_rate = 30.0 };
  if (picture->has_kernels)
    add_kernels (subject);
}

static void
clear_subject (Subject *subject)
{
  for (guint i = 0; i < N_LAYERS; i++)
    g_free (subject->maps[i]);
}

static ImageFrame
get_frame (cairo_surface_t *surface, gint width)
{
  const ImageFormat format = G_BYTE_ORDER == G_LITTLE_ENDIAN
      ? IMAGE_FORMAT_BGRX
      : IMAGE_FORMAT_XRGB;

  return (ImageFrame) { .format = format,
    .width = width,
    .height = cairo_image_surface_get_height (surface),
    .plane = { cairo_image_surface_get_data (surface) },
    .stride = { cairo_image_surface_get_stride (surface) },
    .colorimetry = { 0.299, 0.114, TRUE } };
}

/* Fills a frame with a gradient that gets brighter to the bottom right. */
static void
fill_frame (const ImageFrame *frame)
{
  for (gint y = 0; y < frame->height; y++) {
    guint32 *row = (guint32 *) (gpointer) (frame->plane[0]
        + (gsize) y * (gsize) frame->stride[0]);

    for (gint x = 0; x < frame->width; x++)
      row[x] = 0xff000000u | (guint) (60 + 90 * x / frame->width) << 16
          | (guint) (90 + 60 * y / frame->height) << 8 | 110u;
  }
}

static OverlayStyle
make_style (const Picture *picture)
{
  OverlayStyle style = OVERLAY_STYLE_INIT;

  style.layout = picture->layout;
  style.cam_colormap = picture->cam_colormap;
  style.scaling = picture->scaling;
  style.scaling_exponent = 0.5;
  style.range_maximum = 2.0;
  style.page = picture->page;
  return style;
}

static void
composite (ImageFrame *frame, const OverlayPiece *pieces, guint n_pieces)
{
  for (guint i = 0; i < n_pieces; i++) {
    const OverlayPiece *piece = &pieces[i];
    const ImageOverlay overlay = { cairo_image_surface_get_data (
                                       piece->surface),
      cairo_image_surface_get_stride (piece->surface), piece->rect.width,
      piece->rect.height };

    image_composite (frame, &overlay, piece->rect.x, piece->rect.y);
  }
}

/* Draws the tenth frame at three per second, so that the score has a curve. */
static void
draw_pieces (const Picture *picture, ImageFrame *frame,
    const ImageFrame *narrow)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  const OverlayStyle style = make_style (picture);
  const OverlayPiece *pieces = NULL;
  Subject subject;
  guint n_pieces = 0;

  init_subject (&subject, picture);
  subject.scene.picture = narrow;
  for (gint i = 0; i < 10; i++) {
    subject.scene.time = i * G_GINT64_CONSTANT (333333333);
    subject.scores[1] = 0.1f + 0.083f * (gfloat) (i + 1);
    subject.scores[0] = 1.0f - subject.scores[1];
    pieces = overlay_renderer_render (renderer, picture->width, picture->height,
        &subject.scene, &style, &n_pieces);
  }
  composite (frame, pieces, n_pieces);
  clear_subject (&subject);
}

static cairo_surface_t *
draw (const Picture *picture)
{
  gint width = picture->width;
  cairo_surface_t *surface;
  ImageFrame frame, narrow;

  if (picture->layout == OVERLAY_LAYOUT_BESIDE)
    width = (width + 1) / 2 * 2
        + overlay_renderer_get_beside_width (width, picture->height, 1.0);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width,
      picture->height);
  cairo_surface_flush (surface);
  frame = get_frame (surface, width);
  narrow = get_frame (surface, picture->width);
  fill_frame (&frame);
  draw_pieces (picture, &frame, &narrow);
  cairo_surface_mark_dirty (surface);
  return surface;
}

static const guint32 *
get_row (cairo_surface_t *surface, gint y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  const gsize stride = (gsize) cairo_image_surface_get_stride (surface);

  return (const guint32 *) (gconstpointer) (data + (gsize) y * stride);
}

static gboolean
is_near (guint32 a, guint32 b)
{
  for (gint shift = 0; shift < 24; shift += 8) {
    if (ABS ((gint) (a >> shift & 255) - (gint) (b >> shift & 255)) > TOLERANCE)
      return FALSE;
  }
  return TRUE;
}

static gboolean
has_own_font (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cairo = cairo_create (surface);
  gboolean has;

  cairo_select_font_face (cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
      CAIRO_FONT_WEIGHT_NORMAL);
  has = cairo_scaled_font_get_type (cairo_get_scaled_font (cairo))
      == CAIRO_FONT_TYPE_USER;
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  return has;
}

static cairo_surface_t *
load (const gchar *name)
{
  g_autofree gchar *file = g_strconcat (name, ".png", NULL);
  g_autofree gchar *path = g_test_build_filename (G_TEST_DIST, "..", "golden",
      "pictures", file, NULL);
  cairo_surface_t *surface = cairo_image_surface_create_from_png (path);

  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  return surface;
}

static void
test_picture (gconstpointer data)
{
  const Picture *picture = data;
  cairo_surface_t *drawn, *expected;
  gint width, height, n_different = 0;

  if (!has_own_font ()) {
    g_test_skip ("Cairo finds fonts although FONTCONFIG_FILE has none");
    return;
  }
  drawn = draw (picture);
  expected = load (picture->name);
  width = cairo_image_surface_get_width (drawn);
  height = cairo_image_surface_get_height (drawn);
  g_assert_cmpint (cairo_image_surface_get_width (expected), ==, width);
  g_assert_cmpint (cairo_image_surface_get_height (expected), ==, height);
  for (gint y = 0; y < height; y++) {
    const guint32 *a = get_row (drawn, y), *b = get_row (expected, y);

    for (gint x = 0; x < width; x++)
      n_different += !is_near (a[x], b[x]);
  }
  g_test_message ("%d of %d pixels differ", n_different, width * height);
  g_assert_cmpint (n_different, <=, width * height / 10000 * MAX_DIFFERENT);
  cairo_surface_destroy (expected);
  cairo_surface_destroy (drawn);
}

static void
make_anamorphic (Subject *subject, const Picture *shape, gdouble pixel_aspect)
{
  ImageCanvas canvas;

  image_canvas_init (&canvas, shape->width, shape->height, pixel_aspect);
  for (guint i = 0; i < subject->scene.n_faces; i++)
    subject->faces[i].box = image_canvas_to_frame (&canvas,
        &subject->faces[i].box);
  subject->scene.pixel_aspect = pixel_aspect;
}

/* Draws @picture on black in a frame of @width x @height, whose pixels have the
 * given shape, and returns it as it is displayed. */
static cairo_surface_t *
draw_anamorphic (const Picture *picture, gint width, gint height,
    gdouble pixel_aspect)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  const OverlayStyle style = make_style (picture);
  const Picture shape = { .width = width, .height = height };
  const gint wide = width
      + (picture->layout == OVERLAY_LAYOUT_BESIDE
              ? overlay_renderer_get_beside_width (width, height, pixel_aspect)
              : 0);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
      wide, height);
  cairo_surface_t *source = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
      width, height);
  ImageFrame frame = get_frame (surface, wide);
  ImageFrame narrow = get_frame (source, width);
  const OverlayPiece *pieces;
  Subject subject;
  guint n_pieces;

  narrow.pixel_aspect = pixel_aspect;
  fill_frame (&narrow);
  init_subject (&subject, picture);
  make_anamorphic (&subject, &shape, pixel_aspect);
  subject.scene.picture = &narrow;
  pieces = overlay_renderer_render (renderer, width, height, &subject.scene,
      &style, &n_pieces);
  composite (&frame, pieces, n_pieces);
  cairo_surface_mark_dirty (surface);
  cairo_surface_destroy (source);
  clear_subject (&subject);
  return surface;
}

static guint32
take_mean (guint32 a, guint32 b)
{
  return ((a & 0xfefefe) >> 1) + ((b & 0xfefefe) >> 1) + (a & b & 0x010101);
}

/* Each pixel of a frame of half the width or height is the mean of the two
 * square pixels in its place, so that text, tiles and boxes keep their
 * shapes. */
static void
check_halves (cairo_surface_t *square, cairo_surface_t *half)
{
  const gint width = cairo_image_surface_get_width (half);
  const gint height = cairo_image_surface_get_height (half);
  const gint across = cairo_image_surface_get_width (square) / width;
  const gint down = cairo_image_surface_get_height (square) / height;
  gint n_different = 0;

  g_assert_cmpint (across * down, ==, 2);
  g_assert_cmpint (across * width, ==, cairo_image_surface_get_width (square));
  for (gint y = 0; y < height; y++) {
    const guint32 *a = get_row (square, y * down);
    const guint32 *b = get_row (square, y * down + down - 1);
    const guint32 *c = get_row (half, y);

    for (gint x = 0; x < width; x++)
      n_different += !is_near (take_mean (a[x * across],
                                   b[x * across + across - 1]),
          c[x]);
  }
  g_test_message ("%d of %d pixels differ", n_different, width * height);
  g_assert_cmpint (n_different, <=, width * height / 10000 * MAX_DIFFERENT);
}

static void
test_anamorphic (gconstpointer data)
{
  const Picture *picture = data;
  const gint width = picture->width, height = picture->height;
  cairo_surface_t *square = draw_anamorphic (picture, width, height, 1.0);
  cairo_surface_t *narrow = draw_anamorphic (picture, width / 2, height, 2.0);
  cairo_surface_t *flat = draw_anamorphic (picture, width, height / 2, 0.5);

  check_halves (square, narrow);
  check_halves (square, flat);
  cairo_surface_destroy (square);
  cairo_surface_destroy (narrow);
  cairo_surface_destroy (flat);
}

/* After its first frame, the renderer allocates no more memory while the layout
 * and the labels stay the same, whatever else changes. */
static void
check_allocations (const Picture *picture, gdouble pixel_aspect)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  const OverlayStyle style = make_style (picture);
  Subject subject;

  init_subject (&subject, picture);
  subject.scene.pixel_aspect = pixel_aspect;
  for (gint i = 0; i < 20; i++) {
    const gint before = allocations_count ();
    guint n_pieces;

    subject.scene.time = i * G_GINT64_CONSTANT (33333333);
    subject.scores[1] = 0.9f - 0.01f * (gfloat) i;
    subject.faces[0].box.x += i % 3;
    subject.attributes[0].confidence = 0.9 - 0.01 * i;
    subject.map[i] = 1.0f;
    subject.maps[0][i] = (gfloat) i;
    overlay_renderer_render (renderer, picture->width, picture->height,
        &subject.scene, &style, &n_pieces);
    if (i > 1)
      g_assert_cmpint (allocations_count (), ==, before);
  }
  clear_subject (&subject);
}

static void
test_allocations (gconstpointer data)
{
  static const gdouble aspects[] = { 1.0, 16.0 / 11.0, 8.0 / 9.0 };

  if (allocations_count () < 0) {
    g_test_skip ("allocations cannot be counted here");
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (aspects); i++)
    check_allocations (data, aspects[i]);
}

static int
write_pictures (const gchar *folder)
{
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++) {
    g_autofree gchar *path = g_strdup_printf ("%s/%s.png", folder,
        pictures[i].name);
    cairo_surface_t *surface = draw (&pictures[i]);
    const cairo_status_t status = cairo_surface_write_to_png (surface, path);

    cairo_surface_destroy (surface);
    if (status != CAIRO_STATUS_SUCCESS) {
      g_printerr ("%s: %s\n", path, cairo_status_to_string (status));
      return 1;
    }
  }
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--write"))
    return write_pictures (argv[2]);
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++) {
    g_autofree gchar *path = g_strconcat ("/pictures/", pictures[i].name, NULL);
    g_autofree gchar *count_path = g_strconcat ("/allocations/",
        pictures[i].name, NULL);
    g_autofree gchar *half_path = g_strconcat ("/anamorphic/", pictures[i].name,
        NULL);

    g_test_add_data_func (path, &pictures[i], test_picture);
    g_test_add_data_func (count_path, &pictures[i], test_allocations);
    /* The boxes of these pictures have even sides. */
    if (pictures[i].width == 640)
      g_test_add_data_func (half_path, &pictures[i], test_anamorphic);
  }
  return g_test_run ();
}
