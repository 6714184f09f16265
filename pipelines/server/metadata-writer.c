/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "metadata-writer.h"

#include "chain.h"
#include "elements.h"

#define ELEMENT "regionjson"

struct _MetadataWriter {
  GstElement *element;
  Chain *chain;
};

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
  self->chain = chain_new (self->element, self->element);
  gst_element_set_state (self->element, GST_STATE_PLAYING);
  chain_start (self->chain);
  return self;
}

void
metadata_writer_free (MetadataWriter *self)
{
  chain_stop (self->chain);
  gst_element_set_state (self->element, GST_STATE_NULL);
  chain_free (self->chain);
  gst_object_unref (self->element);
  g_free (self);
}

static gchar *
copy_line (GstBuffer *buffer)
{
  GstMapInfo map;
  gchar *line = NULL;

  if (gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    line = g_strchomp (g_strndup ((const gchar *) map.data, map.size));
    gst_buffer_unmap (buffer, &map);
  }
  return line;
}

gchar *
metadata_writer_write (MetadataWriter *self, GstBuffer *picture, GstCaps *caps,
    GstClockTime timestamp)
{
  GstBuffer *copy = gst_buffer_copy (picture);
  g_autoptr (GstBuffer) line = NULL;

  chain_set_caps (self->chain, caps);
  GST_BUFFER_PTS (copy) = timestamp;
  GST_BUFFER_DTS (copy) = GST_CLOCK_TIME_NONE;
  line = chain_run (self->chain, copy, NULL);
  return line ? copy_line (line) : NULL;
}
