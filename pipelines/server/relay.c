/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "relay.h"

#include <gst/app/app.h>

/* The most that may wait in an appsrc. */
#define MAX_BACKLOG GST_SECOND

typedef struct {
  GstAppSrc *appsrc;
  gboolean needs_keyframe;
} Outlet;

struct _Relay {
  RelayKeyframeFunc request_keyframe;
  gpointer user_data;
  GMutex lock;
  GPtrArray *outlets; /* protected by lock */
  gboolean closed;    /* protected by lock */
};

static void
outlet_free (gpointer data)
{
  Outlet *self = data;

  gst_object_unref (self->appsrc);
  g_free (self);
}

/* Pushes a picture. If too many are still waiting, drops it and all that follow
 * up to the next keyframe. */
static void
outlet_push (Outlet *self, GstBuffer *picture, GstCaps *caps, GstClockTime time)
{
  const GstClockTime base_time = gst_element_get_base_time (
      GST_ELEMENT (self->appsrc));
  GstBuffer *copy;

  if (base_time == 0 || time < base_time)
    return; /* not yet playing */
  if (gst_app_src_get_current_level_time (self->appsrc) > MAX_BACKLOG)
    self->needs_keyframe = TRUE;
  if (self->needs_keyframe
      && GST_BUFFER_FLAG_IS_SET (picture, GST_BUFFER_FLAG_DELTA_UNIT))
    return;
  self->needs_keyframe = FALSE;
  gst_app_src_set_caps (self->appsrc, caps);
  copy = gst_buffer_copy (picture);
  GST_BUFFER_PTS (copy) = time - base_time;
  GST_BUFFER_DTS (copy) = GST_CLOCK_TIME_NONE;
  gst_app_src_push_buffer (self->appsrc, copy);
}

static void
outlet_close (Outlet *self)
{
  GST_ELEMENT_ERROR (self->appsrc, RESOURCE, READ,
      ("There are no more pictures."), (NULL));
}

Relay *
relay_new (RelayKeyframeFunc request_keyframe, gpointer user_data)
{
  Relay *self = g_new0 (Relay, 1);

  g_mutex_init (&self->lock);
  self->request_keyframe = request_keyframe;
  self->user_data = user_data;
  self->outlets = g_ptr_array_new_with_free_func (outlet_free);
  return self;
}

void
relay_free (Relay *self)
{
  g_ptr_array_unref (self->outlets);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
relay_close (Relay *self)
{
  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  for (guint i = 0; i < self->outlets->len; i++)
    outlet_close (g_ptr_array_index (self->outlets, i));
  g_mutex_unlock (&self->lock);
}

void
relay_add (Relay *self, GstElement *appsrc)
{
  Outlet *outlet = g_new0 (Outlet, 1);

  outlet->appsrc = gst_object_ref (appsrc);
  outlet->needs_keyframe = TRUE;
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->outlets, outlet);
  if (self->closed)
    outlet_close (outlet);
  g_mutex_unlock (&self->lock);
}

void
relay_remove (Relay *self, GstElement *appsrc)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->outlets->len; i++) {
    Outlet *outlet = g_ptr_array_index (self->outlets, i);

    if (GST_ELEMENT (outlet->appsrc) == appsrc) {
      g_ptr_array_remove_index_fast (self->outlets, i);
      break;
    }
  }
  g_mutex_unlock (&self->lock);
}

void
relay_push (Relay *self, GstBuffer *picture, GstCaps *caps, GstClockTime time)
{
  gboolean needs_keyframe = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->outlets->len; i++) {
    Outlet *outlet = g_ptr_array_index (self->outlets, i);

    outlet_push (outlet, picture, caps, time);
    needs_keyframe |= outlet->needs_keyframe;
  }
  g_mutex_unlock (&self->lock);
  if (needs_keyframe)
    self->request_keyframe (self->user_data);
}
