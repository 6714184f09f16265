/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Relay: hands encoded pictures on to any number of appsrc elements. All
 * functions may be called from any thread. */
typedef struct _Relay Relay;

typedef void (*RelayKeyframeFunc) (gpointer user_data);

/* The function is called when an element needs a keyframe: when it starts, and
 * after pictures for it were dropped. */
Relay *relay_new (RelayKeyframeFunc request_keyframe, gpointer user_data);
void relay_free (Relay *self);

/* To call when there will be no more pictures: the elements report an error, so
 * that no viewer waits for one. */
void relay_close (Relay *self);

/* The pipelines of the elements must run on the system clock. */
void relay_add (Relay *self, GstElement *appsrc);
void relay_remove (Relay *self, GstElement *appsrc);

/* Hands on a picture; @time is the system clock's when it was taken. */
void relay_push (Relay *self, GstBuffer *picture, GstCaps *caps,
    GstClockTime time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Relay, relay_free)

G_END_DECLS
