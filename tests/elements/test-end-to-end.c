/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests of all elements together: on real video with known faces, and in a long
 * run. A test says so, and passes, if the machine lacks what it needs. */

#include "common.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/rect.h"

/* AddressSanitizer keeps memory that was freed. gcc and clang announce it in
 * different ways. */
#if defined(__SANITIZE_ADDRESS__)
#define KEEPS_FREED_MEMORY TRUE
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEPS_FREED_MEMORY TRUE
#endif
#endif
#ifndef KEEPS_FREED_MEMORY
#define KEEPS_FREED_MEMORY FALSE
#endif

#define MIN_OVERLAP 0.4

/**
 * Watch:
 * @truth: (nullable): the boxes of the known faces in each frame
 * @luma: the luma of the frame before the elements
 * @n_with_faces: number of frames that are known to have faces
 * @n_found: number of those in which every face was found
 * @n_labelled: number of frames with at least one face and its label
 * @n_empty: number of frames that are known to have no face at all
 * @n_false: number of those in which one was found
 *
 * Observations before and after the elements.
 */
typedef struct {
  cJSON *truth;
  guint8 *luma;
  gint width;
  gint height;
  guint n_frames;
  guint n_with_faces;
  guint n_found;
  guint n_labelled;
  guint n_empty;
  guint n_false;
} Watch;

/* Returns the model that comes with the plugin, or a small one if it is
 * missing. */
static const gchar *
get_model (void)
{
  const gchar *model = test_path ("../model/gender");
  g_autofree gchar *file = g_build_filename (model, "model.json", NULL);

  if (g_file_test (file, G_FILE_TEST_EXISTS))
    return model;
  g_printerr ("%s is not there: a small model takes its place.\n", file);
  return test_path ("golden/models/original-small");
}

static void
copy_luma (GstPad *pad, GstBuffer *buffer, Watch *watch, guint8 **luma)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  GstVideoInfo info;
  GstVideoFrame frame;

  fail_unless (gst_video_info_from_caps (&info, caps));
  fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
  watch->width = GST_VIDEO_INFO_WIDTH (&info);
  watch->height = GST_VIDEO_INFO_HEIGHT (&info);
  *luma = g_realloc (*luma, (gsize) (watch->width * watch->height));
  for (gint y = 0; y < watch->height; y++)
    memcpy (*luma + y * watch->width,
        (guint8 *) frame.data[0] + y * frame.info.stride[0],
        (gsize) watch->width);
  gst_video_frame_unmap (&frame);
}

static GstPadProbeReturn
on_frame_in (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Watch *watch = data;

  copy_luma (pad, GST_PAD_PROBE_INFO_BUFFER (info), watch, &watch->luma);
  return GST_PAD_PROBE_OK;
}

static guint
count_metas (GstBuffer *buffer)
{
  gpointer state = NULL;
  guint n = 0;

  while (gst_buffer_iterate_activation_meta (buffer, &state))
    n++;
  return n;
}

/* Returns whether there is a prediction for this face. */
static gboolean
is_found (GstBuffer *buffer, const Rect *face)
{
  gpointer state = NULL;
  GstActivationMeta *meta;

  while ((meta = gst_buffer_iterate_activation_meta (buffer, &state))) {
    const Rect box = { (gint) meta->x, (gint) meta->y, (gint) meta->width,
      (gint) meta->height };

    if (rect_get_iou (&box, face) >= MIN_OVERLAP)
      return TRUE;
  }
  return FALSE;
}

static gboolean
are_found (GstBuffer *buffer, const cJSON *faces)
{
  const cJSON *face;

  cJSON_ArrayForEach (face, faces)
  {
    const Rect box = { cJSON_GetArrayItem (face, 0)->valueint,
      cJSON_GetArrayItem (face, 1)->valueint,
      cJSON_GetArrayItem (face, 2)->valueint,
      cJSON_GetArrayItem (face, 3)->valueint };

    if (!is_found (buffer, &box))
      return FALSE;
  }
  return TRUE;
}

/* Checks that the scores add up to 1, and that there are three layers, each
 * with maps no larger than those of the one before, whose values differ. */
static void
check_activations (const GstActivations *activations)
{
  guint last_height = G_MAXUINT;
  gdouble sum = 0.0;

  fail_unless_equals_int (gst_activations_get_n_classes (activations), 2);
  for (guint i = 0; i < 2; i++)
    sum += gst_activations_get_score (activations, i);
  fail_unless (fabs (sum - 1.0) < 1e-5);
  fail_unless_equals_int (gst_activations_get_n_layers (activations), 3);
  for (guint i = 0; i < 3; i++) {
    guint height, width, channels;
    gsize n_values;
    const gfloat *data = gst_activations_get_layer_data (activations, i,
        &height, &width, &channels, &n_values);
    gfloat least = G_MAXFLOAT, most = -G_MAXFLOAT;

    fail_unless (height >= 1 && height <= last_height && height == width);
    fail_unless (channels >= 4 && channels <= 1024);
    last_height = height;
    for (gsize k = 0; k < n_values; k++) {
      fail_unless (isfinite (data[k]));
      least = MIN (least, data[k]);
      most = MAX (most, data[k]);
    }
    fail_unless (most > least);
  }
}

/* Counts the changed pixels in columns [left, right). */
static guint
count_changes (const Watch *watch, const guint8 *luma, gint left, gint right)
{
  guint n = 0;

  for (gint y = 0; y < watch->height; y++) {
    for (gint x = left; x < right; x++)
      n += luma[y * watch->width + x] != watch->luma[y * watch->width + x];
  }
  return n;
}

/* Checks that there is a dock at one of the sides, at least half as high as
 * wide. */
static void
check_dock (const Watch *watch, const guint8 *luma)
{
  const gint width = watch->width * 3 / 20;
  const guint n_left = count_changes (watch, luma, 0, width);
  const guint n_right = count_changes (watch, luma, watch->width - width,
      watch->width);

  fail_unless (MAX (n_left, n_right) > (guint) (width * width / 2),
      "frame %u: %u pixels at the left and %u at the right have changed",
      watch->n_frames, n_left, n_right);
}

static void
compare_with_truth (Watch *watch, GstBuffer *buffer)
{
  const cJSON *frames = cJSON_GetObjectItem (watch->truth, "frames");
  const cJSON *faces = cJSON_GetArrayItem (frames, (gint) watch->n_frames);
  const cJSON *fps = cJSON_GetObjectItem (watch->truth, "fps");
  /* Faces that are just coming in or leaving are not listed. */
  const gboolean is_empty = watch->n_frames >= 8 * (guint) fps->valueint;

  fail_unless (faces != NULL, "more frames than known");
  if (cJSON_GetArraySize (faces) > 0) {
    watch->n_with_faces++;
    watch->n_found += are_found (buffer, faces);
  } else if (is_empty) {
    watch->n_empty++;
    watch->n_false += count_metas (buffer) > 0;
  }
}

static GstPadProbeReturn
on_frame_out (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Watch *watch = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autofree guint8 *luma = NULL;
  GstActivationMeta *meta;
  gpointer state = NULL;
  gboolean labelled = FALSE;

  copy_luma (pad, buffer, watch, &luma);
  while ((meta = gst_buffer_iterate_activation_meta (buffer, &state))) {
    const gchar *label = gst_activations_get_label (meta->activations,
        gst_activations_get_winner (meta->activations));

    check_activations (meta->activations);
    fail_unless (meta->width > 0 && meta->height > 0);
    fail_unless (meta->x + (gint) meta->width <= watch->width);
    fail_unless (meta->y + (gint) meta->height <= watch->height);
    labelled |= label != NULL && *label != '\0';
  }
  watch->n_labelled += labelled;
  if (labelled)
    check_dock (watch, luma);
  if (watch->truth)
    compare_with_truth (watch, buffer);
  watch->n_frames++;
  return GST_PAD_PROBE_OK;
}

static void
add_probe (GstElement *pipeline, const gchar *element, const gchar *pad_name,
    GstPadProbeCallback callback, gpointer data)
{
  GstElement *named = gst_bin_get_by_name (GST_BIN (pipeline), element);
  GstPad *pad = gst_element_get_static_pad (named, pad_name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, data, NULL);
  gst_object_unref (pad);
  gst_object_unref (named);
}

static void
run (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    g_autoptr (GError) error = NULL;

    gst_message_parse_error (message, &error, NULL);
    fail ("%s", error->message);
  }
  gst_message_unref (message);
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
}

/* Plays a file through the elements and watches them. */
static void
watch_file (const gchar *file, Watch *watch)
{
  g_autofree gchar *line = g_strdup_printf (
      "filesrc location=\"%s\" ! decodebin ! videoconvert ! "
      "video/x-raw,format=I420 ! activationmap name=map model=\"%s\" ! "
      "fakesink",
      file, get_model ());
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (line, &error);

  fail_unless (pipeline != NULL, "%s", error ? error->message : "");
  add_probe (pipeline, "map", "sink", on_frame_in, watch);
  add_probe (pipeline, "map", "src", on_frame_out, watch);
  run (pipeline);
  gst_object_unref (pipeline);
  g_clear_pointer (&watch->luma, g_free);
}

GST_START_TEST (test_sample)
{
  static const gchar *const needed[] = { "qtdemux", "h264parse", "avdec_h264",
    NULL };
  const gchar *file = test_path ("../pipelines/sample/sample.mp4");
  g_autofree gchar *json = NULL;
  Watch watch = { 0 };

  if (!test_has_elements (needed))
    return;
  fail_unless (
      g_file_get_contents (test_path ("../pipelines/sample/sample.json"), &json,
          NULL, NULL));
  watch.truth = cJSON_Parse (json);
  fail_unless (watch.truth != NULL);
  watch_file (file, &watch);
  fail_unless_equals_int (watch.n_frames,
      cJSON_GetArraySize (cJSON_GetObjectItem (watch.truth, "frames")));
  GST_INFO ("all faces in %u of %u frames, some in %u of %u without",
      watch.n_found, watch.n_with_faces, watch.n_false, watch.n_empty);
  fail_unless (watch.n_with_faces > 200);
  fail_unless (10 * watch.n_found >= 9 * watch.n_with_faces,
      "all faces in only %u of %u frames", watch.n_found, watch.n_with_faces);
  fail_unless (watch.n_empty > 20);
  fail_unless (10 * watch.n_false <= watch.n_empty,
      "faces in %u of %u frames without", watch.n_false, watch.n_empty);
  cJSON_Delete (watch.truth);
}
GST_END_TEST;

/* Returns the folder of the clips that cannot be part of the sources:
 * data/clips in the folder that ACTIVATIONMAP_SHARED names, or else in
 * ../shared. */
static gchar *
get_clips (void)
{
  const gchar *shared = g_getenv ("ACTIVATIONMAP_SHARED");

  return g_build_filename (shared ? shared : test_path ("../../shared"), "data",
      "clips", NULL);
}

GST_START_TEST (test_clips)
{
  static const gchar *const needed[] = { "matroskademux", "h264parse",
    "avdec_h264", NULL };
  g_autofree gchar *folder = get_clips ();
  g_autoptr (GDir) dir = NULL;
  const gchar *name;

  if (!test_has_elements (needed))
    return;
  dir = g_dir_open (folder, 0, NULL);
  if (!dir) {
    g_printerr ("Skipped: there is no folder %s.\n", folder);
    return;
  }
  while ((name = g_dir_read_name (dir))) {
    g_autofree gchar *file = g_build_filename (folder, name, NULL);
    Watch watch = { 0 };

    if (!g_str_has_suffix (name, ".mkv"))
      continue;
    watch_file (file, &watch);
    GST_INFO ("%s: a face in %u of %u frames", name, watch.n_labelled,
        watch.n_frames);
    fail_unless (watch.n_frames > 0);
    fail_unless (10 * watch.n_labelled >= 9 * watch.n_frames,
        "%s: a face in only %u of %u frames", name, watch.n_labelled,
        watch.n_frames);
  }
}
GST_END_TEST;

#define N_SOAK_FRAMES 2000
#define N_WARM_FRAMES 500
#define MAX_GROWTH (2 << 20)

/* Returns the resident memory in bytes, or 0 if it is not known. */
static gsize
get_memory (void)
{
  g_autofree gchar *text = NULL;
  gulong total, resident;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)
      || sscanf (text, "%lu %lu", &total, &resident) != 2)
    return 0;
  return (gsize) resident * (gsize) sysconf (_SC_PAGESIZE);
}

typedef struct {
  guint n_frames;
  guint n_predictions;
  gsize warm;
  gsize last;
} Soak;

/* Adds up to three faces that move, leave and come back. */
static GstPadProbeReturn
inject_faces (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Soak *soak = data;
  GstBuffer *buffer = gst_buffer_make_writable (
      GST_PAD_PROBE_INFO_BUFFER (info));
  const guint number = soak->n_frames++;

  for (guint i = 0; i < number / 50 % 4; i++)
    test_add_region (buffer, "face", 0, number * (i + 1) % 220, 20 + 60 * i,
        60 + number % 20, 60);
  if (number == N_WARM_FRAMES)
    soak->warm = get_memory ();
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
count_predictions (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Soak *soak = data;

  soak->n_predictions += count_metas (GST_PAD_PROBE_INFO_BUFFER (info));
  soak->last = get_memory ();
  return GST_PAD_PROBE_OK;
}

GST_START_TEST (test_soak)
{
  g_autofree gchar *line = g_strdup_printf (
      "videotestsrc num-buffers=%d pattern=ball ! video/x-raw,format=I420,"
      "width=320,height=240,framerate=30/1 ! identity name=inject ! "
      "activationmap name=map face-model=\"\" model=%s ! fakesink name=sink",
      N_SOAK_FRAMES, test_path ("golden/models/original-small"));
  GstElement *pipeline = gst_parse_launch (line, NULL);
  Soak soak = { 0 };

  fail_unless (pipeline != NULL);
  add_probe (pipeline, "inject", "src", inject_faces, &soak);
  add_probe (pipeline, "sink", "sink", count_predictions, &soak);
  run (pipeline);
  fail_unless_equals_int (soak.n_frames, N_SOAK_FRAMES);
  fail_unless (soak.n_predictions >= N_SOAK_FRAMES);
  GST_INFO ("%" G_GSIZE_FORMAT " bytes after %d frames, %" G_GSIZE_FORMAT
            " at the end",
      soak.warm, N_WARM_FRAMES, soak.last);
  if (KEEPS_FREED_MEMORY || soak.warm == 0)
    g_printerr ("Skipped: memory cannot be measured here.\n");
  else
    fail_unless (soak.last < soak.warm + MAX_GROWTH,
        "memory has grown by %" G_GSIZE_FORMAT " bytes", soak.last - soak.warm);
  gst_object_unref (pipeline);
}
GST_END_TEST;

static Suite *
end_to_end_suite (void)
{
  Suite *suite = suite_create ("end-to-end");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_test (tests, test_sample);
  tcase_add_test (tests, test_clips);
  tcase_add_test (tests, test_soak);
  return suite;
}

GST_CHECK_MAIN (end_to_end);
