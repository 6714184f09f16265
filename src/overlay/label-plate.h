/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/glyphs.h"
#include "overlay/renderer.h"

G_BEGIN_DECLS

/**
 * OverlayPlateLook:
 * @glyphs: for figures; all text is of their size
 * @content: what to tell, not %OVERLAY_LABEL_AUTO
 * @max_width: of the plate; labels are cut for it
 * @max_height: of the plate; further lines are left out
 * @max_rows: likewise
 * @has_bars: whether confidences are also shown as bars
 */
typedef struct {
  const OverlayGlyphs *glyphs;
  OverlayLabelContent content;
  gint max_width;
  gint max_height;
  guint max_rows;
  gboolean has_bars;
} OverlayPlateLook;

typedef struct _OverlayLabelPlate OverlayLabelPlate;

/**
 * overlay_label_plate_new:
 * @text: outlasts the plate
 *
 * What is written beside one face: its id, and a line for each attribute with
 * its name, label and confidence, the latter also as a bar with a tick at one
 * half.
 *
 * Returns: (transfer full): free with overlay_label_plate_free()
 */
OverlayLabelPlate *overlay_label_plate_new (OverlayText *text);

void overlay_label_plate_free (OverlayLabelPlate *plate);

/**
 * overlay_label_plate_set:
 * @look: lives until the plate is drawn
 * @width: (out): of the plate
 * @height: (out): of the plate
 *
 * Says what the plate shows. Its size does not change with the confidence, so
 * that it does not twitch. Allocates only where a text is new.
 *
 * Returns: FALSE when there is nothing to write, or no room for it
 */
gboolean overlay_label_plate_set (OverlayLabelPlate *plate,
    const OverlayFace *face, const OverlayPlateLook *look, gint *width,
    gint *height);

/**
 * overlay_label_plate_draw:
 *
 * Draws what was set last, unless it is drawn already.
 *
 * Returns: (transfer none): the plate
 */
cairo_surface_t *overlay_label_plate_draw (OverlayLabelPlate *plate,
    const OverlayPlateLook *look);

G_END_DECLS
