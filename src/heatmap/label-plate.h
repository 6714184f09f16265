/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/glyphs.h"
#include "heatmap/renderer.h"

G_BEGIN_DECLS

/**
 * HeatmapPlateLook:
 * @glyphs: for figures; all text is of their size
 * @content: what to tell, not %HEATMAP_LABEL_AUTO
 * @max_width: of the plate; labels are cut for it
 * @max_height: of the plate; further lines are left out
 * @max_rows: likewise
 * @has_bars: whether confidences are also shown as bars
 */
typedef struct {
  const HeatmapGlyphs *glyphs;
  HeatmapLabelContent content;
  gint max_width;
  gint max_height;
  guint max_rows;
  gboolean has_bars;
} HeatmapPlateLook;

typedef struct _HeatmapLabelPlate HeatmapLabelPlate;

/**
 * heatmap_label_plate_new:
 * @text: outlasts the plate
 *
 * What is written beside one face: its id, and a line for each attribute with its
 * name, label and confidence, the latter also as a bar with a tick at one half.
 *
 * Returns: (transfer full): free with heatmap_label_plate_free()
 */
HeatmapLabelPlate *heatmap_label_plate_new (HeatmapText *text);

void heatmap_label_plate_free (HeatmapLabelPlate *plate);

/**
 * heatmap_label_plate_set:
 * @look: lives until the plate is drawn
 * @width: (out): of the plate
 * @height: (out): of the plate
 *
 * Says what the plate shows. Its size does not change with the confidence, so
 * that it does not twitch. Allocates only where a text is new.
 *
 * Returns: FALSE when there is nothing to write, or no room for it
 */
gboolean heatmap_label_plate_set (HeatmapLabelPlate *plate,
    const HeatmapFace *face, const HeatmapPlateLook *look, gint *width,
    gint *height);

/**
 * heatmap_label_plate_draw:
 *
 * Draws what was set last, unless it is drawn already.
 *
 * Returns: (transfer none): the plate
 */
cairo_surface_t *heatmap_label_plate_draw (HeatmapLabelPlate *plate,
    const HeatmapPlateLook *look);

G_END_DECLS
