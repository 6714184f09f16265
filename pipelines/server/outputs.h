/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Outputs: all that streams are sent to besides those who ask for them. None
 * costs anything that no option asks for. From the main thread. */
typedef struct _Outputs Outputs;

/* @hubs: of Hub; they outlive it. Errors: an output that cannot work; one that
 * only does not work now is tried again. */
Outputs *outputs_new (GPtrArray *hubs, GError **error);
void outputs_free (Outputs *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Outputs, outputs_free)

G_END_DECLS
