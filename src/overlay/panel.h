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
 * The panel of activation maps, docked over the picture or beside it. The parts
 * that do not change from frame to frame, such as the background and the
 * headings, stay on its surface; only the rest is drawn again.
 */
typedef struct _OverlayPanel OverlayPanel;

/**
 * overlay_panel_new:
 * @text: outlasts the panel
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
 * @frame_width: of the picture
 * @frame_height: of the picture
 * @heatmap: (nullable): the class activation map of the main face, of this
 *   frame
 * @elapsed: seconds since the last frame
 * @piece: (out): the panel; its surface stays the panel's
 *
 * Draws the title and what is known of the main face; without one, the title
 * alone.
 *
 * Returns: whether there is something to show
 */
gboolean overlay_panel_render (OverlayPanel *panel, gint frame_width,
    gint frame_height, const OverlayScene *scene, const OverlayStyle *style,
    OverlayHeatmap *heatmap, gdouble elapsed, OverlayPiece *piece);

/**
 * overlay_panel_get_page:
 *
 * Returns: the page that was shown last, from 1
 */
guint overlay_panel_get_page (const OverlayPanel *panel);

G_END_DECLS
