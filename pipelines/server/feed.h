/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "encoder.h"

G_BEGIN_DECLS

/* Feed: pushes what an encoder gives into an appsrc, from a keyframe on. If
 * what takes it is too slow, nothing is pushed any more until the next
 * keyframe after it has caught up. The pipeline runs on the system clock. */
typedef struct _Feed Feed;

/* @units: the appsrc for pictures. @metadata: (nullable): an appsrc for what is
 * in them, as text with the same stamps. Errors: as encoder_add_tap() has
 * them. */
Feed *feed_new (Encoder *encoder, GstElement *units, GstElement *metadata,
    GError **error);
void feed_free (Feed *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Feed, feed_free)

G_END_DECLS
