/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers how faces get and keep their ids, which detections are trusted, how
 * areas are smoothed and predicted, and the arithmetic of rectangles behind
 * it. */

#include "face/face-tracker.h"

#include <math.h>

#include "base/rect.h"
#include "face/face-motion.h"

#define MILLISECOND G_GUINT64_CONSTANT (1000000)
/* The timestamp of a frame at 30 frames per second. */
#define FRAME_TIME(number) ((guint64) (number) *1000 * MILLISECOND / 30)

static void
test_overlap (void)
{
  static const struct {
    Rect a;
    Rect b;
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
    const Rect *a = &cases[i].a, *b = &cases[i].b;

    g_assert_cmpfloat_with_epsilon (rect_get_iou (a, b), cases[i].overlap,
        1e-12);
    g_assert_cmpfloat_with_epsilon (rect_get_iou (b, a), cases[i].overlap,
        1e-12);
  }
}

static void
check_rect (const Rect *rect, gint x, gint y, gint width, gint height)
{
  g_assert_cmpint (rect->x, ==, x);
  g_assert_cmpint (rect->y, ==, y);
  g_assert_cmpint (rect->width, ==, width);
  g_assert_cmpint (rect->height, ==, height);
}

static void
test_scale (void)
{
  const Rect rect = { 100, 50, 40, 20 };
  const Rect corner = { -10, -10, 10, 10 };
  const Rect point = { 7, 9, 1, 1 };
  Rect scaled;

  scaled = rect_scale (&rect, 1.0);
  check_rect (&scaled, 100, 50, 40, 20);
  scaled = rect_scale (&rect, 2.0);
  check_rect (&scaled, 80, 40, 80, 40);
  scaled = rect_scale (&rect, 0.5);
  check_rect (&scaled, 110, 55, 20, 10);
  scaled = rect_scale (&rect, 1.1);
  check_rect (&scaled, 98, 49, 44, 22);
  scaled = rect_scale (&rect, 0.001);
  check_rect (&scaled, 120, 60, 1, 1);
  scaled = rect_scale (&corner, 3.0);
  check_rect (&scaled, -20, -20, 30, 30);
  scaled = rect_scale (&point, 0.1);
  check_rect (&scaled, 7, 9, 1, 1);
}

/* Scaling a huge box from a careless detector still gives a valid rectangle. */
static void
test_scale_huge (void)
{
  static const Rect rects[] = {
    { G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT },
    { G_MININT, G_MININT, G_MAXINT, G_MAXINT },
    { -1, -1, -1, -1 },
    { 0, 0, 0, 0 },
  };
  static const gdouble scales[] = { 0.1, 1.0, 10.0 };

  for (guint i = 0; i < G_N_ELEMENTS (rects); i++) {
    for (guint k = 0; k < G_N_ELEMENTS (scales); k++) {
      Rect scaled = rect_scale (&rects[i], scales[k]);

      g_assert_cmpint (scaled.width, >=, 1);
      g_assert_cmpint (scaled.height, >=, 1);
    }
  }
}

static void
test_clip (void)
{
  static const struct {
    Rect rect;
    Rect clipped; /* clipped to 100x50 */
  } cases[] = {
    { { 10, 20, 30, 15 }, { 10, 20, 30, 15 } },
    { { 0, 0, 100, 50 }, { 0, 0, 100, 50 } },
    { { -10, -20, 30, 30 }, { 0, 0, 20, 10 } },
    { { 90, 40, 30, 30 }, { 90, 40, 10, 10 } },
    { { -10, -10, 1000, 1000 }, { 0, 0, 100, 50 } },
    { { 100, 0, 10, 10 }, { 0, 0, 0, 0 } },
    { { 0, -10, 10, 10 }, { 0, 0, 0, 0 } },
    { { 10, 10, 0, 10 }, { 0, 0, 0, 0 } },
    { { 10, 10, 10, -10 }, { 0, 0, 0, 0 } },
    { { G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT }, { 0, 0, 0, 0 } },
    { { G_MININT, G_MININT, G_MAXINT, G_MAXINT }, { 0, 0, 0, 0 } },
    { { -5, 0, G_MAXINT, G_MAXINT }, { 0, 0, 100, 50 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const Rect clipped = rect_clip (&cases[i].rect, 100, 50);
    const Rect *due = &cases[i].clipped;

    check_rect (&clipped, due->x, due->y, due->width, due->height);
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

/* The pair that overlaps more wins, even if the other face is listed first. */
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
  /* Jumps in time. */
  g_assert_cmpint (follow_one (tracker, 0, 0), ==, 4);
  g_assert_cmpint (follow_one (tracker, G_MAXUINT64, 0), ==, 5);
  g_assert_cmpint (follow_one (tracker, G_MAXUINT64, 0), ==, 5);
  g_assert_cmpint (follow_one (tracker, 0, 0), ==, 6);
}

/* Ids depend only on the faces: two trackers with the same input agree. */
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

/* An update is fast however many faces there are: this would take hours if each
 * face were compared with each track. */
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
    faces[i].box = (Rect) { 0, 0, 100, 100 };
  for (guint frame = 0; frame < 10; frame++) {
    face_tracker_update (tracker, frame * MILLISECOND, faces, N_FACES);
    g_assert_cmpint (faces[0].id, ==, 1);
    g_assert_cmpint (faces[N_FACES - 1].id, >, last);
    last = faces[N_FACES - 1].id;
  }
}

/* Motion */

static const FaceArea square = { 100.0f, 200.0f, 50.0f, 50.0f };

static FaceArea
moved (gfloat x, gfloat y)
{
  return (FaceArea) { square.x + x, square.y + y, 50.0f, 50.0f };
}

static void
test_motion_weight (void)
{
  const FaceArea off = moved (0.05f, 0.0f);
  FaceMotion motion;

  /* 0.3 of the way in 1/30 s, 0.51 in 2/30 s, and none in 0 s. (A jump of
   * 1/1000 of the size adds 0.4 % of the rest.) */
  face_motion_start (&motion, &square, 0);
  face_motion_measure (&motion, &off, FRAME_TIME (1));
  g_assert_cmpfloat_with_epsilon ((motion.area.x - 100.0f) / 0.05f, 0.303f,
      2e-3);
  face_motion_start (&motion, &square, 0);
  face_motion_measure (&motion, &off, FRAME_TIME (2));
  g_assert_cmpfloat_with_epsilon ((motion.area.x - 100.0f) / 0.05f, 0.512f,
      2e-3);
  face_motion_start (&motion, &square, 5);
  face_motion_measure (&motion, &off, 5);
  g_assert_cmpfloat_with_epsilon (motion.area.x, 100.0f, 1e-3);
}

/* A measurement that is far off or of another size is not smoothed. */
static void
test_motion_jump (void)
{
  const FaceArea jumps[] = { moved (12.6f, 0.0f), moved (0.0f, -30.0f),
    { 100.0f, 200.0f, 80.0f, 50.0f }, { 100.0f, 200.0f, 50.0f, 30.0f } };

  for (guint i = 0; i < G_N_ELEMENTS (jumps); i++) {
    FaceMotion motion;

    face_motion_start (&motion, &square, 0);
    face_motion_measure (&motion, &jumps[i], FRAME_TIME (1));
    g_assert_cmpfloat_with_epsilon (motion.area.x, jumps[i].x, 1e-3);
    g_assert_cmpfloat_with_epsilon (motion.area.y, jumps[i].y, 1e-3);
    g_assert_cmpfloat_with_epsilon (motion.area.width, jumps[i].width, 1e-3);
    g_assert_cmpfloat_with_epsilon (motion.area.height, jumps[i].height, 1e-3);
  }
}

/* Noise of 2 % of the size is at least halved. */
static void
test_motion_steady (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  gdouble measured = 0.0, smoothed = 0.0;
  FaceMotion motion;

  face_motion_start (&motion, &square, 0);
  for (guint frame = 1; frame < 1000; frame++) {
    const FaceArea noisy = moved ((gfloat) g_rand_double_range (rand, -1.0,
                                      1.0),
        (gfloat) g_rand_double_range (rand, -1.0, 1.0));

    face_motion_measure (&motion, &noisy, FRAME_TIME (frame));
    measured += pow (noisy.x - 100.0, 2.0) + pow (noisy.y - 200.0, 2.0);
    smoothed += pow (motion.area.x - 100.0, 2.0)
        + pow (motion.area.y - 200.0, 2.0);
  }
  g_assert_cmpfloat (sqrt (smoothed), <, 0.55 * sqrt (measured));
}

/* A face that moves by a tenth of its size per frame is followed closely, and
 * its next position is predicted. */
static void
test_motion_pursuit (void)
{
  FaceMotion motion;
  FaceArea area;

  face_motion_start (&motion, &square, 0);
  for (guint frame = 1; frame < 60; frame++) {
    const FaceArea there = moved (5.0f * (gfloat) frame,
        -2.0f * (gfloat) frame);

    face_motion_measure (&motion, &there, FRAME_TIME (frame));
    g_assert_cmpfloat_with_epsilon (motion.area.x, there.x, 4.0f);
    g_assert_cmpfloat_with_epsilon (motion.area.y, there.y, 4.0f);
  }
  g_assert_cmpfloat_with_epsilon (motion.velocity_x, 150.0f, 1.0f);
  g_assert_cmpfloat_with_epsilon (motion.velocity_y, -60.0f, 1.0f);
  area = face_motion_predict (&motion, FRAME_TIME (62));
  g_assert_cmpfloat_with_epsilon (area.x - motion.area.x, 15.0f, 0.1f);
  g_assert_cmpfloat_with_epsilon (area.y - motion.area.y, -6.0f, 0.1f);
  /* But not far into the future. */
  area = face_motion_predict (&motion, FRAME_TIME (1000));
  g_assert_cmpfloat_with_epsilon (area.x - motion.area.x, 37.5f, 0.3f);
}

/* Detection */

static const FaceTrackerSettings usual = { 0.5f, 16 };

static guint
look_at_one (FaceTracker *tracker, guint frame, gfloat x, gfloat confidence,
    FaceLook look, FollowedFace *face)
{
  const FaceTrackerSettings settings = { usual.confidence, usual.max_faces,
    look };
  const FaceDetection found = { moved (x, 0.0f), confidence };
  const FollowedFace *faces;
  guint n;

  faces = face_tracker_detect (tracker, FRAME_TIME (frame), &found,
      confidence > 0.0f, &settings, &n);
  *face = n > 0 ? faces[0] : (FollowedFace) { 0 };
  return n;
}

static guint
detect_one (FaceTracker *tracker, guint frame, gfloat x, gfloat confidence,
    FollowedFace *face)
{
  return look_at_one (tracker, frame, x, confidence, FACE_LOOK_SEARCH, face);
}

static void
test_first_frame (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FollowedFace face;

  g_assert_cmpuint (detect_one (tracker, 0, 0.0f, 0.5f, &face), ==, 1);
  g_assert_cmpint (face.id, ==, 1);
  g_assert_cmpfloat (face.confidence, ==, 0.5f);
  g_assert_cmpfloat (face.area.x, ==, square.x);
  face_tracker_reset (tracker);
  g_assert_cmpuint (detect_one (tracker, 0, 0.0f, 0.49f, &face), ==, 0);
  face_tracker_reset (tracker);
  g_assert_cmpuint (detect_one (tracker, 1, 0.0f, 0.5f, &face), ==, 1);
  g_assert_cmpint (face.id, ==, 2);
  /* After a gap the next frame counts as the first. */
  g_assert_cmpuint (detect_one (tracker, 100, 0.0f, 0.5f, &face), ==, 1);
  g_assert_cmpint (face.id, ==, 3);
}

/* After the first frame, a new face must be found twice unless it is nearly
 * certain. */
static void
test_new_faces (void)
{
  static const struct {
    gfloat confidences[4];
    guint shown[4];
  } cases[] = {
    { { 0.5f, 0.5f, 0.5f, 0.5f }, { 0, 1, 1, 1 } },
    { { 0.86f, 0.5f, 0.0f, 0.5f }, { 0, 1, 0, 1 } },
    { { 0.88f, 0.0f, 0.0f, 0.31f }, { 1, 0, 0, 1 } },
    { { 0.6f, 0.0f, 0.6f, 0.6f }, { 0, 0, 0, 1 } },
    { { 0.49f, 0.49f, 0.49f, 0.49f }, { 0, 0, 0, 0 } },
    { { 0.6f, 0.4f, 0.5f, 0.5f }, { 0, 0, 0, 1 } },
    { { 0.6f, 0.6f, 0.31f, 0.31f }, { 0, 1, 1, 1 } },
    { { 0.88f, 0.31f, 0.31f, 0.31f }, { 1, 1, 1, 1 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FaceTracker) tracker = face_tracker_new ();
    FollowedFace face;

    g_assert_cmpuint (detect_one (tracker, 0, 0.0f, 0.0f, &face), ==, 0);
    for (guint k = 0; k < 4; k++) {
      g_assert_cmpuint (detect_one (tracker, k + 1, 0.0f,
                            cases[i].confidences[k], &face),
          ==, cases[i].shown[k]);
      if (cases[i].shown[k])
        g_assert_cmpint (face.id, ==, 1);
    }
  }
}

/* Where the detector only follows what it has found, that confirms nothing, and
 * nothing is new; but what has been confirmed moves on. */
static void
test_following (void)
{
  static const struct {
    FaceLook look;
    guint n_shown;
  } frames[] = {
    { FACE_LOOK_SEARCH, 0 },
    { FACE_LOOK_FOLLOW, 0 },
    { FACE_LOOK_FOLLOW, 0 },
    { FACE_LOOK_SEARCH, 1 },
    { FACE_LOOK_FOLLOW, 1 },
  };
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FollowedFace face;

  g_assert_cmpuint (detect_one (tracker, 0, 0.0f, 0.0f, &face), ==, 0);
  g_assert_cmpuint (look_at_one (tracker, 1, 0.0f, 0.9f, FACE_LOOK_FOLLOW,
                        &face),
      ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    g_assert_cmpuint (look_at_one (tracker, i + 2, 4.0f * (gfloat) i, 0.6f,
                          frames[i].look, &face),
        ==, frames[i].n_shown);
  g_assert_cmpfloat (face.area.x, >, square.x + 8.0f);
}

/* Returns the number of detections of confidence 0.35 after which a face that
 * was found with @confidence is given up. */
static guint
count_doubtful (gfloat confidence)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FollowedFace face;
  guint n = 0;

  for (guint frame = 0; frame < 30; frame++)
    g_assert_cmpuint (detect_one (tracker, frame, 0.0f, confidence, &face), ==,
        1);
  while (detect_one (tracker, 30 + n, 0.0f, 0.35f, &face) > 0 && n < 300)
    n++;
  /* It takes two detections to restore the face, with the same id. */
  g_assert_cmpuint (detect_one (tracker, 31 + n, 0.0f, 0.6f, &face), ==, 0);
  g_assert_cmpuint (detect_one (tracker, 32 + n, 0.0f, 0.6f, &face), ==, 1);
  g_assert_cmpint (face.id, ==, 1);
  return n;
}

/* A face that was certain is kept for more than half a second; one that never
 * was is soon given up. */
static void
test_doubt (void)
{
  g_assert_cmpuint (count_doubtful (0.95f), ==, 20);
  g_assert_cmpuint (count_doubtful (0.55f), ==, 4);
  g_assert_cmpuint (count_doubtful (0.51f), ==, 0);
}

static void
test_least_confidence (void)
{
  g_assert_cmpfloat_with_epsilon (face_tracker_get_least_confidence (0.5f),
      0.3f, 1e-6);
  g_assert_cmpfloat (face_tracker_get_least_confidence (0.0f), ==, 0.0f);
  g_assert_cmpfloat (face_tracker_get_least_confidence (1.0f), <, 1.0f);
}

/* Shows a face for @n_seen frames, then none. Returns the number of further
 * frames in which the face is still expected. */
static guint
count_expected (guint n_seen)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FollowedFace face;
  guint n = 0;

  for (guint frame = 0; frame < n_seen; frame++)
    detect_one (tracker, frame, 5.0f * (gfloat) frame, 0.9f, &face);
  for (guint frame = n_seen; frame < n_seen + 15; frame++) {
    if (detect_one (tracker, frame, 0.0f, 0.0f, &face) == 0)
      continue;
    g_assert_cmpuint (frame, ==, n_seen + n);
    g_assert_cmpint (face.id, ==, 1);
    g_assert_cmpfloat_with_epsilon (face.area.x,
        square.x + 5.0f * (gfloat) frame, 8.0f);
    n++;
  }
  return n;
}

/* A face that was seen only briefly is not expected to return. */
static void
test_expectation (void)
{
  g_assert_cmpuint (count_expected (1), ==, 0);
  g_assert_cmpuint (count_expected (3), ==, 0);
  g_assert_cmpuint (count_expected (9), ==, 0);
  g_assert_cmpuint (count_expected (11), ==, 3);
  g_assert_cmpuint (count_expected (60), ==, 3);
}

static void
test_detected_absence (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FollowedFace face;

  g_assert_cmpuint (detect_one (tracker, 0, 0.0f, 0.9f, &face), ==, 1);
  for (guint frame = 1; frame < 15; frame++)
    g_assert_cmpuint (detect_one (tracker, frame, 0.0f, 0.0f, &face), ==, 0);
  /* After half a second, with the confidence that a followed face needs. */
  g_assert_cmpuint (detect_one (tracker, 15, 10.0f, 0.31f, &face), ==, 1);
  g_assert_cmpint (face.id, ==, 1);
  for (guint frame = 16; frame < 31; frame++)
    detect_one (tracker, frame, 0.0f, 0.0f, &face);
  g_assert_cmpuint (detect_one (tracker, 31, 10.0f, 0.9f, &face), ==, 1);
  g_assert_cmpint (face.id, ==, 2);
}

/* A lost face is no longer shown where another face is found. */
static void
test_replaced (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  const FaceDetection both[] = { { moved (0.0f, 0.0f), 0.9f },
    { moved (40.0f, 0.0f), 0.9f } };
  const FaceDetection between = { moved (20.0f, 0.0f), 0.9f };
  guint n;

  for (guint frame = 0; frame < 20; frame++) {
    face_tracker_detect (tracker, FRAME_TIME (frame), both, 2, &usual, &n);
    g_assert_cmpuint (n, ==, 2);
  }
  face_tracker_detect (tracker, FRAME_TIME (20), &between, 1, &usual, &n);
  g_assert_cmpuint (n, ==, 1);
}

/* The detector runs on every fourth frame; faces are predicted in between. */
static void
test_interval (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FollowedFace face;
  guint n;

  for (guint frame = 0; frame < 60; frame++) {
    const gfloat x = 3.0f * (gfloat) frame;

    if (frame % 4 == 0) {
      n = detect_one (tracker, frame, x, 0.9f, &face);
    } else {
      const FollowedFace *faces = face_tracker_predict (tracker,
          FRAME_TIME (frame), &usual, &n);

      face = faces[0];
    }
    g_assert_cmpuint (n, ==, 1);
    g_assert_cmpint (face.id, ==, 1);
    if (frame > 8)
      g_assert_cmpfloat_with_epsilon (face.area.x, square.x + x, 4.0f);
  }
}

/* Seconds between two detections do not count as an absence. */
static void
test_long_interval (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FollowedFace face;
  guint n;

  for (guint frame = 0; frame < 300; frame++) {
    if (frame % 90 == 0) {
      g_assert_cmpuint (detect_one (tracker, frame, 0.0f, 0.9f, &face), ==, 1);
      g_assert_cmpint (face.id, ==, 1);
    } else {
      face_tracker_predict (tracker, FRAME_TIME (frame), &usual, &n);
      g_assert_cmpuint (n, ==, 1);
    }
  }
}

/* At one frame per second, the gap between frames is not a pause, and a face
 * that is missed in one frame is not lost. */
static void
test_rare_frames (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FollowedFace face;

  face_tracker_set_frame_gap (tracker, FRAME_TIME (30));
  for (guint frame = 0; frame < 20; frame++) {
    const gboolean is_missing = frame == 7 || frame == 12 || frame == 13;

    g_assert_cmpuint (detect_one (tracker, 30 * frame, 0.0f,
                          is_missing ? 0.0f : 0.9f, &face),
        ==, !is_missing);
    if (!is_missing)
      g_assert_cmpint (face.id, ==, 1);
  }
  for (guint frame = 20; frame < 24; frame++)
    detect_one (tracker, 30 * frame, 0.0f, 0.0f, &face);
  detect_one (tracker, 30 * 24, 0.0f, 0.9f, &face);
  g_assert_cmpint (face.id, ==, 2);
  /* A gap of more than three frames is a pause. */
  detect_one (tracker, 30 * 27, 0.0f, 0.5f, &face);
  g_assert_cmpint (face.id, ==, 2);
  detect_one (tracker, 30 * 31, 0.0f, 0.5f, &face);
  g_assert_cmpint (face.id, ==, 3);
}

/* A single detection does not count for more because detections are rare. */
static void
test_rare_looks (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FollowedFace face;
  guint n;

  for (guint frame = 0; frame < 320; frame++) {
    const guint look = frame / 16;
    const gboolean is_missing = look == 8, is_doubtful = look == 15;

    if (frame % 16 > 0) {
      face_tracker_predict (tracker, FRAME_TIME (frame), &usual, &n);
      g_assert_cmpuint (n, ==, !is_missing);
      continue;
    }
    n = detect_one (tracker, frame, 0.0f,
        is_missing        ? 0.0f
            : is_doubtful ? 0.35f
                          : 0.6f,
        &face);
    g_assert_cmpuint (n, ==, !is_missing);
    if (!is_missing)
      g_assert_cmpint (face.id, ==, 1);
  }
}

static void
write_change (gint id, FaceChange change, gpointer text)
{
  g_string_append_printf (text, "%d%c", id, "+?-x"[change]);
}

static void
test_listener (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  FollowedFace face;

  face_tracker_set_listener (tracker, write_change, text);
  detect_one (tracker, 0, 0.0f, 0.9f, &face);
  detect_one (tracker, 1, 0.0f, 0.9f, &face);
  for (guint frame = 2; frame < 30; frame++)
    detect_one (tracker, frame, 300.0f, 0.55f, &face);
  for (guint frame = 30; frame < 60; frame++)
    detect_one (tracker, frame, 300.0f, 0.35f, &face);
  detect_one (tracker, 60, 300.0f, 0.6f, &face);
  detect_one (tracker, 61, 300.0f, 0.6f, &face);
  face_tracker_reset (tracker);
  g_assert_cmpstr (text->str, ==, "1+2+1-2?2+2x");
}

static void
test_max_faces (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FaceTrackerSettings settings = { 0.5f, 2 };
  FaceDetection found[4];
  const FollowedFace *faces;
  guint n;

  for (guint i = 0; i < 4; i++)
    found[i] = (FaceDetection) { moved (100.0f * (gfloat) i, 0.0f), 0.9f };
  /* The faces that have been followed longest stay, even if others are listed
   * first. */
  face_tracker_detect (tracker, FRAME_TIME (0), &found[2], 1, &settings, &n);
  faces = face_tracker_detect (tracker, FRAME_TIME (1), found, 4, &settings,
      &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (faces[0].id, ==, 1);
  g_assert_cmpfloat (faces[0].area.x, ==, found[2].area.x);
  g_assert_cmpfloat (faces[1].area.x, ==, found[0].area.x);
  settings.max_faces = 4;
  faces = face_tracker_predict (tracker, FRAME_TIME (2), &settings, &n);
  g_assert_cmpuint (n, ==, 4);
}

/* Regions of other elements and own detections are matched to the same
 * faces. */
static void
test_mixed (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  FaceRegion region = { { 75, 175, 50, 50 }, 0 };
  const FollowedFace *faces;
  FollowedFace face;
  guint n;

  face_tracker_update (tracker, FRAME_TIME (0), &region, 1);
  g_assert_cmpint (region.id, ==, 1);
  g_assert_cmpuint (detect_one (tracker, 1, 0.5f, 0.4f, &face), ==, 1);
  g_assert_cmpint (face.id, ==, 1);
  faces = face_tracker_predict (tracker, FRAME_TIME (2), &usual, &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (faces[0].id, ==, 1);
  /* A region is trusted at once, even if its detection was doubted before. */
  g_assert_cmpuint (detect_one (tracker, 3, 200.0f, 0.6f, &face), ==, 0);
  region.box.x += 200;
  face_tracker_update (tracker, FRAME_TIME (4), &region, 1);
  g_assert_cmpint (region.id, ==, 2);
}

/* Any number of detections, anywhere, with any confidence. */
static void
test_wild_detections (void)
{
  g_autoptr (FaceTracker) tracker = face_tracker_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint frame = 0; frame < 100; frame++) {
    FaceDetection found[300];
    const guint n_found = (guint) g_rand_int_range (rand, 0, 301);
    const FollowedFace *faces;
    guint n;

    for (guint i = 0; i < n_found; i++) {
      found[i] =
          (FaceDetection) { { (gfloat) g_rand_double_range (rand, -1e4, 1e4),
                                (gfloat) g_rand_double_range (rand, -1e4, 1e4),
                                (gfloat) g_rand_double_range (rand, 1.0, 1e4),
                                (gfloat) g_rand_double_range (rand, 1.0, 1e4) },
            (gfloat) g_rand_double (rand) };
    }
    faces = face_tracker_detect (tracker, FRAME_TIME (frame), found, n_found,
        &usual, &n);
    g_assert_cmpuint (n, <=, 16);
    for (guint i = 0; i < n; i++) {
      g_assert_cmpint (faces[i].id, >, 0);
      for (guint k = 0; k < i; k++)
        g_assert_cmpint (faces[i].id, !=, faces[k].id);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rect/overlap", test_overlap);
  g_test_add_func ("/rect/scale", test_scale);
  g_test_add_func ("/rect/scale-huge", test_scale_huge);
  g_test_add_func ("/rect/clip", test_clip);
  g_test_add_func ("/face-tracker/ids", test_ids);
  g_test_add_func ("/face-tracker/overlap-needed", test_overlap_needed);
  g_test_add_func ("/face-tracker/best-first", test_best_first);
  g_test_add_func ("/face-tracker/absence", test_absence);
  g_test_add_func ("/face-tracker/same-each-time", test_same_each_time);
  g_test_add_func ("/face-tracker/many", test_many);
  g_test_add_func ("/face-motion/weight", test_motion_weight);
  g_test_add_func ("/face-motion/jump", test_motion_jump);
  g_test_add_func ("/face-motion/steady", test_motion_steady);
  g_test_add_func ("/face-motion/pursuit", test_motion_pursuit);
  g_test_add_func ("/face-tracker/first-frame", test_first_frame);
  g_test_add_func ("/face-tracker/new-faces", test_new_faces);
  g_test_add_func ("/face-tracker/following", test_following);
  g_test_add_func ("/face-tracker/doubt", test_doubt);
  g_test_add_func ("/face-tracker/least-confidence", test_least_confidence);
  g_test_add_func ("/face-tracker/expectation", test_expectation);
  g_test_add_func ("/face-tracker/detected-absence", test_detected_absence);
  g_test_add_func ("/face-tracker/replaced", test_replaced);
  g_test_add_func ("/face-tracker/interval", test_interval);
  g_test_add_func ("/face-tracker/long-interval", test_long_interval);
  g_test_add_func ("/face-tracker/rare-frames", test_rare_frames);
  g_test_add_func ("/face-tracker/rare-looks", test_rare_looks);
  g_test_add_func ("/face-tracker/listener", test_listener);
  g_test_add_func ("/face-tracker/max-faces", test_max_faces);
  g_test_add_func ("/face-tracker/mixed", test_mixed);
  g_test_add_func ("/face-tracker/wild-detections", test_wild_detections);
  return g_test_run ();
}
