/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

#include "options.h"
#include "source.h"

G_BEGIN_DECLS

/* Producer: the pipeline from the source to H.264. It runs whether or not there
 * are viewers, and the network runs once for all of them. */
typedef struct _Producer Producer;

typedef struct {
  /* An encoded picture, and the system clock's time at which it was taken.
   * Called from a streaming thread. */
  void (*picture) (GstBuffer *picture, GstCaps *caps, GstClockTime time,
      gpointer user_data);
  /* The first picture has arrived. Called from the main loop. */
  void (*started) (gpointer user_data);
  /* There will be no more pictures. Called from the main loop. */
  void (*failed) (const GError *error, gpointer user_data);
} ProducerListener;

Producer *producer_new (const Options *options, const Source *source,
    const ProducerListener *listener, gpointer user_data, GError **error);
/* Waits until its last thread has ended. */
void producer_free (Producer *self);

void producer_start (Producer *self);

/* Requests a picture that can be decoded without those before it. May be called
 * from any thread. */
void producer_request_keyframe (Producer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Producer, producer_free)

G_END_DECLS
