/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* From the samples of a frame to levels of R'G'B'. */

#include <string.h>

#include "image/pixel-loops.h"

static inline gfloat
clamp_level (gfloat level)
{
  level = level > 0.0f ? level : 0.0f;
  return level < 255.0f ? level : 255.0f;
}

static void
rgb_from_ycbcr (gfloat *restrict y_to_red, gfloat *restrict cb_to_green,
    gfloat *restrict cr_to_blue, gint n, const ImageToRgb *to_rgb)
{
  const ImageToRgb k = *to_rgb;

  for (gint i = 0; i < n; i++) {
    gfloat luma = (y_to_red[i] - k.black) * k.gain;
    gfloat cb = cb_to_green[i] - 128.0f, cr = cr_to_blue[i] - 128.0f;

    y_to_red[i] = clamp_level (luma + k.red_cr * cr);
    cb_to_green[i] = clamp_level (luma + k.green_cb * cb + k.green_cr * cr);
    cr_to_blue[i] = clamp_level (luma + k.blue_cb * cb);
  }
}

static void
expand_range (gfloat *levels, gint n, const ImageToRgb *to_rgb)
{
  const gfloat black = to_rgb->black, gain = to_rgb->gain;

  for (gint i = 0; i < n; i++)
    levels[i] = clamp_level ((levels[i] - black) * gain);
}

/* Converts samples of the frame to full-range R'G'B' in place. */
static void
convert_to_rgb (gfloat *const level[N_LEVELS], gint n,
    const ImageSource *source)
{
  gboolean full_range = source->frame->colorimetry.full_range;

  switch (source->format->model) {
    case IMAGE_COLOR_MODEL_YCBCR:
      rgb_from_ycbcr (level[0], level[1], level[2], n, &source->to_rgb);
      break;
    case IMAGE_COLOR_MODEL_GRAY:
      if (!full_range)
        expand_range (level[0], n, &source->to_rgb);
      memcpy (level[1], level[0], n * sizeof (gfloat));
      memcpy (level[2], level[0], n * sizeof (gfloat));
      break;
    case IMAGE_COLOR_MODEL_RGB:
      for (gint c = 0; c < N_LEVELS && !full_range; c++)
        expand_range (level[c], n, &source->to_rgb);
      break;
  }
}
