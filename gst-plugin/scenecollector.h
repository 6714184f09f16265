/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/renderer.h"
#include "region.h"

G_BEGIN_DECLS

/**
 * OverlayShow:
 * @OVERLAY_SHOW_MAPS: the maps of layers
 * @OVERLAY_SHOW_KERNELS: the kernels of the first convolution
 * @OVERLAY_SHOW_INPUT: the network's input
 *
 * What a panel shows of a network.
 */
typedef enum { /*< flags >*/
  OVERLAY_SHOW_MAPS = 1 << 0,
  OVERLAY_SHOW_KERNELS = 1 << 1,
  OVERLAY_SHOW_INPUT = 1 << 2
} OverlayShow;

#define OVERLAY_SHOW_DEFAULT (OVERLAY_SHOW_MAPS | OVERLAY_SHOW_INPUT)

/**
 * OverlaySelection:
 * @show: what to show of a network
 * @model: (nullable): whose maps to show: the name of a model or an attribute,
 *   or "all"; empty for none, %NULL for the last that was run
 * @layers: (nullable) (array zero-terminated=1): the layers to show, in this
 *   order; %NULL for all there are
 * @face: id of the region to show, or -1 for the largest
 * @enlarged_layer: (nullable): the layer that has a channel shown large
 * @enlarged_channel: that channel
 * @bad_channel: (nullable): the text for these two, if it is malformed
 * @serial: differs between selections that differ in more than the face
 *
 * The part of the metadata that is to be shown. Immutable.
 */
typedef struct {
  OverlayShow show;
  gchar *model;
  gchar **layers;
  gint face;
  gchar *enlarged_layer;
  gint enlarged_channel;
  gchar *bad_channel;
  guint serial;
} OverlaySelection;

/**
 * overlay_selection_new:
 * @show: see #OverlaySelection.show
 * @model: (nullable): see #OverlaySelection.model
 * @layers: (nullable): names of layers, separated by commas; empty for none,
 *   "all" or %NULL for all there are
 * @channel: (nullable): "layer:channel", empty for none
 * @serial: see #OverlaySelection.serial
 *
 * A layer is named as in its heading, or as in the model.
 *
 * Returns: (transfer full): drop with overlay_selection_unref()
 */
OverlaySelection *overlay_selection_new (OverlayShow show, const gchar *model,
    const gchar *layers, gint face, const gchar *channel, guint serial);
void overlay_selection_unref (OverlaySelection *selection);

typedef struct _SceneCollector SceneCollector;

/**
 * scene_collector_new:
 * @transform: the element that reads the frames; it outlives the collector
 *
 * Turns the metadata of one frame into the scene that is drawn.
 *
 * Returns: (transfer full): free with scene_collector_free()
 */
SceneCollector *scene_collector_new (GstBaseTransform *transform);
void scene_collector_free (SceneCollector *self);

/**
 * scene_collector_restart:
 *
 * To be called for new caps, as region_list_restart().
 */
void scene_collector_restart (SceneCollector *self);

/**
 * scene_collector_collect:
 * @info: of the frame
 * @n_written: how many of the frame's predictions somebody upstream has written
 *   on it
 * @scene: (inout): has everything that is not in the metadata; gets the rest,
 *   which is valid until the next call and as long as @buffer
 */
void scene_collector_collect (SceneCollector *self, GstBuffer *buffer,
    const GstVideoInfo *info, const OverlaySelection *selection,
    guint n_written, OverlayScene *scene);

/**
 * scene_collector_count_predictions:
 *
 * Returns: how many predictions the last frame has
 */
guint scene_collector_count_predictions (const SceneCollector *self);

/**
 * scene_collector_has_problems:
 *
 * Returns: whether the last frame has predictions but lacks some part of
 *   @selection, or a part of that is malformed
 */
gboolean scene_collector_has_problems (const SceneCollector *self,
    const OverlaySelection *selection);

/**
 * scene_collector_list_problems:
 *
 * Returns: (transfer full) (element-type utf8): a message for each problem,
 *   with the property in quotes and what to do
 */
GPtrArray *scene_collector_list_problems (const SceneCollector *self,
    const OverlaySelection *selection);

G_END_DECLS
