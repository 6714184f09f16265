/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "hub.h"

G_BEGIN_DECLS

/* Mqtt: publishes what is in each picture of a hub, as the element regionjson
 * says it, with the time of day in ns since 1970 (UTC) as its timestamp. It
 * waits for no broker: the newest pictures win. From the main thread. */
typedef struct _Mqtt Mqtt;

/* Takes what to do from hub_get_options(). Errors: as mqtt_client_new() has
 * them. */
Mqtt *mqtt_new (Hub *hub, GError **error);
void mqtt_free (Mqtt *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mqtt, mqtt_free)

G_END_DECLS
