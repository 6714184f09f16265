/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "stage-clock.h"

/* Weight of a new value in the average. */
#define WEIGHT 0.1

struct _StageClock {
  GstPad *pads[2]; /* sink, source */
  gulong probes[2];
  GMutex lock;
  gint64 entered; /* when the buffer in the element came; 0: there is none */
  gdouble time;   /* in us */
};

static GstPadProbeReturn
on_enter (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  StageClock *self = data;

  g_mutex_lock (&self->lock);
  self->entered = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_leave (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  StageClock *self = data;

  g_mutex_lock (&self->lock);
  if (self->entered) {
    const gdouble time = (gdouble) (g_get_monotonic_time () - self->entered);

    self->time += self->time > 0 ? WEIGHT * (time - self->time) : time;
    self->entered = 0;
  }
  g_mutex_unlock (&self->lock);
  return GST_PAD_PROBE_OK;
}

StageClock *
stage_clock_new (GstElement *element)
{
  StageClock *self = g_new0 (StageClock, 1);

  g_mutex_init (&self->lock);
  self->pads[0] = gst_element_get_static_pad (element, "sink");
  self->pads[1] = gst_element_get_static_pad (element, "src");
  self->probes[0] = gst_pad_add_probe (self->pads[0], GST_PAD_PROBE_TYPE_BUFFER,
      on_enter, self, NULL);
  self->probes[1] = gst_pad_add_probe (self->pads[1], GST_PAD_PROBE_TYPE_BUFFER,
      on_leave, self, NULL);
  return self;
}

void
stage_clock_free (StageClock *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->pads); i++) {
    gst_pad_remove_probe (self->pads[i], self->probes[i]);
    gst_object_unref (self->pads[i]);
  }
  g_mutex_clear (&self->lock);
  g_free (self);
}

gdouble
stage_clock_get_time (StageClock *self)
{
  gdouble time;

  g_mutex_lock (&self->lock);
  time = self->time / 1000;
  g_mutex_unlock (&self->lock);
  return time;
}
