/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers reading the maps of the face detector, on maps made by hand, and
 * merging the squares that are the same face. */

#include "face/face-candidates.h"

#include <math.h>

#define EPSILON 1e-4f
#define LOW -50.0f

/* A map of 8 x 10 cells of 8 pixels, without faces. */
#define HEIGHT 8
#define WIDTH 10
#define STRIDE 8

typedef struct {
  gfloat values[HEIGHT * WIDTH][FACE_MAP_CHANNELS];
} Map;

static void
clear_map (Map *map)
{
  for (guint i = 0; i < HEIGHT * WIDTH; i++)
    map->values[i][0] = LOW;
}

static void
set_cell (Map *map, gint row, gint column, gfloat logit, gfloat dx, gfloat dy,
    gfloat side)
{
  gfloat *cell = map->values[row * WIDTH + column];

  cell[0] = logit;
  cell[1] = dx;
  cell[2] = dy;
  cell[3] = logf (side / STRIDE);
}

static const FaceCandidate *
read_map (FaceCandidates *candidates, const Map *map, guint *n)
{
  const FaceMap face_map = { map->values[0], HEIGHT, WIDTH, STRIDE };

  face_candidates_begin (candidates, WIDTH * STRIDE, HEIGHT * STRIDE);
  face_candidates_add_map (candidates, &face_map, 0.0f);
  return face_candidates_suppress (candidates, n);
}

static void
check (const FaceCandidate *candidate, gfloat x, gfloat y, gfloat side,
    gfloat logit)
{
  g_assert_cmpfloat_with_epsilon (candidate->area.x, x, EPSILON);
  g_assert_cmpfloat_with_epsilon (candidate->area.y, y, EPSILON);
  g_assert_cmpfloat_with_epsilon (candidate->area.width, side, EPSILON);
  g_assert_cmpfloat_with_epsilon (candidate->area.height, side, EPSILON);
  g_assert_cmpfloat (candidate->logit, ==, logit);
}

static void
test_decode (void)
{
  g_autoptr (FaceCandidates) candidates = face_candidates_new ();
  const FaceCandidate *found;
  Map map = { 0 };
  guint n;

  clear_map (&map);
  read_map (candidates, &map, &n);
  g_assert_cmpuint (n, ==, 0);
  set_cell (&map, 0, 0, 1.0f, 0.0f, 0.0f, 6.0f);
  set_cell (&map, 3, 4, 2.0f, 0.25f, -0.5f, 20.0f);
  set_cell (&map, 7, 9, 0.5f, 0.5f, 0.5f, 8.0f);
  set_cell (&map, 7, 0, -0.001f, 0.0f, 0.0f, 8.0f);
  found = read_map (candidates, &map, &n);
  g_assert_cmpuint (n, ==, 3);
  check (&found[0], (4.5f + 0.25f) * 8, (3.5f - 0.5f) * 8, 20.0f, 2.0f);
  check (&found[1], 4.0f, 4.0f, 6.0f, 1.0f);
  check (&found[2], 80.0f, 64.0f, 8.0f, 0.5f);
}

/* Candidates come from maps of several strides of the same picture. */
static void
test_strides (void)
{
  static const gfloat coarse[4] = { 3.0f, 0.0f, 0.0f, 0.0f };
  const gfloat weight = expf (2.0f) / (expf (2.0f) + expf (3.0f));
  g_autoptr (FaceCandidates) candidates = face_candidates_new ();
  const FaceMap map = { coarse, 1, 1, 32 };
  FaceMap fine = { NULL, HEIGHT, WIDTH, STRIDE };
  const FaceCandidate *found;
  Map values = { 0 };
  guint n;

  clear_map (&values);
  set_cell (&values, 2, 2, 2.0f, 0.0f, 0.0f, 30.0f);
  set_cell (&values, 2, 7, 4.0f, 0.0f, 0.0f, 30.0f);
  fine.values = values.values[0];
  face_candidates_begin (candidates, 80, 64);
  face_candidates_add_map (candidates, &fine, 0.0f);
  face_candidates_add_map (candidates, &map, 0.0f);
  found = face_candidates_suppress (candidates, &n);
  g_assert_cmpuint (n, ==, 2);
  check (&found[0], 60.0f, 20.0f, 30.0f, 4.0f);
  check (&found[1], 16.0f + 4.0f * weight, 16.0f + 4.0f * weight,
      32.0f - 2.0f * weight, 3.0f);
}

static void
test_not_finite (void)
{
  static const gfloat bad[] = { NAN, INFINITY, -INFINITY, -NAN };
  g_autoptr (FaceCandidates) candidates = face_candidates_new ();

  for (guint channel = 0; channel < FACE_MAP_CHANNELS; channel++) {
    for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
      Map map = { 0 };
      guint n;

      clear_map (&map);
      set_cell (&map, 1, 1, 1.0f, 0.0f, 0.0f, 8.0f);
      set_cell (&map, 4, 4, 5.0f, 0.0f, 0.0f, 30.0f);
      map.values[4 * WIDTH + 4][channel] = bad[i];
      check (read_map (candidates, &map, &n), 12.0f, 12.0f, 8.0f, 1.0f);
      g_assert_cmpuint (n, ==, 1);
    }
  }
}

/* Finite values that cannot describe a face. */
static void
test_implausible (void)
{
  static const gfloat cells[][4] = { { 1.0f, 0.0f, 0.0f, -10.0f },
    { 1.0f, 0.0f, 0.0f, 10.0f }, { 1.0f, 0.0f, 0.0f, 1e30f },
    { 1.0f, 1e30f, 0.0f, 0.0f }, { 1.0f, 0.0f, -1e30f, 0.0f },
    { 1.0f, -5.0f, 0.0f, 0.0f }, { 1.0f, 0.0f, -5.0f, 0.0f },
    { 1.0f, 6.0f, 0.0f, 0.0f }, { 1.0f, 0.0f, 4.0f, 0.0f } };
  g_autoptr (FaceCandidates) candidates = face_candidates_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++) {
    Map map = { 0 };
    guint n;

    clear_map (&map);
    for (guint c = 0; c < 4; c++)
      map.values[4 * WIDTH + 4][c] = cells[i][c];
    read_map (candidates, &map, &n);
    g_assert_cmpuint (n, ==, 0);
  }
}

/* Cells in the padding at the right and at the bottom are ignored. */
static void
test_padding (void)
{
  g_autoptr (FaceCandidates) candidates = face_candidates_new ();
  FaceMap face_map = { NULL, HEIGHT, WIDTH, STRIDE };
  const FaceCandidate *found;
  Map map = { 0 };
  guint n;

  clear_map (&map);
  set_cell (&map, 0, 9, 5.0f, 0.0f, 0.0f, 8.0f); /* at 76, 4 */
  set_cell (&map, 7, 0, 5.0f, 0.0f, 0.0f, 8.0f); /* at 4, 60 */
  set_cell (&map, 6, 8, 5.0f, 0.0f, 0.0f, 8.0f); /* at 68, 52 */
  face_map.values = map.values[0];
  face_candidates_begin (candidates, 70, 54);
  face_candidates_add_map (candidates, &face_map, 0.0f);
  found = face_candidates_suppress (candidates, &n);
  g_assert_cmpuint (n, ==, 1);
  check (found, 68.0f, 52.0f, 8.0f, 5.0f);
}

static void
test_suppression (void)
{
  static const struct {
    gfloat dx, dy, side; /* offset and side of the worse square */
    guint n;
    gboolean is_averaged;
  } cases[] = {
    { 0.0f, 0.0f, 24.0f, 1, TRUE },   /* the same */
    { 1.0f, 0.0f, 24.0f, 1, TRUE },   /* an overlap of 16 in 32 */
    { 1.5f, 0.0f, 24.0f, 2, FALSE },  /* an overlap of 12 in 36 */
    { 0.0f, 0.0f, 6.0f, 1, FALSE },   /* inside */
    { 0.0f, 0.0f, 16.0f, 1, TRUE },   /* inside, 256 of 576 */
    { 1.0f, 1.0f, 8.0f, 1, FALSE },   /* inside, in a corner */
    { 2.0f, 0.0f, 8.0f, 2, FALSE },   /* across the border */
    { 0.0f, 0.0f, 60.0f, 1, FALSE },  /* around */
    { -3.0f, 0.0f, 24.0f, 2, FALSE }, /* beside */
  };
  /* The weight of the worse square: its logit is 2, that of the better one
   * is 3. */
  const gfloat weight = expf (2.0f) / (expf (2.0f) + expf (3.0f));
  g_autoptr (FaceCandidates) candidates = face_candidates_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    for (guint k = 0; k < 2; k++) {
      const FaceCandidate *found;
      Map map = { 0 };
      guint n;

      clear_map (&map);
      /* The order of the cells makes no difference. */
      set_cell (&map, 4, k ? 5 : 4, 3.0f, k ? -1.0f : 0.0f, 0.0f, 24.0f);
      set_cell (&map, 4, k ? 4 : 5, 2.0f, cases[i].dx - (k ? 0.0f : 1.0f),
          cases[i].dy, cases[i].side);
      found = read_map (candidates, &map, &n);
      g_assert_cmpuint (n, ==, cases[i].n);
      g_assert_cmpuint (found[0].order, ==, k);
      if (cases[i].is_averaged)
        check (&found[0], 36.0f + weight * 8.0f * cases[i].dx,
            36.0f + weight * 8.0f * cases[i].dy,
            24.0f + weight * (cases[i].side - 24.0f), 3.0f);
      else
        check (&found[0], 36.0f, 36.0f, 24.0f, 3.0f);
    }
  }
}

/* The cells left and right of a face's centre both report it, and each errs to
 * its own side. */
static void
test_average (void)
{
  static const gfloat logits[] = { 2.0f, 1e4f, -200.0f };
  g_autoptr (FaceCandidates) candidates = face_candidates_new ();

  for (guint i = 0; i < G_N_ELEMENTS (logits); i++) {
    const FaceCandidate *found;
    Map map = { 0 };
    FaceMap face_map = { map.values[0], HEIGHT, WIDTH, STRIDE };
    guint n;

    for (guint k = 0; k < HEIGHT * WIDTH; k++)
      map.values[k][0] = -1e4f;
    set_cell (&map, 4, 4, logits[i], 0.4f, 0.1f, 20.0f);
    set_cell (&map, 4, 5, logits[i], -0.4f, -0.1f, 22.0f);
    face_candidates_begin (candidates, WIDTH * STRIDE, HEIGHT * STRIDE);
    face_candidates_add_map (candidates, &face_map, -1e3f);
    found = face_candidates_suppress (candidates, &n);
    g_assert_cmpuint (n, ==, 1);
    check (&found[0], 40.0f, 36.0f, 21.0f, logits[i]);
  }
}

/* Candidates are weighted by their confidence. */
static void
test_average_of_three (void)
{
  g_autoptr (FaceCandidates) candidates = face_candidates_new ();
  const FaceArea areas[] = { { 30.0f, 30.0f, 20.0f, 20.0f },
    { 32.0f, 29.0f, 22.0f, 22.0f }, { 28.0f, 34.0f, 24.0f, 24.0f } };
  static const gfloat logits[] = { 2.0f, 0.0f, -1.0f };
  FaceArea sum = { 0.0f, 0.0f, 0.0f, 0.0f };
  gfloat weights = 0.0f;
  const FaceCandidate *found;
  guint n;

  face_candidates_begin (candidates, 100, 100);
  for (guint i = 0; i < G_N_ELEMENTS (areas); i++) {
    const gfloat weight = expf (logits[i]);

    face_candidates_add (candidates, &areas[i], logits[i]);
    sum.x += weight * areas[i].x;
    sum.y += weight * areas[i].y;
    sum.width += weight * areas[i].width;
    weights += weight;
  }
  found = face_candidates_suppress (candidates, &n);
  g_assert_cmpuint (n, ==, 1);
  check (&found[0], sum.x / weights, sum.y / weights, sum.width / weights,
      2.0f);
}

/* A suppressed candidate suppresses no other. */
static void
test_chain (void)
{
  g_autoptr (FaceCandidates) candidates = face_candidates_new ();
  const FaceCandidate *found;
  Map map = { 0 };
  guint n;

  clear_map (&map);
  set_cell (&map, 4, 3, 3.0f, 0.0f, 0.0f, 24.0f);
  set_cell (&map, 4, 4, 2.0f, 0.0f, 0.0f, 24.0f);
  set_cell (&map, 4, 5, 1.0f, 0.0f, 0.0f, 24.0f);
  found = read_map (candidates, &map, &n);
  g_assert_cmpuint (n, ==, 2);
  check (&found[0], 28.0f + 8.0f * expf (2.0f) / (expf (2.0f) + expf (3.0f)),
      36.0f, 24.0f, 3.0f);
  check (&found[1], 44.0f, 36.0f, 24.0f, 1.0f);
}

/* The first of several equal candidates wins, so that results are
 * reproducible. */
static void
test_ties (void)
{
  g_autoptr (FaceCandidates) candidates = face_candidates_new ();
  const FaceCandidate *found;
  Map map = { 0 };
  guint n;

  clear_map (&map);
  for (gint column = 0; column < WIDTH; column++)
    set_cell (&map, 4, column, 1.0f, 0.0f, 0.0f, 8.0f);
  set_cell (&map, 4, 3, 1.0f, 0.5f, 0.0f, 8.0f); /* between two cells */
  found = read_map (candidates, &map, &n);
  g_assert_cmpuint (n, ==, WIDTH);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (found[i].order, ==, i);
}

static gint
compare_descending (gconstpointer a, gconstpointer b)
{
  const gfloat first = *(const gfloat *) a, second = *(const gfloat *) b;

  return first > second ? -1 : first < second;
}

/* If there are more than fit, the best are kept. */
static void
test_capacity (void)
{
  enum {
    SIDE = 100
  };
  g_autoptr (FaceCandidates) candidates = face_candidates_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autofree gfloat *values = g_new0 (gfloat, SIDE * SIDE * FACE_MAP_CHANNELS);
  g_autofree gfloat *logits = g_new (gfloat, SIDE * SIDE);
  const FaceMap map = { values, SIDE, SIDE, 10 };
  const FaceCandidate *found;
  guint n;

  for (guint i = 0; i < SIDE * SIDE; i++) {
    logits[i] = (gfloat) g_rand_int_range (rand, 0, 1000);
    values[i * FACE_MAP_CHANNELS] = logits[i];
    values[i * FACE_MAP_CHANNELS + 3] = logf (0.5f);
  }
  qsort (logits, SIDE * SIDE, sizeof *logits, compare_descending);
  face_candidates_begin (candidates, SIDE * 10, SIDE * 10);
  face_candidates_add_map (candidates, &map, 0.0f);
  found = face_candidates_suppress (candidates, &n);
  g_assert_cmpuint (n, ==, FACE_CANDIDATES_CAPACITY);
  for (guint i = 0; i < n; i++) {
    g_assert_cmpfloat (found[i].logit, ==, logits[i]);
    if (i > 0 && found[i].logit == found[i - 1].logit)
      g_assert_cmpuint (found[i].order, >, found[i - 1].order);
  }
}

static void
test_areas (void)
{
  const FaceArea area = { 10.0f, 10.0f, 10.0f, 10.0f };
  const FaceArea beside = { 15.0f, 10.0f, 10.0f, 10.0f };
  const FaceArea inside = { 12.0f, 12.0f, 4.0f, 2.0f };
  const FaceArea nothing = { 10.0f, 10.0f, 0.0f, 0.0f };
  const Rect rect = { -3, 4, 7, 8 };
  FaceArea from_rect = face_area_from_rect (&rect);
  Rect back = face_area_to_rect (&from_rect);

  g_assert_cmpfloat_with_epsilon (face_area_overlap (&area, &area), 1.0f, 1e-6);
  g_assert_cmpfloat_with_epsilon (face_area_overlap (&area, &beside),
      50.0f / 150.0f, 1e-6);
  g_assert_cmpfloat_with_epsilon (face_area_cover (&beside, &area), 0.5f, 1e-6);
  g_assert_cmpfloat_with_epsilon (face_area_cover (&inside, &area), 1.0f, 1e-6);
  g_assert_cmpfloat_with_epsilon (face_area_cover (&area, &inside), 1.0f, 1e-6);
  g_assert_cmpfloat (face_area_overlap (&nothing, &nothing), ==, 0.0f);
  g_assert_cmpfloat (face_area_cover (&nothing, &area), ==, 0.0f);
  g_assert_cmpint (back.x, ==, -3);
  g_assert_cmpint (back.y, ==, 4);
  g_assert_cmpint (back.width, ==, 7);
  g_assert_cmpint (back.height, ==, 8);
  back = face_area_to_rect (&nothing);
  g_assert_cmpint (back.width, ==, 1);
  g_assert_cmpint (back.height, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/face-area/arithmetic", test_areas);
  g_test_add_func ("/face-candidates/decode", test_decode);
  g_test_add_func ("/face-candidates/strides", test_strides);
  g_test_add_func ("/face-candidates/not-finite", test_not_finite);
  g_test_add_func ("/face-candidates/implausible", test_implausible);
  g_test_add_func ("/face-candidates/padding", test_padding);
  g_test_add_func ("/face-candidates/suppression", test_suppression);
  g_test_add_func ("/face-candidates/average", test_average);
  g_test_add_func ("/face-candidates/average-of-three", test_average_of_three);
  g_test_add_func ("/face-candidates/chain", test_chain);
  g_test_add_func ("/face-candidates/ties", test_ties);
  g_test_add_func ("/face-candidates/capacity", test_capacity);
  return g_test_run ();
}
