/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "picture.h"

G_BEGIN_DECLS

/* Mjpeg: an endless response of JPEG pictures (multipart/x-mixed-replace), for
 * an <img>. The next picture is sent when the last has been written, and the
 * newest wins. Main thread only. */
typedef struct _Mjpeg Mjpeg;

/* @ready: it takes another picture now; @closed: the client is gone, and it
 * must be freed. */
typedef void (*MjpegFunc) (Mjpeg *mjpeg, gpointer user_data);

Mjpeg *mjpeg_new (SoupServerMessage *message, MjpegFunc ready, MjpegFunc closed,
    gpointer user_data);
/* Ends the response. */
void mjpeg_free (Mjpeg *self);

/* Sends the picture, if it is another one and the last has been written. */
void mjpeg_send (Mjpeg *self, const Picture *picture);

G_END_DECLS
