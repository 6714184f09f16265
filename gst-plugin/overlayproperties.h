/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/renderer.h"
#include "scenecollector.h"
#include "streamclock.h"

G_BEGIN_DECLS

/**
 * OverlayProperties:
 * @style: how everything is drawn
 * @follow: whether it is smoothed from frame to frame
 * @panel_model: (nullable): the property of this name, like the next three
 * @panel_layers: (nullable):
 * @panel_face: -1 for the largest
 * @channel: (nullable):
 * @selection: made from these four
 *
 * The properties of activationoverlay. It guards them with its object lock.
 */
typedef struct {
  OverlayStyle style;
  GstActivationFollow follow;
  OverlayShow show;
  gchar *panel_model;
  gchar *panel_layers;
  gint panel_face;
  gchar *channel;
  OverlaySelection *selection;
} OverlayProperties;

/**
 * overlay_properties_install:
 * @object_class: of activationoverlay, which has no other properties
 */
void overlay_properties_install (GObjectClass *object_class);

void overlay_properties_init (OverlayProperties *self);
void overlay_properties_clear (OverlayProperties *self);

/**
 * overlay_properties_set:
 * @id: under which the property was installed
 */
void overlay_properties_set (OverlayProperties *self, guint id,
    const GValue *value);
void overlay_properties_get (const OverlayProperties *self, guint id,
    GValue *value);

/**
 * overlay_properties_want_beside:
 *
 * Returns: whether the panel is to be beside the picture
 */
gboolean overlay_properties_want_beside (const OverlayProperties *self);

G_END_DECLS
