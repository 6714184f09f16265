/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/renderer.h"

G_BEGIN_DECLS

typedef struct _HeatmapDock HeatmapDock;

/**
 * heatmap_dock_new:
 *
 * The panel of activation maps. What does not change from frame to frame, such
 * as the background and the headings, stays on its surface; only the tiles are
 * drawn anew.
 *
 * Returns: (transfer full): free with heatmap_dock_free()
 */
HeatmapDock *heatmap_dock_new (void);

void heatmap_dock_free (HeatmapDock *dock);

/**
 * heatmap_dock_render:
 * @piece: (out): the dock; its surface stays the dock's
 *
 * Draws the title and the maps of the scene's main face, or the title alone.
 *
 * Returns: whether there is something to show
 */
gboolean heatmap_dock_render (HeatmapDock *dock, gint frame_width,
    gint frame_height, const HeatmapScene *scene, HeatmapColormap colormap,
    HeatmapPiece *piece);

G_END_DECLS
