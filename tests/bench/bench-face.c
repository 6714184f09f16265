/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Measures facetracker at 1280x720 against facedetect on the same frames, and
 * against YuNet at 320x192 with ONNX Runtime. All take turns, and the medians
 * of the rounds are printed. Run by bench-face.sh.
 *
 *   bench-face ROUNDS YUNET CLIP...    YUNET may be empty: it is left out then
 */

#include <math.h>
#include <stdlib.h>

#include "onnxruntime.h"
#include "stage.h"

#define WIDTH 1280
#define HEIGHT 720
#define N_SLOW_FRAMES 3

/* A picture of 16:9, 320 pixels wide, with rows added to a multiple of 32. What
 * the input holds does not change the time. */
#define YUNET_WIDTH 320
#define YUNET_HEIGHT 192

static const gchar *const yunet_outputs[] = { "cls_8", "cls_16", "cls_32",
  "obj_8", "obj_16", "obj_32", "bbox_8", "bbox_16", "bbox_32" };

typedef struct {
  OnnxRuntime *runtime; /* NULL if it is left out */
  Series series;
} YuNet;

static void
open_yunet (YuNet *yunet, const gchar *path)
{
  static gfloat input[3 * YUNET_HEIGHT * YUNET_WIDTH];
  static const gint64 dims[] = { 1, 3, YUNET_HEIGHT, YUNET_WIDTH };
  const gchar *problem = *path ? onnxruntime_open () : "no file is named";

  if (problem) {
    g_printerr ("YuNet is left out: %s\n", problem);
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (input); i++)
    input[i] = (gfloat) (i * 7919 % 256);
  yunet->runtime = onnxruntime_load (path, "input", input, dims, yunet_outputs,
      G_N_ELEMENTS (yunet_outputs));
}

static void
run_yunet (YuNet *yunet)
{
  const gdouble start = stage_get_cpu_time ();

  if (!yunet->runtime)
    return;
  for (guint i = 0; i < STAGE_N_FRAMES; i++)
    onnxruntime_run (yunet->runtime);
  series_add (&yunet->series, (stage_get_cpu_time () - start) / STAGE_N_FRAMES);
}

static void
measure_clip (const gchar *clip, YuNet *yunet, guint rounds)
{
  g_autoptr (GPtrArray)
      frames = stage_load_frames (clip, "I420", WIDTH, HEIGHT);
  g_autoptr (GPtrArray)
      rgb_frames = stage_load_frames (clip, "RGB", WIDTH, HEIGHT);
  g_autofree gchar *name = g_path_get_basename (clip);
  Stage tracker = { "facetracker", "facetracker", "I420", STAGE_N_FRAMES };
  Stage detector = { "facedetect", "facedetect display=false updates=none",
    "RGB", N_SLOW_FRAMES };
  gdouble ours, haar, theirs;
  guint n_faces = 0;

  stage_open (&tracker, WIDTH, HEIGHT);
  stage_open (&detector, WIDTH, HEIGHT);
  if (!tracker.harness)
    stage_fail ("the plugin is not found: see bench-face.sh");
  yunet->series.n = 0;
  for (guint round = 0; round < rounds; round++) {
    n_faces += stage_run (&tracker, frames, round * STAGE_N_FRAMES);
    stage_run (&detector, rgb_frames, round * STAGE_N_FRAMES);
    run_yunet (yunet);
  }
  ours = series_get_median (&tracker.series);
  haar = series_get_median (&detector.series);
  theirs = series_get_median (&yunet->series);
  g_print ("| %s | %.2f | %.3f | %.3f | %.4f | %.3f | %.2f |\n", name,
      (gdouble) n_faces / (rounds * STAGE_N_FRAMES), ours, haar, ours / haar,
      theirs, ours / theirs);
  stage_close (&tracker);
  stage_close (&detector);
}

int
main (int argc, char **argv)
{
  YuNet yunet = { 0 };
  guint rounds;

  gst_init (&argc, &argv);
  rounds = argc > 3 ? (guint) g_ascii_strtoull (argv[1], NULL, 10) : 0;
  if (rounds < 1 || rounds > STAGE_MAX_ROUNDS)
    stage_fail ("usage: bench-face ROUNDS YUNET CLIP..., at most 200 rounds");
  open_yunet (&yunet, argv[2]);
  g_print ("| clip | frames with a face | facetracker [ms] | facedetect [ms] | "
           "ratio | YuNet [ms] | ratio |\n"
           "| --- | --: | --: | --: | --: | --: | --: |\n");
  for (int i = 3; i < argc; i++)
    measure_clip (argv[i], &yunet, rounds);
  return 0;
}
