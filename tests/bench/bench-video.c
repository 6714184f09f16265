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

#include <gst/check/gstharness.h>
#include <gst/video/video.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "image/image-composite.h"
#include "overlay/renderer.h"
#include "videoframe.h"
#include "worker.h"

#define WIDTH 1920
#define HEIGHT 1080
#define MAX_ROUNDS 200
#define N_FRAMES 30
/* The number of frames per round for slow stages. */
#define N_SLOW_FRAMES 3

/* The panel beside a picture of this size is 640x720. */
#define PANEL_FRAME_WIDTH 1280
#define PANEL_FRAME_HEIGHT 720

typedef struct {
  gdouble times[MAX_ROUNDS]; /* in milliseconds per frame */
  guint n;
} Series;

static void
fail (const gchar *text)
{
  g_printerr ("bench-video: %s\n", text);
  exit (1);
}

/* The CPU time of all threads of the process, in milliseconds. */
static gdouble
get_cpu_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (gdouble) now.tv_sec * 1e3 + (gdouble) now.tv_nsec * 1e-6;
}

static void
add_time (Series *series, gdouble time)
{
  series->times[series->n++] = time;
}

static gdouble
get_median (Series *series)
{
  return series->n > 0 ? worker_median (series->times, series->n) : NAN;
}

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
  start = get_cpu_time ();
  panel = render_panel (renderer, activations, &picture, number);
  drawn = get_cpu_time ();
  composite_panel (frame, &panel);
  end = get_cpu_time ();
  add_time (&series->redraw, drawn - start);
  add_time (&series->composite, end - drawn);

  composition = make_composition (&panel);
  start = get_cpu_time ();
  gst_video_overlay_composition_blend (composition, frame);
  add_time (&series->blend, get_cpu_time () - start);
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

  ours = get_median (&series.redraw) + get_median (&series.composite);
  blend = get_median (&series.blend);
  g_print ("| %s | %.2f | %.2f | %.2f | %.2f | %.2f |\n",
      gst_video_format_to_string (format), get_median (&series.redraw),
      get_median (&series.composite), ours, blend, ours / blend);
}

/* -- The pipeline -- */

static void
keep_frame (GstElement *sink, GstBuffer *buffer, GstPad *pad, GPtrArray *frames)
{
  if (frames->len < N_FRAMES)
    g_ptr_array_add (frames, gst_buffer_copy_deep (buffer));
}

/* Decodes frames of the clip and enlarges them. */
static GPtrArray *
load_frames (const gchar *clip, const gchar *format)
{
  GPtrArray *frames = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gst_buffer_unref);
  g_autofree gchar *line = g_strdup_printf (
      "filesrc location=\"%s\" ! decodebin ! videoconvert ! "
      "aspectratiocrop aspect-ratio=16/9 ! videoscale ! videoconvert ! "
      "video/x-raw,format=%s,width=%d,height=%d ! identity eos-after=%d ! "
      "fakesink name=sink signal-handoffs=true",
      clip, format, WIDTH, HEIGHT, N_FRAMES + 1);
  GstElement *pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstBus) bus = NULL;
  GstMessage *message;

  if (!pipeline)
    fail ("an element is missing that reads the clip");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_signal_connect (sink, "handoff", G_CALLBACK (keep_frame), frames);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_element_get_bus (pipeline);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  if (frames->len < N_FRAMES)
    fail ("the clip cannot be read");
  return frames;
}

static GstHarness *
make_harness (const gchar *line, const gchar *format)
{
  g_autofree gchar *caps = g_strdup_printf (
      "video/x-raw,format=%s,width=%d,height=%d,framerate=30/1", format, WIDTH,
      HEIGHT);
  g_autoptr (GError) error = NULL;
  GstElement *element = gst_parse_bin_from_description_full (line, TRUE, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, &error);
  GstHarness *harness;

  if (!element) {
    g_printerr ("%s is left out: %s\n", line, error->message);
    return NULL;
  }
  gst_object_ref_sink (element);
  harness = gst_harness_new_with_element (element, "sink", "src");
  gst_object_unref (element);
  gst_harness_set_src_caps_str (harness, caps);
  return harness;
}

static void
free_harness (GstHarness *harness)
{
  if (harness)
    gst_harness_teardown (harness);
}

/* Pushes a frame, and adds the time that it takes to @time. */
static GstBuffer *
push (GstHarness *harness, GstBuffer *buffer, gdouble *time)
{
  const gdouble start = get_cpu_time ();

  if (gst_harness_push (harness, buffer) != GST_FLOW_OK)
    fail ("a frame was refused");
  buffer = gst_harness_try_pull (harness);
  *time += get_cpu_time () - start;
  return buffer;
}

/* Copies a frame of the clip as if it arrived at position @number. */
static GstBuffer *
copy_frame (const GPtrArray *frames, guint number)
{
  GstBuffer *buffer = gst_buffer_copy_deep (
      g_ptr_array_index (frames, number % frames->len));

  GST_BUFFER_PTS (
      buffer) = gst_util_uint64_scale_int (GST_SECOND, (gint) number, 30);
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = GST_SECOND / 30;
  return buffer;
}

typedef struct {
  const gchar *name;
  const gchar *line;
  gboolean is_slow;
  GstHarness *harness;
  Series series;
} Stage;

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

static guint
count_regions (GstBuffer *buffer)
{
  return gst_buffer_get_n_meta (buffer,
      GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE);
}

/* Passes each frame through the three elements. Returns the number of frames in
 * which there is a face. */
static guint
run_own_stages (Stage *stages, const GPtrArray *frames, guint first)
{
  gdouble times[N_OWN] = { 0 };
  guint n_faces = 0;

  for (guint i = 0; i < N_FRAMES; i++) {
    GstBuffer *buffer = copy_frame (frames, first + i);

    for (guint k = 0; k < N_OWN; k++)
      buffer = push (stages[k].harness, buffer, &times[k]);
    n_faces += count_regions (buffer) > 0;
    gst_buffer_unref (buffer);
  }
  for (guint k = 0; k < N_OWN; k++)
    add_time (&stages[k].series, times[k] / N_FRAMES);
  return n_faces;
}

static void
run_stage (Stage *stage, const GPtrArray *frames, guint first)
{
  const guint n_frames = stage->is_slow ? N_SLOW_FRAMES : N_FRAMES;
  gdouble time = 0.0;

  if (!stage->harness)
    return;
  for (guint i = 0; i < n_frames; i++) {
    GstBuffer *buffer = push (stage->harness, copy_frame (frames, first + i),
        &time);

    if (buffer)
      gst_buffer_unref (buffer);
  }
  add_time (&stage->series, time / n_frames);
  /* threads of an encoder may still be running */
  g_usleep (50000);
}

static void
print_row (const gchar *name, gdouble time, Stage *stages)
{
  const guint peers[] = { ENCODER, DETECTOR };

  g_print ("| %s | %.3f |", name, time);
  for (guint i = 0; i < G_N_ELEMENTS (peers); i++) {
    Series *peer = &stages[peers[i]].series;

    if (peer->n > 0)
      g_print (" %.3f |", time / get_median (peer));
    else
      g_print (" |");
  }
  g_print ("\n");
}

static void
measure_pipeline (const gchar *clip, guint rounds)
{
  g_autoptr (GPtrArray) frames = load_frames (clip, "I420");
  g_autoptr (GPtrArray) rgb_frames = load_frames (clip, "RGB");
  Stage stages[N_STAGES] = {
    [TRACKER] = { "facetracker, which looks for faces in each frame",
        "facetracker" },
    [INFERENCE] = { "cnninference explain=grad-cam",
        "cnninference explain=grad-cam" },
    [OVERLAY] = { "activationoverlay", "activationoverlay" },
    [BIN] = { "activationmap explain=grad-cam, the bin",
        "activationmap explain=grad-cam" },
    [ENCODER] = { "x264enc speed-preset=ultrafast",
        "x264enc speed-preset=ultrafast" },
    [DETECTOR] = { "facedetect, RGB", "facedetect display=false updates=none",
        TRUE },
  };
  gdouble sum = 0.0;
  guint n_faces = 0;

  for (guint i = 0; i < N_STAGES; i++)
    stages[i].harness = make_harness (stages[i].line,
        i == DETECTOR ? "RGB" : "I420");
  for (guint i = 0; i < N_OWN; i++) {
    if (!stages[i].harness)
      fail ("the plugin is not found: see bench-video.sh");
  }
  for (guint round = 0; round < rounds; round++) {
    n_faces += run_own_stages (stages, frames, round * N_FRAMES);
    run_stage (&stages[BIN], frames, round * N_FRAMES);
    run_stage (&stages[ENCODER], frames, round * N_FRAMES);
    run_stage (&stages[DETECTOR], rgb_frames, round * N_FRAMES);
  }

  g_print ("\nThere was a face in %u of %u frames.\n", n_faces,
      rounds * N_FRAMES);
  g_print (
      "\n| stage, 1920x1080 I420, one face | CPU a frame [ms] | of x264enc "
      "| of facedetect |\n| --- | --: | --: | --: |\n");
  for (guint i = 0; i < N_STAGES; i++) {
    Stage *stage = &stages[i];

    if (stage->series.n > 0)
      print_row (stage->name, get_median (&stage->series), stages);
    if (i < N_OWN)
      sum += get_median (&stage->series);
    if (i == N_OWN - 1)
      print_row ("the three together", sum, stages);
    free_harness (stage->harness);
  }
}

/* -- Ten bits -- */

#define DEEP_FORMAT "P010_10LE"
#define CONVERT "videoconvert ! capsfilter caps=video/x-raw,format="

static void
measure_ten_bits (const gchar *clip, guint rounds)
{
  g_autoptr (GPtrArray) frames = load_frames (clip, DEEP_FORMAT);
  Stage stages[] = {
    { "activationmap explain=grad-cam", "activationmap explain=grad-cam" },
    { "the same between videoconvert to I420 and back",
        CONVERT
        "I420 ! activationmap explain=grad-cam ! " CONVERT DEEP_FORMAT },
  };
  gdouble converted;

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++) {
    stages[i].harness = make_harness (stages[i].line, DEEP_FORMAT);
    if (!stages[i].harness)
      fail ("the plugin is not found: see bench-video.sh");
  }
  for (guint round = 0; round < rounds; round++) {
    for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
      run_stage (&stages[i], frames, round * N_FRAMES);
  }

  converted = get_median (&stages[1].series);
  g_print ("\n| 1920x1080 " DEEP_FORMAT ", one face | CPU a frame [ms] | ratio "
           "|\n| --- | --: | --: |\n");
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++) {
    const gdouble time = get_median (&stages[i].series);

    g_print ("| %s | %.3f | %.3f |\n", stages[i].name, time, time / converted);
    free_harness (stages[i].harness);
  }
}

int
main (int argc, char **argv)
{
  guint rounds = argc > 2 ? (guint) g_ascii_strtoull (argv[2], NULL, 10) : 15;

  gst_init (&argc, &argv);
  if (argc < 2 || rounds < 1 || rounds > MAX_ROUNDS / 4)
    fail ("usage: bench-video CLIP [ROUNDS, at most 50]");
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
