/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "reader.h"

#include <gio/gio.h>
#include <gst/app/app.h>
#include <gst/video/video.h>

#include "backoff.h"
#include "journal.h"

/* A source that has lived for so long did not fail at the start. */
#define STEADY_US (10 * G_USEC_PER_SEC)
/* One that is repeated does not begin more often than this. */
#define MIN_PASS_US (G_USEC_PER_SEC / 2)
/* A live source that gives no picture for so long is opened anew. */
#define PATIENCE_US (15 * G_USEC_PER_SEC)
#define WATCH_SECONDS 1
/* Of a picture, as of --size. */
#define MAX_SIDE 8192
/* A live source whose pictures come later than this has a backlog, which is
 * dropped before it is decoded. A file that cannot be decoded in real time is
 * played more slowly. */
#define MAX_LATENESS GST_SECOND

#define NO_PICTURE "The source has no picture that can be decoded here"
#define NOT_REPEATABLE "The source has ended, and cannot be played again"
#define ENDED "The source has ended"
#define STALLED "The source gives no picture"
#define UNREACHABLE \
  "The source cannot be reached, or what it sends cannot be played"

/* How much later than the error of an element its cause may be posted. */
#define CAUSE_TIME (100 * GST_MSECOND)

/* What the elements of the plugin take, so that few sources are converted. */
#define FORMATS                                                           \
  "video/x-raw,format={I420,YV12,NV12,NV21,YUY2,UYVY,GRAY8,RGB,BGR,RGBx," \
  "BGRx,RGBA,BGRA,xRGB,ARGB}"

struct _Reader {
  Source *source;
  gint fps, width, height;
  gboolean is_patient; /* waits also for a source that has never been there */
  gboolean was_there;
  ReaderListener listener;
  gpointer user_data;

  GstElement *pipeline; /* of this attempt, or NULL */
  GThreadPool *worker;  /* changes states, which may block */
  guint bus_watch, retry, watch, still;
  Backoff backoff;
  gint64 start;         /* of this pass over the source */
  gint n_pictures;      /* in this pass; atomic */
  GstSample *first;     /* of this pass, while it is the only one; protected by
                           lock */
  gint64 last_activity; /* protected by lock */
  GMutex lock;
};

static void begin_attempt (Reader *self);

typedef struct {
  GstElement *pipeline;
  GstState state;
} Change;

/* Errors are posted on the bus. */
static void
run_change (gpointer data, gpointer user_data)
{
  Change *change = data;

  gst_element_set_state (change->pipeline, change->state);
  gst_object_unref (change->pipeline);
  g_free (change);
}

static void
change_state (Reader *self, GstState state)
{
  Change *change = g_new (Change, 1);

  change->pipeline = gst_object_ref (self->pipeline);
  change->state = state;
  g_thread_pool_push (self->worker, change, NULL);
}

static void
note_activity (Reader *self)
{
  g_mutex_lock (&self->lock);
  self->last_activity = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
}

/* Keeps the picture, in case that it is the only one. */
static void
keep_first (Reader *self, GstSample *sample)
{
  const gboolean is_first = g_atomic_int_add (&self->n_pictures, 1) == 0;

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->first, gst_sample_unref);
  if (is_first && source_is_repeated (self->source))
    self->first = gst_sample_ref (sample);
  g_mutex_unlock (&self->lock);
}

static GstClockTime
get_time (Reader *self, GstElement *sink, GstSample *sample)
{
  const GstClockTime running_time =
      gst_segment_to_running_time (gst_sample_get_segment (sample),
          GST_FORMAT_TIME, GST_BUFFER_PTS (gst_sample_get_buffer (sample)));
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  const GstClockTime now = gst_clock_get_time (clock);
  GstClockTime time;

  /* Cameras that send JPEG by HTTP do not say when. */
  if (!GST_CLOCK_TIME_IS_VALID (running_time))
    return now;
  time = running_time + gst_element_get_base_time (sink);
  return !source_is_live (self->source) && now > time + MAX_LATENESS ? now
                                                                     : time;
}

static GstFlowReturn
on_sample (GstAppSink *sink, gpointer data)
{
  Reader *self = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);

  if (!sample)
    return GST_FLOW_EOS;
  note_activity (self);
  keep_first (self, sample);
  self->listener.picture (gst_sample_get_buffer (sample),
      gst_sample_get_caps (sample), get_time (self, GST_ELEMENT (sink), sample),
      self->user_data);
  return GST_FLOW_OK;
}

static void
end_attempt (Reader *self)
{
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  g_clear_handle_id (&self->watch, g_source_remove);
  if (self->pipeline)
    change_state (self, GST_STATE_NULL);
  gst_clear_object (&self->pipeline);
}

static gboolean
on_retry (gpointer data)
{
  Reader *self = data;

  self->retry = 0;
  begin_attempt (self);
  return G_SOURCE_REMOVE;
}

static gint64
get_age (const Reader *self)
{
  return g_get_monotonic_time () - self->start;
}

/* A source that has given pictures for a while is tried again soon, one that
 * does not after longer and longer. */
static void
lose (Reader *self, const GError *error)
{
  guint seconds;

  if (g_atomic_int_get (&self->n_pictures) > 0 && get_age (self) > STEADY_US)
    backoff_reset (&self->backoff);
  seconds = backoff_next (&self->backoff);
  end_attempt (self);
  journal_print ("%s: %s; next try in %u s", source_get_label (self->source),
      error->message, seconds);
  self->retry = g_timeout_add_seconds (seconds, on_retry, self);
  self->listener.lost (error, self->user_data);
}

static void
end (Reader *self, const GError *error)
{
  g_autoptr (GError) named = g_error_copy (error);

  g_prefix_error (&named, "%s: ", source_get_label (self->source));
  end_attempt (self);
  self->listener.ended (named, self->user_data);
}

static void
fail (Reader *self, const gchar *message)
{
  g_autoptr (GError)
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, message);

  self->was_there |= g_atomic_int_get (&self->n_pictures) > 0;
  if (source_may_return (self->source) && (self->was_there || self->is_patient))
    lose (self, error);
  else
    end (self, error);
}

static gboolean
on_still (gpointer data)
{
  Reader *self = data;
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();

  self->listener.picture (gst_sample_get_buffer (self->first),
      gst_sample_get_caps (self->first), gst_clock_get_time (clock),
      self->user_data);
  return G_SOURCE_CONTINUE;
}

/* From now on there is only this picture. */
static void
show_still (Reader *self)
{
  const guint fps = self->fps ? (guint) self->fps : SOURCE_PICTURE_FPS;

  self->still = g_timeout_add (1000 / fps, on_still, self);
}

/* With a new pipeline, as in the other cases in which a source is opened
 * again. */
static void
play_again (Reader *self)
{
  const gint n_pictures = g_atomic_int_get (&self->n_pictures);
  const gint64 rest_us = MIN_PASS_US - get_age (self);

  if (n_pictures == 0) {
    fail (self, NO_PICTURE);
    return;
  }
  self->was_there = TRUE;
  end_attempt (self);
  if (n_pictures == 1)
    show_still (self);
  else if (rest_us > 0)
    self->retry = g_timeout_add ((guint) (rest_us / 1000) + 1, on_retry, self);
  else
    begin_attempt (self);
}

static void
on_eos (Reader *self)
{
  if (source_is_repeated (self->source))
    play_again (self);
  else if (source_may_return (self->source))
    fail (self, ENDED);
  else
    fail (self,
        g_atomic_int_get (&self->n_pictures) ? NOT_REPEATABLE : NO_PICTURE);
}

/* Whether it only says that an element cannot go on. The cause may come from
 * another thread, and a little later; souphttpsrc has none for a host that
 * cannot be reached. */
static gboolean
is_general (GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  return g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED);
}

static gchar *
describe (const Reader *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  if (g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN))
    return g_strdup (NO_PICTURE);
  if (is_general (message) && source_is_remote (self->source))
    return g_strdup (UNREACHABLE);
  return g_strdup_printf ("%s: %s", GST_OBJECT_NAME (GST_MESSAGE_SRC (message)),
      error->message);
}

/* Returns: (transfer full) (nullable): what the same element has to say
 * besides; errors of others follow from it. */
static GstMessage *
find_cause (const Reader *self, GstMessage *message)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  GstMessage *cause = NULL;

  do {
    g_clear_pointer (&cause, gst_message_unref);
    cause = gst_bus_timed_pop_filtered (bus, CAUSE_TIME, GST_MESSAGE_ERROR);
  } while (cause && GST_MESSAGE_SRC (cause) != GST_MESSAGE_SRC (message));
  return cause;
}

static void
on_error (Reader *self, GstMessage *message)
{
  GstMessage *cause = is_general (message) ? find_cause (self, message) : NULL;
  g_autofree gchar *text = describe (self, cause ? cause : message);

  g_clear_pointer (&cause, gst_message_unref);
  fail (self, text);
}

static void
on_warning (Reader *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_warning (message, &error, NULL);
  journal_print ("%s: %s", source_get_label (self->source), error->message);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  Reader *self = data;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ERROR:
      on_error (self, message);
      break;
    case GST_MESSAGE_WARNING:
      on_warning (self, message);
      break;
    case GST_MESSAGE_EOS:
      on_eos (self);
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_watch (gpointer data)
{
  Reader *self = data;
  gboolean is_stalled;

  g_mutex_lock (&self->lock);
  is_stalled = g_get_monotonic_time () - self->last_activity > PATIENCE_US;
  g_mutex_unlock (&self->lock);
  if (!is_stalled)
    return G_SOURCE_CONTINUE;
  self->watch = 0;
  fail (self, STALLED);
  return G_SOURCE_REMOVE;
}

/* Drops encoded pictures that are late, up to a keyframe that is not. */
static GstPadProbeReturn
on_encoded (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  gboolean *is_dropping = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autoptr (GstElement) decoder = gst_pad_get_parent_element (pad);
  g_autoptr (GstEvent)
      event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  const GstSegment *segment = NULL;
  GstClockTime time, now;
  gboolean is_late;

  if (!decoder || !event || !GST_BUFFER_PTS_IS_VALID (buffer))
    return GST_PAD_PROBE_OK;
  gst_event_parse_segment (event, &segment);
  time = gst_segment_to_running_time (segment, GST_FORMAT_TIME,
      GST_BUFFER_PTS (buffer));
  now = gst_element_get_current_running_time (decoder);
  is_late = GST_CLOCK_TIME_IS_VALID (time) && GST_CLOCK_TIME_IS_VALID (now)
      && now > time + MAX_LATENESS;
  if (is_late)
    *is_dropping = TRUE;
  else if (!GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT))
    *is_dropping = FALSE;
  return *is_dropping ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

/* What is absurdly large is not decoded. */
static GstPadProbeReturn
on_encoded_format (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  g_autoptr (GstElement) decoder = gst_pad_get_parent_element (pad);
  GstCaps *caps = NULL;
  gint width = 0, height = 0;

  if (!decoder || GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  gst_structure_get (gst_caps_get_structure (caps, 0), "width", G_TYPE_INT,
      &width, "height", G_TYPE_INT, &height, NULL);
  if (MAX (width, height) <= MAX_SIDE)
    return GST_PAD_PROBE_OK;
  GST_ELEMENT_ERROR (decoder, STREAM, WRONG_TYPE,
      ("a picture of %dx%d is too large: at most %dx%d", width, height,
          MAX_SIDE, MAX_SIDE),
      (NULL));
  return GST_PAD_PROBE_DROP;
}

static void
on_element_added (GstBin *bin, GstBin *child_bin, GstElement *element,
    gpointer data)
{
  const Reader *self = data;
  g_autoptr (GstPad) pad = NULL;

  if (!gst_element_factory_list_is_type (gst_element_get_factory (element),
          GST_ELEMENT_FACTORY_TYPE_DECODER))
    return;
  pad = gst_element_get_static_pad (element, "sink");
  if (!pad)
    return;
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
      on_encoded_format, NULL, NULL);
  if (source_is_live (self->source)) {
    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_encoded,
        g_new0 (gboolean, 1), g_free);
  }
}

/* The caps that the options ask for, with the elements that provide them. */
static gchar *
make_format_launch (const Reader *self)
{
  GString *launch = g_string_new (NULL);

  if (self->width) {
    g_string_append_printf (launch,
        "videoscale ! video/x-raw,width=%d,height=%d,pixel-aspect-ratio=1/1 ! ",
        self->width, self->height);
  }
  if (self->fps) {
    g_string_append_printf (launch, "videorate ! video/x-raw,framerate=%d/1 ! ",
        self->fps);
  }
  g_string_append (launch, "videoconvert ! " FORMATS " ! appsink name=sink");
  return g_string_free (launch, FALSE);
}

static GstElement *
make_sink_bin (const Reader *self, GError **error)
{
  g_autofree gchar *launch = make_format_launch (self);
  GstElement *bin = gst_parse_bin_from_description_full (launch, TRUE, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, error);
  g_autoptr (GstElement) sink = NULL;

  if (!bin)
    return NULL;
  sink = gst_bin_get_by_name (GST_BIN (bin), "sink");
  g_object_set (sink, "sync", !source_is_live (self->source), "max-buffers", 1,
      NULL);
  return bin;
}

static GstElement *
make_pipeline (Reader *self, GError **error)
{
  g_autoptr (GstElement)
      pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  GstElement *sink;

  /* Before there are decoders. */
  g_signal_connect (pipeline, "deep-element-added",
      G_CALLBACK (on_element_added), self);
  source = source_make_bin (self->source, self->fps, error);
  if (!source)
    return NULL;
  sink = make_sink_bin (self, error);
  if (!sink)
    return NULL;
  gst_bin_add_many (GST_BIN (pipeline), source, sink, NULL);
  gst_element_link (source, sink);
  gst_pipeline_use_clock (GST_PIPELINE (pipeline), clock);
  return g_steal_pointer (&pipeline);
}

static void
watch_pipeline (Reader *self)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_sample };
  g_autoptr (GstElement)
      sink = gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  gst_app_sink_set_callbacks (GST_APP_SINK (sink), &callbacks, self, NULL);
  self->bus_watch = gst_bus_add_watch (bus, on_message, self);
  if (source_is_live (self->source) || source_is_remote (self->source))
    self->watch = g_timeout_add_seconds (WATCH_SECONDS, on_watch, self);
}

static void
begin_attempt (Reader *self)
{
  g_autoptr (GError) error = NULL;

  self->n_pictures = 0;
  self->start = g_get_monotonic_time ();
  note_activity (self);
  if (!self->pipeline)
    self->pipeline = make_pipeline (self, &error);
  if (!self->pipeline) {
    end (self, error);
    return;
  }
  watch_pipeline (self);
  change_state (self, GST_STATE_PLAYING);
}

Reader *
reader_new (const StreamOptions *options, const ReaderListener *listener,
    gpointer user_data, GError **error)
{
  g_autoptr (Reader) self = g_new0 (Reader, 1);

  g_mutex_init (&self->lock);
  self->listener = *listener;
  self->user_data = user_data;
  self->fps = options->fps;
  self->width = options->width;
  self->height = options->height;
  /* One change after the other: opening a FIFO that nobody writes to blocks. */
  self->worker = g_thread_pool_new (run_change, NULL, 1, FALSE, NULL);
  self->source = source_new (options->source, error);
  if (!self->source)
    return NULL;
  self->is_patient = options->has_siblings || source_is_remote (self->source);
  if (!self->is_patient && !source_check (self->source, error))
    return NULL;
  self->pipeline = make_pipeline (self, error);
  return self->pipeline ? g_steal_pointer (&self) : NULL;
}

void
reader_free (Reader *self)
{
  g_clear_handle_id (&self->retry, g_source_remove);
  g_clear_handle_id (&self->still, g_source_remove);
  end_attempt (self);
  g_thread_pool_free (self->worker, FALSE, TRUE);
  g_clear_pointer (&self->first, gst_sample_unref);
  g_clear_pointer (&self->source, source_free);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
reader_start (Reader *self)
{
  begin_attempt (self);
}

const Source *
reader_get_source (const Reader *self)
{
  return self->source;
}
