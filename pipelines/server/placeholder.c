/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "placeholder.h"

#include <pango/pangocairo.h>

/* CAIRO_FORMAT_RGB24 in GStreamer's terms. */
#define FORMAT (G_BYTE_ORDER == G_LITTLE_ENDIAN ? "BGRx" : "xRGB")

/* Of the text, as a part of the picture's smaller side. */
#define TEXT_SIZE 0.1

static void
draw_text (cairo_t *cr, gint width, gint height, const gchar *text)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  PangoFontDescription *font = pango_font_description_from_string ("Sans");
  gint text_height;

  pango_font_description_set_absolute_size (font,
      MAX (TEXT_SIZE * MIN (width, height), 1.0) * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  cairo_set_source_rgb (cr, 0.9, 0.9, 0.9);
  cairo_move_to (cr, 0, (height - text_height) / 2.0);
  pango_cairo_show_layout (cr, layout);
}

GstBuffer *
placeholder_draw (gint width, gint height, const gchar *text, GstCaps **caps)
{
  const gint stride = width * 4;
  guint8 *pixels = g_malloc ((gsize) stride * height);
  cairo_surface_t *surface = cairo_image_surface_create_for_data (pixels,
      CAIRO_FORMAT_RGB24, width, height, stride);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 0.15, 0.15, 0.18);
  cairo_paint (cr);
  draw_text (cr, width, height, text);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  *caps = gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, FORMAT,
      "width", G_TYPE_INT, width, "height", G_TYPE_INT, height, "framerate",
      GST_TYPE_FRACTION, 0, 1, NULL);
  return gst_buffer_new_wrapped (pixels, (gsize) stride * height);
}
