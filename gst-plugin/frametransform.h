/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Where the boxes in a frame's metadata are after an element has copied,
 * scaled, cropped or turned the frame, by the arguments of a
 * #GstMetaTransformFunction.
 * Elements tell all of this since GStreamer 1.28; before, only that they copy
 * and scale. */

#pragma once

#include <gst/video/video.h>

#include "base/rect.h"
#include "classifier/map-turn.h"

G_BEGIN_DECLS

/**
 * frame_transform_is_told:
 *
 * Returns: whether this build understands more than copies and scaling
 */
gboolean frame_transform_is_told (void);

/**
 * frame_transform_is_known:
 *
 * Returns: whether the functions below can be called
 */
gboolean frame_transform_is_known (GQuark type);

/**
 * frame_transform_box:
 * @box: (inout): it may reach beyond the frame, before and after. Where the
 *   picture ends inside of the new frame, at borders and at other pictures, the
 *   box ends as well.
 *
 * Returns: FALSE if nothing of @box is left, or if it would not be upright
 */
gboolean frame_transform_box (GQuark type, gconstpointer data, Rect *box);

/**
 * frame_transform_get_turn:
 *
 * Returns: how the picture has been turned
 */
MapTurn frame_transform_get_turn (GQuark type, gconstpointer data);

G_END_DECLS
