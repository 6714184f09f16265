/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Broker: a mosquitto of the test's own, on this machine alone. */
typedef struct _Broker Broker;

/* Where mosquitto is; NULL if it is not installed. */
const gchar *broker_find_program (void);

/* Writes the configuration, but does not start it. @settings: further lines
 * of it. @folder: where it is written. */
Broker *broker_new (const gchar *folder, const gchar *settings);
void broker_free (Broker *self);

/* Waits until it listens. */
void broker_start (Broker *self);
/* As a crash would end it. */
void broker_kill (Broker *self);

gint broker_get_port (const Broker *self);

/* A port that is free. */
gint broker_find_port (void);

/* Subscriber: a client that hears everything. */
typedef struct _Subscriber Subscriber;

/* Connects without a user. */
Subscriber *subscriber_new (const Broker *broker);
void subscriber_free (Subscriber *self);

/* Waits for the next message on a topic, and returns it; skips others. */
gchar *subscriber_wait (Subscriber *self, const gchar *topic);
/* Waits until a message on a topic is this. */
void subscriber_wait_for (Subscriber *self, const gchar *topic,
    const gchar *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Broker, broker_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Subscriber, subscriber_free)

G_END_DECLS
