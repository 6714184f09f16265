/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "image/resizer.h"

G_BEGIN_DECLS

/**
 * ClassifierColors:
 * @channels: what the channels of a tensor are
 * @scale: pixel value (0..255) = tensor value * @scale + @offset, for each
 *   channel of the tensor
 * @offset: see @scale
 *
 * How values of a tensor are shown as colours.
 */
typedef struct {
  ImageChannels channels;
  gfloat scale[IMAGE_MAX_CHANNELS];
  gfloat offset[IMAGE_MAX_CHANNELS];
} ClassifierColors;

/**
 * classifier_colors_init:
 * @spec: how pictures become the tensor
 *
 * Makes colours of a tensor those of the picture that it was made from.
 */
void classifier_colors_init (ClassifierColors *colors,
    const ImageTensorSpec *spec);

/**
 * classifier_colors_init_signed:
 * @colors: (inout): has @channels
 * @values: (array): @n_cells x channels floats
 *
 * Makes zero mid-gray, and the value that is farthest from zero black or white
 * in its channel. The alpha of RGBA does not count.
 */
void classifier_colors_init_signed (ClassifierColors *colors,
    const gfloat *values, gsize n_cells);

/**
 * classifier_colors_get_rgb:
 * @values: one for each channel; values that are not finite are shown as black
 *
 * Returns: 0xRRGGBB
 */
guint32 classifier_colors_get_rgb (const ClassifierColors *colors,
    const gfloat *values);

G_END_DECLS
