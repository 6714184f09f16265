/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/text-line.h"

#include "overlay/drawing.h"

struct _OverlayTextLine {
  OverlayText *text;
  gchar *string;
  OverlayTextStyle style;
  gint width;
  gint cap_height;
  guint version;
  /* twice as high as the text is large; emoji have colours of their own */
  cairo_surface_t *image;
};

OverlayTextLine *
overlay_text_line_new (OverlayText *text)
{
  OverlayTextLine *line = g_new0 (OverlayTextLine, 1);

  line->text = text;
  return line;
}

void
overlay_text_line_free (OverlayTextLine *line)
{
  g_clear_pointer (&line->image, cairo_surface_destroy);
  g_free (line->string);
  g_free (line);
}

/* Letters may reach a little over their ends. */
static gint
get_overhang (const OverlayTextLine *line)
{
  return line->style.size / 4;
}

/* Rows above it in the image. */
static gint
get_baseline (const OverlayTextLine *line)
{
  return line->style.size + line->style.size / 4;
}

static void
render (OverlayTextLine *line)
{
  const OverlayTextStyle *style = &line->style;
  const gint overhang = get_overhang (line);
  g_autofree gchar *clean = overlay_text_clean (line->string);
  cairo_t *cairo;

  if (style->keeps_size)
    overlay_text_select (line->text, style->size, style->bold);
  else
    overlay_text_fit (line->text, clean, style->size, style->bold,
        style->max_width);
  line->width = overlay_text_measure_within (line->text, clean,
      style->max_width);
  line->cap_height = overlay_text_get_cap_height (line->text);
  line->version++;
  overlay_drawing_renew_surface (&line->image, line->width + 2 * overhang + 1,
      2 * style->size);
  cairo = cairo_create (line->image);
  overlay_drawing_set_colour (cairo, style->rgb, 1.0);
  overlay_text_show_on_line (line->text, cairo, clean, overhang,
      get_baseline (line), style->max_width);
  cairo_destroy (cairo);
  cairo_surface_flush (line->image);
}

static gboolean
is_same_style (const OverlayTextStyle *a, const OverlayTextStyle *b)
{
  return a->size == b->size && a->bold == b->bold
      && a->max_width == b->max_width && a->keeps_size == b->keeps_size
      && a->rgb == b->rgb;
}

gint
overlay_text_line_set (OverlayTextLine *line, const gchar *string,
    const OverlayTextStyle *style)
{
  if (line->image != NULL && is_same_style (&line->style, style)
      && g_strcmp0 (line->string, string) == 0)
    return line->width;
  g_free (line->string);
  line->string = g_strdup (string);
  line->style = *style;
  render (line);
  return line->width;
}

guint
overlay_text_line_get_version (const OverlayTextLine *line)
{
  return line->version;
}

void
overlay_text_line_show (const OverlayTextLine *line,
    const OverlayPixels *pixels, gint x, gint y, gint height)
{
  OverlayPixels image;

  overlay_pixels_from_surface (&image, line->image);
  overlay_pixels_blend (pixels, &image, x - get_overhang (line),
      y + (height + line->cap_height + 1) / 2 - get_baseline (line));
}
