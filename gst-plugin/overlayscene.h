/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "gstactivationmeta.h"
#include "heatmap/renderer.h"

G_BEGIN_DECLS

/**
 * OverlaySelection:
 * @layers: (nullable) (array zero-terminated=1): the layers to show, in this
 *   order; %NULL for all
 * @face: id of the region to show, or -1 for the largest
 * @enlarged_layer: (nullable): the layer that has a channel shown large
 * @enlarged_channel: that channel
 * @bad_channel: (nullable): what was given for the two but is of another form
 *
 * What is to be shown of all that the metadata has. Immutable.
 */
typedef struct {
  gchar **layers;
  gint face;
  gchar *enlarged_layer;
  gint enlarged_channel;
  gchar *bad_channel;
} OverlaySelection;

/**
 * overlay_selection_new:
 * @layers: (nullable): names of layers, separated by commas; empty for all
 * @channel: (nullable): "layer:channel", empty for none
 *
 * A layer is named as in its heading, or as in the model.
 *
 * Returns: (transfer full): drop with overlay_selection_unref()
 */
OverlaySelection *overlay_selection_new (const gchar *layers, gint face,
    const gchar *channel);
void overlay_selection_unref (OverlaySelection *selection);

typedef struct _OverlayScene OverlayScene;

/**
 * overlay_scene_new:
 *
 * Holds what the metadata of one frame says in the form that is drawn.
 *
 * Returns: (transfer full): free with overlay_scene_free()
 */
OverlayScene *overlay_scene_new (void);
void overlay_scene_free (OverlayScene *self);

/**
 * overlay_scene_collect:
 * @scene: (inout): has what the metadata does not tell; gets the rest, valid
 *   until the next call and as long as @buffer
 *
 * Returns: (transfer none) (nullable): a layer of @selection that the frame does
 *   not have, if it has layers at all
 */
const gchar *overlay_scene_collect (OverlayScene *self, GstBuffer *buffer,
    const OverlaySelection *selection, HeatmapScene *scene);

G_END_DECLS
