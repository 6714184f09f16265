/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "picture-encoder.h"

#include <gio/gio.h>
#include <gst/app/app.h>

/* What one picture may take, on a machine that has much else to do. */
#define TIMEOUT (2 * GST_SECOND)

/* Both branches run one after the other in the thread of the appsrc, so that
 * they are of the same frame. */
#define LAUNCH                                                      \
  "appsrc name=frames format=time ! tee name=frame"                 \
  " frame. ! regionjson ! appsink name=json sync=false async=false" \
  " max-buffers=1 drop=true"                                        \
  " frame. ! videoconvert ! jpegenc quality=80 ! appsink name=jpeg" \
  " sync=false async=false max-buffers=1 drop=true"

struct _PictureEncoder {
  GstElement *pipeline;
  GstAppSrc *frames;
  GstAppSink *jpeg;
  GstAppSink *json;
};

static gpointer
get_element (PictureEncoder *self, const gchar *name)
{
  return gst_bin_get_by_name (GST_BIN (self->pipeline), name);
}

PictureEncoder *
picture_encoder_new (GError **error)
{
  g_autoptr (PictureEncoder) self = g_new0 (PictureEncoder, 1);

  self->pipeline = gst_parse_launch_full (LAUNCH, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, error);
  if (!self->pipeline)
    return NULL;
  gst_object_ref_sink (self->pipeline);
  self->frames = get_element (self, "frames");
  self->jpeg = get_element (self, "jpeg");
  self->json = get_element (self, "json");
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
  return g_steal_pointer (&self);
}

void
picture_encoder_free (PictureEncoder *self)
{
  if (self->pipeline)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_pointer (&self->frames, gst_object_unref);
  g_clear_pointer (&self->jpeg, gst_object_unref);
  g_clear_pointer (&self->json, gst_object_unref);
  g_clear_pointer (&self->pipeline, gst_object_unref);
  g_free (self);
}

static GBytes *
copy_bytes (GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  gpointer data;
  gsize size;

  gst_buffer_extract_dup (buffer, 0, gst_buffer_get_size (buffer), &data,
      &size);
  return g_bytes_new_take (data, size);
}

/* A line of JSON, as a string. */
static gchar *
copy_line (GstSample *sample)
{
  g_autoptr (GBytes) bytes = copy_bytes (sample);
  gsize size;
  const gchar *text = g_bytes_get_data (bytes, &size);

  return g_strchomp (g_strndup (text, size));
}

static gboolean
is_of (GstSample *sample, GstSample *frame)
{
  return GST_BUFFER_PTS (gst_sample_get_buffer (sample))
      == GST_BUFFER_PTS (gst_sample_get_buffer (frame));
}

/* @jpeg and @json: (out) (transfer full) (nullable) */
static gboolean
run (PictureEncoder *self, GstSample *frame, GstSample **jpeg, GstSample **json)
{
  gst_app_src_push_sample (self->frames, frame);
  *json = gst_app_sink_try_pull_sample (self->json, TIMEOUT);
  *jpeg = *json ? gst_app_sink_try_pull_sample (self->jpeg, TIMEOUT) : NULL;
  return *jpeg && is_of (*jpeg, frame) && is_of (*json, frame);
}

/* An error ends the pipeline, and after a time-out what is late would be taken
 * for that of another frame. */
static void
restart (PictureEncoder *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

Picture *
picture_encoder_encode (PictureEncoder *self, GstSample *frame, GError **error)
{
  const gint64 start = g_get_monotonic_time ();
  g_autoptr (GstSample) jpeg = NULL;
  g_autoptr (GstSample) json = NULL;

  if (!run (self, frame, &jpeg, &json)) {
    restart (self);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
        "The picture cannot be encoded as JPEG");
    return NULL;
  }
  return picture_new (frame, copy_bytes (jpeg), copy_line (json),
      (gdouble) (g_get_monotonic_time () - start) / 1000);
}
