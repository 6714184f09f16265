/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "encoder.h"

G_BEGIN_DECLS

/* Push: sends a stream to another RTSP server (RECORD, by TCP). A connection
 * that fails is made again, at growing intervals. From the main thread. */
typedef struct _Push Push;

/* Takes what to do from hub_get_options(). @encoder: of the hub; it outlives
 * this. Errors: an element that is not installed, a file that cannot be
 * used. */
Push *push_new (Hub *hub, Encoder *encoder, GError **error);
void push_free (Push *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Push, push_free)

G_END_DECLS
