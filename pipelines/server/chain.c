/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "chain.h"

struct _Chain {
  GstPad *input, *output; /* as in a GstHarness, these have no element */
  GstCaps *caps;          /* of the last buffer */
  GstBuffer *result;
};

static GstFlowReturn
on_result (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Chain *self = gst_pad_get_element_private (pad);

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

Chain *
chain_new (GstElement *first, GstElement *last)
{
  Chain *self = g_new0 (Chain, 1);
  g_autoptr (GstPad) sink = gst_element_get_static_pad (first, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (last, "src");

  self->input = gst_object_ref_sink (gst_pad_new ("input", GST_PAD_SRC));
  self->output = gst_object_ref_sink (gst_pad_new ("output", GST_PAD_SINK));
  gst_pad_set_element_private (self->output, self);
  gst_pad_set_chain_function (self->output, on_result);
  gst_pad_set_event_function (self->output, on_event);
  gst_pad_link (self->input, sink);
  gst_pad_link (src, self->output);
  return self;
}

void
chain_free (Chain *self)
{
  chain_stop (self);
  gst_object_unref (self->input);
  gst_object_unref (self->output);
  g_free (self);
}

void
chain_start (Chain *self)
{
  gst_pad_set_active (self->output, TRUE);
  gst_pad_set_active (self->input, TRUE);
  gst_pad_push_event (self->input, gst_event_new_stream_start ("pictures"));
}

void
chain_stop (Chain *self)
{
  gst_pad_set_active (self->input, FALSE);
  gst_pad_set_active (self->output, FALSE);
  gst_clear_caps (&self->caps);
  gst_clear_buffer (&self->result);
}

/* The segment comes after the first caps. */
gboolean
chain_set_caps (Chain *self, GstCaps *caps)
{
  const gboolean is_first = !self->caps;
  GstSegment segment;

  if (self->caps && gst_caps_is_equal (self->caps, caps))
    return FALSE;
  gst_caps_replace (&self->caps, caps);
  gst_pad_push_event (self->input, gst_event_new_caps (caps));
  if (is_first) {
    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_pad_push_event (self->input, gst_event_new_segment (&segment));
  }
  return is_first;
}

GstBuffer *
chain_run (Chain *self, GstBuffer *buffer, GstFlowReturn *flow)
{
  const GstFlowReturn result = gst_pad_push (self->input, buffer);

  if (flow)
    *flow = result;
  if (result != GST_FLOW_OK)
    gst_clear_buffer (&self->result);
  return g_steal_pointer (&self->result);
}
