/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

#include "options.h"
#include "source.h"

G_BEGIN_DECLS

/* Producer: the pipeline from the source to H.264. It runs whether or not
 * somebody is looking, so that the network runs once for all. */
typedef struct _Producer Producer;

typedef struct {
  /* An encoded picture, and when it was taken in the time of the system clock.
   * From a streaming thread. */
  void (*picture) (GstBuffer *picture, GstCaps *caps, GstClockTime time,
      gpointer user_data);
  /* The first picture is there. From the main loop, as the next one. */
  void (*started) (gpointer user_data);
  /* There will be no more pictures. */
  void (*failed) (const GError *error, gpointer user_data);
} ProducerListener;

Producer *producer_new (const Options *options, const Source *source,
    const ProducerListener *listener, gpointer user_data, GError **error);
/* Waits until the last thread that works for it has ended. */
void producer_free (Producer *self);

void producer_start (Producer *self);

/* Asks for a picture that can be decoded without those before it. From any
 * thread. */
void producer_request_keyframe (Producer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Producer, producer_free)

G_END_DECLS
