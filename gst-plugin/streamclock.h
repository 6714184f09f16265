/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * GstActivationFollow:
 * @GST_ACTIVATION_FOLLOW_AUTO: frames continue each other, unless nothing says
 *   so: no frame rate, no duration, and no time that moves on
 * @GST_ACTIVATION_FOLLOW_ON: all frames continue each other
 * @GST_ACTIVATION_FOLLOW_OFF: each frame is a picture of its own
 *
 * Whether what was seen in one frame counts in the next.
 */
typedef enum {
  GST_ACTIVATION_FOLLOW_AUTO,
  GST_ACTIVATION_FOLLOW_ON,
  GST_ACTIVATION_FOLLOW_OFF,
} GstActivationFollow;

#define GST_TYPE_ACTIVATION_FOLLOW (gst_activation_follow_get_type ())
GType gst_activation_follow_get_type (void);

/**
 * StreamClock:
 * @time: of the frame, in nanoseconds from the first one on; it never goes back
 * @gap: nanoseconds that usually lie between two frames, 1 ms to 10 s
 * @is_timed: whether the frames have a frame rate, a duration or a time that
 *   moves on
 * @is_continued: whether the frame continues the one before it
 *
 * The clock by which faces, ranges and curves are followed. It shows running
 * time, which also grows when a film is played backwards. After a small step
 * back it waits, and it counts frames that have no time. It serves one thread
 * at a time. A new clock is all zero.
 */
typedef struct {
  GstClockTime time;
  GstClockTime gap;
  gboolean is_timed;
  gboolean is_continued;

  /*< private >*/
  gboolean has_begun;
  gboolean has_stamp;
  gboolean has_moved;
  gint64 stamp;          /* running time of the last frame that had one */
  gint64 offset;         /* from running time to @time */
  GstClockTime steps[3]; /* of the last frames that took time; 0 for none */
} StreamClock;

/**
 * stream_clock_tick:
 * @segment: the segment that @buffer belongs to
 * @info: of the frame
 * @buffer: the next frame
 *
 * Goes on to a frame. The first frame does not continue any other, nor does one
 * that is ten seconds ahead, or as far back as a face may be absent.
 */
void stream_clock_tick (StreamClock *clock, const GstSegment *segment,
    const GstVideoInfo *info, GstBuffer *buffer, GstActivationFollow follow);

/**
 * stream_clock_handle_event:
 * @pad: the pad that receives @event
 *
 * To be called in the streaming thread, before the event is forwarded. The
 * clock starts afresh after a flush and in another stream.
 */
void stream_clock_handle_event (StreamClock *clock, GstPad *pad,
    GstEvent *event);

/**
 * stream_clock_get_frame_rate:
 *
 * Returns: the number of frames per second of running time that the caps
 *   promise, or 0
 */
gdouble stream_clock_get_frame_rate (const GstSegment *segment,
    const GstVideoInfo *info);

/**
 * stream_clock_get_running_time:
 *
 * Returns: the running time of @buffer; GST_CLOCK_TIME_NONE if it has no
 *   timestamp, or if @segment is not in time format. The function below returns
 *   its stream time.
 */
GstClockTime stream_clock_get_running_time (const GstSegment *segment,
    GstBuffer *buffer);
GstClockTime stream_clock_get_stream_time (const GstSegment *segment,
    GstBuffer *buffer);

G_END_DECLS
