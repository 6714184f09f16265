/* gst-activationmap: live activation maps of CNNs in video
 *
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
 * input: the frame is scaled so that the smallest face wanted has this size.
 */
#define FACE_DETECTOR_MIN_SIDE 12

/**
 * FACE_DETECTOR_MAX_FACES:
 *
 * Most faces that are found in a frame: the best ones.
 */
#define FACE_DETECTOR_MAX_FACES 256

/**
 * FACE_DETECTOR_MIN_PROPOSAL:
 *
 * Of what probability a place must be for a second look, where there is a
 * network that refines.
 */
#define FACE_DETECTOR_MIN_PROPOSAL 0.05f

/**
 * FACE_DETECTOR_MAX_PROPOSALS:
 *
 * Most places of a frame that get a second look, the best ones: this bounds
 * what a frame costs.
 */
#define FACE_DETECTOR_MAX_PROPOSALS 32

/**
 * FaceDetector:
 *
 * Finds faces with a fully convolutional network. Its input is height x width x
 * 1, any multiples of its largest stride, full-range luma of 0 to 1; each
 * output is a map as FaceMap describes. Strides are powers of two up to 128. A
 * face's area is the square that a Viola-Jones detector would draw around it:
 * from the middle of the forehead to the chin.
 *
 * If there is a folder `refine` in that of the model, it holds a second
 * network, a FaceRefiner. The first one then only proposes: the best places are
 * looked at again, in the frame itself. How certain it is that they are faces
 * is the mean of both logits; where these are, the second network says alone.
 * In a video the places that are doubtful, and that were no face in the last
 * frame, take turns, each in every eighth frame.
 *
 * It serves one thread at a time, and allocates nothing while it runs.
 */
typedef struct _FaceDetector FaceDetector;

/**
 * FaceDetection:
 * @confidence: 0 to 1
 */
typedef struct {
  FaceArea area;
  gfloat confidence;
} FaceDetection;

/**
 * face_detector_new:
 * @model: a model.json, or the folder that holds it
 *
 * Loads the model, and the one that refines if it is there.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR that names the file:
 *   free with face_detector_free()
 */
FaceDetector *face_detector_new (const gchar *model, GError **error);

void face_detector_free (FaceDetector *detector);

/**
 * face_detector_prepare:
 * @canvas: that of the frames
 * @min_size: side of the smallest face to find, in pixels of @canvas; 0 for a
 *   twelfth of its smaller side. What is smaller than half of it is left out.
 *   Frames are never enlarged, in neither direction: a face of less than
 *   %FACE_DETECTOR_MIN_SIDE pixels of the frame may be missed
 *
 * Makes the network ready for frames of a size and shape of pixels. It sees
 * them as they are displayed. Costs nothing when it is ready already.
 *
 * Returns: FALSE with a %MODEL_ERROR, after which face_detector_run() must not
 *   be called
 */
gboolean face_detector_prepare (FaceDetector *detector,
    const ImageCanvas *canvas, guint min_size, GError **error);

/**
 * face_detector_get_input_size:
 *
 * Returns: of the network's input, for the frames that it was made ready for
 */
CnnInputSize face_detector_get_input_size (const FaceDetector *detector);

/**
 * face_detector_run:
 * @frame: of the size and shape of pixels that was prepared, and of any format
 * @anew: whether it has nothing to do with the frame of the last run, so that
 *   no place can wait for its turn
 * @min_confidence: 0 to 1; faces with less are left out
 * @n: (out): how many faces there are
 *
 * Returns: (array length=n) (transfer none): the faces, best first, valid until
 *   the next run. Areas are squares as displayed. They may reach beyond the
 *   frame, but are centred in it
 */
const FaceDetection *face_detector_run (FaceDetector *detector,
    const ImageFrame *frame, gboolean anew, gfloat min_confidence, guint *n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaceDetector, face_detector_free)

G_END_DECLS
