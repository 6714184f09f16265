/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "heatmap/rect.h"

gint64
heatmap_rect_get_overlap (const ImageRect *a, const ImageRect *b)
{
  gint64 left = MAX (a->x, b->x);
  gint64 top = MAX (a->y, b->y);
  gint64 right = MIN ((gint64) a->x + a->width, (gint64) b->x + b->width);
  gint64 bottom = MIN ((gint64) a->y + a->height, (gint64) b->y + b->height);

  return right > left && bottom > top ? (right - left) * (bottom - top) : 0;
}

gboolean
heatmap_rect_clip (const ImageRect *rect, gint outset, gint frame_width,
    gint frame_height, ImageRect *clipped)
{
  ImageRect frame = { 0, 0, frame_width, frame_height };
  gint64 left = MAX ((gint64) rect->x - outset, 0);
  gint64 top = MAX ((gint64) rect->y - outset, 0);
  gint64 right = MIN ((gint64) rect->x + rect->width + outset, frame_width);
  gint64 bottom = MIN ((gint64) rect->y + rect->height + outset, frame_height);

  if (heatmap_rect_get_overlap (rect, &frame) == 0)
    return FALSE;
  *clipped = (ImageRect) { (gint) left, (gint) top, (gint) (right - left),
    (gint) (bottom - top) };
  return TRUE;
}
