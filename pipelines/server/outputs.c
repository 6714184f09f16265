/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "outputs.h"

#include "encoder.h"
#include "hub.h"
#ifdef HAVE_MQTT
#include "mqtt.h"
#endif
#include "push.h"
#include "recorder.h"

typedef struct {
  gpointer object;
  GDestroyNotify close; /* NULL: there is nothing to finish */
  GDestroyNotify free;
} Output;

struct _Outputs {
  GArray *outputs;     /* of Output */
  GPtrArray *encoders; /* of Encoder; the outputs of a hub share one */
};

static void
clear_output (gpointer data)
{
  Output *output = data;

  output->free (output->object);
}

/* Takes @object; NULL is an error. */
static gboolean
add (Outputs *self, gpointer object, GDestroyNotify close_function,
    GDestroyNotify free_function)
{
  const Output output = { object, close_function, free_function };

  if (object)
    g_array_append_val (self->outputs, output);
  return object != NULL;
}

#ifdef HAVE_MQTT
static void
free_mqtt (gpointer mqtt)
{
  mqtt_free (mqtt);
}

static gboolean
add_mqtt (Outputs *self, Hub *hub, GError **error)
{
  return !hub_get_options (hub)->outputs.mqtt
      || add (self, mqtt_new (hub, error), NULL, free_mqtt);
}
#else
static gboolean
add_mqtt (Outputs *self, Hub *hub, GError **error)
{
  return TRUE;
}
#endif

static void
free_push (gpointer push)
{
  push_free (push);
}

static void
close_recorder (gpointer recorder)
{
  recorder_close (recorder);
}

static void
free_recorder (gpointer recorder)
{
  recorder_free (recorder);
}

static void
free_encoder (gpointer encoder)
{
  encoder_free (encoder);
}

static gboolean
add_pictures (Outputs *self, Hub *hub, GError **error)
{
  const OutputOptions *options = &hub_get_options (hub)->outputs;
  Encoder *encoder = encoder_new (hub, TRUE);

  g_ptr_array_add (self->encoders, encoder);
  if (options->push
      && !add (self, push_new (hub, encoder, error), NULL, free_push))
    return FALSE;
  return !options->record
      || add (self, recorder_new (hub, encoder, error), close_recorder,
          free_recorder);
}

Outputs *
outputs_new (GPtrArray *hubs, GError **error)
{
  g_autoptr (Outputs) self = g_new0 (Outputs, 1);

  self->outputs = g_array_new (FALSE, FALSE, sizeof (Output));
  g_array_set_clear_func (self->outputs, clear_output);
  self->encoders = g_ptr_array_new_with_free_func (free_encoder);
  for (guint i = 0; i < hubs->len; i++) {
    if (!add_mqtt (self, hubs->pdata[i], error)
        || !add_pictures (self, hubs->pdata[i], error))
      return NULL;
  }
  return g_steal_pointer (&self);
}

void
outputs_free (Outputs *self)
{
  /* All at the same time. */
  for (guint i = 0; i < self->outputs->len; i++) {
    const Output *output = &g_array_index (self->outputs, Output, i);

    if (output->close)
      output->close (output->object);
  }
  g_array_unref (self->outputs);
  g_ptr_array_unref (self->encoders);
  g_free (self);
}
