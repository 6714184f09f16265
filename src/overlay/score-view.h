/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/scene.h"
#include "overlay/text.h"

G_BEGIN_DECLS

/**
 * OverlayScoreView:
 *
 * Shows a prediction: the label and its score, the best five classes if there
 * are several, the effect of knock-outs, and the score over time; or a number,
 * and the number over time. The curve fills its width from the start: its time
 * axis grows until it is ten seconds long. Nothing is said about an image.
 */
typedef struct _OverlayScoreView OverlayScoreView;

/**
 * overlay_score_view_new:
 * @text: text renderer, which must outlive the view
 *
 * Returns: (transfer full): free with overlay_score_view_free()
 */
OverlayScoreView *overlay_score_view_new (OverlayText *text);

void overlay_score_view_free (OverlayScoreView *view);

/**
 * overlay_score_view_reset:
 *
 * Forgets all earlier frames.
 */
void overlay_score_view_reset (OverlayScoreView *view);

/**
 * overlay_score_view_count_rows:
 *
 * Returns: how many lines the classes or labels take below the score, if there
 *   is room, and the effect of knock-outs on them; 0 if none are listed
 */
guint overlay_score_view_count_rows (const ClassifierResult *result);

/**
 * overlay_score_view_update:
 * @id: id of the face; a different one starts a new curve
 * @time: timestamp of the frame, in nanoseconds
 */
void overlay_score_view_update (OverlayScoreView *view,
    const ClassifierResult *result, gint id, gint64 time);

/**
 * overlay_score_view_draw:
 * @pixels: the pixels of the view, all of which are overwritten
 * @large: glyphs for the line of the label
 * @small: glyphs for everything else
 * @background: background colour, a premultiplied word
 * @rgb: colour of the face, 0xRRGGBB
 */
void overlay_score_view_draw (OverlayScoreView *view,
    const OverlayPixels *pixels, const ClassifierResult *result,
    const OverlayGlyphs *large, const OverlayGlyphs *small, guint32 background,
    guint32 rgb);

G_END_DECLS
