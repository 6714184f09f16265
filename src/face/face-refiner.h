/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "face/face-area.h"

G_BEGIN_DECLS

/**
 * FaceRefiner:
 *
 * Takes a second, closer look, in colour, at a place where a face is suspected,
 * as the R-Net of Zhang et al., "Joint Face Detection and Alignment Using
 * Multitask Cascaded Convolutional Networks" (2016) does: it says whether a
 * face is there, and where exactly. It looks at squares, that is, at what is
 * displayed as one: places and areas in the frame are as wide and high as its
 * pixels make them.
 *
 * Its network has one input of height x width x 3 (or 1, of gray), and is a
 * Classifier in what preprocess.json says of that: the input is filled from a
 * square crop of the frame around the place, `crop_scale` times as large. It
 * has one output of %FACE_REFINER_N_VALUES values: the logit of "this is a
 * face", the way from the crop's centre to the face's in x and in y, and the
 * natural logarithm of the face's side; lengths in units of the crop's side /
 * `crop_scale`.
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
 * @frame: of any size and format
 * @place: a square as displayed, in pixels of @frame, which it may reach beyond
 * @area: (out): the face's square, likewise; of the same shape as @place
 * @logit: (out): of "this is a face"; finite
 *
 * Returns: FALSE, with nothing in @area and @logit, if what the network says is
 *   no answer: not finite, or a square that is centred outside of the crop or
 *   that has little to do with it in size
 */
gboolean face_refiner_run (FaceRefiner *refiner, const ImageFrame *frame,
    const FaceArea *place, FaceArea *area, gfloat *logit);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaceRefiner, face_refiner_free)

G_END_DECLS
