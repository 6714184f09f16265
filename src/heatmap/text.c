/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "heatmap/text.h"

#include <math.h>
#include <string.h>

/* No plate is wide enough for more; it bounds the work for a long text. */
#define MAX_CHARACTERS 256

#define ELLIPSIS "\xe2\x80\xa6"

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

gint
heatmap_text_measure (cairo_t *cairo, const gchar *text)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cairo, text, &extents);
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

void
heatmap_text_show (cairo_t *cairo, const gchar *text, gint x, gint y,
    gint height)
{
  cairo_text_extents_t extents;

  cairo_text_extents (cairo, "H", &extents);
  cairo_move_to (cairo, x, y + round ((height - extents.y_bearing) / 2.0));
  cairo_show_text (cairo, text);
}
