/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * image_copy:
 * @from: the picture
 * @to: a frame of the same format and colorimetry, at least as large
 *
 * Copies @from to the top left of @to. Where @from has an odd width and @to is
 * wider, the last column is repeated once, so that what follows begins with a
 * chroma sample of its own. The rest of @to is left as it is.
 */
void image_copy (const ImageFrame *from, ImageFrame *to);

G_END_DECLS
