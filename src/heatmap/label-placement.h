/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * heatmap_label_placement_choose:
 * @box: of the face
 * @width: of the label, at most the frame's
 * @height: of the label, at most the frame's
 * @taken: (array length=n_taken): what the label should not cover
 * @place: (out): where it goes, wholly inside the frame
 *
 * Above the box; below it when there is no room above; inside it when there is
 * none below either. The label slides along the box, and takes the next of
 * these places if need be, to stay clear of @taken.
 *
 * Returns: FALSE when the box lies outside the frame
 */
gboolean heatmap_label_placement_choose (gint frame_width, gint frame_height,
    const ImageRect *box, gint width, gint height, const ImageRect *taken,
    guint n_taken, ImageRect *place);

G_END_DECLS
