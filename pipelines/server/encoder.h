/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "hub.h"

G_BEGIN_DECLS

/* Encoder: the frames of a hub as H.264, encoded once for all who take them,
 * and only while there are any. All functions may be called from any thread,
 * but, unless it is said, not from within an EncoderFunc. The program's default
 * main context must be running. */
typedef struct _Encoder Encoder;

/* One who takes what is encoded. */
typedef struct _EncoderTap EncoderTap;

/* @unit: (transfer none): a sample with one picture, as a byte stream with its
 * parameter sets before each keyframe, and with its caps. @time: the system
 * clock's time that it is stamped with. @metadata: (nullable): what
 * metadata_writer_write() says of the picture. Called from a streaming thread,
 * which it must not hold up. */
typedef void (*EncoderFunc) (GstSample *unit, GstClockTime time,
    const gchar *metadata, gpointer user_data);

/* @draws: whether the maps are drawn into the picture. The hub outlives it. */
Encoder *encoder_new (Hub *hub, gboolean draws);
/* All taps must have been removed. */
void encoder_free (Encoder *self);

/* A keyframe follows soon. @wants_metadata: of others it is NULL. Errors: an
 * element that is not installed. */
EncoderTap *encoder_add_tap (Encoder *self, gboolean wants_metadata,
    EncoderFunc func, gpointer user_data, GError **error);
/* Afterwards the function is not called any more. */
void encoder_remove_tap (Encoder *self, EncoderTap *tap);

/* A keyframe follows soon. Also from within an EncoderFunc. */
void encoder_request_keyframe (Encoder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Encoder, encoder_free)

G_END_DECLS
