/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Covers text in the scripts of the world: that it is shaped, runs its way, is
 * cut between graphemes and keeps the colours of emoji; that several threads
 * may draw it at once; and that what is kept of it is bounded. What needs a
 * font that is not installed is skipped. Without any font, text is shown in
 * ASCII.
 */

#include <pango/pangocairo.h>
#include <string.h>

#include "allocations.h"
#include "overlay/renderer.h"
#include "overlay/text.h"

#define SIZE 24
#define WIDTH 400
#define HEIGHT (2 * SIZE)

/* Called by LeakSanitizer. The font configuration lives as long as the
 * process. */
const char *__lsan_default_suppressions (void);

__attribute__ ((visibility ("default"))) const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\nleak:libpango\n";
}

/* Returns whether the fonts of this machine have all characters of @string.
 * Pango names font families even where there is no font at all. */
static gboolean
has_glyphs (const gchar *string)
{
  PangoFontMap *fonts = pango_cairo_font_map_new ();
  PangoContext *context = pango_font_map_create_context (fonts);
  PangoLayout *layout = pango_layout_new (context);
  gboolean has;

  pango_layout_set_text (layout, string, -1);
  has = pango_layout_get_unknown_glyphs_count (layout) == 0;
  g_object_unref (layout);
  g_object_unref (context);
  g_object_unref (fonts);
  return has;
}

/* The same, and says that the test is skipped if they have not. */
static gboolean
can_show (const gchar *string)
{
  gboolean can = has_glyphs (string);

  if (!can)
    g_test_skip ("no font has the characters");
  return can;
}

static OverlayText *shared; /* used by all tests in this thread */

/* A line of white text at the left edge of a transparent canvas. */
typedef struct {
  guint32 words[HEIGHT * WIDTH];
  gint width;
} Canvas;

static void
draw_line (Canvas *canvas, const gchar *string, gint max_width)
{
  const OverlayTextStyle style = { .size = SIZE,
    .max_width = max_width,
    .keeps_size = TRUE,
    .rgb = 0xffffff };
  const OverlayPixels pixels = { canvas->words, WIDTH, WIDTH, HEIGHT };
  OverlayTextLine *line = overlay_text_line_new (shared);

  memset (canvas, 0, sizeof (*canvas));
  canvas->width = overlay_text_line_set (line, string, &style);
  overlay_text_line_show (line, &pixels, 0, 0, HEIGHT);
  overlay_text_line_free (line);
}

/* Returns how much of a part of the canvas is covered by text, in pixels. */
static gdouble
get_ink (const Canvas *canvas, gint first_x, gint last_x, gint first_y,
    gint last_y)
{
  gdouble ink = 0.0;

  for (gint y = first_y; y < last_y; y++) {
    for (gint x = first_x; x < last_x; x++)
      ink += (canvas->words[y * WIDTH + x] >> 24) / 255.0;
  }
  return ink;
}

static gdouble
get_all_ink (const Canvas *canvas)
{
  return get_ink (canvas, 0, WIDTH, 0, HEIGHT);
}

static const struct {
  const gchar *name;
  const gchar *string;
} scripts[] = {
  { "latin", "Größe" },
  { "greek", "Ελληνικά" },
  { "cyrillic", "женщина" },
  { "chinese", "女性" },
  { "japanese", "女のひと" },
  { "korean", "여성" },
  { "arabic", "أنثى" },
  { "hebrew", "נקבה" },
  { "devanagari", "महिला" },
  { "tamil", "பெண்" },
  { "thai", "หญิง" },
  { "emoji", "😀" },
};

/* Every script is drawn with its own glyphs, not as question marks or boxes. */
static void
test_script (gconstpointer data)
{
  const gchar *const string = data;
  static Canvas canvas, questions, boxes;

  if (!can_show (string))
    return;
  draw_line (&canvas, string, WIDTH);
  draw_line (&questions, "????????", WIDTH);
  draw_line (&boxes, "\xf4\x8f\xbf\xbd\xf4\x8f\xbf\xbd", WIDTH);
  g_assert_cmpint (canvas.width, >, SIZE / 2);
  g_assert_cmpfloat (get_all_ink (&canvas), >, SIZE);
  g_assert_cmpint (memcmp (canvas.words, questions.words,
                       sizeof (canvas.words)),
      !=, 0);
  g_assert_cmpint (memcmp (canvas.words, boxes.words, sizeof (canvas.words)),
      !=, 0);
}

/* Arabic letters join, so that a word is narrower than its letters apart. */
static void
test_shaping (void)
{
  static const gchar *const letters[] = { "ب", "ي", "ت", "ن", "ا" };
  gint apart = 0;

  if (!can_show ("بيتنا"))
    return;
  overlay_text_select (shared, SIZE, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    apart += overlay_text_measure (shared, letters[i]);
  g_assert_cmpint (overlay_text_measure (shared, "بيتنا"), <, apart * 3 / 4);
}

/* Full stops and ellipses are at the left end of Hebrew text and at the right
 * end of English text. */
static void
test_direction (void)
{
  static Canvas hebrew, english, cut;
  const gint half = SIZE;

  if (!can_show ("ללללללל."))
    return;
  draw_line (&hebrew, "ללללללל.", WIDTH);
  draw_line (&english, "HHHHHHH.", WIDTH);
  draw_line (&cut, "לללללללללללללללללל", 5 * SIZE);
  g_assert_cmpfloat (get_ink (&hebrew, 0, SIZE / 6, 0, half), <, 1.0);
  g_assert_cmpfloat (get_ink (&english, 0, SIZE / 6, 0, half), >, 10.0);
  g_assert_cmpint (cut.width, <=, 5 * SIZE);
  g_assert_cmpfloat (get_ink (&cut, 0, SIZE / 6, 0, half), <, 1.0);
  g_assert_cmpfloat (get_ink (&cut, 0, SIZE / 2, half, HEIGHT), >, 1.0);
}

static void
test_no_markup (void)
{
  overlay_text_select (shared, SIZE, FALSE);
  g_assert_cmpint (overlay_text_measure (shared, "<b>x</b> &amp;"), >,
      4 * overlay_text_measure (shared, "x"));
}

/* Emoji have colours of their own where a font has them. */
static void
test_emoji_colors (void)
{
  static Canvas canvas;
  PangoFontMap *fonts = pango_cairo_font_map_new ();
  PangoFontFamily *family = pango_font_map_get_family (fonts,
      "Noto Color Emoji");
  guint n_colored = 0;

  g_object_unref (fonts);
  if (family == NULL) {
    g_test_skip ("Noto Color Emoji is not installed");
    return;
  }
  draw_line (&canvas, "😀", WIDTH);
  for (guint i = 0; i < G_N_ELEMENTS (canvas.words); i++) {
    const guint32 word = canvas.words[i];

    n_colored += (word >> 16 & 255) > (word & 255) + 60; /* yellow */
  }
  g_assert_cmpuint (n_colored, >, SIZE * SIZE / 3);
}

/* Text is cut between graphemes: as many letters are left as without
 * accents. */
static void
test_graphemes (void)
{
  static Canvas canvas, whole;
  const gchar *accented = "ä̈ä̈ä̈ä̈ä̈ä̈ä̈ä̈ä̈ä̈";

  if (!can_show (accented))
    return;
  for (gint width = 2 * SIZE; width < 6 * SIZE; width++) {
    draw_line (&canvas, accented, width);
    draw_line (&whole, "aaaaaaaaaa", width);
    g_assert_cmpint (canvas.width, <=, width);
    g_assert_cmpint (canvas.width, ==, whole.width);
  }
}

/* Characters that no font has, control characters and invalid UTF-8 do no
 * harm. */
static void
test_hostile (void)
{
  static Canvas canvas;
  g_autofree gchar *marks = g_malloc0 (2001);
  const gchar *strings[] = { "\xf4\x8f\xbf\xbf", "\xff\xfe\x80", "",
    "\xe2\x80\xae reversed", "\xe2\x81\xa7", "\n\r\t\v", marks, NULL };

  for (guint i = 0; i < 2000; i += 2)
    memcpy (marks + i, "\xcc\x88", 2);
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++) {
    draw_line (&canvas, strings[i], WIDTH);
    g_assert_cmpint (canvas.width, >=, 0);
    g_assert_cmpint (canvas.width, <=, WIDTH);
  }
}

static void
test_no_fonts (void)
{
  if (has_glyphs ("a")) {
    g_test_skip ("fonts are installed");
    return;
  }
  overlay_text_select (shared, SIZE, FALSE);
  g_assert_cmpint (overlay_text_measure (shared, "女性"), ==,
      overlay_text_measure (shared, "??"));
  g_assert_cmpint (overlay_text_measure (shared, "café"), ==,
      overlay_text_measure (shared, "cafe"));
  g_assert_cmpint (overlay_text_measure_within (shared, "a long label", 60), <=,
      60);
}

/* Draws a frame with one face, whose label is in one of the scripts above. */
static guint32
draw_frame (OverlayRenderer *renderer, guint number)
{
  const OverlayAttribute attribute = { "gender",
    scripts[number % G_N_ELEMENTS (scripts)].string, (number % 100) / 100.0,
    0.5 };
  const OverlayFace face = { { 100, 100, 80, 80 }, (gint) (number / 7),
    &attribute, 1 };
  OverlayScene scene = OVERLAY_SCENE_INIT;
  const OverlayStyle style = OVERLAY_STYLE_INIT;
  const OverlayPiece *pieces;
  guint n_pieces, sum = 0;
  OverlayPixels pixels;

  scene.title = "Activation maps";
  scene.faces = &face;
  scene.n_faces = 1;
  scene.main_face = 0;
  pieces = overlay_renderer_render (renderer, 640, 480, &scene, &style,
      &n_pieces);
  overlay_pixels_from_surface (&pixels, pieces[n_pieces - 2].surface);
  for (gint y = 0; y < pixels.height; y++) {
    for (gint x = 0; x < pixels.width; x++)
      sum = sum * 31 + pixels.data[(gsize) y * pixels.stride + (gsize) x];
  }
  return sum;
}

#define N_FRAMES 60

static gpointer
draw_frames (gpointer data)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  guint32 *sums = data;

  for (guint i = 0; i < N_FRAMES; i++)
    sums[i] = draw_frame (renderer, i);
  return NULL;
}

static void
test_threads (void)
{
  static guint32 sums[5][N_FRAMES];
  GThread *threads[4];

  draw_frames (sums[4]);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("drawing", draw_frames, sums[i]);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_cmpint (memcmp (sums[i], sums[4], sizeof (sums[4])), ==, 0);
}

/* Thousands of labels and ids leave no more memory allocated than hundreds. */
static void
test_memory_is_bounded (void)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  gssize before = 0;
  guint number = 0;

  if (allocations_get_size () < 0) {
    g_test_skip ("memory in use cannot be told here");
    return;
  }
  while (number < 1000)
    draw_frame (renderer, number++);
  before = allocations_get_size ();
  while (number < 6000)
    draw_frame (renderer, number++);
  g_test_message ("%" G_GSSIZE_FORMAT " bytes more",
      allocations_get_size () - before);
  g_assert_cmpint (allocations_get_size () - before, <, 200000);
}

int
main (int argc, char **argv)
{
  gint status;

  g_test_init (&argc, &argv, NULL);
  shared = overlay_text_new ();
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_autofree gchar *path = g_strconcat ("/text/script/", scripts[i].name,
        NULL);

    g_test_add_data_func (path, scripts[i].string, test_script);
  }
  g_test_add_func ("/text/shaping", test_shaping);
  g_test_add_func ("/text/direction", test_direction);
  g_test_add_func ("/text/no-markup", test_no_markup);
  g_test_add_func ("/text/emoji-colours", test_emoji_colors);
  g_test_add_func ("/text/graphemes", test_graphemes);
  g_test_add_func ("/text/hostile", test_hostile);
  g_test_add_func ("/text/no-fonts", test_no_fonts);
  g_test_add_func ("/text/threads", test_threads);
  g_test_add_func ("/text/memory-is-bounded", test_memory_is_bounded);
  status = g_test_run ();
  overlay_text_free (shared);
  return status;
}
