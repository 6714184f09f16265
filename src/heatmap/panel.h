/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/cam.h"
#include "heatmap/renderer.h"
#include "heatmap/text.h"

G_BEGIN_DECLS

/**
 * HeatmapPanel:
 *
 * The panel of activation maps, docked over the picture or beside it. What does
 * not change from frame to frame, such as the background and the headings, stays
 * on its surface; only the rest is drawn anew.
 */
typedef struct _HeatmapPanel HeatmapPanel;

/**
 * heatmap_panel_new:
 * @text: outlasts the panel
 *
 * Returns: (transfer full): free with heatmap_panel_free()
 */
HeatmapPanel *heatmap_panel_new (HeatmapText *text);

void heatmap_panel_free (HeatmapPanel *panel);

/**
 * heatmap_panel_reset:
 *
 * Forgets the past.
 */
void heatmap_panel_reset (HeatmapPanel *panel);

/**
 * heatmap_panel_render:
 * @frame_width: of the picture
 * @frame_height: of the picture
 * @cam: (nullable): the class activation map of the main face, of this frame
 * @elapsed: seconds since the last frame
 * @piece: (out): the panel; its surface stays the panel's
 *
 * Draws the title and what is known of the scene's main face, or the title
 * alone.
 *
 * Returns: whether there is something to show
 */
gboolean heatmap_panel_render (HeatmapPanel *panel, gint frame_width,
    gint frame_height, const HeatmapScene *scene, const HeatmapStyle *style,
    HeatmapCam *cam, gdouble elapsed, HeatmapPiece *piece);

/**
 * heatmap_panel_get_page:
 *
 * Returns: the page that was shown last, from 1
 */
guint heatmap_panel_get_page (const HeatmapPanel *panel);

G_END_DECLS
