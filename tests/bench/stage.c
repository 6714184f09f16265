/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "stage.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "worker.h"

void
stage_fail (const gchar *text)
{
  g_printerr ("%s: %s\n", g_get_prgname (), text);
  exit (1);
}

gdouble
stage_get_cpu_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (gdouble) now.tv_sec * 1e3 + (gdouble) now.tv_nsec * 1e-6;
}

void
series_add (Series *series, gdouble time)
{
  series->times[series->n++] = time;
}

gdouble
series_get_median (Series *series)
{
  return series->n > 0 ? worker_median (series->times, series->n) : NAN;
}

static void
keep_frame (GstElement *sink, GstBuffer *buffer, GstPad *pad, GPtrArray *frames)
{
  if (frames->len < STAGE_N_FRAMES)
    g_ptr_array_add (frames, gst_buffer_copy_deep (buffer));
}

GPtrArray *
stage_load_frames (const gchar *clip, const gchar *format, gint width,
    gint height)
{
  GPtrArray *frames = g_ptr_array_new_with_free_func (
      (GDestroyNotify) gst_buffer_unref);
  g_autofree gchar *line = g_strdup_printf (
      "filesrc location=\"%s\" ! decodebin ! videoconvert ! "
      "aspectratiocrop aspect-ratio=%d/%d ! videoscale ! videoconvert ! "
      "video/x-raw,format=%s,width=%d,height=%d ! identity eos-after=%d ! "
      "fakesink name=sink signal-handoffs=true",
      clip, width, height, format, width, height, STAGE_N_FRAMES + 1);
  GstElement *pipeline = gst_parse_launch (line, NULL);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstBus) bus = NULL;
  GstMessage *message;

  if (!pipeline)
    stage_fail ("an element is missing that reads the clip");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_signal_connect (sink, "handoff", G_CALLBACK (keep_frame), frames);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_element_get_bus (pipeline);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  if (frames->len < STAGE_N_FRAMES)
    stage_fail ("the clip cannot be read");
  return frames;
}

GstBuffer *
stage_copy_frame (const GPtrArray *frames, guint number)
{
  GstBuffer *buffer = gst_buffer_copy_deep (
      g_ptr_array_index (frames, number % frames->len));

  GST_BUFFER_PTS (
      buffer) = gst_util_uint64_scale_int (GST_SECOND, (gint) number, 30);
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = GST_SECOND / 30;
  return buffer;
}

void
stage_open (Stage *stage, gint width, gint height)
{
  g_autofree gchar *caps = g_strdup_printf (
      "video/x-raw,format=%s,width=%d,height=%d,framerate=30/1", stage->format,
      width, height);
  g_autoptr (GError) error = NULL;
  GstElement *element = gst_parse_bin_from_description_full (stage->line, TRUE,
      NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);

  if (!element) {
    g_printerr ("%s is left out: %s\n", stage->line, error->message);
    return;
  }
  gst_object_ref_sink (element);
  stage->harness = gst_harness_new_with_element (element, "sink", "src");
  gst_object_unref (element);
  gst_harness_set_src_caps_str (stage->harness, caps);
}

GstBuffer *
stage_push (Stage *stage, GstBuffer *buffer, gdouble *time)
{
  const gdouble start = stage_get_cpu_time ();

  if (gst_harness_push (stage->harness, buffer) != GST_FLOW_OK)
    stage_fail ("a frame was refused");
  buffer = gst_harness_try_pull (stage->harness);
  *time += stage_get_cpu_time () - start;
  return buffer;
}

guint
stage_run (Stage *stage, const GPtrArray *frames, guint first)
{
  guint n_found = 0;
  gdouble time = 0.0;

  if (!stage->harness)
    return 0;
  for (guint i = 0; i < stage->n_frames; i++) {
    GstBuffer *buffer = stage_push (stage, stage_copy_frame (frames, first + i),
        &time);

    if (!buffer)
      continue;
    n_found += gst_buffer_get_n_meta (buffer,
                   GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE)
        > 0;
    gst_buffer_unref (buffer);
  }
  series_add (&stage->series, time / stage->n_frames);
  /* threads of an encoder may still be running */
  g_usleep (50000);
  return n_found;
}

void
stage_close (Stage *stage)
{
  if (stage->harness)
    gst_harness_teardown (stage->harness);
}
