/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "snapshots.h"

#include <gio/gio.h>

#include "../journal.h"

typedef struct {
  SnapshotFunc func;
  gpointer user_data;
} Waiter;

struct _Snapshots {
  Hub *hub;
  PictureEncoder *encoder; /* of one thread at a time */
  Picture *picture;        /* (nullable): the last one that was made */
  GArray *waiters;         /* of Waiter, for the one that is being made */
  gboolean is_busy;
};

static void
clear_picture (gpointer picture)
{
  picture_unref (picture);
}

static void
encode (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Snapshots *self = data;
  g_autoptr (GstSample) frame = hub_get_last_frame (self->hub);
  GError *error = NULL;
  Picture *picture = NULL;

  if (frame)
    picture = picture_encoder_encode (self->encoder, frame, &error);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, picture, picture ? clear_picture : NULL);
}

/* Those who are called may ask again. */
static void
answer (Snapshots *self)
{
  g_autoptr (Picture) picture = self->picture ? picture_ref (self->picture)
                                              : NULL;
  g_autoptr (GArray) waiters = self->waiters;

  self->waiters = g_array_new (FALSE, FALSE, sizeof (Waiter));
  for (guint i = 0; i < waiters->len; i++) {
    const Waiter *waiter = &g_array_index (waiters, Waiter, i);

    waiter->func (picture, waiter->user_data);
  }
}

static void
on_encoded (GObject *source, GAsyncResult *result, gpointer data)
{
  Snapshots *self = data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->picture, picture_unref);
  self->picture = g_task_propagate_pointer (G_TASK (result), &error);
  self->is_busy = FALSE;
  if (error)
    journal_print ("%s", error->message);
  answer (self);
}

Snapshots *
snapshots_new (Hub *hub, GError **error)
{
  PictureEncoder *encoder = picture_encoder_new (error);
  Snapshots *self;

  if (!encoder)
    return NULL;
  self = g_new0 (Snapshots, 1);
  self->hub = hub;
  self->encoder = encoder;
  self->waiters = g_array_new (FALSE, FALSE, sizeof (Waiter));
  return self;
}

void
snapshots_free (Snapshots *self)
{
  while (self->is_busy)
    g_main_context_iteration (NULL, TRUE);
  picture_encoder_free (self->encoder);
  g_clear_pointer (&self->picture, picture_unref);
  g_array_unref (self->waiters);
  g_free (self);
}

static gboolean
has_last_frame (const Snapshots *self)
{
  g_autoptr (GstSample) frame = hub_get_last_frame (self->hub);

  return frame && self->picture
      && frame_get_info (frame).number == self->picture->info.number;
}

void
snapshots_ask (Snapshots *self, SnapshotFunc func, gpointer user_data)
{
  const Waiter waiter = { func, user_data };
  g_autoptr (GTask) task = NULL;

  if (!self->is_busy && has_last_frame (self)) {
    func (self->picture, user_data);
    return;
  }
  g_array_append_val (self->waiters, waiter);
  if (self->is_busy)
    return;
  self->is_busy = TRUE;
  task = g_task_new (NULL, NULL, on_encoded, self);
  g_task_set_task_data (task, self, NULL);
  g_task_run_in_thread (task, encode);
}
