/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "face/face-area.h"

G_BEGIN_DECLS

/**
 * FaceRefiner:
 *
 * Inspects a candidate more closely and in colour, and decides whether it is a
 * face and where exactly, like the R-Net of Zhang et al., "Joint Face Detection
 * and Alignment Using Multitask Cascaded Convolutional Networks" (2016). It
 * works on squares as displayed: where pixels are not square, neither are
 * candidates and areas in pixels of the frame.
 *
 * Its network has one input of height x width x 3 (or 1, for gray), filled as
 * preprocess.json describes (see #Classifier) from a crop of the frame around
 * the candidate, `crop_scale` times as large. It has one output of
 * %FACE_REFINER_N_VALUES values: the logit of "this is a face", the offset from
 * the crop's centre to the face's in x and in y, and the natural logarithm of
 * the face's side; lengths are in units of the crop's side / `crop_scale`.
 *
 * It serves one thread at a time, and allocates nothing while it runs.
 */
typedef struct _FaceRefiner FaceRefiner;

#define FACE_REFINER_N_VALUES 4

/**
 * face_refiner_new:
 * @model: a model.json, or the folder that holds it
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR that names the file:
 *   free with face_refiner_free()
 */
FaceRefiner *face_refiner_new (const gchar *model, GError **error);

void face_refiner_free (FaceRefiner *refiner);

/**
 * face_refiner_run:
 * @frame: a frame of any size and format
 * @place: the candidate: a square as displayed, in pixels of @frame; it may
 *   extend beyond the frame
 * @area: (out): the face's square, in the same pixels and proportions
 * @logit: (out): the logit of "this is a face"; finite
 *
 * Returns: FALSE, with @area and @logit not set, if the network's output is not
 *   plausible: not finite, centred outside the crop, or more than three times
 *   as large or as small as @place
 */
gboolean face_refiner_run (FaceRefiner *refiner, const ImageFrame *frame,
    const FaceArea *place, FaceArea *area, gfloat *logit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaceRefiner, face_refiner_free)

G_END_DECLS
