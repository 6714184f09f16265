/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "encoder.h"

#include <gst/app/app.h>

#include "encoder-bin.h"
#include "journal.h"
#include "metadata-writer.h"
#include "outlet.h"

/* After an error of one of its elements. */
#define RESTART_SECONDS 1

/* What is said of a picture, until that is encoded. */
typedef struct {
  GstClockTime time; /* of its stamp */
  gchar *line;
} Metadata;

struct _EncoderTap {
  EncoderFunc func;
  gpointer user_data;
  gboolean wants_metadata;
};

struct _Encoder {
  Hub *hub;
  gboolean draws;

  GMutex state_lock; /* while it is started or stopped */
  GstElement *pipeline;
  Outlet *outlet;
  MetadataWriter *writer; /* of the thread before the encoder alone */

  GMutex lock;
  GPtrArray *taps; /* of EncoderTap; this and what follows is protected by
                      lock */
  GQueue metadata; /* of Metadata, in the order of pictures */
  guint n_metadata_taps;
  guint restart;
};

static gboolean on_restart (gpointer data);

static void
metadata_free (gpointer data)
{
  Metadata *self = data;

  g_free (self->line);
  g_free (self);
}

static gboolean
wants_metadata (Encoder *self)
{
  gboolean wants;

  g_mutex_lock (&self->lock);
  wants = self->n_metadata_taps > 0;
  g_mutex_unlock (&self->lock);
  return wants;
}

/* A picture goes into the encoder. */
static GstPadProbeReturn
on_picture (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Encoder *self = data;
  GstBuffer *picture = GST_PAD_PROBE_INFO_BUFFER (info);
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  Metadata *metadata;

  if (!caps || !wants_metadata (self))
    return GST_PAD_PROBE_OK;
  metadata = g_new0 (Metadata, 1);
  metadata->time = GST_BUFFER_PTS (picture);
  metadata->line = metadata_writer_write (self->writer, picture, caps,
      GST_CLOCK_TIME_NONE);
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->metadata, metadata);
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

/* Returns what is said of the picture with this stamp. Call with the lock. */
static gchar *
take_metadata (Encoder *self, GstClockTime time)
{
  gchar *line = NULL;

  while (!g_queue_is_empty (&self->metadata)) {
    Metadata *metadata = g_queue_peek_head (&self->metadata);

    if (metadata->time > time)
      break;
    g_queue_pop_head (&self->metadata);
    g_free (line);
    line = metadata->time == time ? g_steal_pointer (&metadata->line) : NULL;
    metadata_free (metadata);
  }
  return line;
}

static void
hand_out (Encoder *self, GstSample *unit, GstClockTime running_time,
    GstClockTime base_time)
{
  g_autofree gchar *line = NULL;

  g_mutex_lock (&self->lock);
  line = take_metadata (self, running_time);
  for (guint i = 0; i < self->taps->len; i++) {
    const EncoderTap *tap = self->taps->pdata[i];

    tap->func (unit, base_time + running_time,
        tap->wants_metadata ? line : NULL, tap->user_data);
  }
  g_mutex_unlock (&self->lock);
}

static GstFlowReturn
on_unit (GstAppSink *sink, gpointer data)
{
  g_autoptr (GstSample) unit = gst_app_sink_pull_sample (sink);
  GstClockTime running_time;

  if (!unit)
    return GST_FLOW_EOS;
  running_time = gst_segment_to_running_time (gst_sample_get_segment (unit),
      GST_FORMAT_TIME, GST_BUFFER_PTS (gst_sample_get_buffer (unit)));
  if (GST_CLOCK_TIME_IS_VALID (running_time))
    hand_out (data, unit, running_time,
        gst_element_get_base_time (GST_ELEMENT (sink)));
  return GST_FLOW_OK;
}

static void
fail (Encoder *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  journal_print ("%s: %s", GST_OBJECT_NAME (GST_MESSAGE_SRC (message)),
      error->message);
  g_mutex_lock (&self->lock);
  if (!self->restart)
    self->restart = g_timeout_add_seconds (RESTART_SECONDS, on_restart, self);
  g_mutex_unlock (&self->lock);
}

/* From any thread. */
static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    fail (data, message);
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static void
watch (Encoder *self, GstElement *frames, GstElement *units)
{
  GstAppSinkCallbacks callbacks = { .new_sample = on_unit };
  g_autoptr (GstPad) pad = gst_element_get_static_pad (frames, "src");
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_picture, self, NULL);
  g_object_set (units, "sync", FALSE, NULL);
  gst_app_sink_set_callbacks (GST_APP_SINK (units), &callbacks, self, NULL);
  gst_bus_set_sync_handler (bus, on_message, self, NULL);
}

static gboolean
start (Encoder *self, GError **error)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  GstElement *bin = encoder_bin_new (self->hub, self->draws,
      "appsink name=units", error);
  g_autoptr (GstElement) frames = NULL;
  g_autoptr (GstElement) units = NULL;
  g_autoptr (GstElement) encoder = NULL;

  self->writer = bin ? metadata_writer_new (error) : NULL;
  if (!self->writer) {
    gst_clear_object (&bin);
    return FALSE;
  }
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  frames = gst_bin_get_by_name (GST_BIN (bin), ENCODER_BIN_FRAMES);
  encoder = gst_bin_get_by_name (GST_BIN (bin), ENCODER_BIN_ENCODER);
  units = gst_bin_get_by_name (GST_BIN (bin), "units");
  gst_bin_add (GST_BIN (self->pipeline), bin);
  watch (self, frames, units);
  self->outlet = outlet_new (self->hub, frames, encoder);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  return TRUE;
}

static void
stop (Encoder *self)
{
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_pointer (&self->outlet, outlet_free);
  gst_clear_object (&self->pipeline);
  g_clear_pointer (&self->writer, metadata_writer_free);
  g_queue_clear_full (&self->metadata, metadata_free);
}

static gboolean
on_restart (gpointer data)
{
  Encoder *self = data;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->lock);
  self->restart = 0;
  g_mutex_unlock (&self->lock);
  g_mutex_lock (&self->state_lock);
  if (self->pipeline) {
    stop (self);
    if (start (self, &error))
      outlet_play (self->outlet);
    else
      journal_print ("%s", error->message);
  }
  g_mutex_unlock (&self->state_lock);
  return G_SOURCE_REMOVE;
}

Encoder *
encoder_new (Hub *hub, gboolean draws)
{
  Encoder *self = g_new0 (Encoder, 1);

  g_mutex_init (&self->state_lock);
  g_mutex_init (&self->lock);
  g_queue_init (&self->metadata);
  self->hub = hub;
  self->draws = draws;
  self->taps = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
encoder_free (Encoder *self)
{
  g_clear_handle_id (&self->restart, g_source_remove);
  g_ptr_array_unref (self->taps);
  g_mutex_clear (&self->state_lock);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
add (Encoder *self, EncoderTap *tap)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->taps, tap);
  self->n_metadata_taps += tap->wants_metadata ? 1 : 0;
  g_mutex_unlock (&self->lock);
}

EncoderTap *
encoder_add_tap (Encoder *self, gboolean with_metadata, EncoderFunc func,
    gpointer user_data, GError **error)
{
  EncoderTap *tap = NULL;

  g_mutex_lock (&self->state_lock);
  if (self->pipeline || start (self, error)) {
    tap = g_new0 (EncoderTap, 1);
    tap->func = func;
    tap->user_data = user_data;
    tap->wants_metadata = with_metadata;
    add (self, tap);
    outlet_play (self->outlet);
  }
  g_mutex_unlock (&self->state_lock);
  return tap;
}

void
encoder_remove_tap (Encoder *self, EncoderTap *tap)
{
  gboolean was_last;

  g_mutex_lock (&self->state_lock);
  g_mutex_lock (&self->lock);
  self->n_metadata_taps -= tap->wants_metadata ? 1 : 0;
  g_ptr_array_remove (self->taps, tap);
  was_last = self->taps->len == 0;
  g_mutex_unlock (&self->lock);
  if (was_last)
    stop (self);
  g_mutex_unlock (&self->state_lock);
}

/* While there is a tap, there is an outlet. */
void
encoder_request_keyframe (Encoder *self)
{
  outlet_play (self->outlet);
}
