/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "encoder.h"

G_BEGIN_DECLS

/* Recorder: writes the picture with the maps, and what is in it, into files:
 * Matroska, with the metadata as a subtitle track, and the same lines of JSON
 * in a file beside it. A file that is not finished, because the program or the
 * machine has died, can be played. What goes wrong is logged, and tried
 * again. From the main thread. */
typedef struct _Recorder Recorder;

/* Takes what to do from hub_get_options(). @encoder: of the hub; it outlives
 * this. Errors: an element that is not installed. */
Recorder *recorder_new (Hub *hub, Encoder *encoder, GError **error);

/* Begins to finish the file; recorder_free() waits for that. */
void recorder_close (Recorder *self);
void recorder_free (Recorder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Recorder, recorder_free)

G_END_DECLS
