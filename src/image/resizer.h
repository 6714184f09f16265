/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/image-channels.h"
#include "image/image-fit.h"
#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * ImageResizeConvention:
 * @IMAGE_RESIZE_LEGACY: src = i * in / out (tf.image.resizeBilinear)
 * @IMAGE_RESIZE_ALIGN_CORNERS: src = i * (in - 1) / (out - 1) (the Resizing
 *   layer of TensorFlow.js)
 * @IMAGE_RESIZE_HALF_PIXEL: src = (i + 0.5) * in / out - 0.5 (Keras)
 *
 * The position of output sample i of an axis on an input axis of `in` samples.
 */
typedef enum {
  IMAGE_RESIZE_LEGACY,
  IMAGE_RESIZE_ALIGN_CORNERS,
  IMAGE_RESIZE_HALF_PIXEL
} ImageResizeConvention;

/**
 * ImageTensorSpec:
 * @width: width of the tensor, in samples, at least 1
 * @height: height of the tensor, in samples, at least 1
 * @scale: tensor value = pixel value (0..255) * @scale + @offset
 * @fit: how a crop is fitted into a tensor of other proportions
 * @normalizes: whether each channel is multiplied by its @factor after that,
 *   and its @shift is added
 * @factor: factors in the order of the tensor's channels
 * @shift: likewise
 *
 * The input tensor that a network expects.
 */
typedef struct {
  gint width;
  gint height;
  ImageChannels channels;
  ImageResizeConvention convention;
  gfloat scale;
  gfloat offset;
  ImageFit fit;
  gboolean normalizes;
  gfloat factor[IMAGE_MAX_CHANNELS];
  gfloat shift[IMAGE_MAX_CHANNELS];
} ImageTensorSpec;

typedef struct _ImageResizer ImageResizer;

/**
 * image_resizer_new:
 * @spec: the tensor to fill; copied
 *
 * Creates a resizer. It owns the scratch memory for one tensor size, so that
 * nothing is allocated while it runs. Use it from one thread at a time.
 *
 * Returns: (transfer full): free with image_resizer_free()
 */
ImageResizer *image_resizer_new (const ImageTensorSpec *spec);

void image_resizer_free (ImageResizer *resizer);

/**
 * image_resizer_run:
 * @frame: the frame to read
 * @crop: the part to read, at least 1x1; outside the frame, the nearest pixels
 *   of its border are repeated
 * @tensor: (out caller-allocates): height x width x channels floats, NHWC
 *
 * Crops and resizes bilinearly in one pass, directly from the frame's pixel
 * format. Only pixels that an output sample needs are read. They are converted
 * to full-range R'G'B' (unrounded, clamped to 0..255) with the frame's
 * colorimetry and the chroma sample that covers the pixel, and then
 * interpolated, first in x and then in y.
 */
void image_resizer_run (ImageResizer *resizer, const ImageFrame *frame,
    const Rect *crop, gfloat *tensor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImageResizer, image_resizer_free)

G_END_DECLS
