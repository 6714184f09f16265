/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "picture.h"

G_BEGIN_DECLS

/* PictureEncoder: makes pictures for browsers. It serves one thread at a
 * time. */
typedef struct _PictureEncoder PictureEncoder;

/* Errors: an element that is not installed. */
PictureEncoder *picture_encoder_new (GError **error);
void picture_encoder_free (PictureEncoder *self);

/* Returns: (transfer full): NULL with an error if the frame cannot be encoded;
 * the next one may well be. */
Picture *picture_encoder_encode (PictureEncoder *self, GstSample *frame,
    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PictureEncoder, picture_encoder_free)

G_END_DECLS
