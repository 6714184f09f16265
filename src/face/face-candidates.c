/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "face/face-candidates.h"

#include <math.h>
#include <stdlib.h>

/* Two squares whose intersection over union is greater are the same face. Two
 * faces cheek to cheek reach a third at most. */
#define MAX_OVERLAP 0.4f
/* Nor does one face lie inside another: where so much of one square lies in the
 * other, the worse of the two is an eye or a whole head. The face of somebody
 * standing behind would be hidden by then. */
#define MAX_COVER 0.7f
/* Largest side of a face, relative to the picture's longer side. A face that
 * extends beyond the picture, with at least half of it visible, is not larger
 * than this. */
#define MAX_SIDE 4.0f

/**
 * AreaSum:
 *
 * A weighted sum of squares.
 */
typedef struct {
  gfloat x;
  gfloat y;
  gfloat side;
  gfloat weight;
} AreaSum;

/**
 * FaceCandidates:
 * @items: a binary heap, worst candidate first, until it is sorted
 * @sums: for each candidate kept, the sum of those that are the same face
 * @n_added: how many candidates were added, including those left out
 */
struct _FaceCandidates {
  FaceCandidate items[FACE_CANDIDATES_CAPACITY];
  AreaSum sums[FACE_CANDIDATES_CAPACITY];
  guint n_items;
  guint n_added;
  gfloat width;
  gfloat height;
};

gfloat
face_candidate_get_confidence (const FaceCandidate *candidate)
{
  return 1.0f / (1.0f + expf (-candidate->logit));
}

FaceCandidates *
face_candidates_new (void)
{
  return g_new0 (FaceCandidates, 1);
}

void
face_candidates_free (FaceCandidates *candidates)
{
  g_free (candidates);
}

void
face_candidates_begin (FaceCandidates *candidates, gint width, gint height)
{
  candidates->n_items = 0;
  candidates->n_added = 0;
  candidates->width = (gfloat) width;
  candidates->height = (gfloat) height;
}

static gboolean
is_worse (const FaceCandidate *a, const FaceCandidate *b)
{
  return a->logit < b->logit || (a->logit == b->logit && a->order > b->order);
}

static void
swap (FaceCandidate *a, FaceCandidate *b)
{
  const FaceCandidate kept = *a;

  *a = *b;
  *b = kept;
}

static void
sift_up (FaceCandidate *items, guint i)
{
  while (i > 0 && is_worse (&items[i], &items[(i - 1) / 2])) {
    swap (&items[i], &items[(i - 1) / 2]);
    i = (i - 1) / 2;
  }
}

static void
sift_down (FaceCandidate *items, guint n)
{
  guint i = 0;

  while (2 * i + 1 < n) {
    guint child = 2 * i + 1;

    if (child + 1 < n && is_worse (&items[child + 1], &items[child]))
      child++;
    if (!is_worse (&items[child], &items[i]))
      return;
    swap (&items[i], &items[child]);
    i = child;
  }
}

static void
keep_candidate (FaceCandidates *candidates, const FaceCandidate *candidate)
{
  FaceCandidate *items = candidates->items;

  if (candidates->n_items < FACE_CANDIDATES_CAPACITY) {
    items[candidates->n_items++] = *candidate;
    sift_up (items, candidates->n_items - 1);
  } else if (is_worse (&items[0], candidate)) {
    items[0] = *candidate;
    sift_down (items, candidates->n_items);
  }
}

/* Written so that NaN fails. */
static gboolean
is_plausible (const FaceCandidates *candidates, const FaceCandidate *candidate)
{
  const FaceArea *area = &candidate->area;

  return isfinite (candidate->logit) && area->x >= 0.0f
      && area->x <= candidates->width && area->y >= 0.0f
      && area->y <= candidates->height && area->width >= 1.0f
      && area->width <= MAX_SIDE * MAX (candidates->width, candidates->height);
}

void
face_candidates_add (FaceCandidates *candidates, const FaceArea *area,
    gfloat logit)
{
  const FaceCandidate candidate = { *area, logit, candidates->n_added++ };

  if (is_plausible (candidates, &candidate))
    keep_candidate (candidates, &candidate);
}

void
face_candidates_add_map (FaceCandidates *candidates, const FaceMap *map,
    gfloat min_logit)
{
  const gfloat stride = (gfloat) map->stride;
  const gfloat *cell = map->values;

  for (gint row = 0; row < map->height; row++) {
    for (gint column = 0; column < map->width;
         column++, cell += FACE_MAP_CHANNELS) {
      FaceArea area;

      if (!(cell[0] >= min_logit))
        continue;
      area.x = ((gfloat) column + 0.5f + cell[1]) * stride;
      area.y = ((gfloat) row + 0.5f + cell[2]) * stride;
      area.width = area.height = expf (cell[3]) * stride;
      face_candidates_add (candidates, &area, cell[0]);
    }
  }
}

static gint
compare_candidates (gconstpointer a, gconstpointer b)
{
  return is_worse (a, b) ? 1 : -1;
}

static gboolean
is_same_square (const FaceCandidate *candidate, const FaceCandidate *better)
{
  return face_area_overlap (&candidate->area, &better->area) > MAX_OVERLAP;
}

static gboolean
is_same_face (const FaceCandidate *candidate, const FaceCandidate *better)
{
  return is_same_square (candidate, better)
      || face_area_cover (&candidate->area, &better->area) > MAX_COVER;
}

/* @odds: the candidate's odds relative to those of the best one, 0 to 1 */
static void
add_to_sum (AreaSum *sum, const FaceCandidate *candidate, gfloat odds)
{
  sum->x += odds * candidate->area.x;
  sum->y += odds * candidate->area.y;
  sum->side += odds * candidate->area.width;
  sum->weight += odds;
}

static void
take_mean (FaceCandidate *candidate, const AreaSum *sum)
{
  FaceArea *area = &candidate->area;

  area->x = sum->x / sum->weight;
  area->y = sum->y / sum->weight;
  area->width = area->height = sum->side / sum->weight;
}

/* Moves the best candidate of each face to the front, and sums up all those of
 * the same face. */
static guint
keep_best (FaceCandidates *candidates)
{
  FaceCandidate *items = candidates->items;
  guint n_kept = 0;

  for (guint i = 0; i < candidates->n_items; i++) {
    guint k = 0;

    while (k < n_kept && !is_same_face (&items[i], &items[k]))
      k++;
    if (k == n_kept) {
      items[n_kept] = items[i];
      candidates->sums[n_kept++] = (AreaSum) { 0 };
    }
    if (is_same_square (&items[i], &items[k]))
      add_to_sum (&candidates->sums[k], &items[i],
          expf (items[i].logit - items[k].logit));
  }
  return n_kept;
}

const FaceCandidate *
face_candidates_suppress (FaceCandidates *candidates, guint *n)
{
  FaceCandidate *items = candidates->items;

  /* No two compare equal, so the order does not depend on qsort(). */
  qsort (items, candidates->n_items, sizeof *items, compare_candidates);
  *n = candidates->n_items = keep_best (candidates);
  for (guint k = 0; k < *n; k++)
    take_mean (&items[k], &candidates->sums[k]);
  return items;
}
