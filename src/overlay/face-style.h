/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define OVERLAY_N_FACE_COLOURS 7

/**
 * overlay_face_style_get_colour_index:
 * @id: of the face, or negative when there is none
 *
 * Returns: below OVERLAY_N_FACE_COLOURS; the same for the same id
 */
guint overlay_face_style_get_colour_index (gint id);

/**
 * overlay_face_style_get_colour:
 *
 * Returns: 0xRRGGBB
 */
guint32 overlay_face_style_get_colour (guint index);

/**
 * overlay_face_style_get_line_width:
 *
 * Returns: of the lines around faces, 2 pixels at 480 lines
 */
gint overlay_face_style_get_line_width (gint frame_width, gint frame_height);

G_END_DECLS
