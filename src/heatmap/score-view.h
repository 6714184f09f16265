/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/glyphs.h"
#include "heatmap/renderer.h"

G_BEGIN_DECLS

/**
 * HeatmapScoreView:
 *
 * Shows a prediction: the label and its score, the first classes of several, what
 * knock-outs change, and the score over time.
 */
typedef struct _HeatmapScoreView HeatmapScoreView;

/**
 * heatmap_score_view_new:
 * @text: outlasts the view
 *
 * Returns: (transfer full): free with heatmap_score_view_free()
 */
HeatmapScoreView *heatmap_score_view_new (HeatmapText *text);

void heatmap_score_view_free (HeatmapScoreView *view);

/**
 * heatmap_score_view_reset:
 *
 * Forgets the past.
 */
void heatmap_score_view_reset (HeatmapScoreView *view);

/**
 * heatmap_score_view_update:
 * @id: of the face; another one begins a new curve
 * @time: of the frame, in nanoseconds
 */
void heatmap_score_view_update (HeatmapScoreView *view,
    const ClassifierResult *result, gint id, gint64 time);

/**
 * heatmap_score_view_draw:
 * @pixels: all of what may be drawn on
 * @large: for the label
 * @small: for all else
 * @background: premultiplied word
 * @rgb: colour of the face, 0xRRGGBB
 */
void heatmap_score_view_draw (HeatmapScoreView *view,
    const HeatmapPixels *pixels, const ClassifierResult *result,
    const HeatmapGlyphs *large, const HeatmapGlyphs *small, guint32 background,
    guint32 rgb);

G_END_DECLS
