/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/heatmap.h"
#include "overlay/scene.h"
#include "overlay/text.h"

G_BEGIN_DECLS

/**
 * OverlayPanel:
 *
 * The panel of activation maps, docked over the picture or beside it. Parts
 * that do not change from frame to frame, such as the background and the
 * headings, stay on its surface; only the rest is redrawn.
 */
typedef struct _OverlayPanel OverlayPanel;

/**
 * overlay_panel_new:
 * @text: text renderer, which must outlive the panel
 *
 * Returns: (transfer full): free with overlay_panel_free()
 */
OverlayPanel *overlay_panel_new (OverlayText *text);

void overlay_panel_free (OverlayPanel *panel);

/**
 * overlay_panel_reset:
 *
 * Forgets all earlier frames.
 */
void overlay_panel_reset (OverlayPanel *panel);

/**
 * overlay_panel_render:
 * @frame_width: width of the picture
 * @frame_height: height of the picture
 * @heatmap: (nullable): class activation map of the main face in this frame
 * @elapsed: seconds since the last frame
 * @piece: (out): the panel, which keeps ownership of the surface
 *
 * Draws the title and everything about the main face; without a main face, only
 * the title.
 *
 * Returns: whether there is something to show
 */
gboolean overlay_panel_render (OverlayPanel *panel, gint frame_width,
    gint frame_height, const OverlayScene *scene, const OverlayStyle *style,
    OverlayHeatmap *heatmap, gdouble elapsed, OverlayPiece *piece);

/**
 * overlay_panel_get_page:
 *
 * Returns: the number of the page that was shown last, from 1
 */
guint overlay_panel_get_page (const OverlayPanel *panel);

G_END_DECLS
