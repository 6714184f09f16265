/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* StageClock: how long an element takes for a buffer, on average over the last
 * second or so. All functions may be called from any thread. */
typedef struct _StageClock StageClock;

/* @element: has one sink pad and one source pad, and works in the thread that
 * brings it buffers. */
StageClock *stage_clock_new (GstElement *element);
void stage_clock_free (StageClock *self);

/* In ms; 0 if nothing has passed yet. */
gdouble stage_clock_get_time (StageClock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StageClock, stage_clock_free)

G_END_DECLS
