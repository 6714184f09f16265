/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/face-style.h"

#include <math.h>

/* White for faces that have no id; then the palette of Okabe and Ito (2008),
 * "Color Universal Design", without black and its dark blue, and with a lighter
 * green, as dark lines are hard to see on video. */
static const guint32 colours[OVERLAY_N_FACE_COLOURS] = {
  0xffffff,
  0x56b4e9,
  0xe69f00,
  0x2fc39a,
  0xf0e442,
  0xcc79a7,
  0xd55e00,
};

guint
overlay_face_style_get_colour_index (gint id)
{
  return id < 0 ? 0 : 1 + (guint) id % (OVERLAY_N_FACE_COLOURS - 1);
}

guint32
overlay_face_style_get_colour (guint index)
{
  return colours[index];
}

gint
overlay_face_style_get_line_width (gint frame_width, gint frame_height)
{
  return MAX ((gint) lround (MIN (frame_width, frame_height) / 240.0), 1);
}
