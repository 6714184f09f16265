/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "../frame.h"

G_BEGIN_DECLS

/* Picture: a frame of a hub, made ready for browsers once for all viewers.
 * Immutable and reference counted; may be shared by threads. */
typedef struct {
  gatomicrefcount ref_count;
  GstSample *frame; /* the picture with its metadata */
  FrameInfo info;
  GBytes *jpeg;        /* the picture without anything drawn on it */
  gchar *json;         /* what the element regionjson says of it */
  gdouble encode_time; /* what that took, in ms */
} Picture;

/* Takes @jpeg and @json. */
Picture *picture_new (GstSample *frame, GBytes *jpeg, gchar *json,
    gdouble encode_time);
Picture *picture_ref (Picture *self);
void picture_unref (Picture *self);

/* How long ago it was taken, in ms. */
gdouble picture_get_age (const Picture *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Picture, picture_unref)

G_END_DECLS
