/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/glyphs.h"

#define FIRST_ASCII 0x20
#define N_ASCII 95

/* Middle dot, times, en dash, minus, less or equal. */
static const gunichar signs[] = { 0xb7, 0xd7, 0x2013, 0x2212, 0x2264 };

#define N_GLYPHS (N_ASCII + G_N_ELEMENTS (signs))

/* All glyphs side by side in an A8 image, each with one column to spare at both
 * sides of its advance. */
struct _OverlayGlyphs {
  gint size;
  gint cap_height;
  gint baseline; /* rows above it in the image */
  gint rows;
  gint stride;
  gint start[N_GLYPHS + 1];
  cairo_surface_t *image;
};

#define SPARE 1

static gunichar
get_character (guint index)
{
  return index < N_ASCII ? FIRST_ASCII + index : signs[index - N_ASCII];
}

static guint
find_glyph (gunichar character)
{
  if (character >= FIRST_ASCII && character < FIRST_ASCII + N_ASCII)
    return character - FIRST_ASCII;
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++) {
    if (signs[i] == character)
      return N_ASCII + i;
  }
  return '?' - FIRST_ASCII;
}

static void
measure (OverlayGlyphs *glyphs, OverlayText *text)
{
  gint x = 0;

  glyphs->cap_height = overlay_text_get_cap_height (text);
  glyphs->baseline = glyphs->size + glyphs->size / 4;
  glyphs->rows = 2 * glyphs->size;
  for (guint i = 0; i < N_GLYPHS; i++) {
    gchar string[7] = { 0 };

    g_unichar_to_utf8 (get_character (i), string);
    glyphs->start[i] = x;
    x += overlay_text_measure (text, string) + 2 * SPARE;
  }
  glyphs->start[N_GLYPHS] = x;
}

static void
render (OverlayGlyphs *glyphs, OverlayText *text)
{
  cairo_t *cairo;

  glyphs->image = cairo_image_surface_create (CAIRO_FORMAT_A8,
      glyphs->start[N_GLYPHS], glyphs->rows);
  glyphs->stride = cairo_image_surface_get_stride (glyphs->image);
  cairo = cairo_create (glyphs->image);
  for (guint i = 0; i < N_GLYPHS; i++) {
    gchar string[7] = { 0 };

    g_unichar_to_utf8 (get_character (i), string);
    overlay_text_show_on_line (text, cairo, string, glyphs->start[i] + SPARE,
        glyphs->baseline, G_MAXINT16);
  }
  cairo_destroy (cairo);
  cairo_surface_flush (glyphs->image);
}

OverlayGlyphs *
overlay_glyphs_new (OverlayText *text, gint size, gboolean bold)
{
  OverlayGlyphs *glyphs = g_new0 (OverlayGlyphs, 1);

  glyphs->size = size;
  overlay_text_select (text, size, bold);
  measure (glyphs, text);
  render (glyphs, text);
  return glyphs;
}

void
overlay_glyphs_free (OverlayGlyphs *glyphs)
{
  cairo_surface_destroy (glyphs->image);
  g_free (glyphs);
}

gint
overlay_glyphs_get_size (const OverlayGlyphs *glyphs)
{
  return glyphs->size;
}

static gint
get_advance (const OverlayGlyphs *glyphs, guint index)
{
  return glyphs->start[index + 1] - glyphs->start[index] - 2 * SPARE;
}

gint
overlay_glyphs_measure (const OverlayGlyphs *glyphs, const gchar *text)
{
  gint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    width += get_advance (glyphs, find_glyph (g_utf8_get_char (text)));
  return width;
}

gint
overlay_glyphs_show (const OverlayGlyphs *glyphs, const OverlayPixels *pixels,
    const gchar *text, gint x, gint y, gint height, guint32 rgb)
{
  const guint8 *image = cairo_image_surface_get_data (glyphs->image);
  gint top = y + (height + glyphs->cap_height + 1) / 2 - glyphs->baseline;

  for (; *text != '\0'; text = g_utf8_next_char (text)) {
    guint index = find_glyph (g_utf8_get_char (text));

    gint start = glyphs->start[index];
    const Rect place = { x - SPARE, top, glyphs->start[index + 1] - start,
      glyphs->rows };

    overlay_pixels_blend_mask (pixels, &place, image + start, glyphs->stride,
        rgb);
    x += get_advance (glyphs, index);
  }
  return x;
}
