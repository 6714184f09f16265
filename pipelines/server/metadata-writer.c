/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "metadata-writer.h"

#include "elements.h"

#define ELEMENT "regionjson"

struct _MetadataWriter {
  GstElement *element;
  GstPad *input, *output; /* as in a GstHarness, these have no element */
  GstCaps *caps;          /* of the last picture */
  gchar *line;
};

static GstFlowReturn
on_line (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  MetadataWriter *self = gst_pad_get_element_private (pad);
  GstMapInfo map;

  if (gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    g_free (self->line);
    self->line = g_strchomp (g_strndup ((const gchar *) map.data, map.size));
    gst_buffer_unmap (buffer, &map);
  }
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gst_event_unref (event);
  return TRUE;
}

static void
link_pads (MetadataWriter *self)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->element, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (self->element, "src");

  self->input = gst_object_ref_sink (gst_pad_new ("input", GST_PAD_SRC));
  self->output = gst_object_ref_sink (gst_pad_new ("output", GST_PAD_SINK));
  gst_pad_set_element_private (self->output, self);
  gst_pad_set_chain_function (self->output, on_line);
  gst_pad_set_event_function (self->output, on_event);
  gst_pad_link (self->input, sink);
  gst_pad_link (src, self->output);
}

static void
start (MetadataWriter *self)
{
  gst_element_set_state (self->element, GST_STATE_PLAYING);
  gst_pad_set_active (self->output, TRUE);
  gst_pad_set_active (self->input, TRUE);
  gst_pad_push_event (self->input, gst_event_new_stream_start ("pictures"));
}

MetadataWriter *
metadata_writer_new (GError **error)
{
  static const gchar *const names[] = { ELEMENT, NULL };
  MetadataWriter *self;

  if (!elements_check (names, error))
    return NULL;
  self = g_new0 (MetadataWriter, 1);
  self->element = gst_element_factory_make (ELEMENT, NULL);
  gst_object_ref_sink (self->element);
  link_pads (self);
  start (self);
  return self;
}

void
metadata_writer_free (MetadataWriter *self)
{
  gst_pad_set_active (self->input, FALSE);
  gst_pad_set_active (self->output, FALSE);
  gst_element_set_state (self->element, GST_STATE_NULL);
  gst_object_unref (self->input);
  gst_object_unref (self->output);
  gst_object_unref (self->element);
  gst_clear_caps (&self->caps);
  g_free (self->line);
  g_free (self);
}

/* The segment comes after the first caps. */
static void
set_caps (MetadataWriter *self, GstCaps *caps)
{
  const gboolean is_first = !self->caps;
  GstSegment segment;

  if (self->caps && gst_caps_is_equal (self->caps, caps))
    return;
  gst_caps_replace (&self->caps, caps);
  gst_pad_push_event (self->input, gst_event_new_caps (caps));
  if (!is_first)
    return;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->input, gst_event_new_segment (&segment));
}

gchar *
metadata_writer_write (MetadataWriter *self, GstBuffer *picture, GstCaps *caps,
    GstClockTime timestamp)
{
  GstBuffer *copy = gst_buffer_copy (picture);

  set_caps (self, caps);
  GST_BUFFER_PTS (copy) = timestamp;
  GST_BUFFER_DTS (copy) = GST_CLOCK_TIME_NONE;
  gst_pad_push (self->input, copy);
  return g_steal_pointer (&self->line);
}
