/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/renderer.h"

G_BEGIN_DECLS

typedef struct _HeatmapLabelPlate HeatmapLabelPlate;

/**
 * heatmap_label_plate_new:
 *
 * What is written beside one face: its id, label and confidence, the latter
 * also as a bar with a tick at one half.
 *
 * Returns: (transfer full): free with heatmap_label_plate_free()
 */
HeatmapLabelPlate *heatmap_label_plate_new (void);

void heatmap_label_plate_free (HeatmapLabelPlate *plate);

/**
 * heatmap_label_plate_update:
 * @with_id: whether the id is needed to tell faces apart
 *
 * Draws the plate, unless it shows the same already. Its size does not change
 * with the confidence, so that it does not twitch.
 *
 * Returns: (transfer none) (nullable): the plate, or NULL when there is nothing
 *   to write or no room for it
 */
cairo_surface_t *heatmap_label_plate_update (HeatmapLabelPlate *plate,
    gint frame_width, gint frame_height, const HeatmapFace *face,
    gboolean with_id);

G_END_DECLS
