/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * picture_load:
 * @path: a PNG file, or with GdkPixbuf whatever that reads
 *
 * Decodes a picture, turned upright, over black where it is transparent.
 *
 * Returns: (transfer full): CAIRO_FORMAT_RGB24; %NULL with a %MODEL_ERROR
 */
cairo_surface_t *picture_load (const gchar *path, GError **error);

/**
 * picture_get_frame:
 * @frame: (out): a view of the picture
 */
void picture_get_frame (cairo_surface_t *picture, ImageFrame *frame);

G_END_DECLS
