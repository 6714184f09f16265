/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/image-fit.h"

#include <math.h>

/* Returns a rectangle in the middle of @rect, at most as large. */
static Rect
get_middle (const Rect *rect, gdouble width, gdouble height)
{
  const gint w = (gint) CLAMP (floor (width + 0.5), 1.0, rect->width);
  const gint h = (gint) CLAMP (floor (height + 0.5), 1.0, rect->height);

  return (Rect) { rect->x + (rect->width - w) / 2,
    rect->y + (rect->height - h) / 2, w, h };
}

void
image_fit_place (ImageFit fit, const Rect *crop, gdouble pixel_aspect,
    gint width, gint height, Rect *source, Rect *target)
{
  const Rect tensor = { 0, 0, width, height };
  const gdouble aspect = pixel_aspect > 0.0 ? pixel_aspect : 1.0;
  /* The proportions are those of these two; as products they are exact. */
  const gdouble of_crop = (gdouble) crop->width * aspect * height;
  const gdouble of_tensor = (gdouble) crop->height * width;
  const gboolean is_wide = of_crop > of_tensor;

  *source = *crop;
  *target = tensor;
  if (fit == IMAGE_FIT_COVER && is_wide)
    *source = get_middle (crop, crop->width * of_tensor / of_crop,
        crop->height);
  else if (fit == IMAGE_FIT_COVER)
    *source = get_middle (crop, crop->width,
        crop->height * of_crop / of_tensor);
  else if (fit == IMAGE_FIT_CONTAIN && is_wide)
    *target = get_middle (&tensor, width, height * of_tensor / of_crop);
  else if (fit == IMAGE_FIT_CONTAIN)
    *target = get_middle (&tensor, width * of_crop / of_tensor, height);
}
