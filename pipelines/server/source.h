/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Source: a camera or a file that the pictures come from. */
typedef struct _Source Source;

/* Parses "camera", "camera:DEVICE", "sample" or the name of a file, and checks
 * that the source exists and can be read. */
Source *source_new (const gchar *text, GError **error);
void source_free (Source *self);

/* A camera is live; a file is played in real time, and repeated. */
gboolean source_is_camera (const Source *self);
const gchar *source_get_location (const Source *self);

/* A launch line from an element named "source" to raw video. The location must
 * be set on that element, as the property source_get_location_property(). */
const gchar *source_get_launch (const Source *self);
const gchar *source_get_location_property (const Source *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Source, source_free)

G_END_DECLS
