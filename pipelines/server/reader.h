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

/* Reader: reads the pictures of a source, in real time, over and over: what can
 * be repeated is repeated, a single picture stays, and what fails or ends is
 * tried again at intervals that grow from one second to half a minute. */
typedef struct _Reader Reader;

typedef struct {
  /* A picture: raw video that the elements of the plugin take. @time: the
   * system clock's when it was taken or due. From a streaming thread, or the
   * main loop. */
  void (*picture) (GstBuffer *picture, GstCaps *caps, GstClockTime time,
      gpointer user_data);
  /* The source has failed or ended, and is tried again. From the main loop. */
  void (*lost) (const GError *error, gpointer user_data);
  /* There will be no more pictures. From the main loop. */
  void (*ended) (const GError *error, gpointer user_data);
} ReaderListener;

/* Errors: an element or a pattern that there is not. */
Reader *reader_new (const StreamOptions *options,
    const ReaderListener *listener, gpointer user_data, GError **error);
/* Waits until its last thread has ended. */
void reader_free (Reader *self);

void reader_start (Reader *self);

const Source *reader_get_source (const Reader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reader, reader_free)

G_END_DECLS
