/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Mailbox: hands samples to a function, in a thread of its own or in a main
 * context. Who puts one in never waits: when the mailbox is full, the oldest
 * one is dropped. */
typedef struct _Mailbox Mailbox;

/* @sample: only for the call. */
typedef void (*MailboxFunc) (GstSample *sample, gpointer user_data);

/* @context: (nullable): where @func is called; NULL for a thread with this
 * @name. @capacity: how many samples may wait, at least 1. */
Mailbox *mailbox_new (const gchar *name, guint capacity, GMainContext *context,
    MailboxFunc func, gpointer user_data);

/* Afterwards @func is not called any more. Waits until it has returned, unless
 * it is called by it; with a context, call this in its thread. */
void mailbox_free (Mailbox *self);

/* From any thread. */
void mailbox_put (Mailbox *self, GstSample *sample);

/* How many samples were handed on, and how many were dropped. */
void mailbox_get_counts (Mailbox *self, guint64 *n_delivered,
    guint64 *n_dropped);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mailbox, mailbox_free)

G_END_DECLS
