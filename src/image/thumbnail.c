/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/thumbnail.h"

#include "image/pixel-loops.h"

ImageThumbnail *
image_thumbnail_new (gint width, gint height)
{
  ImageThumbnail *thumbnail;

  g_return_val_if_fail (width > 0 && height > 0, NULL);

  thumbnail = g_new0 (ImageThumbnail, 1);
  thumbnail->width = width;
  thumbnail->height = height;
  thumbnail->columns = g_new (ImageTap, width);
  thumbnail->rows = g_new (ImageTap, height);
  thumbnail->fraction = g_new (guint16, width);
  for (gint c = 0; c < N_LEVELS; c++) {
    thumbnail->lower[c] = g_new (gint, width);
    thumbnail->upper[c] = g_new (gint, width);
    thumbnail->level[c] = g_new (guint16, width);
  }
  return thumbnail;
}

void
image_thumbnail_free (ImageThumbnail *thumbnail)
{
  if (thumbnail == NULL)
    return;

  g_free (thumbnail->columns);
  g_free (thumbnail->rows);
  g_free (thumbnail->fraction);
  for (gint c = 0; c < N_LEVELS; c++) {
    g_free (thumbnail->lower[c]);
    g_free (thumbnail->upper[c]);
    g_free (thumbnail->level[c]);
  }
  for (gint p = 0; p < N_LEVELS; p++)
    g_free (thumbnail->spans[p].mixed);
  g_free (thumbnail);
}

/* The span extends from the first to the last byte of any component of the
 * plane. */
static void
prepare_span (ImageThumbnail *thumbnail, const ImageFormatInfo *format,
    gint plane)
{
  ThumbnailSpan *span = &thumbnail->spans[plane];
  const gint left = thumbnail->columns[0].lower;
  const gint right = thumbnail->columns[thumbnail->width - 1].upper;
  gint first = G_MAXINT, end = 0;

  for (gint c = 0; c < image_format_count_levels (format); c++) {
    const ImageComponent *component = &format->component[c];

    if (component->plane != plane)
      continue;
    first = MIN (first,
        component->offset + image_component_offset (component, left));
    end = MAX (end,
        component->offset + image_component_offset (component, right)
            + image_format_get_sample_size (format));
  }
  if (end == 0)
    return;
  span->first = first;
  span->n_bytes = end - first;
  if (span->n_bytes > span->n_allocated) {
    span->mixed = g_renew (guint8, span->mixed, span->n_bytes);
    span->n_allocated = span->n_bytes;
  }
}

static void
prepare_columns (ImageThumbnail *thumbnail, const ImageFormatInfo *format)
{
  const gint size = image_format_get_sample_size (format);

  for (gint i = 0; i < thumbnail->width; i++)
    thumbnail->fraction[i] =
        (guint16) (thumbnail->columns[i].fraction * THUMBNAIL_ONE + 0.5f);
  for (gint p = 0; p < N_LEVELS; p++)
    prepare_span (thumbnail, format, p);
  for (gint c = 0; c < image_format_count_levels (format); c++) {
    const ImageComponent *component = &format->component[c];
    const gint start = component->offset
        - thumbnail->spans[component->plane].first;

    for (gint i = 0; i < thumbnail->width; i++) {
      const ImageTap *tap = &thumbnail->columns[i];

      thumbnail->lower[c][i] =
          (start + image_component_offset (component, tap->lower)) / size;
      thumbnail->upper[c][i] =
          (start + image_component_offset (component, tap->upper)) / size;
    }
  }
}

void
image_thumbnail_draw (ImageThumbnail *thumbnail, const ImageFrame *frame,
    const Rect *crop, guint32 *words, gsize stride)
{
  const ImageFormatInfo *format;

  g_return_if_fail (thumbnail != NULL && frame != NULL && words != NULL);
  g_return_if_fail (frame->format < IMAGE_N_FORMATS);
  g_return_if_fail (frame->width > 0 && frame->height > 0);
  g_return_if_fail (crop != NULL && crop->width > 0 && crop->height > 0);

  format = image_format_get_info (frame->format);
  image_taps_compute (thumbnail->columns, thumbnail->width,
      IMAGE_RESIZE_HALF_PIXEL, crop->x, crop->width, frame->width);
  image_taps_compute (thumbnail->rows, thumbnail->height,
      IMAGE_RESIZE_HALF_PIXEL, crop->y, crop->height, frame->height);
  prepare_columns (thumbnail, format);
  pixel_loops_get ()->draw_thumbnail (thumbnail, frame, words, stride);
}
