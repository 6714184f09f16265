/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/drawing.h"
#include "overlay/scene.h"

G_BEGIN_DECLS

/**
 * OverlayHeatmap:
 *
 * The class activation map of the main face, smoothed over time, as a layer of
 * colour over the face.
 */
typedef struct _OverlayHeatmap OverlayHeatmap;

OverlayHeatmap *overlay_heatmap_new (void);
void overlay_heatmap_free (OverlayHeatmap *heatmap);

/**
 * overlay_heatmap_reset:
 *
 * Forgets all earlier frames.
 */
void overlay_heatmap_reset (OverlayHeatmap *heatmap);

/**
 * overlay_heatmap_update:
 * @id: id of the face
 * @is_signed: whether to show the evidence for and against
 * @part: part of the way to the new map to cover in this frame, 0 to 1; the
 *   first map of a face is adopted at once
 */
void overlay_heatmap_update (OverlayHeatmap *heatmap,
    const CnnExplanation *explanation, gint id, gboolean is_signed,
    gdouble part);

/**
 * overlay_heatmap_get_largest:
 *
 * Returns: the amount of evidence that has full strength, in units of the logit
 */
gdouble overlay_heatmap_get_largest (const OverlayHeatmap *heatmap);

/**
 * overlay_heatmap_draw:
 * @pixels: pixels to draw on
 * @box: place of the whole map, relative to @pixels, which clips it
 * @opacity: opacity of the strongest values
 * @over: whether to lay the map over @pixels rather than replace them
 *
 * Interpolates the map bilinearly between the middles of its cells. Its
 * strength, or that of the evidence in either direction, is also its opacity.
 */
void overlay_heatmap_draw (OverlayHeatmap *heatmap, const OverlayPixels *pixels,
    const Rect *box, OverlayColormap colormap, gdouble opacity, gboolean over);

G_END_DECLS
