/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers pieces in frames whose pixels are not square: their places, that each
 * pixel is the mean of the source pixels that it covers, and that no frame
 * needs allocations. */

#include "overlay/renderer.h"
#include "overlay/squeezer.h"

#include <math.h>

#include "allocations.h"

#define SEED 9
/* The weights of a mean have eight bits. */
#define TOLERANCE 2.0

static const gdouble aspects[] = { 4.0 / 3.0, 16.0 / 11.0, 12.0 / 11.0,
  32.0 / 27.0, 2.0, 0.5, 10.0, 0.1, 8.0 / 9.0 };

static guint8
get_level (const OverlayPiece *piece, gint x, gint y, gint channel)
{
  const guint8 *data = cairo_image_surface_get_data (piece->surface);
  const gint stride = cairo_image_surface_get_stride (piece->surface);

  return data[y * stride + 4 * x + channel];
}

static OverlayPiece
make_piece (const Rect *rect, GRand *random)
{
  OverlayPiece piece = { *rect,
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, rect->width,
        rect->height) };
  guint8 *data = cairo_image_surface_get_data (piece.surface);
  const gint stride = cairo_image_surface_get_stride (piece.surface);

  for (gint i = 0; i < stride * rect->height; i++)
    data[i] = (guint8) g_rand_int_range (random, 0, 256);
  cairo_surface_mark_dirty (piece.surface);
  return piece;
}

static Rect
random_rect (const ImageCanvas *canvas, GRand *random)
{
  Rect rect;

  rect.x = g_rand_int_range (random, 0, canvas->width);
  rect.y = g_rand_int_range (random, 0, canvas->height);
  rect.width = g_rand_int_range (random, 1, canvas->width - rect.x + 1);
  rect.height = g_rand_int_range (random, 1, canvas->height - rect.y + 1);
  return rect;
}

/* The share of pixel @pixel, on an axis of @size pixels, that is covered by
 * pixel @other of an axis of @other_size pixels; 0 to 1. */
static gdouble
share (gint pixel, gint other, gint size, gint other_size)
{
  const gdouble step = (gdouble) other_size / size;
  const gdouble begin = MAX (pixel * step, other);
  const gdouble end = MIN ((pixel + 1) * step, other + 1);

  return MAX (end - begin, 0.0) / step;
}

/* Sums over all pixels of the piece. */
static gdouble
expect_level (const ImageCanvas *canvas, const OverlayPiece *piece, gint x,
    gint y, gint channel)
{
  const Rect *rect = &piece->rect;
  gdouble level = 0.0;

  for (gint row = 0; row < rect->height; row++) {
    const gdouble down = share (y, rect->y + row, canvas->frame_height,
        canvas->height);

    for (gint column = 0; down > 0.0 && column < rect->width; column++)
      level += down
          * share (x, rect->x + column, canvas->frame_width, canvas->width)
          * get_level (piece, column, row, channel);
  }
  return level;
}

static void
check_piece (const ImageCanvas *canvas, const OverlayPiece *piece,
    const OverlayPiece *squeezed)
{
  const Rect *rect = &squeezed->rect;

  g_assert_cmpint (rect->x, >=, 0);
  g_assert_cmpint (rect->y, >=, 0);
  g_assert_cmpint (rect->x + rect->width, <=, canvas->frame_width);
  g_assert_cmpint (rect->y + rect->height, <=, canvas->frame_height);
  for (gint i = 0; i < 4 * rect->width * rect->height; i++) {
    const gint x = i / 4 % rect->width, y = i / 4 / rect->width;

    g_assert_cmpfloat_with_epsilon (get_level (squeezed, x, y, i % 4),
        expect_level (canvas, piece, rect->x + x, rect->y + y, i % 4),
        TOLERANCE);
  }
}

static void
test_means (void)
{
  OverlaySqueezer *squeezer = overlay_squeezer_new ();
  GRand *random = g_rand_new_with_seed (SEED);

  for (guint i = 0; i < 30 * G_N_ELEMENTS (aspects); i++) {
    ImageCanvas canvas;
    Rect rect;
    OverlayPiece piece, squeezed;

    image_canvas_init (&canvas, g_rand_int_range (random, 16, 40),
        g_rand_int_range (random, 16, 40), aspects[i % G_N_ELEMENTS (aspects)]);
    rect = random_rect (&canvas, random);
    piece = squeezed = make_piece (&rect, random);
    overlay_squeezer_squeeze (squeezer, &canvas, &squeezed, 1);
    check_piece (&canvas, &piece, &squeezed);
    cairo_surface_destroy (piece.surface);
  }
  g_rand_free (random);
  overlay_squeezer_free (squeezer);
}

/* Labels also keep clear of the drawings of others. */
static void
test_place (void)
{
  const OverlayFace face = { .box = { 30, 40, 15, 20 }, .id = 3 };
  const Rect taken = { 60, 0, 30, 50 };
  OverlaySqueezer *squeezer = overlay_squeezer_new ();
  OverlayScene scene = OVERLAY_SCENE_INIT;
  ImageCanvas canvas;

  scene.faces = &face;
  scene.n_faces = 1;
  scene.taken = &taken;
  scene.n_taken = 1;
  image_canvas_init (&canvas, 90, 100, 4.0 / 3.0);
  overlay_squeezer_place (squeezer, &canvas, &scene);
  g_assert_cmpint (scene.faces[0].id, ==, 3);
  g_assert_cmpint (scene.faces[0].box.x, ==, 40);
  g_assert_cmpint (scene.faces[0].box.y, ==, 40);
  g_assert_cmpint (scene.faces[0].box.width, ==, 20);
  g_assert_cmpint (scene.faces[0].box.height, ==, 20);
  g_assert_cmpint (scene.taken[0].x, ==, 80);
  g_assert_cmpint (scene.taken[0].width, ==, 40);
  g_assert_cmpint (scene.taken[0].height, ==, 50);
  overlay_squeezer_free (squeezer);
}

static OverlayPiece
make_opaque_piece (const Rect *rect)
{
  OverlayPiece piece = { *rect,
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, rect->width,
        rect->height) };
  cairo_t *cairo = cairo_create (piece.surface);

  cairo_set_source_rgb (cairo, 1.0, 1.0, 1.0);
  cairo_paint (cairo);
  cairo_destroy (cairo);
  return piece;
}

/* The panel fills its place; the frame does not shine through. */
static void
test_beside (void)
{
  OverlaySqueezer *squeezer = overlay_squeezer_new ();

  for (guint i = 0; i < G_N_ELEMENTS (aspects); i++) {
    for (gint width = 99; width < 300; width += 50) {
      const gint height = 500 - width;
      ImageCanvas canvas;
      Rect rect;
      OverlayPiece panel, squeezed;

      image_canvas_init (&canvas, width, height, aspects[i]);
      rect = (Rect) { (canvas.width + 1) & ~1, 0,
        overlay_renderer_get_beside_width (canvas.width, canvas.height, 1.0),
        canvas.height };
      panel = squeezed = make_opaque_piece (&rect);
      overlay_squeezer_squeeze (squeezer, &canvas, &squeezed, 1);
      g_assert_cmpint (squeezed.rect.x, ==, (width + 1) & ~1);
      g_assert_cmpint (squeezed.rect.y, ==, 0);
      g_assert_cmpint (squeezed.rect.height, ==, height);
      g_assert_cmpint (squeezed.rect.width, ==,
          overlay_renderer_get_beside_width (width, height, aspects[i]));
      for (gint k = 0; k < squeezed.rect.width * height; k++)
        g_assert_cmpuint (get_level (&squeezed, k % squeezed.rect.width,
                              k / squeezed.rect.width, k % 4),
            ==, 255);
      cairo_surface_destroy (panel.surface);
    }
  }
  overlay_squeezer_free (squeezer);
}

/* The displayed width of the panel is the same as beside square pixels, except
 * that it has an even number of columns. */
static void
test_beside_width (void)
{
  g_assert_cmpint (overlay_renderer_get_beside_width (640, 480, 1.0), ==, 432);
  g_assert_cmpint (overlay_renderer_get_beside_width (480, 480, 4.0 / 3.0), ==,
      324);
  g_assert_cmpint (overlay_renderer_get_beside_width (320, 480, 2.0), ==, 216);
  g_assert_cmpint (overlay_renderer_get_beside_width (640, 240, 0.5), ==, 432);
  for (guint i = 0; i < G_N_ELEMENTS (aspects); i++) {
    const gint width = overlay_renderer_get_beside_width (360, 288, aspects[i]);

    g_assert_cmpint (width % 2, ==, 0);
  }
}

static void
test_allocation (void)
{
  static const Rect rects[] = { { 10, 20, 30, 31 }, { 40, 20, 50, 17 },
    { 200, 5, 100, 170 } };
  OverlaySqueezer *squeezer;
  OverlayPiece pieces[3];
  ImageCanvas canvas;
  GRand *random;

  if (allocations_count () < 0) {
    g_test_skip ("allocations cannot be counted here");
    return;
  }
  squeezer = overlay_squeezer_new ();
  random = g_rand_new_with_seed (SEED);
  image_canvas_init (&canvas, 240, 180, 4.0 / 3.0);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    pieces[i] = make_piece (&rects[i], random);
  for (guint i = 0; i < 20; i++) {
    OverlayPiece squeezed[3] = { pieces[0], pieces[1], pieces[2] };
    const gint before = allocations_count ();

    squeezed[0].rect.x += (gint) i % 3;
    overlay_squeezer_squeeze (squeezer, &canvas, squeezed, 3);
    if (i > 2)
      g_assert_cmpint (allocations_count (), ==, before);
  }
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    cairo_surface_destroy (pieces[i].surface);
  g_rand_free (random);
  overlay_squeezer_free (squeezer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/squeezer/place", test_place);
  g_test_add_func ("/squeezer/means", test_means);
  g_test_add_func ("/squeezer/beside", test_beside);
  g_test_add_func ("/squeezer/beside-width", test_beside_width);
  g_test_add_func ("/squeezer/allocation", test_allocation);
  return g_test_run ();
}
