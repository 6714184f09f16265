/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>

#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * HeatmapPixels:
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
} HeatmapPixels;

/**
 * heatmap_pixels_from_surface:
 *
 * Flush @surface first, and mark it dirty afterwards.
 */
void heatmap_pixels_from_surface (HeatmapPixels *pixels,
    cairo_surface_t *surface);

/**
 * heatmap_pixels_get_part:
 * @rect: inside @pixels
 */
HeatmapPixels heatmap_pixels_get_part (const HeatmapPixels *pixels,
    const ImageRect *rect);

/**
 * heatmap_pixels_make_word:
 * @rgb: 0xRRGGBB
 * @alpha: 0 to 255
 *
 * Returns: the premultiplied word
 */
guint32 heatmap_pixels_make_word (guint32 rgb, guint alpha);

/**
 * heatmap_pixels_fill:
 *
 * Writes @word over the part of @rect that lies in @pixels.
 */
void heatmap_pixels_fill (const HeatmapPixels *pixels, const ImageRect *rect,
    guint32 word);

/**
 * heatmap_pixels_tint:
 * @alpha: how much of @rgb to lay over each pixel of @rect, 0 to 255
 */
void heatmap_pixels_tint (const HeatmapPixels *pixels, const ImageRect *rect,
    guint32 rgb, guint alpha);

/**
 * heatmap_pixels_blend_mask:
 * @place: where @mask goes; what reaches outside is cut off
 * @mask: how much of @rgb to lay over each pixel, 0 to 255
 * @stride: bytes from one row of @mask to the next
 */
void heatmap_pixels_blend_mask (const HeatmapPixels *pixels,
    const ImageRect *place, const guint8 *mask, gint stride, guint32 rgb);

/**
 * heatmap_pixels_blend:
 * @image: goes with its top left pixel to @x, @y; what reaches outside is cut
 *   off
 *
 * Lays @image over @pixels.
 */
void heatmap_pixels_blend (const HeatmapPixels *pixels,
    const HeatmapPixels *image, gint x, gint y);

/**
 * heatmap_pixels_outline:
 * @line_width: in pixels; the line lies outside of @rect
 */
void heatmap_pixels_outline (const HeatmapPixels *pixels, const ImageRect *rect,
    gint line_width, guint32 word);

/**
 * heatmap_pixels_hatch:
 *
 * Draws diagonal lines in @word over all of @pixels.
 */
void heatmap_pixels_hatch (const HeatmapPixels *pixels, guint32 word);

/**
 * heatmap_pixels_cross:
 *
 * Draws both diagonals in @word.
 */
void heatmap_pixels_cross (const HeatmapPixels *pixels, guint32 word);

/**
 * heatmap_pixels_gradient:
 * @table: 256 colours, low values first
 *
 * Shows a colormap from left to right.
 */
void heatmap_pixels_gradient (const HeatmapPixels *pixels,
    const ImageRect *rect, const guint32 *table);

G_END_DECLS
