/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "streamclock.h"

#include <math.h>
#include <string.h>

/* Frames that are farther apart do not belong to the same scene. */
#define MAX_PAUSE (10 * GST_SECOND)
/* A step back of less than this, or of so many frames, is mere jitter. */
#define MAX_STEP_BACK (GST_SECOND / 2)
#define MAX_FRAMES_BACK 3
/* If timestamps are farther behind, in frames, time does not wait for them. */
#define MAX_FRAMES_TO_WAIT 2
#define MIN_GAP GST_MSECOND
#define DEFAULT_GAP (GST_SECOND / 30)
/* The largest running time: 73 years, so that nothing overflows. */
#define MAX_STAMP ((guint64) G_MAXINT64 / 4)

GType
gst_activation_follow_get_type (void)
{
  static const GEnumValue values[] = {
    { GST_ACTIVATION_FOLLOW_AUTO,
        "Unless frames have neither a frame rate, a duration nor a time",
        "auto" },
    { GST_ACTIVATION_FOLLOW_ON, "Always", "on" },
    { GST_ACTIVATION_FOLLOW_OFF, "Never: each frame is a picture of its own",
        "off" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationFollow", values));
  }
  return (GType) type;
}

/* When playing backwards, running time counts from the end, which must be
 * known. */
static gboolean
has_times (const GstSegment *segment)
{
  return segment->format == GST_FORMAT_TIME
      && (segment->rate > 0.0 || GST_CLOCK_TIME_IS_VALID (segment->stop)
          || GST_CLOCK_TIME_IS_VALID (segment->duration));
}

/* A frame before the start of its segment has a negative running time. */
static gboolean
get_stamp (const GstSegment *segment, GstBuffer *buffer, gint64 *stamp)
{
  const GstClockTime time = GST_BUFFER_PTS_IS_VALID (buffer)
      ? GST_BUFFER_PTS (buffer)
      : GST_BUFFER_DTS (buffer);
  guint64 distance = time;
  gint sign = 1;

  if (!GST_CLOCK_TIME_IS_VALID (time))
    return FALSE;
  if (has_times (segment))
    sign = gst_segment_to_running_time_full (segment, GST_FORMAT_TIME, time,
        &distance);
  if (sign == 0 || distance > MAX_STAMP)
    return FALSE;
  *stamp = sign * (gint64) distance;
  return TRUE;
}

gdouble
stream_clock_get_frame_rate (const GstSegment *segment,
    const GstVideoInfo *info)
{
  const gdouble n = GST_VIDEO_INFO_FPS_N (info);
  const gdouble d = GST_VIDEO_INFO_FPS_D (info);

  return n > 0.0 && d > 0.0 ? n / d * fabs (segment->rate) : 0.0;
}

static gboolean
has_duration (GstBuffer *buffer)
{
  return GST_BUFFER_DURATION_IS_VALID (buffer)
      && GST_BUFFER_DURATION (buffer) > 0;
}

/* The time between two frames by the caps or the duration; 0 for neither. */
static GstClockTime
get_promised_gap (const GstSegment *segment, const GstVideoInfo *info,
    GstBuffer *buffer)
{
  const gdouble rate = stream_clock_get_frame_rate (segment, info);
  gdouble gap = 0.0;

  if (rate > 0.0)
    gap = (gdouble) GST_SECOND / rate;
  else if (has_duration (buffer))
    gap = (gdouble) GST_BUFFER_DURATION (buffer) / fabs (segment->rate);
  return (GstClockTime) MIN (gap, (gdouble) MAX_PAUSE);
}

/* Returns the shortest of the last few gaps, because a single pause is not
 * usual. */
static GstClockTime
get_measured_gap (const StreamClock *clock)
{
  GstClockTime gap = 0;

  for (guint i = 0; i < G_N_ELEMENTS (clock->steps); i++) {
    if (clock->steps[i] > 0 && (gap == 0 || clock->steps[i] < gap))
      gap = clock->steps[i];
  }
  return gap;
}

/* Takes the longer gap, as promised frames may not come. */
static void
update_gap (StreamClock *clock, GstClockTime promised)
{
  const GstClockTime gap = MAX (promised, get_measured_gap (clock));

  clock->gap = gap > 0 ? CLAMP (gap, MIN_GAP, MAX_PAUSE) : DEFAULT_GAP;
}

static void
add_step (StreamClock *clock, GstClockTime step)
{
  memmove (clock->steps, clock->steps + 1,
      sizeof clock->steps - sizeof *clock->steps);
  clock->steps[G_N_ELEMENTS (clock->steps) - 1] = step;
  clock->time += step;
}

/* Lets @stamp be the current time from here on. */
static void
set_stamp (StreamClock *clock, gint64 stamp)
{
  clock->offset = (gint64) clock->time - stamp;
}

/* Goes on to @stamp. Returns FALSE if the frame does not continue those before
 * it. */
static gboolean
go_to (StreamClock *clock, gint64 stamp)
{
  const gint64 ahead = stamp + clock->offset - (gint64) clock->time;
  const gint64 gap = (gint64) clock->gap;
  const gint64 step = stamp - clock->stamp;
  const gint64 max_back = MAX ((gint64) MAX_STEP_BACK, MAX_FRAMES_BACK * gap);
  const gboolean is_behind = ahead < -max_back;

  if (ahead > (gint64) MAX_PAUSE || step > (gint64) MAX_PAUSE
      || (is_behind && step < 0)) {
    clock->time += clock->gap;
    set_stamp (clock, stamp);
    return FALSE;
  }
  if (ahead > 0) {
    add_step (clock, (GstClockTime) ahead);
  } else if (is_behind) {
    /* Frames were counted while the timestamps stood still. */
    add_step (clock, (GstClockTime) step);
    set_stamp (clock, stamp);
  } else if (ahead < -MAX_FRAMES_TO_WAIT * gap) {
    set_stamp (clock, stamp);
  }
  return TRUE;
}

static gboolean
advance (StreamClock *clock, gboolean has_stamp, gint64 stamp)
{
  gboolean is_continued = TRUE;

  if (!clock->has_begun) {
    is_continued = FALSE;
    set_stamp (clock, stamp);
  } else if (!has_stamp || (clock->has_stamp && clock->stamp == stamp)) {
    clock->time += clock->gap;
  } else if (!clock->has_stamp) {
    clock->time += clock->gap;
    set_stamp (clock, stamp);
  } else {
    clock->has_moved = TRUE;
    is_continued = go_to (clock, stamp);
  }
  clock->has_begun = TRUE;
  if (has_stamp) {
    clock->has_stamp = TRUE;
    clock->stamp = stamp;
  }
  return is_continued;
}

void
stream_clock_tick (StreamClock *clock, const GstSegment *segment,
    const GstVideoInfo *info, GstBuffer *buffer, GstActivationFollow follow)
{
  const GstClockTime promised = get_promised_gap (segment, info, buffer);
  gint64 stamp = 0;
  const gboolean has_stamp = get_stamp (segment, buffer, &stamp);
  gboolean is_continued;

  update_gap (clock, promised);
  is_continued = advance (clock, has_stamp, stamp);
  update_gap (clock, promised);
  clock->is_timed = promised > 0 || clock->has_moved;
  clock->is_continued = is_continued && follow != GST_ACTIVATION_FOLLOW_OFF
      && (clock->is_timed || follow == GST_ACTIVATION_FOLLOW_ON);
}

void
stream_clock_handle_event (StreamClock *clock, GstPad *pad, GstEvent *event)
{
  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START) {
    g_autofree gchar *old = gst_pad_get_stream_id (pad);
    const gchar *id;

    gst_event_parse_stream_start (event, &id);
    if (g_strcmp0 (old, id) == 0)
      return;
  } else if (GST_EVENT_TYPE (event) != GST_EVENT_FLUSH_STOP) {
    return;
  }
  *clock = (StreamClock) { .time = 0 };
}

GstClockTime
stream_clock_get_running_time (const GstSegment *segment, GstBuffer *buffer)
{
  return has_times (segment) ? gst_segment_to_running_time (segment,
             GST_FORMAT_TIME, GST_BUFFER_PTS (buffer))
                             : GST_CLOCK_TIME_NONE;
}

GstClockTime
stream_clock_get_stream_time (const GstSegment *segment, GstBuffer *buffer)
{
  return has_times (segment) ? gst_segment_to_stream_time (segment,
             GST_FORMAT_TIME, GST_BUFFER_PTS (buffer))
                             : GST_CLOCK_TIME_NONE;
}
