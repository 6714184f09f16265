/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "heatmap/text.h"

#include <math.h>
#include <string.h>

/* No plate is wide enough for more; it bounds the work for a long text. */
#define MAX_CHARACTERS 256

#define MIN_SIZE 10

#define ELLIPSIS "\xe2\x80\xa6"
#define MIDDLE_DOT "\xc2\xb7"

gchar *
heatmap_text_clean (const gchar *text)
{
  gchar *valid;
  gchar *end;

  if (text == NULL)
    return g_strdup ("");
  valid = g_utf8_make_valid (text, (gssize) strnlen (text, MAX_CHARACTERS * 4));
  end = valid;
  for (gint i = 0; i < MAX_CHARACTERS && *end != '\0'; i++) {
    if (g_ascii_iscntrl (*end))
      *end = ' ';
    end = g_utf8_next_char (end);
  }
  *end = '\0';
  return valid;
}

void
heatmap_text_select (cairo_t *cairo, gdouble size, gboolean bold)
{
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_SLIGHT);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_ON);
  cairo_set_font_options (cairo, options);
  cairo_font_options_destroy (options);

  cairo_select_font_face (cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
      bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cairo, size);
}

/* Cairo's own font, which it takes where none is installed, knows ASCII only and
 * shows all else as boxes; and some fonts lack a sign. */
static gboolean
has_glyphs (cairo_t *cairo, const gchar *text)
{
  cairo_scaled_font_t *font = cairo_get_scaled_font (cairo);
  cairo_glyph_t *glyphs = NULL;
  gint n_glyphs = 0;
  gboolean has = TRUE;

  if (g_str_is_ascii (text))
    return TRUE;
  if (cairo_scaled_font_get_type (font) == CAIRO_FONT_TYPE_USER
      || cairo_scaled_font_text_to_glyphs (font, 0, 0, text, -1, &glyphs,
             &n_glyphs, NULL, NULL, NULL)
          != CAIRO_STATUS_SUCCESS)
    return FALSE;
  for (gint i = 0; i < n_glyphs; i++)
    has = has && glyphs[i].index != 0;
  cairo_glyph_free (glyphs);
  return has;
}

/* What the selected font can show of @text, which may be all of it. */
static gchar *
get_showable (cairo_t *cairo, const gchar *text)
{
  g_autoptr (GString) plain = NULL;

  if (has_glyphs (cairo, text))
    return g_strdup (text);
  plain = g_string_new (text);
  g_string_replace (plain, MIDDLE_DOT, "/", 0);
  return g_str_to_ascii (plain->str, "C");
}

gint
heatmap_text_measure (cairo_t *cairo, const gchar *text)
{
  g_autofree gchar *showable = get_showable (cairo, text);
  cairo_text_extents_t extents;

  cairo_text_extents (cairo, showable, &extents);
  return (gint) ceil (extents.x_advance);
}

static gchar *
cut (const gchar *text, glong characters)
{
  gsize length = (gsize) (g_utf8_offset_to_pointer (text, characters) - text);
  g_autofree gchar *start = g_strndup (text, length);

  return g_strconcat (g_strchomp (start), ELLIPSIS, NULL);
}

gchar *
heatmap_text_ellipsise (cairo_t *cairo, const gchar *text, gint max_width)
{
  glong fitting = -1;
  glong failing = g_utf8_strlen (text, -1);

  if (heatmap_text_measure (cairo, text) <= max_width)
    return g_strdup (text);
  while (failing - fitting > 1) {
    glong middle = (fitting + failing) / 2;
    g_autofree gchar *candidate = cut (text, middle);

    if (heatmap_text_measure (cairo, candidate) <= max_width)
      fitting = middle;
    else
      failing = middle;
  }
  return fitting < 0 ? g_strdup ("") : cut (text, fitting);
}

gchar *
heatmap_text_fit (cairo_t *cairo, const gchar *text, gint *size, gboolean bold,
    gint max_width)
{
  const gint least = MAX (*size * 2 / 3, MIN_SIZE);

  heatmap_text_select (cairo, *size, bold);
  while (*size > least && heatmap_text_measure (cairo, text) > max_width)
    heatmap_text_select (cairo, --*size, bold);
  return heatmap_text_ellipsise (cairo, text, max_width);
}

void
heatmap_text_show (cairo_t *cairo, const gchar *text, gint x, gint y,
    gint height)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cairo, "H", &extents);
  heatmap_text_show_on_line (cairo, text, x,
      y + (gint) round ((height - extents.y_bearing) / 2.0));
}

void
heatmap_text_show_on_line (cairo_t *cairo, const gchar *text, gint x,
    gint baseline)
{
  g_autofree gchar *showable = get_showable (cairo, text);

  cairo_move_to (cairo, x, baseline);
  cairo_show_text (cairo, showable);
}
