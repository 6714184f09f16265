/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/text.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#include "classifier/result.h"

/* More characters fit on no plate; the limit bounds the work for long text. */
#define MAX_CHARACTERS 256

#define MIN_SIZE 10

#define FAMILY "sans-serif"
#define NO_LIMIT (-1)

/* A character of each of the most common scripts, and an emoji. */
#define SCRIPTS "A é Я Ω א ع ह ক த ก 漢 あ 한 😀"

/* Characters of the built-in font. */
#define ELLIPSIS "..."
#define MIDDLE_DOT "\xc2\xb7"

/* Antialiasing is gray, because the colour fringes of subpixel antialiasing do
 * not blend over video. */
static cairo_font_options_t *
make_font_options (void)
{
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_SLIGHT);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_ON);
  return options;
}

/* If no font is installed, Cairo uses its built-in font, which only has ASCII.
 * Other characters are replaced by the nearest ones of ASCII. */
static void
select_built_in (cairo_t *cairo, gint size, gboolean bold)
{
  cairo_font_options_t *options = make_font_options ();

  cairo_set_font_options (cairo, options);
  cairo_font_options_destroy (options);
  cairo_select_font_face (cairo, FAMILY, CAIRO_FONT_SLANT_NORMAL,
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
get_built_in_extents (gint size, gboolean bold, const gchar *string)
{
  g_autofree gchar *ascii = make_ascii (string);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cairo = cairo_create (surface);
  cairo_text_extents_t extents;

  select_built_in (cairo, size, bold);
  cairo_text_extents (cairo, ascii, &extents);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  return extents;
}

static gint
measure_built_in (gint size, gboolean bold, const gchar *string)
{
  return (gint) ceil (get_built_in_extents (size, bold, string).x_advance);
}

static gint
get_built_in_cap_height (gint size, gboolean bold)
{
  return (gint) round (-get_built_in_extents (size, bold, "H").y_bearing);
}

static gchar *
cut_off (const gchar *string, glong characters)
{
  gsize length = (gsize) (g_utf8_offset_to_pointer (string, characters)
      - string);
  g_autofree gchar *start = g_strndup (string, length);

  return g_strconcat (g_strchomp (start), ELLIPSIS, NULL);
}

static gchar *
ellipsize_built_in (gint size, gboolean bold, const gchar *string,
    gint max_width)
{
  glong fitting = -1;
  glong failing = g_utf8_strlen (string, -1);

  if (measure_built_in (size, bold, string) <= max_width)
    return g_strdup (string);
  while (failing - fitting > 1) {
    glong middle = (fitting + failing) / 2;
    g_autofree gchar *candidate = cut_off (string, middle);

    if (measure_built_in (size, bold, candidate) <= max_width)
      fitting = middle;
    else
      failing = middle;
  }
  return fitting < 0 ? g_strdup ("") : cut_off (string, fitting);
}

static void
show_built_in (cairo_t *cairo, gint size, gboolean bold, const gchar *string,
    gint x, gint baseline)
{
  g_autofree gchar *ascii = make_ascii (string);

  select_built_in (cairo, size, bold);
  cairo_move_to (cairo, x, baseline);
  cairo_show_text (cairo, ascii);
}

/* Idle font maps are kept with their fonts, because loading fonts takes longer
 * than a frame and elements come and go. */
#define MAX_IDLE 4
static GMutex idle_lock;
static PangoFontMap *idle[MAX_IDLE];
static guint n_idle;

struct _OverlayText {
  PangoFontMap *fonts; /* not shared: a font map is not thread-safe */
  PangoLayout *layout; /* NULL if no font is installed */
  PangoFontDescription *font;
  gint size;
  gboolean bold;
};

/* Returns NULL if there is none. */
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
  cairo_font_options_t *options = make_font_options ();

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

/* Returns the width, which exceeds @max_width if not even an ellipsis fits. */
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
    return measure_built_in (text->size, text->bold, string);
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
    g_autofree gchar *fitting = ellipsize_built_in (text->size, text->bold,
        string, max_width);

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
    return get_built_in_cap_height (text->size, text->bold);
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
    g_autofree gchar *fitting = ellipsize_built_in (text->size, text->bold,
        string, max_width);

    show_built_in (cairo, text->size, text->bold, fitting, x, baseline);
  } else if (max_width > 0
      && set_layout (text, string, max_width) <= max_width) {
    cairo_move_to (cairo, x, baseline);
    pango_cairo_show_layout_line (cairo,
        pango_layout_get_line_readonly (text->layout, 0));
  }
}

struct _OverlayTextLine {
  OverlayText *text;
  gchar *string;
  OverlayTextStyle style;
  gint width;
  gint cap_height;
  guint version;
  /* twice as high as the text size; in colour for emoji */
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

/* Letters may extend slightly beyond the ends of the line. */
static gint
get_overhang (const OverlayTextLine *line)
{
  return line->style.size / 4;
}

/* The number of rows of the image above the baseline. */
static gint
get_baseline (const OverlayTextLine *line)
{
  return line->style.size + line->style.size / 4;
}

static void
render_line (OverlayTextLine *line)
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
  overlay_drawing_set_color (cairo, style->rgb, 1.0);
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
  render_line (line);
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

#define FIRST_ASCII 0x20
#define N_ASCII 95

/* Middle dot, times, en dash, minus, less or equal. */
static const gunichar signs[] = { 0xb7, 0xd7, 0x2013, 0x2212, 0x2264 };

#define N_GLYPHS (N_ASCII + G_N_ELEMENTS (signs))

/* All glyphs side by side in an A8 image, each with a spare column before and
 * after its advance. */
struct _OverlayGlyphs {
  gint size;
  gint cap_height;
  gint baseline; /* number of rows above it in the image */
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
measure_glyphs (OverlayGlyphs *glyphs, OverlayText *text)
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
render_glyphs (OverlayGlyphs *glyphs, OverlayText *text)
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
  measure_glyphs (glyphs, text);
  render_glyphs (glyphs, text);
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

void
overlay_glyphs_format_number (gchar *text, gsize size, gdouble number)
{
  gchar magnitude[CLASSIFIER_NUMBER_SIZE];

  classifier_format_number (magnitude, fabs (number));
  g_snprintf (text, (gulong) size, "%s%s", number < 0.0 ? "−" : "", magnitude);
}
