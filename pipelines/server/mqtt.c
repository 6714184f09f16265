/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mqtt.h"

#include "metadata-writer.h"
#include "mqtt-client.h"

/* Pictures that may wait for the broker. */
#define CAPACITY 8

struct _Mqtt {
  Hub *hub;
  HubConsumer *consumer;
  MetadataWriter *writer;
  MqttClient *client;
};

/* The clock of frames counts from when the machine was started. */
static GstClockTime
get_time_of_day (GstClockTime time)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  const GstClockTime now = (GstClockTime) g_get_real_time () * GST_USECOND;

  return now + time - gst_clock_get_time (clock);
}

static void
on_frame (GstSample *frame, gpointer data)
{
  Mqtt *self = data;
  const FrameInfo info = frame_get_info (frame);
  g_autofree gchar *line = NULL;

  if (!info.has_signal || !mqtt_client_is_connected (self->client))
    return;
  line = metadata_writer_write (self->writer, gst_sample_get_buffer (frame),
      gst_sample_get_caps (frame), get_time_of_day (info.time));
  if (line)
    mqtt_client_publish (self->client, line);
}

Mqtt *
mqtt_new (Hub *hub, GError **error)
{
  const OutputOptions *options = &hub_get_options (hub)->outputs;
  g_autoptr (Mqtt) self = g_new0 (Mqtt, 1);

  self->hub = hub;
  self->writer = metadata_writer_new (error);
  if (!self->writer)
    return NULL;
  self->client = mqtt_client_new (options->mqtt, options->mqtt_password_file,
      options->mqtt_ca, error);
  if (!self->client)
    return NULL;
  self->consumer = hub_add_consumer (hub, "mqtt", CAPACITY, NULL, on_frame,
      self);
  return g_steal_pointer (&self);
}

void
mqtt_free (Mqtt *self)
{
  /* So that nothing is being published. */
  if (self->client)
    mqtt_client_close (self->client);
  if (self->consumer)
    hub_remove_consumer (self->hub, self->consumer);
  g_clear_pointer (&self->client, mqtt_client_free);
  g_clear_pointer (&self->writer, metadata_writer_free);
  g_free (self);
}
