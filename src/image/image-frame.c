/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/image-frame.h"

#include <string.h>

#include "image/image-format.h"

static gint
count_samples (gint pixels, guint shift)
{
  return (pixels + (1 << shift) - 1) >> shift;
}

/* The bytes in a row of the plane, up to the last sample of any component. */
static gsize
get_row_size (const ImageFrame *frame, gint plane)
{
  const ImageFormatInfo *info = image_format_get_info (frame->format);
  gsize size = 0;

  for (gint c = 0; c < info->n_components; c++) {
    const ImageComponent *component = &info->component[c];
    gsize samples;

    if (component->plane != plane)
      continue;
    samples = (gsize) count_samples (frame->width, component->shift_x);
    size = MAX (size, samples * component->pixel_stride);
  }
  return size;
}

static gint
count_rows (const ImageFrame *frame, gint plane)
{
  const ImageFormatInfo *info = image_format_get_info (frame->format);
  gint c = 0;

  while (info->component[c].plane != plane)
    c++;
  return count_samples (frame->height, info->component[c].shift_y);
}

static void
repeat_last_column (ImageFrame *frame, const ImageComponent *component,
    gint column)
{
  gint from = image_component_offset (component, column);
  gint to = image_component_offset (component, column + 1);
  gsize size = (gsize) image_format_get_sample_size (
      image_format_get_info (frame->format));

  for (gint y = 0; y < frame->height; y++) {
    guint8 *row = image_component_row (frame, component, y);

    memcpy (row + to, row + from, size);
  }
}

void
image_frame_copy (const ImageFrame *from, ImageFrame *to)
{
  const ImageFormatInfo *info;
  gint n_planes = 0;

  g_return_if_fail (from != NULL && to != NULL);
  g_return_if_fail (from->format < IMAGE_N_FORMATS);
  g_return_if_fail (from->format == to->format);
  g_return_if_fail (from->width <= to->width && from->height <= to->height);

  info = image_format_get_info (from->format);
  for (gint c = 0; c < info->n_components; c++)
    n_planes = MAX (n_planes, info->component[c].plane + 1);
  for (gint plane = 0; plane < n_planes; plane++) {
    gsize size = get_row_size (from, plane);

    for (gint y = 0; y < count_rows (from, plane); y++)
      memcpy (to->plane[plane] + (gssize) y * to->stride[plane],
          from->plane[plane] + (gssize) y * from->stride[plane], size);
  }
  if (from->width % 2 == 0 || from->width == to->width)
    return;
  for (gint c = 0; c < info->n_components; c++) {
    if (info->component[c].shift_x == 0)
      repeat_last_column (to, &info->component[c], from->width - 1);
  }
}
