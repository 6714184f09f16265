/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"
#include "face/face-area.h"
#include "image/image-canvas.h"

G_BEGIN_DECLS

/**
 * FACE_DETECTOR_MIN_SIDE:
 *
 * Side of the smallest faces that the network finds reliably, in pixels of its
 * input. The frame is scaled so that the smallest face wanted has this size.
 */
#define FACE_DETECTOR_MIN_SIDE 12

/**
 * FACE_DETECTOR_MAX_FACES:
 *
 * The most faces reported for a frame; the best ones are kept.
 */
#define FACE_DETECTOR_MAX_FACES 256

/**
 * FACE_DETECTOR_MIN_PROPOSAL:
 *
 * The probability that a candidate needs to be passed to the refining network,
 * if there is one.
 */
#define FACE_DETECTOR_MIN_PROPOSAL 0.15f

/**
 * FACE_DETECTOR_MAX_PROPOSALS:
 *
 * The most candidates of a frame that are refined, best first, unless more
 * faces are wanted. This bounds the cost of a frame.
 */
#define FACE_DETECTOR_MAX_PROPOSALS 32

/**
 * FaceDetector:
 *
 * Finds faces with a fully convolutional network. Its input is height x width x
 * 3, both multiples of its largest stride, holding R'G'B' scaled to 0 to 1.
 * Each output is a FaceMap. Strides are powers of two up to 128. A face's area
 * is the square that a Viola-Jones detector would draw around it: from the
 * middle of the forehead to the chin.
 *
 * A folder `refine` in the model's folder holds a second network, a
 * FaceRefiner. The first network then only proposes candidates, and the second
 * one inspects the best of them in the frame itself. The confidence is that of
 * the mean of both logits; the position comes from the second network alone.
 * In a video, doubtful candidates that do not lie on a face of the last frame
 * take turns: each is refined in every second search. Between two searches the
 * second network alone can follow the faces: see #FaceLook.
 *
 * It serves one thread at a time, and allocates nothing while it runs.
 */
typedef struct _FaceDetector FaceDetector;

/**
 * FaceDetection:
 * @area: the face's square, in pixels of the frame
 * @confidence: probability that this is a face, 0 to 1
 */
typedef struct {
  FaceArea area;
  gfloat confidence;
} FaceDetection;

/**
 * FaceLook:
 * @FACE_LOOK_ANEW: a search in a frame that is unrelated to that of the last
 *   run, or comes long after it, so that all candidates are refined now and
 *   none waits for its turn
 * @FACE_LOOK_SEARCH: a search in the next frame of a video
 * @FACE_LOOK_FOLLOW: only the places of the last faces are looked at, by the
 *   second network, for a fraction of the cost; the confidence is that of the
 *   mean of the last logit and the new one. New faces are not found. This
 *   needs face_detector_can_follow()
 *
 * How to look at a frame.
 */
typedef enum {
  FACE_LOOK_ANEW,
  FACE_LOOK_SEARCH,
  FACE_LOOK_FOLLOW,
} FaceLook;

/**
 * face_detector_new:
 * @model: a model.json, or the folder that holds it
 *
 * Loads the model, and the refining network if there is one.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR that names the file:
 *   free with face_detector_free()
 */
FaceDetector *face_detector_new (const gchar *model, GError **error);

void face_detector_free (FaceDetector *detector);

/**
 * face_detector_prepare:
 * @canvas: size of the frames, in their own pixels and as displayed
 * @min_size: side of the smallest face to find, in pixels of @canvas; 0 for a
 *   twelfth of its smaller side. Faces smaller than half of it are left out.
 *   Frames are never enlarged in either direction, so a face of less than
 *   %FACE_DETECTOR_MIN_SIDE pixels of the frame may be missed
 *
 * Prepares the network for frames of this size and pixel aspect ratio, which it
 * sees as they are displayed. Does nothing if nothing has changed.
 *
 * Returns: FALSE with a %MODEL_ERROR, after which face_detector_run() must not
 *   be called
 */
gboolean face_detector_prepare (FaceDetector *detector,
    const ImageCanvas *canvas, guint min_size, GError **error);

/**
 * face_detector_expect_faces:
 * @n: the most faces wanted in a frame
 *
 * Lets twice as many candidates be refined, if that is more than
 * %FACE_DETECTOR_MAX_PROPOSALS.
 */
void face_detector_expect_faces (FaceDetector *detector, guint n);

/**
 * face_detector_get_input_size:
 *
 * Returns: the size of the network's input for the frames prepared for
 */
CnnInputSize face_detector_get_input_size (const FaceDetector *detector);

/**
 * face_detector_can_follow:
 *
 * Returns: whether there is a second network, and were frames since it was
 *   prepared
 */
gboolean face_detector_can_follow (const FaceDetector *detector);

/**
 * face_detector_run:
 * @frame: a frame of the size prepared for, in any format
 * @min_confidence: faces with less confidence are left out, 0 to 1
 * @n: (out): the number of faces
 *
 * Returns: (array length=n) (transfer none): the faces, best first, valid until
 *   the next run. Areas are squares as displayed. They may extend beyond the
 *   frame, but are centred in it
 */
const FaceDetection *face_detector_run (FaceDetector *detector,
    const ImageFrame *frame, FaceLook look, gfloat min_confidence, guint *n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaceDetector, face_detector_free)

G_END_DECLS
