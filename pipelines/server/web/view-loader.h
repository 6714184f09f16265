/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "../hub.h"
#include "model-view.h"

G_BEGIN_DECLS

/* ViewLoader: the network that a hub runs, loaded once more for its kernels,
 * which its element does not show; once for each model, in a thread. Main
 * thread only. */
typedef struct _ViewLoader ViewLoader;

/* @view: (nullable): NULL with an error. Both are only lent. */
typedef void (
    *ViewFunc) (const ModelView *view, const GError *error, gpointer user_data);

/* @hub must outlive it. */
ViewLoader *view_loader_new (Hub *hub);
/* Waits for the thread; whoever waits for a view gets it before. */
void view_loader_free (ViewLoader *self);

/* Hands out the view of the network that runs now: at once if it is there, else
 * from the main loop. */
void view_loader_get (ViewLoader *self, ViewFunc func, gpointer user_data);

G_END_DECLS
