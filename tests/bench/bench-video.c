/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Measures the elements at 1920x1080: drawing a panel against GStreamer's own
 * blending of the same rectangle, each stage of activationmap against x264enc
 * and facedetect on the same frames, and the bin on frames of ten bits against
 * one between two conversions. All take turns, and the medians of
 * the rounds are printed. Run by bench-video.sh.
 *
 *   bench-video CLIP [ROUNDS]
 */

#include <math.h>

#include "image/image-composite.h"
#include "overlay/renderer.h"
#include "stage.h"
#include "videoframe.h"

#define WIDTH 1920
#define HEIGHT 1080
/* Frames per round of a slow stage. */
#define N_SLOW_FRAMES 3

/* The panel beside a picture of this size is 640x720. */
#define PANEL_FRAME_WIDTH 1280
#define PANEL_FRAME_HEIGHT 720

/* -- The panel -- */

typedef struct {
  gfloat *maps[3];
  gfloat contributions[32];
  gfloat cam[36];
  gfloat evidence[36];
  gfloat input[50 * 50 * 3];
  GRand *random;
} Activations;

static const gint sides[] = { 25, 12, 6 };
static const gint channels[] = { 16, 32, 32 };

static void
init_activations (Activations *activations)
{
  activations->random = g_rand_new_with_seed (1);
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    activations->maps[i] = g_new0 (gfloat,
        (gsize) sides[i] * (gsize) sides[i] * (gsize) channels[i]);
}

static void
clear_activations (Activations *activations)
{
  g_rand_free (activations->random);
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    g_free (activations->maps[i]);
}

/* Activations change in every frame, so that no tile stays the same. */
static void
change_activations (Activations *activations)
{
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++) {
    for (gint k = 0; k < sides[i] * sides[i] * channels[i]; k++)
      activations->maps[i][k] =
          (gfloat) MAX (g_rand_double_range (activations->random, -1, 2), 0);
  }
  for (guint i = 0; i < G_N_ELEMENTS (activations->contributions); i++)
    activations->contributions[i] =
        (gfloat) g_rand_double_range (activations->random, -1, 1);
  for (guint i = 0; i < G_N_ELEMENTS (activations->cam); i++) {
    activations->cam[i] = (gfloat) g_rand_double (activations->random);
    activations->evidence[i] = activations->cam[i] - 0.5f;
  }
  for (guint i = 0; i < G_N_ELEMENTS (activations->input); i++)
    activations->input[i] = (gfloat) g_rand_double (activations->random);
}

static OverlayPiece
render_panel (OverlayRenderer *renderer, const Activations *activations,
    const ImageFrame *picture, guint number)
{
  static const gchar *const labels[] = { "Female", "Male" };
  const gfloat scores[] = { 0.1f, 0.9f };
  static ClassifierDescription description = { "Model", "gender", labels, 2,
    .colors = { IMAGE_CHANNELS_RGB, { 255.0f, 255.0f, 255.0f } } };
  const CnnLayerMaps maps[] = {
    { "conv2d_1", "conv2d_1", 25, 25, 16, activations->maps[0] },
    { "conv2d_2", "conv2d_2", 12, 12, 32, activations->maps[1] },
    { "conv2d_3", "conv2d_3", 6, 6, 32, activations->maps[2] },
  };
  const CnnExplanation explanation = { .method = "hires-cam",
    .layer = "conv2d_3",
    .target_class = 1,
    .height = 6,
    .width = 6,
    .channels = 32,
    .map = activations->cam,
    .cell_contributions = activations->evidence,
    .channel_contributions = activations->contributions };
  const ClassifierResult result = { .description = &description,
    .scores = scores,
    .winner = 1,
    .input = { "input", "input", 50, 50, 3, activations->input },
    .explanation = &explanation };
  const OverlayLayer layers[] = {
    { "conv2d_1", &maps[0], &result },
    { "conv2d_2", &maps[1], &result },
    { "conv2d_3", &maps[2], &result },
  };
  const OverlayAttribute attribute = { "gender", "Male", 0.9, 0.5, "Female" };
  const OverlayFace face = { { 300, 200, 300, 300 }, 1, &attribute, 1 };
  const OverlayScene scene = { .title = "Activation maps",
    .focused_layer = -1,
    .faces = &face,
    .n_faces = 1,
    .layers = layers,
    .n_layers = G_N_ELEMENTS (layers),
    .result = &result,
    .input = &result.input,
    .enlarged_layer = -1,
    .picture = picture,
    .time = (gint64) number * 33333333,
    .frame_rate = 30.0 };
  OverlayStyle style = OVERLAY_STYLE_INIT;
  const OverlayPiece *pieces;
  guint n_pieces;

  style.layout = OVERLAY_LAYOUT_BESIDE;
  style.draw_boxes = FALSE;
  style.draw_labels = FALSE;
  pieces = overlay_renderer_render (renderer, PANEL_FRAME_WIDTH,
      PANEL_FRAME_HEIGHT, &scene, &style, &n_pieces);
  return pieces[n_pieces - 1];
}

static void
composite_panel (GstVideoFrame *frame, const OverlayPiece *panel)
{
  const ImageOverlay overlay = {
    .data = cairo_image_surface_get_data (panel->surface),
    .stride = cairo_image_surface_get_stride (panel->surface),
    .width = panel->rect.width,
    .height = panel->rect.height,
  };
  ImageFrame image;

  image_frame_from_video_frame (frame, &image);
  image_composite (&image, &overlay, PANEL_FRAME_WIDTH, HEIGHT / 4);
}

static GstVideoOverlayComposition *
make_composition (const OverlayPiece *panel)
{
  const gsize row = (gsize) panel->rect.width * 4;
  const gint stride = cairo_image_surface_get_stride (panel->surface);
  const guint8 *data = cairo_image_surface_get_data (panel->surface);
  const gsize size = row * (gsize) panel->rect.height;
  GstBuffer *pixels = gst_buffer_new_allocate (NULL, size, NULL);
  GstVideoOverlayComposition *composition;
  GstVideoOverlayRectangle *rectangle;

  for (gint y = 0; y < panel->rect.height; y++)
    gst_buffer_fill (pixels, (gsize) y * row, data + y * stride, row);
  gst_buffer_add_video_meta (pixels, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB, (guint) panel->rect.width,
      (guint) panel->rect.height);
  rectangle = gst_video_overlay_rectangle_new_raw (pixels, PANEL_FRAME_WIDTH,
      HEIGHT / 4, (guint) panel->rect.width, (guint) panel->rect.height,
      GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);
  composition = gst_video_overlay_composition_new (rectangle);
  gst_video_overlay_rectangle_unref (rectangle);
  gst_buffer_unref (pixels);
  return composition;
}

typedef struct {
  Series redraw;
  Series composite;
  Series blend;
} PanelSeries;

static void
time_panel (PanelSeries *series, OverlayRenderer *renderer,
    Activations *activations, GstVideoFrame *frame, guint number)
{
  GstVideoOverlayComposition *composition;
  OverlayPiece panel;
  ImageFrame picture;
  gdouble start, drawn, end;

  image_frame_from_video_frame (frame, &picture);
  change_activations (activations);
  start = stage_get_cpu_time ();
  panel = render_panel (renderer, activations, &picture, number);
  drawn = stage_get_cpu_time ();
  composite_panel (frame, &panel);
  end = stage_get_cpu_time ();
  series_add (&series->redraw, drawn - start);
  series_add (&series->composite, end - drawn);

  composition = make_composition (&panel);
  start = stage_get_cpu_time ();
  gst_video_overlay_composition_blend (composition, frame);
  series_add (&series->blend, stage_get_cpu_time () - start);
  gst_video_overlay_composition_unref (composition);
}

static void
measure_panel (GstVideoFormat format, guint rounds)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  Activations activations;
  GstVideoInfo info;
  GstBuffer *buffer;
  GstVideoFrame frame;
  PanelSeries series = { 0 };
  gdouble ours, blend;

  gst_video_info_set_format (&info, format, WIDTH, HEIGHT);
  buffer = gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (&info), NULL);
  gst_buffer_memset (buffer, 0, 0x80, GST_VIDEO_INFO_SIZE (&info));
  gst_video_frame_map (&frame, &info, buffer, GST_MAP_READWRITE);
  init_activations (&activations);
  for (guint round = 0; round < rounds; round++)
    time_panel (&series, renderer, &activations, &frame, round);
  clear_activations (&activations);
  gst_video_frame_unmap (&frame);
  gst_buffer_unref (buffer);

  ours = series_get_median (&series.redraw)
      + series_get_median (&series.composite);
  blend = series_get_median (&series.blend);
  g_print ("| %s | %.2f | %.2f | %.2f | %.2f | %.2f |\n",
      gst_video_format_to_string (format), series_get_median (&series.redraw),
      series_get_median (&series.composite), ours, blend, ours / blend);
}

/* -- The pipeline -- */

enum {
  TRACKER,
  INFERENCE,
  OVERLAY,
  N_OWN,
  BIN = N_OWN,
  ENCODER,
  DETECTOR,
  N_STAGES
};

/* Passes each frame through the three elements. Returns the number of frames in
 * which there is a face. */
static guint
run_own_stages (Stage *stages, const GPtrArray *frames, guint first)
{
  gdouble times[N_OWN] = { 0 };
  guint n_faces = 0;

  for (guint i = 0; i < STAGE_N_FRAMES; i++) {
    GstBuffer *buffer = stage_copy_frame (frames, first + i);

    for (guint k = 0; k < N_OWN; k++)
      buffer = stage_push (&stages[k], buffer, &times[k]);
    n_faces += gst_buffer_get_n_meta (buffer,
                   GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE)
        > 0;
    gst_buffer_unref (buffer);
  }
  for (guint k = 0; k < N_OWN; k++)
    series_add (&stages[k].series, times[k] / STAGE_N_FRAMES);
  return n_faces;
}

static void
print_row (const gchar *name, gdouble time, Stage *stages)
{
  const guint peers[] = { ENCODER, DETECTOR };

  g_print ("| %s | %.3f |", name, time);
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
    Series *peer = &stages[peers[i]].series;

    if (peer->n > 0)
      g_print (" %.3f |", time / series_get_median (peer));
    else
      g_print (" |");
  }
  g_print ("\n");
}

static void
measure_pipeline (const gchar *clip, guint rounds)
{
  g_autoptr (GPtrArray)
      frames = stage_load_frames (clip, "I420", WIDTH, HEIGHT);
  g_autoptr (GPtrArray)
      rgb_frames = stage_load_frames (clip, "RGB", WIDTH, HEIGHT);
  Stage stages[N_STAGES] = {
    [TRACKER] = { "facetracker", "facetracker", "I420", STAGE_N_FRAMES },
    [INFERENCE] = { "cnninference explain=grad-cam",
        "cnninference explain=grad-cam", "I420", STAGE_N_FRAMES },
    [OVERLAY] = { "activationoverlay", "activationoverlay", "I420",
        STAGE_N_FRAMES },
    [BIN] = { "activationmap explain=grad-cam, the bin",
        "activationmap explain=grad-cam", "I420", STAGE_N_FRAMES },
    [ENCODER] = { "x264enc speed-preset=ultrafast",
        "x264enc speed-preset=ultrafast", "I420", STAGE_N_FRAMES },
    [DETECTOR] = { "facedetect, RGB", "facedetect display=false updates=none",
        "RGB", N_SLOW_FRAMES },
  };
  gdouble sum = 0.0;
  guint n_faces = 0;

  for (guint i = 0; i < N_STAGES; i++)
    stage_open (&stages[i], WIDTH, HEIGHT);
  for (guint i = 0; i < N_OWN; i++) {
    if (!stages[i].harness)
      stage_fail ("the plugin is not found: see bench-video.sh");
  }
  for (guint round = 0; round < rounds; round++) {
    n_faces += run_own_stages (stages, frames, round * STAGE_N_FRAMES);
    stage_run (&stages[BIN], frames, round * STAGE_N_FRAMES);
    stage_run (&stages[ENCODER], frames, round * STAGE_N_FRAMES);
    stage_run (&stages[DETECTOR], rgb_frames, round * STAGE_N_FRAMES);
  }

  g_print ("\nThere was a face in %u of %u frames.\n", n_faces,
      rounds * STAGE_N_FRAMES);
  g_print (
      "\n| stage, 1920x1080 I420, one face | CPU a frame [ms] | of x264enc "
      "| of facedetect |\n| --- | --: | --: | --: |\n");
  for (guint i = 0; i < N_STAGES; i++) {
    Stage *stage = &stages[i];

    if (stage->series.n > 0)
      print_row (stage->name, series_get_median (&stage->series), stages);
    if (i < N_OWN)
      sum += series_get_median (&stage->series);
    if (i == N_OWN - 1)
      print_row ("the three together", sum, stages);
    stage_close (stage);
  }
}

/* -- Ten bits -- */

#define DEEP_FORMAT "P010_10LE"
#define CONVERT "videoconvert ! capsfilter caps=video/x-raw,format="

static void
measure_ten_bits (const gchar *clip, guint rounds)
{
  g_autoptr (GPtrArray)
      frames = stage_load_frames (clip, DEEP_FORMAT, WIDTH, HEIGHT);
  Stage stages[] = {
    { "activationmap explain=grad-cam", "activationmap explain=grad-cam",
        DEEP_FORMAT, STAGE_N_FRAMES },
    { "the same between videoconvert to I420 and back",
        CONVERT "I420 ! activationmap explain=grad-cam ! " CONVERT DEEP_FORMAT,
        DEEP_FORMAT, STAGE_N_FRAMES },
  };
  gdouble converted;

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++) {
    stage_open (&stages[i], WIDTH, HEIGHT);
    if (!stages[i].harness)
      stage_fail ("the plugin is not found: see bench-video.sh");
  }
  for (guint round = 0; round < rounds; round++) {
    for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
      stage_run (&stages[i], frames, round * STAGE_N_FRAMES);
  }

  converted = series_get_median (&stages[1].series);
  g_print ("\n| 1920x1080 " DEEP_FORMAT ", one face | CPU a frame [ms] | ratio "
           "|\n| --- | --: | --: |\n");
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++) {
    const gdouble time = series_get_median (&stages[i].series);

    g_print ("| %s | %.3f | %.3f |\n", stages[i].name, time, time / converted);
    stage_close (&stages[i]);
  }
}

int
main (int argc, char **argv)
{
  guint rounds = argc > 2 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 15;

  gst_init (&argc, &argv);
  if (argc < 2 || rounds < 1 || rounds > STAGE_MAX_ROUNDS / 4)
    stage_fail ("usage: bench-video CLIP [ROUNDS, at most 50]");
  g_print ("| a panel of 640x720 on 1920x1080 | redraw [ms] | composite [ms] | "
           "both [ms] | blend [ms] | ratio |\n| --- | --: | --: | --: | --: | "
           "--: |\n");
  measure_panel (GST_VIDEO_FORMAT_I420, 4 * rounds);
  measure_panel (GST_VIDEO_FORMAT_NV12, 4 * rounds);
  measure_panel (GST_VIDEO_FORMAT_P010_10LE, 4 * rounds);
  if (*argv[1]) {
    measure_pipeline (argv[1], rounds);
    measure_ten_bits (argv[1], rounds);
  }
  return 0;
}
