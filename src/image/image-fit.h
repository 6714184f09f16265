/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "base/rect.h"

G_BEGIN_DECLS

/**
 * ImageFit:
 * @IMAGE_FIT_STRETCH: all of the picture fills all of the tensor, whatever
 *   their proportions
 * @IMAGE_FIT_COVER: the middle of the picture, in the proportions of the
 *   tensor, fills all of the tensor
 * @IMAGE_FIT_CONTAIN: all of the picture fills the middle of the tensor, in the
 *   proportions of the picture; the rest is black
 *
 * How a picture is fitted into a tensor of other proportions.
 */
typedef enum {
  IMAGE_FIT_STRETCH,
  IMAGE_FIT_COVER,
  IMAGE_FIT_CONTAIN
} ImageFit;

/**
 * image_fit_place:
 * @crop: the picture: a part of a frame, at least 1x1
 * @pixel_aspect: of the frame, as in #ImageFrame
 * @width: width of the tensor, at least 1
 * @height: height of the tensor, at least 1
 * @source: (out): the part of the frame that is read
 * @target: (out): the part of the tensor that @source fills
 *
 * Proportions are those in which the frame is displayed. Sizes are rounded to
 * whole pixels, and what is left over is distributed to both sides.
 */
void image_fit_place (ImageFit fit, const Rect *crop, gdouble pixel_aspect,
    gint width, gint height, Rect *source, Rect *target);

G_END_DECLS
