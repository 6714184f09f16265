/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Anamorphic video: the elements find, analyse and draw on the picture as it is
 * displayed. A squeezed frame and the frame of square pixels that looks the
 * same when displayed must give the same result. */

#include <math.h>

#include "base/rect.h"
#include "common.h"
#include "image/image-canvas.h"

/* The size of the picture as displayed. */
#define WIDTH 640
#define HEIGHT 480

typedef struct {
  gint n, d;
} Ratio;

static const Ratio ratios[] = { { 4, 3 }, { 16, 11 }, { 12, 11 }, { 32, 27 },
  { 8, 9 }, { 2, 1 }, { 1, 2 } };
/* Ratios that no display has. */
static const Ratio absurd[] = { { 0, 1 }, { 1, 100000 }, { 100000, 1 },
  { G_MAXINT, 1 }, { 1, G_MAXINT } };

static GstCaps *
make_caps (const gchar *format, gint width, gint height, Ratio ratio)
{
  GstCaps *caps = test_caps (format, width, height);

  gst_caps_set_simple (caps, "pixel-aspect-ratio", GST_TYPE_FRACTION, ratio.n,
      ratio.d, NULL);
  return caps;
}

/* Returns the frame that is displayed in WIDTH x HEIGHT. */
static ImageCanvas
squeeze (Ratio ratio)
{
  const gdouble aspect = (gdouble) ratio.n / ratio.d;
  ImageCanvas canvas;

  image_canvas_init (&canvas, (gint) lround (WIDTH / MAX (aspect, 1.0)),
      (gint) lround (HEIGHT * MIN (aspect, 1.0)), aspect);
  return canvas;
}

static GstHarness *
make_harness (GstElement *element, const gchar *format, gint width, gint height,
    Ratio ratio)
{
  GstHarness *harness = gst_harness_new_with_element (element, "sink", "src");

  gst_object_unref (element);
  gst_harness_set_src_caps (harness, make_caps (format, width, height, ratio));
  return harness;
}

static Rect
get_box (GstVideoRegionOfInterestMeta *region)
{
  return (Rect) { (gint) region->x, (gint) region->y, (gint) region->w,
    (gint) region->h };
}

/* Returns a frame with a square that the detector of the tests takes for a
 * face. */
static GstBuffer *
make_frame (const ImageCanvas *canvas, const Rect *displayed, guint number)
{
  const gint width = canvas->frame_width;
  const gsize stride = GST_ROUND_UP_4 ((gsize) width);
  const Rect rect = image_canvas_to_frame (canvas, displayed);
  GstBuffer *buffer = test_black_frame ("GRAY8", width, canvas->frame_height,
      number);

  for (gint y = rect.y; y < rect.y + rect.height; y++)
    gst_buffer_memset (buffer, stride * (gsize) y + (gsize) rect.x, 255,
        (gsize) rect.width);
  return buffer;
}

static GstElement *
make_tracker (void)
{
  return test_element ("facetracker face-model=\"%s\" min-size=%d",
      TEST_FACE_MODEL, TEST_MIN_SIZE);
}

/* Checks that the region, in pixels of the frame, is a square as displayed. */
static void
check_region (GstBuffer *buffer, const ImageCanvas *canvas,
    const Rect *displayed, gint id)
{
  GstVideoRegionOfInterestMeta *region = test_nth_region (buffer, 0);
  Rect shown;

  fail_unless (region != NULL);
  fail_unless (test_nth_region (buffer, 1) == NULL);
  fail_unless_equals_int (test_object_id (region), id);
  shown = get_box (region);
  shown = image_canvas_from_frame (canvas, &shown);
  fail_unless (rect_get_iou (&shown, displayed) > 0.8, "%d,%d %dx%d in %dx%d",
      shown.x, shown.y, shown.width, shown.height, canvas->width,
      canvas->height);
  fail_unless (ABS (shown.width - shown.height) <= 2);
}

GST_START_TEST (test_regions)
{
  static const Rect displayed[] = { { 128, 128, 16, 16 },
    { 288, 256, 32, 32 } };
  const Ratio ratio = ratios[__i__];
  const ImageCanvas canvas = squeeze (ratio);

  for (guint i = 0; i < G_N_ELEMENTS (displayed); i++) {
    GstHarness *harness = make_harness (make_tracker (), "GRAY8",
        canvas.frame_width, canvas.frame_height, ratio);
    GstBuffer *buffer = test_push (harness,
        make_frame (&canvas, &displayed[i], 0));

    check_region (buffer, &canvas, &displayed[i], 1);
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* If frames of the same size get pixels of another shape, they are treated as
 * frames of another size. */
GST_START_TEST (test_regions_change)
{
  static const Rect displayed = { 160, 128, 32, 32 };
  static const Ratio changes[] = { { 1, 1 }, { 2, 1 }, { 1, 2 }, { 1, 1 } };
  GstHarness *harness = make_harness (make_tracker (), "GRAY8", 320, 240,
      changes[0]);

  for (guint i = 0; i < 2 * G_N_ELEMENTS (changes); i++) {
    const Ratio ratio = changes[i / 2];
    GstBuffer *buffer;
    ImageCanvas canvas;
    Rect rect = displayed;

    image_canvas_init (&canvas, 320, 240, (gdouble) ratio.n / ratio.d);
    if (i % 2 == 0)
      gst_harness_set_src_caps (harness, make_caps ("GRAY8", 320, 240, ratio));
    rect.x = canvas.width / 2;
    buffer = test_push (harness, make_frame (&canvas, &rect, i));
    check_region (buffer, &canvas, &rect, (gint) (i / 2) + 1);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

static GstActivations *
infer (const gchar *properties, Ratio ratio)
{
  GstHarness *harness = make_harness (test_element ("cnninference "
                                                    "model=\"%s\" %s",
                                          test_path ("golden/models/"
                                                     "original-small"),
                                          properties),
      "RGB", 320, 240, ratio);
  GstBuffer *buffer = test_frame ("RGB", 320, 240, 0);
  GstActivations *activations;
  GstActivationMeta *meta;
  gpointer state = NULL;

  test_add_region (buffer, "face", 1, 100, 50, 90, 120);
  buffer = test_push (harness, buffer);
  meta = gst_buffer_iterate_activation_meta (buffer, &state);
  fail_unless (meta != NULL);
  activations = gst_activations_ref (meta->activations);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  return activations;
}

/* A box, even one of another detector, is used as it is and fills the input,
 * whatever the shape of the pixels. */
GST_START_TEST (test_crops)
{
  static const gchar *const cases[] = { "", "roi-scale=1.5", "roi-type=\"\"" };
  const Ratio square = { 1, 1 };
  GstActivations *a = infer (cases[__i__], square);

  for (guint i = 0; i < G_N_ELEMENTS (ratios); i++) {
    GstActivations *b = infer (cases[__i__], ratios[i]);

    fail_unless (
        gst_activations_get_score (a, 0) == gst_activations_get_score (b, 0));
    gst_activations_unref (b);
  }
  gst_activations_unref (a);
}
GST_END_TEST;

/* A frame that was drawn on. */
typedef struct {
  GstBuffer *buffer;
  GstVideoInfo info;
} Drawing;

static void
add_prediction (GstBuffer *buffer, const ImageCanvas *canvas)
{
  static const Rect displayed = { 128, 160, 192, 192 };
  static gfloat maps[8 * 8 * 6];
  const Rect box = image_canvas_to_frame (canvas, &displayed);
  GstActivations *activations;

  for (guint i = 0; i < G_N_ELEMENTS (maps); i++)
    maps[i] = (gfloat) (i % 11);
  activations = test_activations (8, 8, 6, maps);
  test_add_prediction (buffer, activations, 1, &box);
  gst_activations_unref (activations);
}

static GstBuffer *
push_prediction (GstHarness *harness, const gchar *format,
    const ImageCanvas *canvas)
{
  GstBuffer *buffer = test_black_frame (format, canvas->frame_width,
      canvas->frame_height, 0);

  add_prediction (buffer, canvas);
  return test_push (harness, buffer);
}

static Drawing
draw (const gchar *properties, const gchar *format, Ratio ratio)
{
  const ImageCanvas canvas = squeeze (ratio);
  GstHarness *harness = make_harness (test_element ("activationoverlay %s",
                                          properties),
      format, canvas.frame_width, canvas.frame_height, ratio);
  g_autoptr (GstCaps) caps = NULL;
  Drawing drawing;

  drawing.buffer = push_prediction (harness, format, &canvas);
  caps = gst_pad_get_current_caps (harness->sinkpad);
  fail_unless (gst_video_info_from_caps (&drawing.info, caps));
  gst_harness_teardown (harness);
  return drawing;
}

/* Returns the picture as displayed, in a frame of the size of @square. */
static GstBuffer *
display (const Drawing *drawing, const GstVideoInfo *square)
{
  GstVideoConverter *converter;
  GstVideoFrame from, to;
  GstBuffer *displayed = gst_buffer_new_and_alloc (
      GST_VIDEO_INFO_SIZE (square));

  fail_unless (gst_video_frame_map (&from, &drawing->info, drawing->buffer,
      GST_MAP_READ));
  fail_unless (gst_video_frame_map (&to, square, displayed, GST_MAP_WRITE));
  converter = gst_video_converter_new (&drawing->info, square,
      gst_structure_new ("options", GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD,
          GST_TYPE_VIDEO_RESAMPLER_METHOD, GST_VIDEO_RESAMPLER_METHOD_LINEAR,
          NULL));
  gst_video_converter_frame (converter, &from, &to);
  gst_video_converter_free (converter);
  gst_video_frame_unmap (&from);
  gst_video_frame_unmap (&to);
  return displayed;
}

/* Returns the mean difference of the samples, relative to the mean deviation of
 * @a from its own mean. */
static gdouble
compare (GstBuffer *a, GstBuffer *b)
{
  g_autoptr (GBytes) a_bytes = test_copy_bytes (a);
  g_autoptr (GBytes) b_bytes = test_copy_bytes (b);
  gsize size, b_size;
  const guint8 *x = g_bytes_get_data (a_bytes, &size);
  const guint8 *y = g_bytes_get_data (b_bytes, &b_size);
  gdouble mean = 0.0, deviation = 0.0, difference = 0.0;

  fail_unless_equals_int (size, b_size);
  for (gsize i = 0; i < size; i++)
    mean += x[i] / (gdouble) size;
  for (gsize i = 0; i < size; i++) {
    deviation += fabs (x[i] - mean);
    difference += ABS (x[i] - y[i]);
  }
  fail_unless (deviation > 0.0);
  return difference / deviation;
}

static void
check_displayed (const gchar *properties, Ratio ratio)
{
  const Ratio one = { 1, 1 };
  Drawing square = draw (properties, "RGB", one);
  Drawing squeezed = draw (properties, "RGB", ratio);
  GstBuffer *displayed = display (&squeezed, &square.info);
  const gdouble difference = compare (square.buffer, displayed);

  GST_INFO ("%s, %d/%d: differs by %g", properties, ratio.n, ratio.d,
      difference);
  fail_unless (difference < 0.15, "%s, %d/%d: differs by %g", properties,
      ratio.n, ratio.d, difference);
  gst_buffer_unref (displayed);
  gst_buffer_unref (squeezed.buffer);
  gst_buffer_unref (square.buffer);
}

GST_START_TEST (test_dock)
{
  check_displayed ("layout=dock", ratios[__i__]);
}
GST_END_TEST;

GST_START_TEST (test_beside)
{
  check_displayed ("layout=beside", ratios[__i__]);
}
GST_END_TEST;

/* The panel begins at an even column and, as displayed, is as wide as beside
 * square pixels. */
GST_START_TEST (test_beside_width)
{
  const Ratio ratio = ratios[__i__];
  const ImageCanvas canvas = squeeze (ratio);
  Drawing drawing = draw ("layout=beside", "I420", ratio);
  const gint begin = GST_ROUND_UP_2 (canvas.frame_width);
  const gint width = GST_VIDEO_INFO_WIDTH (&drawing.info) - begin;
  const gdouble across = MAX ((gdouble) ratio.n / ratio.d, 1.0);

  fail_unless_equals_int (width % 2, 0);
  fail_unless (fabs (width * across - 432) <= across, "%d pixels", width);
  fail_unless_equals_int (GST_VIDEO_INFO_PAR_N (&drawing.info), ratio.n);
  fail_unless_equals_int (GST_VIDEO_INFO_PAR_D (&drawing.info), ratio.d);
  gst_buffer_unref (drawing.buffer);
}
GST_END_TEST;

static GstHarness *
make_composition_harness (const ImageCanvas *canvas, Ratio ratio)
{
  GstHarness *harness = gst_harness_new ("activationoverlay");
  GstCaps *caps = make_caps ("BGRx", canvas->frame_width, canvas->frame_height,
      ratio);
  GstCaps *with = gst_caps_copy (caps);

  gst_caps_set_features (with, 0,
      gst_caps_features_new (
          GST_CAPS_FEATURE_META_GST_VIDEO_OVERLAY_COMPOSITION, NULL));
  gst_caps_append (with, gst_caps_copy (caps));
  gst_harness_set_sink_caps (harness, with);
  gst_harness_add_propose_allocation_meta (harness,
      GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE, NULL);
  gst_harness_set_src_caps (harness, caps);
  return harness;
}

/* An attached composition looks the same as drawing on the frame. */
GST_START_TEST (test_composition)
{
  const Ratio ratio = ratios[__i__];
  const ImageCanvas canvas = squeeze (ratio);
  GstHarness *harness = make_composition_harness (&canvas, ratio);
  Drawing drawn = draw ("", "BGRx", ratio);
  GstBuffer *buffer = push_prediction (harness, "BGRx", &canvas);
  GstVideoOverlayCompositionMeta *meta =
      gst_buffer_get_video_overlay_composition_meta (buffer);
  GstVideoFrame frame;

  fail_unless (meta != NULL);
  fail_unless (
      gst_video_frame_map (&frame, &drawn.info, buffer, GST_MAP_READWRITE));
  fail_unless (gst_video_overlay_composition_blend (meta->overlay, &frame));
  gst_video_frame_unmap (&frame);
  fail_unless (compare (drawn.buffer, buffer) < 0.002);
  gst_buffer_unref (buffer);
  gst_buffer_unref (drawn.buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Absurd ratios are a mistake, and the pixels are taken for squares. */
GST_START_TEST (test_absurd)
{
  static const gchar *const layouts[] = { "layout=dock", "layout=beside" };
  static const Rect face = { 128, 128, 32, 32 };
  const Ratio ratio = absurd[__i__], one = { 1, 1 };
  const ImageCanvas canvas = squeeze (one);
  GstHarness *harness;
  GstBuffer *buffer;

  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++) {
    Drawing square = draw (layouts[i], "I420", one);
    g_autoptr (GBytes) bytes = test_copy_bytes (square.buffer);

    harness = make_harness (test_element ("activationoverlay %s", layouts[i]),
        "I420", WIDTH, HEIGHT, ratio);
    buffer = push_prediction (harness, "I420", &canvas);
    fail_unless (test_same_bytes (buffer, bytes));
    gst_buffer_unref (buffer);
    gst_buffer_unref (square.buffer);
    gst_harness_teardown (harness);
  }
  harness = make_harness (make_tracker (), "GRAY8", WIDTH, HEIGHT, ratio);
  buffer = test_push (harness, make_frame (&canvas, &face, 0));
  check_region (buffer, &canvas, &face, 1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Small frames with pixels of extreme shapes can be drawn on, too. */
GST_START_TEST (test_small)
{
  static const Ratio extremes[] = { { 10, 1 }, { 1, 10 }, { 7, 3 } };
  static const gchar *const layouts[] = { "layout=dock", "layout=beside" };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (extremes); i++) {
    const Ratio ratio = extremes[i / 2];
    ImageCanvas canvas;
    GstHarness *harness;

    image_canvas_init (&canvas, 17, 19, (gdouble) ratio.n / ratio.d);
    harness = make_harness (test_element ("activationoverlay %s",
                                layouts[i % 2]),
        "I420", 17, 19, ratio);
    gst_buffer_unref (push_prediction (harness, "I420", &canvas));
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

/* The drawing follows the shape of the pixels while playing. Beside the picture
 * only sizes are compared, because the panel shows the time as well. */
GST_START_TEST (test_change)
{
  static const gchar *const cases[] = { "layout=dock smoothing=0",
    "layout=beside smoothing=0" };
  GstHarness *harness = make_harness (test_element ("activationoverlay %s",
                                          cases[__i__]),
      "NV12", WIDTH, HEIGHT, (Ratio) { 1, 1 });

  for (guint i = 0; i < 2 * G_N_ELEMENTS (ratios); i++) {
    const Ratio ratio = ratios[i % G_N_ELEMENTS (ratios)];
    const ImageCanvas canvas = squeeze (ratio);
    Drawing due = draw (cases[__i__], "NV12", ratio);
    g_autoptr (GBytes) bytes = test_copy_bytes (due.buffer);
    GstBuffer *buffer;

    gst_harness_set_src_caps (harness,
        make_caps ("NV12", canvas.frame_width, canvas.frame_height, ratio));
    buffer = push_prediction (harness, "NV12", &canvas);
    fail_unless_equals_int (gst_buffer_get_size (buffer),
        g_bytes_get_size (bytes));
    fail_unless (__i__ == 1 || test_same_bytes (buffer, bytes));
    gst_buffer_unref (buffer);
    gst_buffer_unref (due.buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A face found in a film; there is an array of them for each frame. */
typedef struct {
  Rect box; /* as displayed */
  guint winner;
} Seen;

static GstPadProbeReturn
on_frame (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GPtrArray *frames = data;
  GArray *frame = g_array_new (FALSE, FALSE, sizeof (Seen));
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstActivationMeta *meta;
  gpointer state = NULL;
  GstVideoInfo video;
  ImageCanvas canvas;

  fail_unless (gst_video_info_from_caps (&video, caps));
  image_canvas_init (&canvas, video.width, video.height,
      (gdouble) video.par_n / video.par_d);
  while ((meta = gst_buffer_iterate_activation_meta (buffer, &state))) {
    const Rect box = { (gint) meta->x, (gint) meta->y, (gint) meta->width,
      (gint) meta->height };
    const Seen seen = { image_canvas_from_frame (&canvas, &box),
      gst_activations_get_winner (meta->activations) };

    g_array_append_val (frame, seen);
  }
  g_ptr_array_add (frames, frame);
  return GST_PAD_PROBE_OK;
}

static GPtrArray *
watch_film (const ImageCanvas *canvas, Ratio ratio)
{
  g_autofree gchar *line = g_strdup_printf (
      "filesrc location=\"%s\" ! decodebin ! videoconvert ! "
      "videoscale add-borders=false ! video/x-raw,format=I420,width=%d,"
      "height=%d,pixel-aspect-ratio=%d/%d ! facetracker ! cnninference ! "
      "fakesink name=sink",
      test_path ("../pipelines/sample/sample.mp4"), canvas->frame_width,
      canvas->frame_height, ratio.n, ratio.d);
  GPtrArray *frames = g_ptr_array_new_with_free_func (
      (GDestroyNotify) g_array_unref);
  GstElement *pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstElement)
      sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (sink, "sink");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, frames, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless (GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  return frames;
}

/* Returns the face found at the same place as @other, or %NULL. */
static const Seen *
find_seen (const GArray *frame, const Seen *other)
{
  for (guint i = 0; i < frame->len; i++) {
    const Seen *seen = &g_array_index (frame, Seen, i);

    if (rect_get_iou (&seen->box, &other->box) > 0.75)
      return seen;
  }
  return NULL;
}

typedef struct {
  guint n, n_found, n_same;
} Score;

/* Counts the faces of @a that were also found in @b. */
static Score
count_seen (GPtrArray *a, GPtrArray *b)
{
  Score score = { 0 };

  fail_unless_equals_int (a->len, b->len);
  for (guint i = 0; i < a->len; i++) {
    const GArray *frame = g_ptr_array_index (a, i);

    for (guint k = 0; k < frame->len; k++) {
      const Seen *seen = &g_array_index (frame, Seen, k);
      const Seen *other = find_seen (g_ptr_array_index (b, i), seen);

      score.n++;
      score.n_found += other != NULL;
      score.n_same += other != NULL && other->winner == seen->winner;
    }
  }
  return score;
}

/* Squeezing costs detail, so a face may be missed now and then. */
GST_START_TEST (test_film)
{
  static const gchar *const needed[] = { "qtdemux", "h264parse", "avdec_h264",
    NULL };
  static const Ratio some[] = { { 4, 3 }, { 16, 11 }, { 2, 1 }, { 1, 2 } };
  const Ratio one = { 1, 1 };
  const ImageCanvas whole = squeeze (one), canvas = squeeze (some[__i__]);
  g_autoptr (GPtrArray) square = NULL;
  g_autoptr (GPtrArray) squeezed = NULL;
  Score there, back;

  if (!test_has_elements (needed))
    return;
  square = watch_film (&whole, one);
  squeezed = watch_film (&canvas, some[__i__]);
  there = count_seen (square, squeezed);
  back = count_seen (squeezed, square);
  GST_INFO ("%d/%d: %u of %u found, %u with the same label; %u of %u false",
      some[__i__].n, some[__i__].d, there.n_found, there.n, there.n_same,
      back.n - back.n_found, back.n);
  fail_unless (there.n > 200);
  fail_unless (there.n_found >= there.n * 95 / 100, "%u of %u found",
      there.n_found, there.n);
  fail_unless (there.n_same >= there.n_found * 97 / 100,
      "%u of %u with the same label", there.n_same, there.n_found);
  fail_unless (back.n_found >= back.n * 98 / 100, "%u of %u false",
      back.n - back.n_found, back.n);
}
GST_END_TEST;

static Suite *
pixel_aspect_suite (void)
{
  Suite *suite = suite_create ("pixel-aspect");
  TCase *tests = tcase_create ("general");
  const gint n = G_N_ELEMENTS (ratios);

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_loop_test (tests, test_regions, 0, n);
  tcase_add_test (tests, test_regions_change);
  tcase_add_loop_test (tests, test_crops, 0, 3);
  tcase_add_loop_test (tests, test_dock, 0, n);
  tcase_add_loop_test (tests, test_beside, 0, n);
  tcase_add_loop_test (tests, test_beside_width, 0, n);
  tcase_add_loop_test (tests, test_composition, 0, n);
  tcase_add_loop_test (tests, test_absurd, 0, G_N_ELEMENTS (absurd));
  tcase_add_test (tests, test_small);
  tcase_add_loop_test (tests, test_change, 0, 2);
  tcase_add_loop_test (tests, test_film, 0, 4);
  return suite;
}

GST_CHECK_MAIN (pixel_aspect);
