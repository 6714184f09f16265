/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

#include "hub.h"

G_BEGIN_DECLS

/* Outlet: pushes the frames of a hub into an appsrc, in front of an encoder.
 * The pipeline runs on the system clock. Frames are stamped so that the first
 * one is "now", and the others keep their distance from it; if they come to be
 * too early or too late, they are shifted again. While nobody watches, the
 * stamps stand still. All functions may be called from any thread. */
typedef struct _Outlet Outlet;

/* What the outlet marks frames with that say that there is no signal. */
#define OUTLET_NO_SIGNAL GST_BUFFER_FLAG_MARKER

/* Frames are pushed until outlet_set_prepared(), and then dropped until
 * outlet_play(). */
Outlet *outlet_new (Hub *hub, GstElement *appsrc, GstElement *encoder);
/* Stops it. A frame that is being pushed must have been let go: when the
 * elements have stopped. */
void outlet_close (Outlet *self);
void outlet_free (Outlet *self);

/* The pipeline has seen enough to know what it will have to do. */
void outlet_set_prepared (Outlet *self);

/* Somebody takes what the pipeline makes, or one more does: goes on, with a
 * keyframe, or, if there was one a moment ago, with one that comes a little
 * later. */
void outlet_play (Outlet *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Outlet, outlet_free)

G_END_DECLS
