/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers the accepted pixel aspect ratios, the size at which a frame is
 * displayed, and the conversion of rectangles in both directions. */

#include "image/image-canvas.h"

static void
test_ratios (void)
{
  static const struct {
    gint numerator, denominator;
    gdouble ratio;
  } cases[] = {
    { 1, 1, 1.0 },
    { 4, 3, 4.0 / 3.0 },
    { 16, 11, 16.0 / 11.0 },
    { 1, 2, 0.5 },
    { 10, 1, 10.0 },
    { 1, 10, 0.1 },
    { 11, 1, 1.0 },
    { 1, 100000, 1.0 },
    { G_MAXINT, 1, 1.0 },
    { 1, G_MAXINT, 1.0 },
    { 0, 1, 1.0 },
    { 1, 0, 1.0 },
    { 0, 0, 1.0 },
    { -4, 3, 1.0 },
    { G_MININT, -1, 1.0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpfloat (image_pixel_aspect_from_ratio (cases[i].numerator,
                           cases[i].denominator),
        ==, cases[i].ratio);
}

static void
test_sizes (void)
{
  static const struct {
    gint frame_width, frame_height;
    gdouble pixel_aspect;
    gint width, height;
  } cases[] = {
    { 640, 480, 1.0, 640, 480 },
    { 640, 480, 0.0, 640, 480 },
    { 65536, 65536, 1.0, 65536, 65536 },
    { 720, 576, 16.0 / 11.0, 1047, 576 },
    { 480, 480, 4.0 / 3.0, 640, 480 },
    { 320, 480, 2.0, 640, 480 },
    { 640, 240, 0.5, 640, 480 },
    { 1, 1, 0.1, 1, 10 },
    { 8192, 16, 10.0, 16384, 16 },
    { 32767, 16, 10.0, 32767, 16 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    ImageCanvas canvas;

    image_canvas_init (&canvas, cases[i].frame_width, cases[i].frame_height,
        cases[i].pixel_aspect);
    g_assert_cmpint (canvas.width, ==, cases[i].width);
    g_assert_cmpint (canvas.height, ==, cases[i].height);
    g_assert_cmpint (canvas.frame_width, ==, cases[i].frame_width);
    g_assert_cmpint (canvas.frame_height, ==, cases[i].frame_height);
    g_assert_cmpint (image_canvas_is_frame (&canvas), ==,
        cases[i].width == cases[i].frame_width
            && cases[i].height == cases[i].frame_height);
  }
}

static void
check_rect (const Rect *a, const Rect *b)
{
  g_assert_cmpint (a->x, ==, b->x);
  g_assert_cmpint (a->y, ==, b->y);
  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
}

/* A canvas is never smaller than the frame, so that the conversion loses
 * nothing. */
static void
test_rects (void)
{
  static const gdouble aspects[] = { 1.0, 4.0 / 3.0, 16.0 / 11.0, 12.0 / 11.0,
    2.0, 0.5, 0.1, 10.0 };
  static const Rect rects[] = { { 0, 0, 101, 67 }, { 3, 5, 7, 11 },
    { -20, -30, 60, 50 }, { 90, 60, 40, 30 }, { 10, 10, 0, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (aspects); i++) {
    ImageCanvas canvas;

    image_canvas_init (&canvas, 101, 67, aspects[i]);
    for (guint k = 0; k < G_N_ELEMENTS (rects); k++) {
      const Rect there = image_canvas_from_frame (&canvas, &rects[k]);
      const Rect back = image_canvas_to_frame (&canvas, &there);

      check_rect (&back, &rects[k]);
    }
  }
}

static void
test_shape (void)
{
  const Rect square = { 30, 40, 90, 120 };
  const Rect expected = { 40, 40, 120, 120 };
  ImageCanvas canvas;
  Rect shown;

  image_canvas_init (&canvas, 480, 480, 4.0 / 3.0);
  shown = image_canvas_from_frame (&canvas, &square);
  check_rect (&shown, &expected);
}

/* Regions of other elements may be invalid boxes. */
static void
test_hostile_rects (void)
{
  static const gint ends[] = { G_MININT, -1, 0, 1, G_MAXINT };
  ImageCanvas canvas;

  image_canvas_init (&canvas, 640, 480, 2.0);
  for (guint i = 0; i < 5 * 5; i++) {
    const Rect rect = { ends[i % 5], 0, ends[i / 5], 480 };
    const Rect there = image_canvas_from_frame (&canvas, &rect);
    const Rect back = image_canvas_to_frame (&canvas, &rect);

    g_assert_cmpint (ABS (there.x), <=, G_MAXINT / 2);
    g_assert_cmpint (ABS (back.x), <=, G_MAXINT / 2);
    g_assert_cmpint (there.width > 0, ==, rect.width > 0 && there.width != 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image-canvas/ratios", test_ratios);
  g_test_add_func ("/image-canvas/sizes", test_sizes);
  g_test_add_func ("/image-canvas/rects", test_rects);
  g_test_add_func ("/image-canvas/shape", test_shape);
  g_test_add_func ("/image-canvas/hostile-rects", test_hostile_rects);
  return g_test_run ();
}
