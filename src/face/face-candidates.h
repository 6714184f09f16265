/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "face/face-area.h"

G_BEGIN_DECLS

/**
 * FaceCandidate:
 * @area: a square, in pixels of the picture
 * @logit: of "this is a face"; finite
 * @order: tells equal ones apart: how many were added before
 */
typedef struct {
  FaceArea area;
  gfloat logit;
  guint order;
} FaceCandidate;

/**
 * FaceMap:
 * @values: (array): height x width x %FACE_MAP_CHANNELS: for each cell the
 *   logit of "a face is centred here", the way from the cell's centre to the
 *   face's in x and in y, in cells, and the logarithm of the face's side, in
 *   cells
 * @stride: pixels from one cell to the next
 *
 * What the network says at one stride. The centre of cell (row, column) is at
 * ((column + 0.5) @stride, (row + 0.5) @stride).
 */
typedef struct {
  const gfloat *values;
  gint height;
  gint width;
  gint stride;
} FaceMap;

#define FACE_MAP_CHANNELS 4

/**
 * face_candidate_get_confidence:
 *
 * Returns: the probability that the logit stands for, 0 to 1
 */
gfloat face_candidate_get_confidence (const FaceCandidate *candidate);

/**
 * FaceCandidates:
 *
 * Where a network suspects faces in a picture, and which of these places are
 * one and the same face. However many there are, it keeps only the best
 * %FACE_CANDIDATES_CAPACITY, and allocates nothing after it was made.
 */
typedef struct _FaceCandidates FaceCandidates;

#define FACE_CANDIDATES_CAPACITY 512

/**
 * face_candidates_new:
 *
 * Returns: (transfer full): free with face_candidates_free()
 */
FaceCandidates *face_candidates_new (void);

void face_candidates_free (FaceCandidates *candidates);

/**
 * face_candidates_begin:
 * @width: of the picture, in pixels
 * @height: likewise; no face is centred beyond, as in the padding of a
 *   network's input
 *
 * Forgets the last picture.
 */
void face_candidates_begin (FaceCandidates *candidates, gint width,
    gint height);

/**
 * face_candidates_add:
 * @area: a square
 *
 * Adds a place; unless something in it is not finite, or it is no place of a
 * face: centred beyond the picture, smaller than a pixel, or much larger than
 * the picture.
 */
void face_candidates_add (FaceCandidates *candidates, const FaceArea *area,
    gfloat logit);

/**
 * face_candidates_add_map:
 * @min_logit: cells with less are left out
 *
 * Adds what one map says.
 */
void face_candidates_add_map (FaceCandidates *candidates, const FaceMap *map,
    gfloat min_logit);

/**
 * face_candidates_suppress:
 * @n: (out): how many are left
 *
 * Non-maximum suppression: of candidates that overlap, and so must be of one
 * face, only the best is left. Its square becomes the mean of its own and of
 * those whose intersection over union with it is more than 0.4, each weighted
 * with its odds, exp (logit): where a face is centred near the border of two
 * cells, both speak of it, and err to opposite sides. (Weighted with its
 * probability, of which a sure one has hardly more than an unsure one, the mean
 * is worse than the best square alone.) Ends with the next
 * face_candidates_begin().
 *
 * Returns: (array length=n) (transfer none): best first
 */
const FaceCandidate *face_candidates_suppress (FaceCandidates *candidates,
    guint *n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaceCandidates, face_candidates_free)

G_END_DECLS
