/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers contact sheets: all maps are there, in order, in their colours and
 * with their labels, for layers of all shapes. */

#include "overlay/contact-sheet.h"

#include <math.h>

#define BACKGROUND 0x14161a

static const guint32 *
get_table (void)
{
  return overlay_colormap_get_table (OVERLAY_COLORMAP_YLGNBU);
}

static cairo_surface_t *
draw (const CnnLayerMaps *layer, const OverlaySheetText *text)
{
  cairo_surface_t *sheet = overlay_contact_sheet_draw (layer, text,
      OVERLAY_COLORMAP_YLGNBU);

  g_assert_cmpint (cairo_surface_status (sheet), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpint (cairo_image_surface_get_format (sheet), ==,
      CAIRO_FORMAT_RGB24);
  return sheet;
}

static guint32
get_pixel (cairo_surface_t *sheet, gint x, gint y)
{
  const guint8 *row = cairo_image_surface_get_data (sheet)
      + (gsize) y * (gsize) cairo_image_surface_get_stride (sheet);

  return ((const guint32 *) (gconstpointer) row)[x] & 0xffffff;
}

/* Returns the number of pixels that have the colour of @value, and their
 * bounding box. */
static gint
find_color (cairo_surface_t *sheet, guint value, Rect *box)
{
  const guint32 color = get_table ()[value] & 0xffffff;
  gint left = G_MAXINT, top = G_MAXINT, right = 0, bottom = 0, n = 0;

  /* Skip the colour bar at the bottom. */
  for (gint y = 0; y < cairo_image_surface_get_height (sheet) - 60; y++) {
    for (gint x = 0; x < cairo_image_surface_get_width (sheet); x++) {
      if (get_pixel (sheet, x, y) != color)
        continue;
      left = MIN (left, x);
      top = MIN (top, y);
      right = MAX (right, x + 1);
      bottom = MAX (bottom, y + 1);
      n++;
    }
  }
  *box = (Rect) { left, top, right - left, bottom - top };
  return n;
}

static gboolean
has_ink (cairo_surface_t *sheet, const Rect *rect)
{
  for (gint y = rect->y; y < rect->y + rect->height; y++) {
    for (gint x = rect->x; x < rect->x + rect->width; x++) {
      if (get_pixel (sheet, x, y) != BACKGROUND)
        return TRUE;
    }
  }
  return FALSE;
}

/* Two maps of two columns: low then high, and high then low. */
static void
test_tiles (void)
{
  const gfloat data[] = { -1.0f, 3.0f, 4.0f, 1.0f, -1.0f, 3.0f, 4.0f, 1.0f };
  const CnnLayerMaps layer = { "maps", "maps", 2, 2, 2, data };
  const OverlaySheetText text = { .title = "maps", .detail = "two" };
  cairo_surface_t *sheet = draw (&layer, &text);
  Rect low, high, label;
  const gint n_low = find_color (sheet, 0, &low);
  const gint n_high = find_color (sheet, 255, &high);

  /* |low high|  |high low|: both cover the same area; the outer cells are
   * low. */
  g_assert_cmpint (n_low, >, 1000);
  g_assert_cmpint (n_low, ==, n_high);
  g_assert_cmpint (low.y, ==, high.y);
  g_assert_cmpint (low.height, ==, high.height);
  g_assert_cmpint (low.x, <, high.x);
  g_assert_cmpint (low.x + low.width, >, high.x + high.width);
  label = (Rect) { low.x, low.y + low.height + 1, low.width, 14 };
  g_assert_true (has_ink (sheet, &label));
  cairo_surface_destroy (sheet);
}

/* All values of a vector share one range, which starts at 0. */
static void
test_vector (void)
{
  const gfloat data[] = { 0.5f, 2.0f };
  const CnnLayerMaps layer = { "vector", "vector", 1, 1, 2, data };
  const gchar *const names[] = { "left", "right" };
  const OverlaySheetText text = { .title = "vector",
    .detail = "",
    .note = "right",
    .note_detail = "80 %",
    .names = names };
  cairo_surface_t *sheet = draw (&layer, &text);
  Rect quarter, full;

  g_assert_cmpint (find_color (sheet, 64, &quarter), >, 100);
  g_assert_cmpint (find_color (sheet, 255, &full), >, 100);
  g_assert_cmpint (quarter.y + quarter.height, <, full.y);
  g_assert_cmpint (quarter.width, ==, full.width);
  cairo_surface_destroy (sheet);
}

static cairo_surface_t *
make_red_picture (gint width, gint height)
{
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
      width, height);
  cairo_t *cairo = cairo_create (picture);

  cairo_set_source_rgb (cairo, 1.0, 0.0, 0.0);
  cairo_paint (cairo);
  cairo_destroy (cairo);
  return picture;
}

/* Cairo 1.16 takes the bytes of a pixel in the wrong order on big-endian
 * machines when it makes a picture smaller. There is none of our code here. */
static gboolean
cairo_swaps_colors (void)
{
  cairo_surface_t *picture = make_red_picture (64, 64);
  cairo_surface_t *small = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 16,
      16);
  cairo_t *cairo = cairo_create (small);
  guint32 pixel;

  cairo_scale (cairo, 0.25, 0.25);
  cairo_set_source_surface (cairo, picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cairo), CAIRO_FILTER_BEST);
  cairo_paint (cairo);
  cairo_destroy (cairo);
  pixel = get_pixel (small, 8, 8);
  cairo_surface_destroy (small);
  cairo_surface_destroy (picture);
  return pixel != 0xff0000;
}

static void
test_picture (void)
{
  cairo_surface_t *picture = make_red_picture (300, 200);
  const gfloat data[] = { 0.0f, 1.0f };
  const CnnLayerMaps layer = { "maps", "maps", 2, 1, 1, data };
  const OverlaySheetText with = { .title = "",
    .detail = "",
    .picture = picture };
  const Rect place = { 28, 28, 20, 20 };
  OverlaySheetText without = with;
  cairo_surface_t *sheet = draw (&layer, &with);

  if (cairo_swaps_colors ())
    g_test_skip ("this Cairo swaps colors when it makes a picture smaller");
  else
    g_assert_cmphex (get_pixel (sheet, 60, 60), ==, 0xff0000);
  cairo_surface_destroy (sheet);
  without.picture = NULL;
  sheet = draw (&layer, &without);
  g_assert_false (has_ink (sheet, &place));
  cairo_surface_destroy (sheet);
  cairo_surface_destroy (picture);
}

/* Layers of all shapes, with values that are not finite and text that does not
 * fit. */
static void
test_shapes (void)
{
  static const gint shapes[][3] = { { 1, 1, 1 }, { 1, 1, 5000 }, { 1, 1, 257 },
    { 300, 2, 3 }, { 2, 300, 1 }, { 1, 700, 1 }, { 224, 224, 8 },
    { 7, 7, 2048 }, { 3, 3, 4100 }, { 1, 2, 17 }, { 5, 5, 31 } };
  g_autofree gchar *longest = g_strnfill (1000, 'W');
  const OverlaySheetText text = { .title = longest,
    .detail = "\xff\n\t",
    .note = longest,
    .note_detail = longest };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++) {
    const gsize n = (gsize) shapes[i][0] * (gsize) shapes[i][1]
        * (gsize) shapes[i][2];
    g_autofree gfloat *data = g_new (gfloat, n);
    const CnnLayerMaps layer = { "layer", "layer", shapes[i][0], shapes[i][1],
      shapes[i][2], data };
    cairo_surface_t *sheet;

    for (gsize k = 0; k < n; k++)
      data[k] = k % 11 == 3 ? NAN
          : k % 13 == 5     ? -INFINITY
                            : (gfloat) (k * 7919 % 104729) - 5e4f;
    sheet = draw (&layer, &text);
    g_assert_cmpint (cairo_image_surface_get_width (sheet), <=, 4096);
    g_assert_cmpint (cairo_image_surface_get_height (sheet), <=, 4096);
    cairo_surface_destroy (sheet);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contact-sheet/tiles", test_tiles);
  g_test_add_func ("/contact-sheet/vector", test_vector);
  g_test_add_func ("/contact-sheet/picture", test_picture);
  g_test_add_func ("/contact-sheet/shapes", test_shapes);
  return g_test_run ();
}
