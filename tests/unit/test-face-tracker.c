/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers how faces get and keep their ids, and the arithmetic of rectangles
 * that this rests on. */

#include "face/face-tracker.h"

#include "image/image-rect.h"

#define MILLISECOND G_GUINT64_CONSTANT (1000000)

static void
test_overlap (void)
{
  static const struct {
    ImageRect a;
    ImageRect b;
    gdouble overlap;
  } cases[] = {
    { { 0, 0, 10, 10 }, { 0, 0, 10, 10 }, 1.0 },
    { { 0, 0, 10, 10 }, { 5, 0, 10, 10 }, 50.0 / 150.0 },
    { { 0, 0, 10, 10 }, { 5, 5, 10, 10 }, 25.0 / 175.0 },
    { { 0, 0, 10, 10 }, { 2, 2, 5, 5 }, 0.25 },
    { { 0, 0, 10, 10 }, { 10, 0, 10, 10 }, 0.0 },
    { { 0, 0, 10, 10 }, { 0, -10, 10, 10 }, 0.0 },
    { { 0, 0, 10, 10 }, { 100, 100, 10, 10 }, 0.0 },
    { { -5, -5, 10, 10 }, { -5, -5, 10, 10 }, 1.0 },
    { { 3, 3, 0, 0 }, { 3, 3, 0, 0 }, 0.0 },
    { { 3, 3, 0, 10 }, { 0, 0, 10, 20 }, 0.0 },
    { { G_MAXINT - 1, 0, G_MAXINT, 1 }, { G_MAXINT - 1, 0, G_MAXINT, 1 }, 1.0 },
    { { G_MININT, G_MININT, G_MAXINT, G_MAXINT }, { 0, 0, 1, 1 }, 0.0 },
    { { 0, 0, G_MAXINT, G_MAXINT }, { 0, 0, G_MAXINT, G_MAXINT }, 1.0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const ImageRect *a = &cases[i].a, *b = &cases[i].b;

    g_assert_cmpfloat_with_epsilon (image_rect_overlap (a, b), cases[i].overlap,
        1e-12);
    g_assert_cmpfloat_with_epsilon (image_rect_overlap (b, a), cases[i].overlap,
        1e-12);
  }
}

static void
check_rect (const ImageRect *rect, gint x, gint y, gint width, gint height)
{
  g_assert_cmpint (rect->x, ==, x);
  g_assert_cmpint (rect->y, ==, y);
  g_assert_cmpint (rect->width, ==, width);
  g_assert_cmpint (rect->height, ==, height);
}

static void
test_scale (void)
{
  const ImageRect rect = { 100, 50, 40, 20 };
  const ImageRect corner = { -10, -10, 10, 10 };
  const ImageRect point = { 7, 9, 1, 1 };
  ImageRect scaled;

  scaled = image_rect_scale (&rect, 1.0);
  check_rect (&scaled, 100, 50, 40, 20);
  scaled = image_rect_scale (&rect, 2.0);
  check_rect (&scaled, 80, 40, 80, 40);
  scaled = image_rect_scale (&rect, 0.5);
  check_rect (&scaled, 110, 55, 20, 10);
  scaled = image_rect_scale (&rect, 1.1);
  check_rect (&scaled, 98, 49, 44, 22);
  scaled = image_rect_scale (&rect, 0.001);
  check_rect (&scaled, 120, 60, 1, 1);
  scaled = image_rect_scale (&corner, 3.0);
  check_rect (&scaled, -20, -20, 30, 30);
  scaled = image_rect_scale (&point, 0.1);
  check_rect (&scaled, 7, 9, 1, 1);
}

/* The crop of a careless detector's box is still a rectangle. */
static void
test_scale_huge (void)
{
  static const ImageRect rects[] = {
    { G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT },
    { G_MININT, G_MININT, G_MAXINT, G_MAXINT },
    { -1, -1, -1, -1 },
    { 0, 0, 0, 0 },
  };
  static const gdouble scales[] = { 0.1, 1.0, 10.0 };

  for (guint i = 0; i < G_N_ELEMENTS (rects); i++) {
    for (guint k = 0; k < G_N_ELEMENTS (scales); k++) {
      ImageRect scaled = image_rect_scale (&rects[i], scales[k]);

      g_assert_cmpint (scaled.width, >=, 1);
      g_assert_cmpint (scaled.height, >=, 1);
    }
  }
}

static gint
follow_one (FaceTracker *tracker, guint64 time, gint x)
{
  FaceRegion face = { { x, 0, 100, 100 }, 0 };

  face_tracker_update (tracker, time, &face, 1);
  return face.id;
}

static void
test_ids (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FaceRegion faces[3] = { { { 0, 0, 50, 50 }, 99 }, { { 100, 0, 50, 50 }, 99 },
    { { 200, 0, 50, 50 }, -5 } };

  face_tracker_update (tracker, 0, faces, 3);
  for (gint i = 0; i < 3; i++)
    g_assert_cmpint (faces[i].id, ==, i + 1);
  faces[0].box.x = 200;
  faces[2].box.x = 0;
  face_tracker_update (tracker, MILLISECOND, faces, 3);
  for (gint i = 0; i < 3; i++)
    g_assert_cmpint (faces[i].id, ==, 3 - i);
  face_tracker_update (tracker, 2 * MILLISECOND, NULL, 0);
  face_tracker_update (tracker, 3 * MILLISECOND, faces, 2);
  g_assert_cmpint (faces[0].id, ==, 3);
  g_assert_cmpint (faces[1].id, ==, 2);
}

/* A face that moves by less than half its width between frames is followed. */
static void
test_overlap_needed (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();

  g_assert_cmpint (follow_one (tracker, 0, 0), ==, 1);
  g_assert_cmpint (follow_one (tracker, 0, 50), ==, 1);
  g_assert_cmpint (follow_one (tracker, 0, 100), ==, 1);
  g_assert_cmpint (follow_one (tracker, 0, 160), ==, 2);
}

/* The better pair wins, also when the worse face is listed first. */
static void
test_best_first (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FaceRegion faces[2] = { { { 30, 0, 100, 100 }, 0 },
    { { 5, 0, 100, 100 }, 0 } };

  g_assert_cmpint (follow_one (tracker, 0, 0), ==, 1);
  face_tracker_update (tracker, MILLISECOND, faces, 2);
  g_assert_cmpint (faces[0].id, ==, 2);
  g_assert_cmpint (faces[1].id, ==, 1);
}

static void
test_absence (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();

  g_assert_cmpint (follow_one (tracker, 0, 0), ==, 1);
  g_assert_cmpint (follow_one (tracker, 500 * MILLISECOND, 0), ==, 1);
  g_assert_cmpint (follow_one (tracker, 1000 * MILLISECOND, 0), ==, 1);
  g_assert_cmpint (follow_one (tracker, 1500 * MILLISECOND + 1, 0), ==, 2);
  face_tracker_reset (tracker);
  g_assert_cmpint (follow_one (tracker, 1500 * MILLISECOND + 1, 0), ==, 3);
  /* Time that jumps. */
  g_assert_cmpint (follow_one (tracker, 0, 0), ==, 4);
  g_assert_cmpint (follow_one (tracker, G_MAXUINT64, 0), ==, 5);
  g_assert_cmpint (follow_one (tracker, G_MAXUINT64, 0), ==, 5);
  g_assert_cmpint (follow_one (tracker, 0, 0), ==, 6);
}

/* Ids depend on the faces alone: two trackers that see the same agree. */
static void
test_same_each_time (void)
{
  g_autoptr (FaceTracker) first = face_tracker_new ();
  g_autoptr (FaceTracker) second = face_tracker_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint frame = 0; frame < 200; frame++) {
    FaceRegion a[12], b[12];
    const guint n = (guint) g_rand_int_range (rand, 0, 13);

    for (guint i = 0; i < n; i++) {
      /* on a coarse grid, for ties */
      const FaceRegion face = { { g_rand_int_range (rand, 0, 5) * 20,
                                    g_rand_int_range (rand, 0, 5) * 20, 60,
                                    60 },
        0 };

      a[i] = b[i] = face;
    }
    face_tracker_update (first, frame * MILLISECOND, a, n);
    face_tracker_update (second, frame * MILLISECOND, b, n);
    for (guint i = 0; i < n; i++) {
      g_assert_cmpint (a[i].id, >, 0);
      g_assert_cmpint (a[i].id, ==, b[i].id);
      for (guint k = 0; k < i; k++)
        g_assert_cmpint (a[i].id, !=, a[k].id);
    }
  }
}

/* However many there are, an update takes little: this would take hours if
 * each face were compared with each track. */
static void
test_many (void)
{
  enum {
    N_FACES = 200000
  };
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  g_autofree FaceRegion *faces = g_new0 (FaceRegion, N_FACES);
  gint last = 0;

  for (guint i = 0; i < N_FACES; i++)
    faces[i].box = (ImageRect) { 0, 0, 100, 100 };
  for (guint frame = 0; frame < 10; frame++) {
    face_tracker_update (tracker, frame * MILLISECOND, faces, N_FACES);
    g_assert_cmpint (faces[0].id, ==, 1);
    g_assert_cmpint (faces[N_FACES - 1].id, >, last);
    last = faces[N_FACES - 1].id;
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rect/overlap", test_overlap);
  g_test_add_func ("/rect/scale", test_scale);
  g_test_add_func ("/rect/scale-huge", test_scale_huge);
  g_test_add_func ("/face-tracker/ids", test_ids);
  g_test_add_func ("/face-tracker/overlap-needed", test_overlap_needed);
  g_test_add_func ("/face-tracker/best-first", test_best_first);
  g_test_add_func ("/face-tracker/absence", test_absence);
  g_test_add_func ("/face-tracker/same-each-time", test_same_each_time);
  g_test_add_func ("/face-tracker/many", test_many);
  return g_test_run ();
}
