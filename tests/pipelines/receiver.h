/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* Receiver: an RTSP server of the test's own to which others push a stream, on
 * this machine alone. */
typedef struct _Receiver Receiver;

#define RECEIVER_PATH "/camera"

/* @port: 0: any. @user, @password: (nullable): who alone may push.
 * @certificate: (nullable): with which that is encrypted. */
Receiver *receiver_new (gint port, const gchar *user, const gchar *password,
    GTlsCertificate *certificate);
/* Hangs up on all. */
void receiver_free (Receiver *self);

gint receiver_get_port (const Receiver *self);

/* Waits for the next picture, as I420. */
GstSample *receiver_pull (Receiver *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Receiver, receiver_free)

G_END_DECLS
