/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "gstactivationmeta.h"
#include "image/image-rect.h"

G_BEGIN_DECLS

/**
 * region_structure_new:
 * @id: the tracked id of the region, or -1
 * @box: of the region, in pixels
 *
 * Describes what a network makes of a region, for messages; the documentation
 * of cnninference lists the fields.
 *
 * Returns: (transfer full)
 */
GstStructure *region_structure_new (gint id, const ImageRect *box,
    const GstActivations *activations);

G_END_DECLS
