/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/image-composite.h"

#include <math.h>

#include "image/pixel-loops.h"

static guint16
fixed_weight (gdouble weight)
{
  return (guint16) CLAMP (lrint (weight * 65536.0), 0, 65535);
}

static void
set_weights (Weights *weights, const ImageFromRgb *from_rgb, gint depth)
{
  const gdouble color[] = { from_rgb->red, from_rgb->green, from_rgb->blue };
  gdouble alpha = from_rgb->offset / 255.0;

  for (gint c = RED; c <= BLUE; c++) {
    weights->weight[c] = fixed_weight (fabs (color[c]));
    weights->complement[c] = color[c] < 0.0 ? 0xffff : 0;
    alpha += MIN (color[c], 0.0);
  }
  weights->weight[ALPHA] = fixed_weight (alpha);
  weights->headroom = fixed_weight ((1.0 - 256.0 / (1 << depth)) / 255.0);
}

/* Whether the component at @index is a channel without any scaling. */
static gboolean
is_channel (const ImageFormatInfo *format, gint index,
    const ImageFromRgb *from_rgb)
{
  const gdouble scale[] = { from_rgb->red, from_rgb->green, from_rgb->blue };

  return format->model == IMAGE_COLOR_MODEL_RGB
      && (index == ALPHA || scale[index] == 1.0);
}

static void
prepare_weights (Compositing *compositing)
{
  const ImageColorimetry *colorimetry = &compositing->frame->colorimetry;
  const ImageFormatInfo *format = compositing->format;

  for (gint c = 0; c < format->n_components; c++) {
    ImageFromRgb from_rgb;

    image_colorimetry_get_from_rgb (colorimetry, format, c, &from_rgb);
    set_weights (&compositing->weights[c], &from_rgb, format->depth);
    compositing->weights[c].is_channel = is_channel (format, c, &from_rgb);
  }
}

static gboolean
clip_to_frame (Compositing *compositing)
{
  const ImageFrame *frame = compositing->frame;
  const ImageOverlay *overlay = compositing->overlay;
  gint64 right = (gint64) compositing->x + overlay->width;
  gint64 bottom = (gint64) compositing->y + overlay->height;

  compositing->left = MAX (compositing->x, 0);
  compositing->top = MAX (compositing->y, 0);
  compositing->right = MIN (right, frame->width);
  compositing->bottom = MIN (bottom, frame->height);
  return compositing->left < compositing->right
      && compositing->top < compositing->bottom;
}

void
image_composite (ImageFrame *frame, const ImageOverlay *overlay, gint x, gint y)
{
  Compositing compositing = { .frame = frame,
    .overlay = overlay,
    .x = x,
    .y = y };

  g_return_if_fail (frame != NULL && frame->format < IMAGE_N_FORMATS);
  g_return_if_fail (frame->width > 0 && frame->height > 0);
  g_return_if_fail (overlay != NULL);

  if (!clip_to_frame (&compositing))
    return;

  compositing.format = image_format_get_info (frame->format);
  prepare_weights (&compositing);
  pixel_loops_get ()->composite (&compositing);
}
