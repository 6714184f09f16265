/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "picture-encoder.h"

#include <gio/gio.h>

#include "../chain.h"
#include "../metadata-writer.h"

#define LAUNCH "videoconvert name=convert ! jpegenc name=encode quality=80"

struct _PictureEncoder {
  GstElement *bin; /* without pads: the chain has those of its elements */
  Chain *chain;
  MetadataWriter *writer;
};

static Chain *
make_chain (GstElement *bin)
{
  g_autoptr (GstElement)
      convert = gst_bin_get_by_name (GST_BIN (bin), "convert");
  g_autoptr (GstElement) encode = gst_bin_get_by_name (GST_BIN (bin), "encode");

  return chain_new (convert, encode);
}

static void
start (PictureEncoder *self)
{
  gst_element_set_state (self->bin, GST_STATE_PLAYING);
  chain_start (self->chain);
}

static void
stop (PictureEncoder *self)
{
  chain_stop (self->chain);
  gst_element_set_state (self->bin, GST_STATE_NULL);
}

PictureEncoder *
picture_encoder_new (GError **error)
{
  g_autoptr (MetadataWriter) writer = metadata_writer_new (error);
  GstElement *bin = writer ? gst_parse_bin_from_description_full (LAUNCH, FALSE,
                        NULL, GST_PARSE_FLAG_FATAL_ERRORS, error)
                           : NULL;
  PictureEncoder *self;

  if (!bin)
    return NULL;
  self = g_new0 (PictureEncoder, 1);
  self->bin = gst_object_ref_sink (bin);
  self->chain = make_chain (bin);
  self->writer = g_steal_pointer (&writer);
  start (self);
  return self;
}

void
picture_encoder_free (PictureEncoder *self)
{
  stop (self);
  chain_free (self->chain);
  gst_object_unref (self->bin);
  metadata_writer_free (self->writer);
  g_free (self);
}

static GBytes *
copy_bytes (GstBuffer *buffer)
{
  gpointer data;
  gsize size;

  gst_buffer_extract_dup (buffer, 0, gst_buffer_get_size (buffer), &data,
      &size);
  return g_bytes_new_take (data, size);
}

Picture *
picture_encoder_encode (PictureEncoder *self, GstSample *frame, GError **error)
{
  const gint64 begin = g_get_monotonic_time ();
  GstBuffer *buffer = gst_sample_get_buffer (frame);
  GstCaps *caps = gst_sample_get_caps (frame);
  g_autofree gchar *json = metadata_writer_write (self->writer, buffer, caps,
      GST_BUFFER_PTS (buffer));
  g_autoptr (GstBuffer) jpeg = NULL;

  chain_set_caps (self->chain, caps);
  jpeg = chain_run (self->chain, gst_buffer_ref (buffer), NULL);
  if (!jpeg || !json) {
    /* An element that has failed starts anew. */
    stop (self);
    start (self);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
        "The picture cannot be encoded as JPEG");
    return NULL;
  }
  return picture_new (frame, copy_bytes (jpeg), g_steal_pointer (&json),
      (gdouble) (g_get_monotonic_time () - begin) / 1000);
}
