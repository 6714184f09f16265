/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mailbox.h"

struct _Mailbox {
  gint ref_count; /* atomic */
  guint capacity;
  MailboxFunc func;
  gpointer user_data;

  GMutex lock;
  GCond changed;
  GQueue waiting; /* of GstSample; these are protected by lock */
  gboolean closed;
  guint64 n_delivered, n_dropped;

  GThread *thread;
  GMainContext *context;
  GSource *wakeup; /* while it waits to be dispatched; protected by lock */
};

static Mailbox *
mailbox_ref (Mailbox *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static void
mailbox_unref (gpointer data)
{
  Mailbox *self = data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_queue_clear_full (&self->waiting, (GDestroyNotify) gst_sample_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Returns the oldest sample, or NULL if there is none or the mailbox is
 * closed. Call with the lock. */
static GstSample *
take (Mailbox *self)
{
  GstSample *sample = self->closed ? NULL : g_queue_pop_head (&self->waiting);

  if (sample)
    self->n_delivered++;
  return sample;
}

static void
deliver (Mailbox *self, GstSample *sample)
{
  self->func (sample, self->user_data);
  gst_sample_unref (sample);
}

static GstSample *
wait_and_take (Mailbox *self)
{
  GstSample *sample;

  g_mutex_lock (&self->lock);
  while (!self->closed && g_queue_is_empty (&self->waiting))
    g_cond_wait (&self->changed, &self->lock);
  sample = take (self);
  g_mutex_unlock (&self->lock);
  return sample;
}

static gpointer
run (gpointer data)
{
  Mailbox *self = data;
  GstSample *sample;

  while ((sample = wait_and_take (self)))
    deliver (self, sample);
  mailbox_unref (self);
  return NULL;
}

/* Hands on one sample at a time, so that the context gets to its other work. */
static gboolean
on_wakeup (gpointer data)
{
  Mailbox *self = data;
  GstSample *sample;
  gboolean has_more;

  g_mutex_lock (&self->lock);
  sample = take (self);
  g_mutex_unlock (&self->lock);
  if (sample)
    deliver (self, sample);
  g_mutex_lock (&self->lock);
  has_more = !self->closed && !g_queue_is_empty (&self->waiting);
  if (!has_more)
    g_clear_pointer (&self->wakeup, g_source_unref);
  g_mutex_unlock (&self->lock);
  return has_more;
}

/* Call with the lock. */
static void
wake_up (Mailbox *self)
{
  g_cond_signal (&self->changed);
  if (!self->context || self->wakeup)
    return;
  self->wakeup = g_idle_source_new ();
  g_source_set_priority (self->wakeup, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->wakeup, on_wakeup, mailbox_ref (self),
      mailbox_unref);
  g_source_attach (self->wakeup, self->context);
}

Mailbox *
mailbox_new (const gchar *name, guint capacity, GMainContext *context,
    MailboxFunc func, gpointer user_data)
{
  Mailbox *self = g_new0 (Mailbox, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_queue_init (&self->waiting);
  self->ref_count = 1;
  self->capacity = MAX (capacity, 1);
  self->func = func;
  self->user_data = user_data;
  if (context)
    self->context = g_main_context_ref (context);
  else
    self->thread = g_thread_new (name, run, mailbox_ref (self));
  return self;
}

static void
close_mailbox (Mailbox *self)
{
  g_mutex_lock (&self->lock);
  self->closed = TRUE;
  g_cond_signal (&self->changed);
  if (self->wakeup) {
    GSource *wakeup = g_steal_pointer (&self->wakeup);

    g_mutex_unlock (&self->lock);
    g_source_destroy (wakeup);
    g_source_unref (wakeup);
    return;
  }
  g_mutex_unlock (&self->lock);
}

void
mailbox_free (Mailbox *self)
{
  close_mailbox (self);
  if (self->thread == g_thread_self ())
    g_thread_unref (self->thread);
  else if (self->thread)
    g_thread_join (self->thread);
  mailbox_unref (self);
}

void
mailbox_put (Mailbox *self, GstSample *sample)
{
  GstSample *dropped = NULL;

  g_mutex_lock (&self->lock);
  if (g_queue_get_length (&self->waiting) >= self->capacity) {
    dropped = g_queue_pop_head (&self->waiting);
    self->n_dropped++;
  }
  g_queue_push_tail (&self->waiting, gst_sample_ref (sample));
  wake_up (self);
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&dropped, gst_sample_unref);
}

void
mailbox_get_counts (Mailbox *self, guint64 *n_delivered, guint64 *n_dropped)
{
  g_mutex_lock (&self->lock);
  if (n_delivered)
    *n_delivered = self->n_delivered;
  if (n_dropped)
    *n_dropped = self->n_dropped;
  g_mutex_unlock (&self->lock);
}
