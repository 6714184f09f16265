/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/drawing.h"

#include <string.h>

static const cairo_user_data_key_t serial_key;

static gboolean
has_size (cairo_surface_t *surface, gint width, gint height)
{
  return surface != NULL && cairo_image_surface_get_width (surface) == width
      && cairo_image_surface_get_height (surface) == height;
}

static void
clear (cairo_surface_t *surface)
{
  cairo_t *cairo = cairo_create (surface);

  cairo_set_operator (cairo, CAIRO_OPERATOR_CLEAR);
  cairo_paint (cairo);
  cairo_destroy (cairo);
}

void
overlay_drawing_ensure_surface (cairo_surface_t **surface, gint width,
    gint height)
{
  if (has_size (*surface, width, height))
    return;
  g_clear_pointer (surface, cairo_surface_destroy);
  *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
}

void
overlay_drawing_renew_surface (cairo_surface_t **surface, gint width,
    gint height)
{
  overlay_drawing_ensure_surface (surface, width, height);
  clear (*surface);
  overlay_drawing_renew_serial (*surface);
}

void
overlay_drawing_renew_serial (cairo_surface_t *surface)
{
  static gsize last = 0;
  const gsize serial = (gsize) g_atomic_pointer_add (&last, 1) + 1;

  cairo_surface_set_user_data (surface, &serial_key, GSIZE_TO_POINTER (serial),
      NULL);
}

gsize
overlay_drawing_get_serial (cairo_surface_t *surface)
{
  return GPOINTER_TO_SIZE (cairo_surface_get_user_data (surface, &serial_key));
}

/* With room for a face that comes nearer: each new surface is memory that the
 * system has yet to clear. */
static gint
grow (gint length, gint needed)
{
  return needed > length ? needed + needed / 4 : length;
}

void
overlay_drawing_grow_surface (cairo_surface_t **surface, gint width,
    gint height)
{
  const gboolean is_there = *surface != NULL;

  overlay_drawing_ensure_surface (surface,
      grow (is_there ? cairo_image_surface_get_width (*surface) : 0, width),
      grow (is_there ? cairo_image_surface_get_height (*surface) : 0, height));
}

void
overlay_drawing_set_color (cairo_t *cairo, guint32 rgb, gdouble alpha)
{
  cairo_set_source_rgba (cairo, (rgb >> 16 & 0xff) / 255.0,
      (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0, alpha);
}

void
overlay_drawing_fill_plate (cairo_t *cairo, gint width, gint height,
    gint radius)
{
  cairo_new_path (cairo);
  cairo_arc (cairo, width - radius, radius, radius, -G_PI_2, 0);
  cairo_arc (cairo, width - radius, height - radius, radius, 0, G_PI_2);
  cairo_arc (cairo, radius, height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cairo, radius, radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cairo);
  cairo_fill (cairo);
}

void
overlay_pixels_from_surface (OverlayPixels *pixels, cairo_surface_t *surface)
{
  pixels->data = (guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  pixels->stride = (gsize) cairo_image_surface_get_stride (surface)
      / sizeof (guint32);
  pixels->width = cairo_image_surface_get_width (surface);
  pixels->height = cairo_image_surface_get_height (surface);
}

OverlayPixels
overlay_pixels_get_part (const OverlayPixels *pixels, const Rect *rect)
{
  return (OverlayPixels) { pixels->data + (gsize) rect->y * pixels->stride
        + rect->x,
    pixels->stride, rect->width, rect->height };
}

guint32
overlay_pixels_make_word (guint32 rgb, guint alpha)
{
  guint32 word = alpha;

  for (gint shift = 16; shift >= 0; shift -= 8)
    word = word << 8 | (((rgb >> shift & 0xff) * alpha + 127) / 255);
  return word;
}

void
overlay_pixels_fill (const OverlayPixels *pixels, const Rect *rect,
    guint32 word)
{
  gint right = MIN (rect->x + rect->width, pixels->width);
  gint bottom = MIN (rect->y + rect->height, pixels->height);

  for (gint y = MAX (rect->y, 0); y < bottom; y++) {
    guint32 *row = pixels->data + (gsize) y * pixels->stride;

    for (gint x = MAX (rect->x, 0); x < right; x++)
      row[x] = word;
  }
}

/* Rounds as overlay_pixels_lay_over() does. */
static guint32
blend (guint32 pixel, guint32 opaque, guint coverage)
{
  guint32 rest = 255 - coverage;
  guint32 even = (opaque & 0xff00ff) * coverage + (pixel & 0xff00ff) * rest
      + 0x800080;
  guint32 odd = (opaque >> 8 & 0xff00ff) * coverage
      + (pixel >> 8 & 0xff00ff) * rest + 0x800080;

  even = (even + (even >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
  odd = (odd + (odd >> 8 & 0xff00ff)) & 0xff00ff00;
  return even | odd;
}

void
overlay_pixels_tint (const OverlayPixels *pixels, const Rect *rect, guint32 rgb,
    guint alpha)
{
  gint right = MIN (rect->x + rect->width, pixels->width);
  gint bottom = MIN (rect->y + rect->height, pixels->height);

  for (gint y = MAX (rect->y, 0); y < bottom; y++) {
    guint32 *row = pixels->data + (gsize) y * pixels->stride;

    for (gint x = MAX (rect->x, 0); x < right; x++)
      row[x] = blend (row[x], 0xff000000 | rgb, alpha);
  }
}

static gboolean
is_empty (const guint8 *eight)
{
  guint64 word;

  memcpy (&word, eight, sizeof word);
  return word == 0;
}

void
overlay_pixels_blend_mask (const OverlayPixels *pixels, const Rect *place,
    const guint8 *mask, gint stride, guint32 rgb)
{
  gint first_x = MAX (-place->x, 0), first_y = MAX (-place->y, 0);
  gint last_x = MIN (pixels->width - place->x, place->width);
  gint last_y = MIN (pixels->height - place->y, place->height);
  guint32 opaque = 0xff000000 | rgb;

  for (gint y = first_y; y < last_y; y++) {
    guint32 *row = pixels->data
        + (gssize) (place->y + y) * (gssize) pixels->stride + place->x;
    const guint8 *coverage = mask + (gssize) y * stride;

    for (gint x = first_x; x < last_x; x++) {
      /* the cells of glyphs are mostly empty */
      if (x + 8 <= last_x && is_empty (coverage + x)) {
        x += 7;
        continue;
      }
      if (coverage[x] > 0)
        row[x] = blend (row[x], opaque, coverage[x]);
    }
  }
}

void
overlay_pixels_blend (const OverlayPixels *pixels, const OverlayPixels *image,
    gint x, gint y)
{
  gint first_x = MAX (-x, 0), first_y = MAX (-y, 0);
  gint last_x = MIN (pixels->width - x, image->width);
  gint last_y = MIN (pixels->height - y, image->height);

  for (gint i = first_y; i < last_y; i++) {
    guint32 *row = pixels->data + (gssize) (y + i) * (gssize) pixels->stride
        + x;
    const guint32 *above = image->data + (gsize) i * image->stride;

    for (gint k = first_x; k < last_x; k++) {
      if (above[k] != 0)
        row[k] = overlay_pixels_lay_over (row[k], above[k]);
    }
  }
}

void
overlay_pixels_outline (const OverlayPixels *pixels, const Rect *rect,
    gint line_width, guint32 word)
{
  const Rect outer = { rect->x - line_width, rect->y - line_width,
    rect->width + 2 * line_width, rect->height + 2 * line_width };
  Rect side = outer;

  side.height = line_width;
  overlay_pixels_fill (pixels, &side, word);
  side.y = rect->y + rect->height;
  overlay_pixels_fill (pixels, &side, word);
  side = outer;
  side.width = line_width;
  overlay_pixels_fill (pixels, &side, word);
  side.x = rect->x + rect->width;
  overlay_pixels_fill (pixels, &side, word);
}

void
overlay_pixels_hatch (const OverlayPixels *pixels, guint32 word)
{
  gint period = CLAMP (MIN (pixels->width, pixels->height) / 4, 3, 8);

  for (gint y = 0; y < pixels->height; y++) {
    guint32 *row = pixels->data + (gsize) y * pixels->stride;

    for (gint x = y % period; x < pixels->width; x += period)
      row[x] = word;
  }
}

void
overlay_pixels_cross (const OverlayPixels *pixels, guint32 word)
{
  gint thickness = MAX (MIN (pixels->width, pixels->height) / 16, 1);

  for (gint y = 0; y < pixels->height; y++) {
    gint x = y * pixels->width / pixels->height;
    Rect dot = { x, y, thickness, 1 };

    overlay_pixels_fill (pixels, &dot, word);
    dot.x = pixels->width - 1 - x;
    overlay_pixels_fill (pixels, &dot, word);
  }
}

void
overlay_pixels_gradient (const OverlayPixels *pixels, const Rect *rect,
    const guint32 *table)
{
  for (gint i = 0; i < rect->width; i++) {
    const Rect column = { rect->x + i, rect->y, 1, rect->height };

    overlay_pixels_fill (pixels, &column,
        table[i * 255 / MAX (rect->width - 1, 1)]);
  }
}
