/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "producer.h"

#include <gio/gio.h>
#include <gst/app/app.h>
#include <gst/video/video.h>

#define START_TIMEOUT_SECONDS 60
#define KEYFRAME_INTERVAL_US (G_USEC_PER_SEC / 4)
#define DEFAULT_FPS 30
#define NO_PICTURE "The source has no picture that can be decoded here"
#define NOT_REPEATABLE "The source has ended, and cannot be played again"

/* If the network or the encoder is slower than the source, the queues drop
 * older pictures, so that no delay builds up. */
#define LEAKY_QUEUE \
  "queue leaky=downstream max-size-buffers=2 max-size-bytes=0 max-size-time=0"
#define LAUNCH                                                                 \
  "%s ! videocrop name=crop %s ! " LEAKY_QUEUE " ! activationmap name=map"     \
  " ! " LEAKY_QUEUE " ! videoconvert ! video/x-raw,format=I420"                \
  " ! x264enc tune=zerolatency speed-preset=veryfast bitrate=%d"               \
  " key-int-max=%d ! video/x-h264,profile=main ! h264parse config-interval=-1" \
  " ! video/x-h264,stream-format=byte-stream,alignment=au"                     \
  " ! appsink name=sink sync=false"

struct _Producer {
  GstElement *pipeline;
  GstElement *sink;
  GThread *starter;
  gboolean repeats;
  guint bus_watch;
  guint timeout;
  gboolean started;

  gint n_pictures;      /* in this pass over the source; atomic */
  gint64 keyframe_time; /* when one was last requested; protected by lock */
  GMutex lock;

  ProducerListener listener;
  gpointer user_data;
};

static void
fail (Producer *self, const GError *error)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  self->listener.failed (error, self->user_data);
}

static void
fail_with_message (Producer *self, const gchar *message)
{
  g_autoptr (GError)
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, message);

  fail (self, error);
}

static GstFlowReturn
on_sample (GstAppSink *sink, gpointer data)
{
  Producer *self = data;
  g_autoptr (GstSample) sample = gst_app_sink_pull_sample (sink);
  GstBuffer *buffer;
  GstClockTime time;

  if (!sample)
    return GST_FLOW_EOS;
  buffer = gst_sample_get_buffer (sample);
  time = gst_segment_to_running_time (gst_sample_get_segment (sample),
      GST_FORMAT_TIME, GST_BUFFER_PTS (buffer));
  if (!GST_CLOCK_TIME_IS_VALID (time))
    return GST_FLOW_OK;
  time += gst_element_get_base_time (GST_ELEMENT (sink));
  self->listener.picture (buffer, gst_sample_get_caps (sample), time,
      self->user_data);
  if (g_atomic_int_add (&self->n_pictures, 1) == 0) {
    gst_element_post_message (GST_ELEMENT (sink),
        gst_message_new_application (GST_OBJECT (sink),
            gst_structure_new_empty ("started")));
  }
  return GST_FLOW_OK;
}

/* H.264 with 4:2:0 chroma needs even sizes: crops the last column or row of odd
 * ones. */
static GstPadProbeReturn
on_crop_event (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstElement *crop = data;
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstCaps *caps;
  GstVideoInfo video;

  if (GST_EVENT_TYPE (event) != GST_EVENT_CAPS)
    return GST_PAD_PROBE_OK;
  gst_event_parse_caps (event, &caps);
  if (gst_video_info_from_caps (&video, caps)) {
    g_object_set (crop, "right", GST_VIDEO_INFO_WIDTH (&video) % 2, "bottom",
        GST_VIDEO_INFO_HEIGHT (&video) % 2, NULL);
  }
  return GST_PAD_PROBE_OK;
}

static void
play_again (Producer *self)
{
  if (g_atomic_int_exchange (&self->n_pictures, 0) == 0) {
    fail_with_message (self, NO_PICTURE);
    return;
  }
  /* In PAUSED, so that running time starts from 0 again. */
  gst_element_set_state (self->pipeline, GST_STATE_PAUSED);
  if (!gst_element_seek_simple (self->pipeline, GST_FORMAT_TIME,
          GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT, 0)) {
    fail_with_message (self, NOT_REPEATABLE);
    return;
  }
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

static void
on_error (Producer *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  if (g_error_matches (error, GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN)) {
    fail_with_message (self, NO_PICTURE);
    return;
  }
  g_prefix_error (&error, "%s: ", GST_OBJECT_NAME (GST_MESSAGE_SRC (message)));
  fail (self, error);
}

static void
on_warning (GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_warning (message, &error, NULL);
  g_printerr ("%s: %s\n", g_get_prgname (), error->message);
}

static void
on_started (Producer *self)
{
  if (self->started)
    return;
  self->started = TRUE;
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->listener.started (self->user_data);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  Producer *self = data;

  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_ERROR:
      on_error (self, message);
      break;
    case GST_MESSAGE_WARNING:
      on_warning (message);
      break;
    case GST_MESSAGE_EOS:
      if (self->repeats)
        play_again (self);
      else
        fail_with_message (self, "The camera has stopped");
      break;
    case GST_MESSAGE_APPLICATION:
      on_started (self);
      break;
    default:
      break;
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_timeout (gpointer data)
{
  Producer *self = data;

  self->timeout = 0;
  fail_with_message (self, "The source gave no picture within a minute");
  return G_SOURCE_REMOVE;
}

/* The caps that the options ask for, with the elements that provide them. */
static gchar *
make_format_launch (const Options *options)
{
  GString *launch = g_string_new (NULL);

  if (options->width) {
    g_string_append_printf (launch,
        "! videoscale ! video/x-raw,width=%d,height=%d,pixel-aspect-ratio=1/1",
        options->width, options->height);
  }
  if (options->fps) {
    g_string_append_printf (launch, "! videorate ! video/x-raw,framerate=%d/1",
        options->fps);
  }
  return g_string_free (launch, FALSE);
}

static GstElement *
make_pipeline (const Options *options, const Source *source, GError **error)
{
  g_autofree gchar *format = make_format_launch (options);
  g_autofree gchar *launch = g_strdup_printf (LAUNCH,
      source_get_launch (source), format, options->bitrate,
      options->fps ? options->fps : DEFAULT_FPS);

  return gst_parse_launch_full (launch, NULL, GST_PARSE_FLAG_FATAL_ERRORS,
      error);
}

static gboolean
set_property (GstElement *map, const gchar *text, GError **error)
{
  const gchar *equals = strchr (text, '=');
  g_autofree gchar *name = g_strndup (text, equals - text);
  GParamSpec *pspec;
  GValue value = G_VALUE_INIT;

  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (map), name);
  if (!pspec || !(pspec->flags & G_PARAM_WRITABLE)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "activationmap has no property %s", name);
    return FALSE;
  }
  g_value_init (&value, pspec->value_type);
  if (!gst_value_deserialize_with_pspec (&value, equals + 1, pspec)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "%s is not a valid value of the property %s of activationmap",
        equals + 1, name);
    return FALSE;
  }
  g_object_set_property (G_OBJECT (map), name, &value);
  g_value_unset (&value);
  return TRUE;
}

static gboolean
set_properties (GstElement *map, gchar **properties, GError **error)
{
  for (gchar **text = properties; text && *text; text++) {
    if (!set_property (map, *text, error))
      return FALSE;
  }
  return TRUE;
}

static GstElement *
get_element (Producer *self, const gchar *name)
{
  return gst_bin_get_by_name (GST_BIN (self->pipeline), name);
}

static void
watch_bus (Producer *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  self->bus_watch = gst_bus_add_watch (bus, on_message, self);
}

static void
watch_pads (Producer *self)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_sample };
  g_autoptr (GstElement) crop = get_element (self, "crop");
  g_autoptr (GstPad) pad = gst_element_get_static_pad (crop, "sink");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_crop_event,
      crop, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (self->sink), &callbacks, self,
      NULL);
}

static void
use_system_clock (Producer *self)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();

  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
}

Producer *
producer_new (const Options *options, const Source *source,
    const ProducerListener *listener, gpointer user_data, GError **error)
{
  g_autoptr (Producer) self = g_new0 (Producer, 1);
  g_autoptr (GstElement) element = NULL;
  g_autoptr (GstElement) map = NULL;

  g_mutex_init (&self->lock);
  self->listener = *listener;
  self->user_data = user_data;
  self->repeats = !source_is_camera (source);
  self->pipeline = make_pipeline (options, source, error);
  if (!self->pipeline)
    return NULL;
  self->sink = get_element (self, "sink");
  map = get_element (self, "map");
  if (!set_properties (map, options->properties, error))
    return NULL;
  element = get_element (self, "source");
  g_object_set (element, source_get_location_property (source),
      source_get_location (source), NULL);
  use_system_clock (self);
  watch_pads (self);
  watch_bus (self);
  return g_steal_pointer (&self);
}

void
producer_free (Producer *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_handle_id (&self->bus_watch, g_source_remove);
  g_clear_pointer (&self->starter, g_thread_join);
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->sink);
  gst_clear_object (&self->pipeline);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gpointer
play (gpointer pipeline)
{
  /* Errors are posted on the bus. */
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return NULL;
}

void
producer_start (Producer *self)
{
  self->timeout = g_timeout_add_seconds (START_TIMEOUT_SECONDS, on_timeout,
      self);
  /* In a thread of its own: opening a FIFO that nobody writes to blocks. */
  self->starter = g_thread_new ("starter", play, self->pipeline);
}

void
producer_request_keyframe (Producer *self)
{
  const gint64 now = g_get_monotonic_time ();
  gboolean due;

  g_mutex_lock (&self->lock);
  due = now - self->keyframe_time >= KEYFRAME_INTERVAL_US;
  if (due)
    self->keyframe_time = now;
  g_mutex_unlock (&self->lock);
  if (due) {
    gst_element_send_event (self->sink,
        gst_video_event_new_upstream_force_key_unit (GST_CLOCK_TIME_NONE, TRUE,
            0));
  }
}
