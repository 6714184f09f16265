/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>

#include "base/rect.h"

G_BEGIN_DECLS

/* The colours that all parts of the picture share, as 0xRRGGBB. */
#define OVERLAY_BACKGROUND_COLOR 0x14161a /* of panels and contact sheets */
#define OVERLAY_TEXT_COLOR 0xffffff
#define OVERLAY_DETAIL_COLOR 0xa8adb5
#define OVERLAY_FOR_COLOR 0xff922b     /* adds to the score */
#define OVERLAY_AGAINST_COLOR 0x59afff /* reduces the score */

/**
 * overlay_drawing_renew_surface:
 * @surface: (inout) (transfer full): %NULL at first
 *
 * Makes @surface a transparent CAIRO_FORMAT_ARGB32 image of the given size and
 * gives it a new serial number. A surface of this size is reused.
 */
void overlay_drawing_renew_surface (cairo_surface_t **surface, gint width,
    gint height);

/**
 * overlay_drawing_ensure_surface:
 * @surface: (inout) (transfer full): %NULL at first
 *
 * Makes @surface a CAIRO_FORMAT_ARGB32 image of the given size. A surface of
 * this size is left unchanged.
 */
void overlay_drawing_ensure_surface (cairo_surface_t **surface, gint width,
    gint height);

/**
 * overlay_drawing_grow_surface:
 * @surface: (inout) (transfer full): %NULL at first
 *
 * Makes @surface a CAIRO_FORMAT_ARGB32 image of at least the given size. It
 * never shrinks, so that drawings of changing size need no allocations.
 */
void overlay_drawing_grow_surface (cairo_surface_t **surface, gint width,
    gint height);

/**
 * overlay_drawing_renew_serial:
 *
 * Gives @surface a new unique serial number after its pixels have changed.
 */
void overlay_drawing_renew_serial (cairo_surface_t *surface);

/**
 * overlay_drawing_get_serial:
 *
 * Returns: the serial number of the current pixels, or 0 if there is none
 */
gsize overlay_drawing_get_serial (cairo_surface_t *surface);

/**
 * overlay_drawing_set_color:
 * @rgb: 0xRRGGBB
 */
void overlay_drawing_set_color (cairo_t *cairo, guint32 rgb, gdouble alpha);

/**
 * overlay_drawing_fill_plate:
 *
 * Fills a rectangle with rounded corners and its top left at the origin with
 * the current source of @cairo.
 */
void overlay_drawing_fill_plate (cairo_t *cairo, gint width, gint height,
    gint radius);

/**
 * OverlayPixels:
 * @data: the top left pixel; premultiplied 0xAARRGGBB words in native byte
 *   order, as in CAIRO_FORMAT_ARGB32
 * @stride: words from one row to the next
 * @width: in pixels
 * @height: in pixels
 *
 * A part of an image surface.
 */
typedef struct {
  guint32 *data;
  gsize stride;
  gint width;
  gint height;
} OverlayPixels;

/**
 * overlay_pixels_from_surface:
 *
 * Flush @surface before, and mark it dirty after drawing.
 */
void overlay_pixels_from_surface (OverlayPixels *pixels,
    cairo_surface_t *surface);

/**
 * overlay_pixels_get_part:
 * @rect: inside @pixels
 */
OverlayPixels overlay_pixels_get_part (const OverlayPixels *pixels,
    const Rect *rect);

/**
 * overlay_pixels_make_word:
 * @rgb: 0xRRGGBB
 * @alpha: 0 to 255
 *
 * Returns: the premultiplied word
 */
guint32 overlay_pixels_make_word (guint32 rgb, guint alpha);

/**
 * overlay_pixels_lay_over:
 *
 * Blends two components at a time. The result is exact: (x + 128) * 257 / 65536
 * is x / 255 rounded for all products x of two bytes.
 *
 * Returns: the premultiplied word @above over the word @below
 */
static inline guint32
overlay_pixels_lay_over (guint32 below, guint32 above)
{
  const guint32 rest = 255 - (above >> 24);
  guint32 even = (below & 0xff00ff) * rest + 0x800080;
  guint32 odd = (below >> 8 & 0xff00ff) * rest + 0x800080;

  even = (even + (even >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
  odd = (odd + (odd >> 8 & 0xff00ff)) & 0xff00ff00;
  return above + (even | odd);
}

/**
 * overlay_pixels_fill:
 *
 * Fills the part of @rect that lies in @pixels with @word.
 */
void overlay_pixels_fill (const OverlayPixels *pixels, const Rect *rect,
    guint32 word);

/**
 * overlay_pixels_tint:
 * @alpha: opacity of @rgb over each pixel of @rect, 0 to 255
 */
void overlay_pixels_tint (const OverlayPixels *pixels, const Rect *rect,
    guint32 rgb, guint alpha);

/**
 * overlay_pixels_blend_mask:
 * @place: rectangle of @mask in @pixels, which clips it
 * @mask: opacity of @rgb over each pixel, 0 to 255
 * @stride: bytes from one row of @mask to the next
 */
void overlay_pixels_blend_mask (const OverlayPixels *pixels, const Rect *place,
    const guint8 *mask, gint stride, guint32 rgb);

/**
 * overlay_pixels_blend:
 * @image: image to lay over @pixels, which clips it
 * @x: column of the left edge of @image
 * @y: row of the top edge of @image
 */
void overlay_pixels_blend (const OverlayPixels *pixels,
    const OverlayPixels *image, gint x, gint y);

/**
 * overlay_pixels_outline:
 * @line_width: width in pixels of the line, which lies outside of @rect
 */
void overlay_pixels_outline (const OverlayPixels *pixels, const Rect *rect,
    gint line_width, guint32 word);

/**
 * overlay_pixels_hatch:
 *
 * Hatches all of @pixels with diagonal lines of colour @word.
 */
void overlay_pixels_hatch (const OverlayPixels *pixels, guint32 word);

/**
 * overlay_pixels_cross:
 *
 * Draws both diagonals of @pixels in colour @word.
 */
void overlay_pixels_cross (const OverlayPixels *pixels, guint32 word);

/**
 * overlay_pixels_gradient:
 * @table: 256 colours, low values first
 *
 * Fills @rect with a colormap from left to right.
 */
void overlay_pixels_gradient (const OverlayPixels *pixels, const Rect *rect,
    const guint32 *table);

G_END_DECLS
