/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "network.h"

#include "chain.h"
#include "journal.h"
#include "properties.h"

struct _Network {
  GstElement *pipeline; /* only for its bus and its state */
  GstElement *elements[NETWORK_N_ELEMENTS];
  Chain *chain;       /* (nullable): before there are all elements */
  GstClockTime start; /* of the first picture */
  GMutex lock;
  GError *error; /* protected by lock */
};

static const gchar *const element_names[NETWORK_N_ELEMENTS] = { "facetracker",
  "cnninference" };

/* The first error is the cause. */
static void
take_error (Network *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  gst_message_parse_error (message, &error, NULL);
  g_prefix_error (&error, "%s: ", GST_OBJECT_NAME (GST_MESSAGE_SRC (message)));
  g_mutex_lock (&self->lock);
  if (!self->error)
    self->error = g_steal_pointer (&error);
  g_mutex_unlock (&self->lock);
}

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR) {
    take_error (data, message);
  } else if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING) {
    gst_message_parse_warning (message, &error, NULL);
    journal_print ("%s", error->message);
  }
  gst_message_unref (message);
  return GST_BUS_DROP;
}

static gboolean
give_error (Network *self, GError **error)
{
  g_mutex_lock (&self->lock);
  if (self->error)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else
    g_set_error_literal (error, GST_CORE_ERROR, GST_CORE_ERROR_FAILED,
        "The network cannot be run");
  g_mutex_unlock (&self->lock);
  return FALSE;
}

static gboolean
make_elements (Network *self, GError **error)
{
  for (guint i = 0; i < NETWORK_N_ELEMENTS; i++) {
    self->elements[i] = gst_element_factory_make (element_names[i],
        element_names[i]);
    if (!self->elements[i]) {
      g_set_error (error, GST_PARSE_ERROR, GST_PARSE_ERROR_NO_SUCH_ELEMENT,
          "no element \"%s\"", element_names[i]);
      return FALSE;
    }
    gst_bin_add (GST_BIN (self->pipeline), self->elements[i]);
  }
  return gst_element_link (self->elements[0], self->elements[1]);
}

Network *
network_new (GError **error)
{
  g_autoptr (Network) self = g_new0 (Network, 1);
  g_autoptr (GstBus) bus = NULL;

  g_mutex_init (&self->lock);
  self->pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  bus = gst_element_get_bus (self->pipeline);
  gst_bus_set_sync_handler (bus, on_message, self, NULL);
  if (!make_elements (self, error))
    return NULL;
  self->chain = chain_new (self->elements[0], self->elements[1]);
  return g_steal_pointer (&self);
}

static void
stop (Network *self)
{
  if (self->chain)
    chain_stop (self->chain);
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
}

void
network_free (Network *self)
{
  stop (self);
  g_clear_pointer (&self->chain, chain_free);
  gst_object_unref (self->pipeline);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);
  g_free (self);
}

GstElement *const *
network_get_elements (Network *self)
{
  return self->elements;
}

gboolean
network_start (Network *self, GError **error)
{
  stop (self);
  g_mutex_lock (&self->lock);
  g_clear_error (&self->error);
  g_mutex_unlock (&self->lock);
  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING)
      == GST_STATE_CHANGE_FAILURE)
    return give_error (self, error);
  chain_start (self->chain);
  return TRUE;
}

GstBuffer *
network_process (Network *self, GstBuffer *picture, GstCaps *caps,
    GstClockTime time, GError **error)
{
  GstFlowReturn flow;
  GstBuffer *result;

  if (chain_set_caps (self->chain, caps))
    self->start = time;
  picture = gst_buffer_make_writable (picture);
  GST_BUFFER_PTS (picture) = time > self->start ? time - self->start : 0;
  GST_BUFFER_DTS (picture) = GST_CLOCK_TIME_NONE;
  result = chain_run (self->chain, picture, &flow);
  if (flow != GST_FLOW_OK)
    give_error (self, error);
  return result;
}

gboolean
network_try (Network *self, const GPtrArray *changes, GError **error)
{
  g_autoptr (Network) trial = network_new (error);

  if (!trial)
    return FALSE;
  for (guint i = 0; i < NETWORK_N_ELEMENTS; i++)
    properties_copy (self->elements[i], trial->elements[i]);
  properties_set (trial->elements, NETWORK_N_ELEMENTS, changes);
  return network_start (trial, error);
}
