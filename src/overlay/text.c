/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/text.h"

#include <pango/pangocairo.h>
#include <string.h>

#include "overlay/built-in-font.h"
#include "overlay/drawing.h"

/* No plate is wide enough for more; it bounds the work for a long text. */
#define MAX_CHARACTERS 256

#define MIN_SIZE 10

#define FAMILY "sans-serif"
#define NO_LIMIT (-1)

/* A character of each of the scripts that are written most, and an emoji. */
#define SCRIPTS "A é Я Ω א ع ह ক த ก 漢 あ 한 😀"

/* Idle font maps, with the fonts that they have found: that takes longer than a
 * frame, and elements come and go. */
#define MAX_IDLE 4
static GMutex idle_lock;
static PangoFontMap *idle[MAX_IDLE];
static guint n_idle;

struct _OverlayText {
  PangoFontMap *fonts; /* its own, as one serves one thread at a time */
  PangoLayout *layout; /* NULL where no font is installed */
  PangoFontDescription *font;
  gint size;
  gboolean bold;
};

/* Returns NULL when none is idle. */
static PangoFontMap *
take_idle_fonts (void)
{
  PangoFontMap *fonts = NULL;

  g_mutex_lock (&idle_lock);
  if (n_idle > 0)
    fonts = idle[--n_idle];
  g_mutex_unlock (&idle_lock);
  return fonts;
}

static void
give_back_fonts (PangoFontMap *fonts)
{
  g_mutex_lock (&idle_lock);
  if (n_idle < MAX_IDLE)
    idle[n_idle++] = g_steal_pointer (&fonts);
  g_mutex_unlock (&idle_lock);
  g_clear_object (&fonts);
}

static PangoContext *
make_context (PangoFontMap *fonts)
{
  PangoContext *context = pango_font_map_create_context (fonts);
  cairo_font_options_t *options = overlay_drawing_make_font_options ();

  pango_cairo_context_set_font_options (context, options);
  cairo_font_options_destroy (options);
  return context;
}

static gboolean
has_font (PangoContext *context, const PangoFontDescription *description)
{
  PangoFont *font = pango_context_load_font (context, description);

  if (font == NULL)
    return FALSE;
  g_object_unref (font);
  return TRUE;
}

static void
find_fonts (OverlayText *text)
{
  overlay_text_select (text, MIN_SIZE, TRUE);
  overlay_text_measure (text, SCRIPTS);
  overlay_text_select (text, MIN_SIZE, FALSE);
  overlay_text_measure (text, SCRIPTS);
}

OverlayText *
overlay_text_new (void)
{
  OverlayText *text = g_new0 (OverlayText, 1);
  PangoFontMap *idle_fonts = take_idle_fonts ();
  PangoContext *context;

  text->fonts = idle_fonts != NULL ? idle_fonts : pango_cairo_font_map_new ();
  context = make_context (text->fonts);
  text->font = pango_font_description_from_string (FAMILY);
  if (has_font (context, text->font)) {
    text->layout = pango_layout_new (context);
    pango_layout_set_single_paragraph_mode (text->layout, TRUE);
    pango_layout_set_ellipsize (text->layout, PANGO_ELLIPSIZE_END);
    if (idle_fonts == NULL)
      find_fonts (text);
  }
  g_object_unref (context);
  return text;
}

void
overlay_text_free (OverlayText *text)
{
  g_clear_object (&text->layout);
  give_back_fonts (text->fonts);
  pango_font_description_free (text->font);
  g_free (text);
}

static gboolean
breaks_line (gunichar character)
{
  const GUnicodeType type = g_unichar_type (character);

  return type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR
      || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

gchar *
overlay_text_clean (const gchar *string)
{
  const gchar *given = string != NULL ? string : "";
  g_autofree gchar *valid = g_utf8_make_valid (given,
      (gssize) strnlen (given, MAX_CHARACTERS * 4));
  GString *clean = g_string_new (NULL);
  const gchar *next = valid;

  for (guint i = 0; i < MAX_CHARACTERS && *next != '\0'; i++) {
    const gunichar character = g_utf8_get_char (next);

    g_string_append_unichar (clean, breaks_line (character) ? ' ' : character);
    next = g_utf8_next_char (next);
  }
  return g_string_free (clean, FALSE);
}

void
overlay_text_select (OverlayText *text, gint size, gboolean bold)
{
  text->size = size;
  text->bold = bold;
  if (text->layout == NULL)
    return;
  pango_font_description_set_absolute_size (text->font,
      (gdouble) size * PANGO_SCALE);
  pango_font_description_set_weight (text->font,
      bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (text->layout, text->font);
}

/* Returns the width; more than @max_width where not even an ellipsis fits. */
static gint
set_layout (OverlayText *text, const gchar *string, gint max_width)
{
  PangoRectangle logical;

  pango_layout_set_width (text->layout,
      max_width < 0 ? NO_LIMIT : MIN (max_width, G_MAXINT16) * PANGO_SCALE);
  pango_layout_set_text (text->layout, string, -1);
  pango_layout_get_extents (text->layout, NULL, &logical);
  return PANGO_PIXELS_CEIL (logical.width);
}

gint
overlay_text_measure (OverlayText *text, const gchar *string)
{
  if (text->layout == NULL)
    return overlay_built_in_font_measure (text->size, text->bold, string);
  return set_layout (text, string, NO_LIMIT);
}

gint
overlay_text_measure_within (OverlayText *text, const gchar *string,
    gint max_width)
{
  gint width;

  if (max_width <= 0)
    return 0;
  if (text->layout == NULL) {
    g_autofree gchar *fitting = overlay_built_in_font_ellipsise (text->size,
        text->bold, string, max_width);

    return overlay_text_measure (text, fitting);
  }
  width = set_layout (text, string, max_width);
  return width <= max_width ? width : 0;
}

void
overlay_text_fit (OverlayText *text, const gchar *string, gint size,
    gboolean bold, gint max_width)
{
  const gint least = MAX (size * 2 / 3, MIN_SIZE);

  overlay_text_select (text, size, bold);
  while (size > least && overlay_text_measure (text, string) > max_width)
    overlay_text_select (text, --size, bold);
}

gint
overlay_text_get_cap_height (OverlayText *text)
{
  PangoRectangle ink;

  if (text->layout == NULL)
    return overlay_built_in_font_get_cap_height (text->size, text->bold);
  set_layout (text, "H", NO_LIMIT);
  pango_layout_get_pixel_extents (text->layout, &ink, NULL);
  return ink.height;
}

void
overlay_text_show (OverlayText *text, cairo_t *cairo, const gchar *string,
    gint x, gint y, gint height, gint max_width)
{
  const gint cap_height = overlay_text_get_cap_height (text);

  overlay_text_show_on_line (text, cairo, string, x,
      y + (height + cap_height + 1) / 2, max_width);
}

void
overlay_text_show_on_line (OverlayText *text, cairo_t *cairo,
    const gchar *string, gint x, gint baseline, gint max_width)
{
  if (text->layout == NULL) {
    g_autofree gchar *fitting = overlay_built_in_font_ellipsise (text->size,
        text->bold, string, max_width);

    overlay_built_in_font_show (cairo, text->size, text->bold, fitting, x,
        baseline);
  } else if (max_width > 0
      && set_layout (text, string, max_width) <= max_width) {
    cairo_move_to (cairo, x, baseline);
    pango_cairo_show_layout_line (cairo,
        pango_layout_get_line_readonly (text->layout, 0));
  }
}
