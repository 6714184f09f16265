/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/built-in-font.h"

#include <math.h>

#include "overlay/drawing.h"

#define ELLIPSIS "..."
#define MIDDLE_DOT "\xc2\xb7"

static void
select_font (cairo_t *cairo, gint size, gboolean bold)
{
  cairo_font_options_t *options = overlay_drawing_make_font_options ();

  cairo_set_font_options (cairo, options);
  cairo_font_options_destroy (options);
  cairo_select_font_face (cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
      bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cairo, size);
}

static gchar *
make_ascii (const gchar *string)
{
  g_autoptr (GString) plain = g_string_new (string);

  g_string_replace (plain, MIDDLE_DOT, "/", 0);
  return g_str_to_ascii (plain->str, "C");
}

static cairo_text_extents_t
get_extents (gint size, gboolean bold, const gchar *string)
{
  g_autofree gchar *ascii = make_ascii (string);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cairo = cairo_create (surface);
  cairo_text_extents_t extents;

  select_font (cairo, size, bold);
  cairo_text_extents (cairo, ascii, &extents);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  return extents;
}

gint
overlay_built_in_font_measure (gint size, gboolean bold, const gchar *string)
{
  return (gint) ceil (get_extents (size, bold, string).x_advance);
}

gint
overlay_built_in_font_get_cap_height (gint size, gboolean bold)
{
  return (gint) round (-get_extents (size, bold, "H").y_bearing);
}

static gchar *
cut (const gchar *string, glong characters)
{
  gsize length = (gsize) (g_utf8_offset_to_pointer (string, characters)
      - string);
  g_autofree gchar *start = g_strndup (string, length);

  return g_strconcat (g_strchomp (start), ELLIPSIS, NULL);
}

gchar *
overlay_built_in_font_ellipsise (gint size, gboolean bold, const gchar *string,
    gint max_width)
{
  glong fitting = -1;
  glong failing = g_utf8_strlen (string, -1);

  if (overlay_built_in_font_measure (size, bold, string) <= max_width)
    return g_strdup (string);
  while (failing - fitting > 1) {
    glong middle = (fitting + failing) / 2;
    g_autofree gchar *candidate = cut (string, middle);

    if (overlay_built_in_font_measure (size, bold, candidate) <= max_width)
      fitting = middle;
    else
      failing = middle;
  }
  return fitting < 0 ? g_strdup ("") : cut (string, fitting);
}

void
overlay_built_in_font_show (cairo_t *cairo, gint size, gboolean bold,
    const gchar *string, gint x, gint baseline)
{
  g_autofree gchar *ascii = make_ascii (string);

  select_font (cairo, size, bold);
  cairo_move_to (cairo, x, baseline);
  cairo_show_text (cairo, ascii);
}
