/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Source: where the pictures come from, a camera or a file. */
typedef struct _Source Source;

/* Reads "camera", "camera:DEVICE", "sample" or the name of a file, and checks
 * that it is there. */
Source *source_new (const gchar *text, GError **error);
void source_free (Source *self);

/* A camera's pictures come when they come; a file's are played in time, and
 * again and again. */
gboolean source_is_camera (const Source *self);
const gchar *source_get_location (const Source *self);

/* The elements, as in a launch line, from one called "source" whose property
 * source_get_location_property() wants the location, up to raw video. */
const gchar *source_get_launch (const Source *self);
const gchar *source_get_location_property (const Source *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Source, source_free)

G_END_DECLS
