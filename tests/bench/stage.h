/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/check/gstharness.h>
#include <gst/video/video.h>

G_BEGIN_DECLS

/* Measures elements on the frames of a clip, taking turns. Whatever goes wrong
 * ends the program. */

#define STAGE_MAX_ROUNDS 200
#define STAGE_N_FRAMES 30

typedef struct {
  gdouble times[STAGE_MAX_ROUNDS]; /* in milliseconds per frame */
  guint n;
} Series;

void series_add (Series *series, gdouble time);

/* NAN if there are none. */
gdouble series_get_median (Series *series);

/* Ends the program. */
void stage_fail (const gchar *text) G_GNUC_NORETURN;

/* The CPU time of all threads of the process, in milliseconds. */
gdouble stage_get_cpu_time (void);

/**
 * Stage:
 * @name: what the row of a table says
 * @line: an element, or a line of several
 * @format: of the frames
 * @n_frames: the number of frames per round, at most %STAGE_N_FRAMES: few for
 *   slow elements
 * @harness: (nullable): %NULL if an element is missing
 */
typedef struct {
  const gchar *name;
  const gchar *line;
  const gchar *format;
  guint n_frames;
  GstHarness *harness;
  Series series;
} Stage;

/**
 * stage_load_frames:
 *
 * Decodes the first frames of a clip, cuts them to the proportions of the given
 * size, and scales them to it.
 *
 * Returns: (element-type GstBuffer) (transfer full): %STAGE_N_FRAMES frames
 */
GPtrArray *stage_load_frames (const gchar *clip, const gchar *format,
    gint width, gint height);

/* Copies a frame of the clip as if it arrived at position @number. */
GstBuffer *stage_copy_frame (const GPtrArray *frames, guint number);

/* Says so if an element is missing. */
void stage_open (Stage *stage, gint width, gint height);

/**
 * stage_push:
 * @buffer: (transfer full): a frame
 * @time: (inout): the time that it takes is added
 *
 * Returns: (transfer full) (nullable): the result, if there is one
 */
GstBuffer *stage_push (Stage *stage, GstBuffer *buffer, gdouble *time);

/**
 * stage_run:
 * @first: position of the first frame
 *
 * One round; nothing if an element is missing.
 *
 * Returns: in how many frames there is a region of interest
 */
guint stage_run (Stage *stage, const GPtrArray *frames, guint first);

void stage_close (Stage *stage);

G_END_DECLS
