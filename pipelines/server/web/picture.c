/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "picture.h"

Picture *
picture_new (GstSample *frame, GBytes *jpeg, gchar *json, gdouble encode_time)
{
  Picture *self = g_new0 (Picture, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->frame = gst_sample_ref (frame);
  self->info = frame_get_info (frame);
  self->jpeg = jpeg;
  self->json = json;
  self->encode_time = encode_time;
  return self;
}

Picture *
picture_ref (Picture *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
picture_unref (Picture *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  gst_sample_unref (self->frame);
  g_bytes_unref (self->jpeg);
  g_free (self->json);
  g_free (self);
}

gdouble
picture_get_age (const Picture *self)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();

  return (gdouble) GST_CLOCK_DIFF (self->info.time, gst_clock_get_time (clock))
      / GST_MSECOND;
}
