/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/image-canvas.h"

#include <math.h>

#define MAX_PIXEL_ASPECT 10.0
#define MAX_SIDE 16384
/* The ends of rectangles are clamped to this, so that lengths fit into gint. */
#define FARTHEST (G_MAXINT / 2)

gdouble
image_pixel_aspect_from_ratio (gint numerator, gint denominator)
{
  const gdouble ratio = denominator != 0 ? (gdouble) numerator / denominator
                                         : 0.0;

  return ratio >= 1.0 / MAX_PIXEL_ASPECT && ratio <= MAX_PIXEL_ASPECT ? ratio
                                                                      : 1.0;
}

static gint
stretch (gint length, gdouble factor)
{
  return MAX ((gint) MIN (floor (length * factor + 0.5), MAX_SIDE), length);
}

void
image_canvas_init (ImageCanvas *canvas, gint width, gint height,
    gdouble pixel_aspect)
{
  *canvas = (ImageCanvas) { width, height, width, height };
  if (pixel_aspect > 1.0)
    canvas->width = stretch (width, pixel_aspect);
  else if (pixel_aspect > 0.0)
    canvas->height = stretch (height, 1.0 / pixel_aspect);
}

gboolean
image_canvas_equal (const ImageCanvas *a, const ImageCanvas *b)
{
  return a->width == b->width && a->height == b->height
      && a->frame_width == b->frame_width && a->frame_height == b->frame_height;
}

gboolean
image_canvas_is_frame (const ImageCanvas *canvas)
{
  return canvas->width == canvas->frame_width
      && canvas->height == canvas->frame_height;
}

static gint
scale_end (gint64 end, gint from, gint to)
{
  const gdouble scaled = floor ((gdouble) end * to / from + 0.5);

  return (gint) CLAMP (scaled, -FARTHEST, FARTHEST);
}

/* Scales one axis of a rectangle from an image of size @from to one of size
 * @to. */
static void
scale_range (gint *start, gint *length, gint from, gint to)
{
  const gint64 end = (gint64) *start + *length;

  if (from == to)
    return;
  *start = scale_end (*start, from, to);
  *length = scale_end (end, from, to) - *start;
}

Rect
image_canvas_from_frame (const ImageCanvas *canvas, const Rect *rect)
{
  Rect scaled = *rect;

  scale_range (&scaled.x, &scaled.width, canvas->frame_width, canvas->width);
  scale_range (&scaled.y, &scaled.height, canvas->frame_height, canvas->height);
  return scaled;
}

Rect
image_canvas_to_frame (const ImageCanvas *canvas, const Rect *rect)
{
  Rect scaled = *rect;

  scale_range (&scaled.x, &scaled.width, canvas->width, canvas->frame_width);
  scale_range (&scaled.y, &scaled.height, canvas->height, canvas->frame_height);
  return scaled;
}
