/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "recorder.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "elements.h"
#include "keeper.h"
#include "recordings.h"

/* Each packet is written at once, so that it is there if the program dies. */
#define LAUNCH                                                        \
  "splitmuxsink name=files muxer=\"matroskamux offset-to-zero=true\"" \
  " sink=\"filesink buffer-mode=unbuffered\""                         \
  " appsrc name=" KEEPER_UNITS " ! h264parse ! files.video"           \
  " appsrc name=" KEEPER_METADATA " ! files.subtitle_%u"
/* Once so much has been recorded, it works. */
#define SUCCESS_TIME (2 * GST_SECOND)
/* A shorter file has nothing in it but headers. */
#define MIN_SIZE 4096

struct _Recorder {
  const OutputOptions *options;
  Recordings *recordings;
  Keeper *keeper;
};

/* Take: what one pipeline records, one file after the other. It belongs to the
 * pipeline, which uses it in one thread at a time. */
typedef struct {
  Recordings *recordings;
  gchar *path; /* of the file, without an ending, or NULL */
  FILE *lines; /* the one beside it, or NULL */
  GstClockTime file_start, start, last; /* stamps of lines, or NONE: the first
                                           of the file, the first, the last */
  gboolean has_succeeded;
} Take;

static Take *
take_new (Recordings *recordings)
{
  Take *self = g_new0 (Take, 1);

  self->recordings = recordings_ref (recordings);
  self->start = GST_CLOCK_TIME_NONE;
  return self;
}

static void
remove_empty (const gchar *path)
{
  g_autofree gchar *video = g_strconcat (path, RECORDINGS_VIDEO, NULL);
  g_autofree gchar *metadata = g_strconcat (path, RECORDINGS_METADATA, NULL);
  GStatBuf status;

  if (g_stat (video, &status) == 0 && status.st_size >= MIN_SIZE)
    return;
  g_unlink (video);
  g_unlink (metadata);
}

static void
end_file (Take *self)
{
  g_clear_pointer (&self->lines, fclose);
  if (self->path)
    remove_empty (self->path);
  g_clear_pointer (&self->path, g_free);
}

static void
take_free (gpointer data)
{
  Take *self = data;

  end_file (self);
  recordings_unref (self->recordings);
  g_free (self);
}

/* In the words of what writes the other file, so that it is logged once. */
static void
report (GstElement *element, gint number)
{
  if (number == ENOSPC)
    GST_ELEMENT_ERROR (element, RESOURCE, NO_SPACE_LEFT, (NULL), (NULL));
  else
    GST_ELEMENT_ERROR (element, RESOURCE, WRITE, ("%s", g_strerror (number)),
        (NULL));
}

/* Returns the time of day, in s since 1970, at which a sample was taken. */
static gint64
get_time_of_day (GstElement *files, GstSample *sample)
{
  const GstClockTime now = gst_element_get_current_running_time (files);
  const GstClockTime time = GST_BUFFER_PTS (gst_sample_get_buffer (sample));
  const gint64 age = GST_CLOCK_TIME_IS_VALID (time) && now > time
      ? (gint64) ((now - time) / GST_USECOND)
      : 0;

  return (g_get_real_time () - age) / G_USEC_PER_SEC;
}

/* A new file begins. */
static gchar *
on_file (GstElement *files, guint number, GstSample *sample, gpointer data)
{
  Take *self = data;
  g_autofree gchar *metadata = NULL;

  end_file (self);
  self->path = recordings_begin (self->recordings,
      get_time_of_day (files, sample));
  self->file_start = self->last = GST_CLOCK_TIME_NONE;
  metadata = g_strconcat (self->path, RECORDINGS_METADATA, NULL);
  self->lines = g_fopen (metadata, "we");
  if (!self->lines)
    report (files, errno);
  return g_strconcat (self->path, RECORDINGS_VIDEO, NULL);
}

/* Returns the line with the field that tells when its picture is shown in this
 * file. */
static GstBuffer *
add_timestamp (const Take *self, GstBuffer *line, GstClockTime time)
{
  GstMapInfo map;
  gchar *text;

  if (!gst_buffer_map (line, &map, GST_MAP_READ))
    return gst_buffer_ref (line);
  text = g_strdup_printf ("{\"timestamp\":%" G_GUINT64_FORMAT ",%.*s",
      time - self->file_start, (gint) map.size - 1,
      (const gchar *) map.data + 1);
  gst_buffer_unmap (line, &map);
  return gst_buffer_new_wrapped (text, strlen (text));
}

static gboolean
write_line (Take *self, GstBuffer *line)
{
  GstMapInfo map;
  gboolean is_written;

  if (!self->lines || !gst_buffer_map (line, &map, GST_MAP_READ))
    return FALSE;
  is_written = fwrite (map.data, 1, map.size, self->lines) == map.size
      && fputc ('\n', self->lines) != EOF && fflush (self->lines) == 0;
  gst_buffer_unmap (line, &map);
  return is_written;
}

/* Returns whether it is time to say that it works. */
static gboolean
note_time (Take *self, GstClockTime time)
{
  const gboolean had_succeeded = self->has_succeeded;

  if (!GST_CLOCK_TIME_IS_VALID (self->start))
    self->start = time;
  if (!GST_CLOCK_TIME_IS_VALID (self->file_start))
    self->file_start = time;
  self->last = time;
  self->has_succeeded = had_succeeded || time - self->start >= SUCCESS_TIME;
  return self->has_succeeded && !had_succeeded;
}

/* A line comes to the muxer, which has this file open. It is shown until the
 * next one, which comes after as long as it has come after the one before. */
static GstPadProbeReturn
on_line (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Take *self = data;
  GstBuffer *line = GST_PAD_PROBE_INFO_BUFFER (info);
  const GstClockTime time = GST_BUFFER_PTS (line), last = self->last;
  g_autoptr (GstElement) muxer = gst_pad_get_parent_element (pad);
  const gboolean is_success = note_time (self, time);
  GstBuffer *stamped = add_timestamp (self, line, time);

  GST_BUFFER_PTS (stamped) = time;
  if (GST_CLOCK_TIME_IS_VALID (last) && time > last)
    GST_BUFFER_DURATION (stamped) = time - last;
  GST_PAD_PROBE_INFO_DATA (info) = stamped;
  gst_buffer_unref (line);
  if (!write_line (self, stamped))
    report (muxer, errno);
  else if (is_success)
    keeper_note_success (muxer);
  return GST_PAD_PROBE_OK;
}

static void
watch_lines (GstElement *muxer, Take *take)
{
  GST_OBJECT_LOCK (muxer);
  for (GList *item = muxer->sinkpads; item; item = item->next) {
    if (g_str_has_prefix (GST_PAD_NAME (item->data), "subtitle_"))
      gst_pad_add_probe (item->data, GST_PAD_PROBE_TYPE_BUFFER, on_line, take,
          NULL);
  }
  GST_OBJECT_UNLOCK (muxer);
}

static void
configure (const Recorder *self, GstElement *pipeline)
{
  Take *take = take_new (self->recordings);
  g_autoptr (GstElement)
      files = gst_bin_get_by_name (GST_BIN (pipeline), "files");
  g_autoptr (GstElement) muxer = NULL;

  g_object_set (files, "max-size-time",
      (guint64) self->options->record_seconds * GST_SECOND, "max-size-bytes",
      self->options->record_size, NULL);
  g_object_get (files, "muxer", &muxer, NULL);
  g_signal_connect (files, "format-location-full", G_CALLBACK (on_file), take);
  watch_lines (muxer, take);
  g_object_set_data_full (G_OBJECT (pipeline), "take", take, take_free);
}

static GstElement *
make_pipeline (gpointer data, GError **error)
{
  const Recorder *self = data;
  GstElement *pipeline;

  if (!recordings_check (self->recordings, error))
    return NULL;
  pipeline = gst_parse_launch_full (LAUNCH, NULL, GST_PARSE_FLAG_FATAL_ERRORS,
      error);
  if (!pipeline)
    return NULL;
  configure (self, pipeline);
  return gst_object_ref_sink (pipeline);
}

Recorder *
recorder_new (Hub *hub, Encoder *encoder, GError **error)
{
  static const gchar *const elements[] = { "splitmuxsink", "matroskamux",
    "filesink", NULL };
  const OutputOptions *options = &hub_get_options (hub)->outputs;
  g_autofree gchar *label = g_strconcat ("Recording into ", options->record,
      NULL);
  Recorder *self;

  if (!elements_check (elements, error))
    return NULL;
  self = g_new0 (Recorder, 1);
  self->options = options;
  self->recordings = recordings_new (options->record,
      output_options_get_name (hub_get_name (hub)), options->keep_seconds,
      options->keep_size);
  self->keeper = keeper_new (encoder, label, make_pipeline, self);
  return self;
}

void
recorder_close (Recorder *self)
{
  keeper_close (self->keeper);
}

void
recorder_free (Recorder *self)
{
  keeper_free (self->keeper);
  recordings_unref (self->recordings);
  g_free (self);
}
