/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/resizer.h"

#include "image/pixel-loops.h"

ImageResizer *
image_resizer_new (const ImageTensorSpec *spec)
{
  ImageResizer *resizer;
  gsize width, row_length;

  g_return_val_if_fail (spec != NULL, NULL);
  g_return_val_if_fail (spec->width > 0 && spec->height > 0, NULL);

  resizer = g_new0 (ImageResizer, 1);
  resizer->spec = *spec;
  resizer->n_channels = image_channels_count (spec->channels);

  width = spec->width;
  row_length = width * resizer->n_channels;
  resizer->columns = g_new (ImageTap, width);
  resizer->rows = g_new (ImageTap, spec->height);
  resizer->column_fraction = g_new (gfloat, width);
  for (gint c = 0; c < N_LEVELS; c++) {
    resizer->pixel_offset[c] = g_new (gint, 2 * width);
    resizer->level[c] = g_new (gfloat, 2 * width);
  }
  resizer->lower_row.values = g_new (gfloat, row_length);
  resizer->upper_row.values = g_new (gfloat, row_length);

  return resizer;
}

void
image_resizer_free (ImageResizer *resizer)
{
  if (resizer == NULL)
    return;

  g_free (resizer->columns);
  g_free (resizer->rows);
  g_free (resizer->column_fraction);
  for (gint c = 0; c < N_LEVELS; c++) {
    g_free (resizer->pixel_offset[c]);
    g_free (resizer->level[c]);
  }
  g_free (resizer->lower_row.values);
  g_free (resizer->upper_row.values);
  g_free (resizer);
}

static void
compute_pixel_offsets (ImageResizer *resizer, const ImageFormatInfo *format)
{
  gint width = resizer->target.width;

  for (gint c = 0; c < image_format_count_levels (format); c++) {
    const ImageComponent *component = &format->component[c];
    gint *lower = resizer->pixel_offset[c], *upper = lower + width;

    for (gint i = 0; i < width; i++) {
      lower[i] = image_component_offset (component, resizer->columns[i].lower);
      upper[i] = image_component_offset (component, resizer->columns[i].upper);
    }
  }
}

static void
prepare_axes (ImageResizer *resizer, const ImageSource *source,
    const Rect *crop)
{
  const ImageTensorSpec *spec = &resizer->spec;
  const Rect *target = &resizer->target;
  Rect part;

  image_fit_place (spec->fit, crop, source->frame->pixel_aspect, spec->width,
      spec->height, &part, &resizer->target);
  image_taps_compute (resizer->columns, target->width, spec->convention, part.x,
      part.width, source->frame->width);
  image_taps_compute (resizer->rows, target->height, spec->convention, part.y,
      part.height, source->frame->height);

  for (gint i = 0; i < target->width; i++)
    resizer->column_fraction[i] = resizer->columns[i].fraction;
  compute_pixel_offsets (resizer, source->format);

  resizer->lower_row.y = -1;
  resizer->upper_row.y = -1;
}

void
image_resizer_run (ImageResizer *resizer, const ImageFrame *frame,
    const Rect *crop, gfloat *tensor)
{
  ImageSource source;

  g_return_if_fail (resizer != NULL && frame != NULL && tensor != NULL);
  g_return_if_fail (frame->format < IMAGE_N_FORMATS);
  g_return_if_fail (frame->width > 0 && frame->height > 0);
  g_return_if_fail (crop != NULL && crop->width > 0 && crop->height > 0);

  source = image_source_of (frame);
  prepare_axes (resizer, &source, crop);
  pixel_loops_get ()->resize (resizer, &source, tensor);
}
