/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* MqttClient: publishes to one topic of a broker, without guarantee (QoS 0).
 * Beside it, TOPIC/status says "online" or "offline", also when the program has
 * died (the last will), and to those who ask later (it is retained). A
 * connection that fails is made again, at growing intervals. All functions may
 * be called from any thread. */
typedef struct _MqttClient MqttClient;

#define MQTT_CLIENT_ONLINE "online"
#define MQTT_CLIENT_OFFLINE "offline"

/* Connects, in a thread of its own. @url: mqtt[s]://[USER@]HOST[:PORT]/TOPIC.
 * @password_file: (nullable): of the user. @ca_file: (nullable): PEM file with
 * the authorities that may have signed the broker's certificate; NULL: those of
 * the system. Errors: a file that cannot be used, or a topic that is none. */
MqttClient *mqtt_client_new (const gchar *url, const gchar *password_file,
    const gchar *ca_file, GError **error);

/* Takes leave of the broker, and waits until the thread has ended. Nothing is
 * published from then on; mqtt_client_publish() returns. */
void mqtt_client_close (MqttClient *self);
void mqtt_client_free (MqttClient *self);

gboolean mqtt_client_is_connected (MqttClient *self);

/* Waits until the message has been given to the network: what a slow broker has
 * not taken is not queued here. FALSE if there is no connection (any more). */
gboolean mqtt_client_publish (MqttClient *self, const gchar *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MqttClient, mqtt_client_free)

G_END_DECLS
