/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/rtsp-server/rtsp-server.h>

#include "hub.h"
#include "outlet.h"

G_BEGIN_DECLS

/* StreamFactory: makes H.264 of the frames of a hub for RTSP. The encoder runs
 * once for all viewers, and only while there are any. */
#define TYPE_STREAM_FACTORY (stream_factory_get_type ())
G_DECLARE_FINAL_TYPE (StreamFactory, stream_factory, STREAM, FACTORY,
    GstRTSPMediaFactory)

/* @draws: whether the maps are drawn into the picture. @ports: (nullable):
 * where UDP ports are taken from. Returns: (transfer full). */
GstRTSPMediaFactory *stream_factory_new (Hub *hub, gboolean draws,
    GstRTSPAddressPool *ports);

/* The role that a viewer must have. */
#define STREAM_FACTORY_ROLE "viewer"

/* To call for a @media that such a factory has made when a viewer begins to
 * watch. */
void stream_factory_play (GstRTSPMedia *media);

/* Returns: (transfer none): what a @media shows that such a factory has
 * made. */
Hub *stream_factory_get_hub (GstRTSPMedia *media);

/* Whether the elements are there that streams need. */
gboolean stream_factory_check (GError **error);

G_END_DECLS
