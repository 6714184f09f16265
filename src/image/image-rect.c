/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image-rect.h"

#include <math.h>

/* Rounded, and kept in the range of gint. */
static gint
to_pixels (gdouble length)
{
  return (gint) CLAMP (floor (length + 0.5), G_MININT, G_MAXINT);
}

ImageRect
image_rect_scale (const ImageRect *rect, gdouble scale)
{
  const gdouble width = MAX (rect->width * scale, 1.0);
  const gdouble height = MAX (rect->height * scale, 1.0);
  const ImageRect scaled = {
    to_pixels (rect->x + (rect->width - width) / 2.0),
    to_pixels (rect->y + (rect->height - height) / 2.0),
    to_pixels (width),
    to_pixels (height),
  };

  return scaled;
}

/* Length that [a, a + a_size) and [b, b + b_size) have in common. */
static gdouble
common_length (gint a, gint a_size, gint b, gint b_size)
{
  gint64 begin = MAX (a, b);
  gint64 end = MIN ((gint64) a + a_size, (gint64) b + b_size);

  return (gdouble) MAX (end - begin, 0);
}

gdouble
image_rect_overlap (const ImageRect *a, const ImageRect *b)
{
  gdouble intersection = common_length (a->x, a->width, b->x, b->width)
      * common_length (a->y, a->height, b->y, b->height);
  gdouble sum = (gdouble) a->width * a->height + (gdouble) b->width * b->height;

  return sum > 0.0 ? intersection / (sum - intersection) : 0.0;
}

ImageRect
image_rect_clip (const ImageRect *rect, gint width, gint height)
{
  const gint64 left = MAX (rect->x, 0), top = MAX (rect->y, 0);
  const gint64 right = MIN ((gint64) rect->x + rect->width, width);
  const gint64 bottom = MIN ((gint64) rect->y + rect->height, height);

  if (left >= right || top >= bottom)
    return (ImageRect) { 0, 0, 0, 0 };
  return (ImageRect) { (gint) left, (gint) top, (gint) (right - left),
    (gint) (bottom - top) };
}
