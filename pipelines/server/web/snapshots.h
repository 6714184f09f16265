/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "../hub.h"
#include "picture-encoder.h"

G_BEGIN_DECLS

/* Snapshots: the last picture of a stream, for those who do not watch it. It is
 * encoded in a thread, once for all who ask for it meanwhile or until there is
 * another one. Main thread only. */
typedef struct _Snapshots Snapshots;

/* @picture: (nullable): NULL if there is none yet, or it cannot be encoded. */
typedef void (*SnapshotFunc) (Picture *picture, gpointer user_data);

/* @hub must outlive it. Errors: no encoder. */
Snapshots *snapshots_new (Hub *hub, GError **error);
/* Waits for the thread. All who have asked are answered. */
void snapshots_free (Snapshots *self);

/* @func is called once, now or later. */
void snapshots_ask (Snapshots *self, SnapshotFunc func, gpointer user_data);

G_END_DECLS
