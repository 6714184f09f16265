/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/colors.h"

#include <math.h>

#define MIDDLE 128.0f
#define MOST 127.0f /* the farthest from the middle to either side */

#define N_COLORS 3

/* The channel of the tensor that has red, green and blue. */
static const guint8 color_channels[][N_COLORS] = {
  [IMAGE_CHANNELS_RGB] = { 0, 1, 2 },
  [IMAGE_CHANNELS_BGR] = { 2, 1, 0 },
  [IMAGE_CHANNELS_GRAY] = { 0, 0, 0 },
  [IMAGE_CHANNELS_RGBA] = { 0, 1, 2 },
};

/* Inverts value = pixel * factor + shift. */
static void
invert (ClassifierColors *colors, guint channel, gfloat factor, gfloat shift)
{
  const gboolean has_inverse = isnormal (factor) && isnormal (1.0f / factor);

  colors->scale[channel] = has_inverse ? 1.0f / factor : 0.0f;
  colors->offset[channel] = has_inverse ? -shift / factor : MIDDLE;
}

void
classifier_colors_init (ClassifierColors *colors, const ImageTensorSpec *spec)
{
  colors->channels = spec->channels;
  for (guint i = 0; i < IMAGE_MAX_CHANNELS; i++) {
    const gfloat factor = spec->normalizes ? spec->factor[i] : 1.0f;
    const gfloat shift = spec->normalizes ? spec->shift[i] : 0.0f;

    invert (colors, i, spec->scale * factor, spec->offset * factor + shift);
  }
}

void
classifier_colors_init_signed (ClassifierColors *colors, const gfloat *values,
    gsize n_cells)
{
  const gsize n_channels = (gsize) image_channels_count (colors->channels);
  gfloat most = 0.0f;

  for (gsize i = 0; i < n_cells * n_channels; i++) {
    if (i % n_channels < N_COLORS && isfinite (values[i]))
      most = MAX (most, fabsf (values[i]));
  }
  for (guint i = 0; i < IMAGE_MAX_CHANNELS; i++) {
    colors->scale[i] = isnormal (most) ? MOST / most : 0.0f;
    colors->offset[i] = MIDDLE;
  }
}

guint32
classifier_colors_get_rgb (const ClassifierColors *colors, const gfloat *values)
{
  guint32 rgb = 0;

  for (guint i = 0; i < N_COLORS; i++) {
    const guint8 channel = color_channels[colors->channels][i];
    const gfloat level = values[channel] * colors->scale[channel]
        + colors->offset[channel];

    /* not a number is not above zero */
    rgb = rgb << 8
        | (level > 0.0f ? (guint32) (MIN (level, 255.0f) + 0.5f) : 0);
  }
  return rgb;
}
