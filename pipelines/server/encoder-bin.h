/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "hub.h"

G_BEGIN_DECLS

/* The names of the elements between which pictures become H.264: an appsrc for
 * an outlet, and the encoder, for its keyframes. */
#define ENCODER_BIN_FRAMES "frames"
#define ENCODER_BIN_ENCODER "encoder"

/* @draws: whether the maps are drawn into the picture. @sink: the description
 * of the elements that take what is encoded, as for gst_parse_launch(): a byte
 * stream with one picture in each buffer, and its parameter sets before each
 * keyframe. Returns: (transfer floating). Errors: an element that is not
 * installed. */
GstElement *encoder_bin_new (Hub *hub, gboolean draws, const gchar *sink,
    GError **error);

G_END_DECLS
