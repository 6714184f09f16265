/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "base/rect.h"

#include <math.h>

/* Rounds, and clamps to the range of gint. */
static gint
to_pixels (gdouble length)
{
  return (gint) CLAMP (floor (length + 0.5), G_MININT, G_MAXINT);
}

Rect
rect_scale (const Rect *rect, gdouble scale)
{
  const gdouble width = MAX (rect->width * scale, 1.0);
  const gdouble height = MAX (rect->height * scale, 1.0);
  const Rect scaled = {
    to_pixels (rect->x + (rect->width - width) / 2.0),
    to_pixels (rect->y + (rect->height - height) / 2.0),
    to_pixels (width),
    to_pixels (height),
  };

  return scaled;
}

static gfloat
limit_margin (gdouble margin)
{
  return (gfloat) CLAMP (margin, -RECT_MAX_MARGIN, RECT_MAX_MARGIN);
}

RectMargins
rect_get_margins (const Rect *rect, gdouble x, gdouble y, gdouble width,
    gdouble height)
{
  const gdouble left = x - rect->x, top = y - rect->y;

  return (RectMargins) {
    .left = limit_margin (left / rect->width),
    .top = limit_margin (top / rect->height),
    .right = limit_margin ((rect->width - left - width) / rect->width),
    .bottom = limit_margin ((rect->height - top - height) / rect->height),
  };
}

gboolean
rect_margins_are_valid (const RectMargins *margins)
{
  const gfloat all[] = { margins->left, margins->top, margins->right,
    margins->bottom };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    /* Written so that NaN fails. */
    if (!(fabsf (all[i]) <= RECT_MAX_MARGIN))
      return FALSE;
  }
  return TRUE;
}

/* Rounds an edge, and keeps it so near that the distance to any other one is a
 * gint. */
static gint
to_edge (gdouble position)
{
  const gint farthest = (1 << 30) - 1;

  return (gint) CLAMP (floor (position + 0.5), -farthest, farthest);
}

Rect
rect_apply_margins (const Rect *rect, const RectMargins *margins)
{
  const gdouble width = rect->width, height = rect->height;
  const gint left = to_edge (rect->x + width * (gdouble) margins->left);
  const gint top = to_edge (rect->y + height * (gdouble) margins->top);
  const gint right = to_edge (
      rect->x + width * (1.0 - (gdouble) margins->right));
  const gint bottom = to_edge (
      rect->y + height * (1.0 - (gdouble) margins->bottom));

  return (Rect) { left, top, MAX (right - left, 1), MAX (bottom - top, 1) };
}

gint64
rect_get_overlap (const Rect *a, const Rect *b)
{
  const gint64 left = MAX (a->x, b->x), top = MAX (a->y, b->y);
  const gint64 right = MIN ((gint64) a->x + a->width, (gint64) b->x + b->width);
  const gint64 bottom = MIN ((gint64) a->y + a->height,
      (gint64) b->y + b->height);

  return right > left && bottom > top ? (right - left) * (bottom - top) : 0;
}

gdouble
rect_get_iou (const Rect *a, const Rect *b)
{
  const gdouble intersection = (gdouble) rect_get_overlap (a, b);
  const gdouble sum = (gdouble) a->width * a->height
      + (gdouble) b->width * b->height;

  return sum > 0.0 ? intersection / (sum - intersection) : 0.0;
}

static Rect
clip (const Rect *rect, gint64 outset, gint width, gint height)
{
  const gint64 left = MAX (rect->x - outset, 0);
  const gint64 top = MAX (rect->y - outset, 0);
  const gint64 right = MIN ((gint64) rect->x + rect->width + outset, width);
  const gint64 bottom = MIN ((gint64) rect->y + rect->height + outset, height);

  if (left >= right || top >= bottom)
    return (Rect) { 0, 0, 0, 0 };
  return (Rect) { (gint) left, (gint) top, (gint) (right - left),
    (gint) (bottom - top) };
}

Rect
rect_clip (const Rect *rect, gint width, gint height)
{
  return clip (rect, 0, width, height);
}

gboolean
rect_clip_outset (const Rect *rect, gint outset, gint width, gint height,
    Rect *clipped)
{
  *clipped = clip (rect, outset, width, height);
  return rect_clip (rect, width, height).width > 0;
}
