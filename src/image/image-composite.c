/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/image-composite.h"

#include <math.h>

#include "base/cpu.h"
#include "image/composition.h"

static guint16
fixed_weight (gdouble weight)
{
  return (guint16) CLAMP (lrint (weight * 65536.0), 0, 65535);
}

static void
set_weights (Weights *weights, const ImageFromRgb *from_rgb)
{
  const gdouble colour[] = { from_rgb->red, from_rgb->green, from_rgb->blue };
  gdouble alpha = from_rgb->offset / 255.0;

  for (gint c = RED; c <= BLUE; c++) {
    weights->weight[c] = fixed_weight (fabs (colour[c]));
    weights->complement[c] = colour[c] < 0.0 ? 0xffff : 0;
    alpha += MIN (colour[c], 0.0);
  }
  weights->weight[ALPHA] = fixed_weight (alpha);
}

static void
prepare_weights (Composition *composition)
{
  const ImageColorimetry *colorimetry = &composition->frame->colorimetry;
  ImageColorModel model = composition->format->model;

  for (gint c = 0; c < composition->format->n_components; c++) {
    ImageFromRgb from_rgb;

    image_colorimetry_get_from_rgb (colorimetry, model, c, &from_rgb);
    set_weights (&composition->weights[c], &from_rgb);
    composition->weights[c].is_channel = model == IMAGE_COLOR_MODEL_RGB
        && (c == ALPHA || colorimetry->full_range);
  }
}

static gboolean
clip_to_frame (Composition *composition)
{
  const ImageFrame *frame = composition->frame;
  const ImageOverlay *overlay = composition->overlay;
  gint64 right = (gint64) composition->x + overlay->width;
  gint64 bottom = (gint64) composition->y + overlay->height;

  composition->left = MAX (composition->x, 0);
  composition->top = MAX (composition->y, 0);
  composition->right = MIN (right, frame->width);
  composition->bottom = MIN (bottom, frame->height);
  return composition->left < composition->right
      && composition->top < composition->bottom;
}

void
image_composite (ImageFrame *frame, const ImageOverlay *overlay, gint x, gint y)
{
  Composition composition = { .frame = frame,
    .overlay = overlay,
    .x = x,
    .y = y };

  g_return_if_fail (frame != NULL && frame->format < IMAGE_N_FORMATS);
  g_return_if_fail (frame->width > 0 && frame->height > 0);
  g_return_if_fail (overlay != NULL);

  if (!clip_to_frame (&composition))
    return;

  composition.format = image_format_get_info (frame->format);
  prepare_weights (&composition);
#ifdef CPU_X86
  if (cpu_get_level () >= CPU_AVX2) {
    composition_run_avx2 (&composition);
    return;
  }
#endif
  composition_run_baseline (&composition);
}
