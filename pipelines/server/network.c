/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "network.h"

#include "journal.h"
#include "properties.h"

struct _Network {
  GstElement *pipeline; /* only for its bus and its state */
  GstElement *elements[NETWORK_N_ELEMENTS];
  GstPad *input, *output; /* as in a GstHarness, these have no element */
  GstCaps *caps;          /* of the last picture */
  GstClockTime start;     /* of the first one */
  GstBuffer *result;
  GMutex lock;
  GError *error; /* protected by lock */
};

static const gchar *const element_names[NETWORK_N_ELEMENTS] = { "facetracker",
  "cnninference" };

static GstFlowReturn
on_result (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Network *self = gst_pad_get_element_private (pad);

  gst_clear_buffer (&self->result);
  self->result = buffer;
  return GST_FLOW_OK;
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gst_event_unref (event);
  return TRUE;
}

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

static void
link_pads (Network *self)
{
  g_autoptr (GstPad)
      first = gst_element_get_static_pad (self->elements[0], "sink");
  g_autoptr (GstPad)
      last = gst_element_get_static_pad (self->elements[1], "src");

  self->input = gst_object_ref_sink (gst_pad_new ("input", GST_PAD_SRC));
  self->output = gst_object_ref_sink (gst_pad_new ("output", GST_PAD_SINK));
  gst_pad_set_element_private (self->output, self);
  gst_pad_set_chain_function (self->output, on_result);
  gst_pad_set_event_function (self->output, on_event);
  gst_pad_link (self->input, first);
  gst_pad_link (last, self->output);
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
  link_pads (self);
  return g_steal_pointer (&self);
}

static void
stop (Network *self)
{
  if (self->input) {
    gst_pad_set_active (self->input, FALSE);
    gst_pad_set_active (self->output, FALSE);
  }
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_caps (&self->caps);
  gst_clear_buffer (&self->result);
}

void
network_free (Network *self)
{
  stop (self);
  gst_clear_object (&self->input);
  gst_clear_object (&self->output);
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
  gst_pad_set_active (self->output, TRUE);
  gst_pad_set_active (self->input, TRUE);
  gst_pad_push_event (self->input, gst_event_new_stream_start ("pictures"));
  return TRUE;
}

/* The segment comes after the first caps. */
static void
set_caps (Network *self, GstCaps *caps, GstClockTime time)
{
  const gboolean is_first = !self->caps;
  GstSegment segment;

  if (self->caps && gst_caps_is_equal (self->caps, caps))
    return;
  gst_caps_replace (&self->caps, caps);
  gst_pad_push_event (self->input, gst_event_new_caps (caps));
  if (is_first) {
    self->start = time;
    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_pad_push_event (self->input, gst_event_new_segment (&segment));
  }
}

GstBuffer *
network_process (Network *self, GstBuffer *picture, GstCaps *caps,
    GstClockTime time, GError **error)
{
  set_caps (self, caps, time);
  picture = gst_buffer_make_writable (picture);
  GST_BUFFER_PTS (picture) = time > self->start ? time - self->start : 0;
  GST_BUFFER_DTS (picture) = GST_CLOCK_TIME_NONE;
  if (gst_pad_push (self->input, picture) != GST_FLOW_OK) {
    give_error (self, error);
    return NULL;
  }
  return g_steal_pointer (&self->result);
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
