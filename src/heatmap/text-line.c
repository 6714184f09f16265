/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "heatmap/text-line.h"

#include "heatmap/text.h"

struct _HeatmapTextLine {
  gchar *text;
  gint size;
  gboolean bold;
  gint max_width;
  gint shown_size; /* smaller than asked for when it did not fit */
  gint width;
  cairo_surface_t *image; /* A8, twice as high as the text is large */
};

HeatmapTextLine *
heatmap_text_line_new (void)
{
  return g_new0 (HeatmapTextLine, 1);
}

void
heatmap_text_line_free (HeatmapTextLine *line)
{
  g_clear_pointer (&line->image, cairo_surface_destroy);
  g_free (line->text);
  g_free (line);
}

static gchar *
fit (HeatmapTextLine *line)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cairo = cairo_create (surface);
  g_autofree gchar *clean = heatmap_text_clean (line->text);
  gchar *fitting;

  line->shown_size = line->size;
  fitting = heatmap_text_fit (cairo, clean, &line->shown_size, line->bold,
      line->max_width);
  line->width = heatmap_text_measure (cairo, fitting);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  return fitting;
}

static void
render (HeatmapTextLine *line)
{
  g_autofree gchar *text = fit (line);
  cairo_t *cairo;

  g_clear_pointer (&line->image, cairo_surface_destroy);
  line->image = cairo_image_surface_create (CAIRO_FORMAT_A8,
      MAX (line->width, 1), 2 * line->size);
  cairo = cairo_create (line->image);
  heatmap_text_select (cairo, line->shown_size, line->bold);
  heatmap_text_show (cairo, text, 0, 0, 2 * line->size);
  cairo_destroy (cairo);
  cairo_surface_flush (line->image);
}

gint
heatmap_text_line_set (HeatmapTextLine *line, const gchar *text, gint size,
    gboolean bold, gint max_width)
{
  if (line->image != NULL && line->size == size && line->bold == bold
      && line->max_width == max_width && g_strcmp0 (line->text, text) == 0)
    return line->width;
  g_free (line->text);
  line->text = g_strdup (text);
  line->size = size;
  line->bold = bold;
  line->max_width = max_width;
  render (line);
  return line->width;
}

void
heatmap_text_line_show (const HeatmapTextLine *line,
    const HeatmapPixels *pixels, gint x, gint y, gint height, guint32 rgb)
{
  const guint8 *image = cairo_image_surface_get_data (line->image);
  const ImageRect place = { x, y + height / 2 - line->size,
    cairo_image_surface_get_width (line->image), 2 * line->size };

  heatmap_pixels_blend_mask (pixels, &place, image,
      cairo_image_surface_get_stride (line->image), rgb);
}
