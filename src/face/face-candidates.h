/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "face/face-area.h"

G_BEGIN_DECLS

/**
 * FaceCandidate:
 * @area: a square, in pixels of the picture
 * @logit: logit of "this is a face"; finite
 * @order: how many candidates were added before this one; breaks ties
 */
typedef struct {
  FaceArea area;
  gfloat logit;
  guint order;
} FaceCandidate;

/**
 * FaceMap:
 * @values: (array): height x width x %FACE_MAP_CHANNELS: for each cell the
 *   logit of "a face is centred here", the offset from the cell's centre to the
 *   face's in x and in y, in cells, and the natural logarithm of the face's
 *   side, in cells
 * @stride: pixels from one cell to the next
 *
 * The network's output at one stride. The centre of cell (row, column) is at
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
 * Returns: the probability of the candidate's logit, 0 to 1
 */
gfloat face_candidate_get_confidence (const FaceCandidate *candidate);

/**
 * FaceCandidates:
 *
 * Collects the places where a network suspects faces in a picture, and merges
 * those that are the same face. It keeps only the best
 * %FACE_CANDIDATES_CAPACITY, and allocates nothing after its creation.
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
 * @width: width of the picture, in pixels
 * @height: height of the picture, in pixels
 *
 * Starts a new picture and forgets the last one. Faces centred outside
 * @width x @height, such as in the padding of a network's input, are rejected.
 */
void face_candidates_begin (FaceCandidates *candidates, gint width,
    gint height);

/**
 * face_candidates_add:
 * @area: a square
 *
 * Adds a candidate. It is ignored if any of its values is not finite, if it is
 * centred outside the picture, or if it is smaller than a pixel or much larger
 * than the picture.
 */
void face_candidates_add (FaceCandidates *candidates, const FaceArea *area,
    gfloat logit);

/**
 * face_candidates_add_map:
 * @min_logit: cells below this are left out
 *
 * Adds the candidates of one map.
 */
void face_candidates_add_map (FaceCandidates *candidates, const FaceMap *map,
    gfloat min_logit);

/**
 * face_candidates_suppress:
 * @n: (out): how many are left
 *
 * Non-maximum suppression: of candidates that overlap, and so must be the same
 * face, only the best is left. Its square becomes the mean of its own and of
 * those whose intersection over union with it is more than 0.4, each weighted
 * by its odds, exp (logit): where a face is centred near the border of two
 * cells, both report it, and err to opposite sides. (Weighting by probability,
 * which is hardly higher for a sure candidate than for an unsure one, gives a
 * mean that is worse than the best square alone.)
 *
 * Returns: (array length=n) (transfer none): the faces, best first; valid until
 *   the next face_candidates_begin()
 */
const FaceCandidate *face_candidates_suppress (FaceCandidates *candidates,
    guint *n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaceCandidates, face_candidates_free)

G_END_DECLS
