/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The loops of image_resizer_run(). */

#include <string.h>

#include "image/pixel-loops.h"

#define GATHER 64

/* Gathers first and converts afterwards, because conversions of one sample at a
 * time would wait for each other. */
static void
gather_bytes (gfloat *restrict samples, const guint8 *restrict row,
    const gint *restrict offset, gint n)
{
  guint8 gathered[GATHER];

  for (gint first = 0; first < n; first += GATHER) {
    const gint count = MIN (n - first, GATHER);

#pragma GCC unroll 8
    for (gint i = 0; i < count; i++)
      gathered[i] = row[offset[first + i]];
    for (gint i = 0; i < count; i++)
      samples[first + i] = gathered[i];
  }
}

/* The same for words. */
static void
gather_words (gfloat *restrict samples, const guint8 *restrict row,
    const gint *restrict offset, gint n, gint padding)
{
  guint16 gathered[GATHER];

  for (gint first = 0; first < n; first += GATHER) {
    const gint count = MIN (n - first, GATHER);

    for (gint i = 0; i < count; i++)
      gathered[i] = *(const ImageWord *) (row + offset[first + i]);
    for (gint i = 0; i < count; i++)
      samples[first + i] = get_word_level (gathered[i], padding) / 256.0f;
  }
}

static void
gather_samples (const ImageFormatInfo *format, gfloat *samples,
    const guint8 *row, const gint *offset, gint n)
{
  if (format->depth == 8)
    gather_bytes (samples, row, offset, n);
  else
    gather_words (samples, row, offset, n, format->padding);
}

static void
gray_from_rgb (gfloat *restrict red_to_gray, const gfloat *restrict green,
    const gfloat *restrict blue, gint n)
{
  for (gint i = 0; i < n; i++)
    red_to_gray[i] = 0.299f * red_to_gray[i] + 0.587f * green[i]
        + 0.114f * blue[i];
}

static inline gfloat
interpolate (gfloat lower, gfloat upper, gfloat fraction)
{
  return lower + (upper - lower) * fraction;
}

static void
interpolate_columns_gray (gfloat *restrict out, const gfloat *restrict gray,
    const gfloat *restrict fraction, gint width)
{
  for (gint i = 0; i < width; i++)
    out[i] = interpolate (gray[i], gray[width + i], fraction[i]);
}

static void
interpolate_columns_color (gfloat *restrict out, const gfloat *restrict first,
    const gfloat *restrict second, const gfloat *restrict third,
    const gfloat *restrict fraction, gint width)
{
  for (gint i = 0; i < width; i++) {
    gint j = width + i;

    out[3 * i] = interpolate (first[i], first[j], fraction[i]);
    out[3 * i + 1] = interpolate (second[i], second[j], fraction[i]);
    out[3 * i + 2] = interpolate (third[i], third[j], fraction[i]);
  }
}

static void
interpolate_columns_opaque (gfloat *restrict out, const gfloat *restrict red,
    const gfloat *restrict green, const gfloat *restrict blue,
    const gfloat *restrict fraction, gint width)
{
  for (gint i = 0; i < width; i++) {
    gint j = width + i;

    out[4 * i] = interpolate (red[i], red[j], fraction[i]);
    out[4 * i + 1] = interpolate (green[i], green[j], fraction[i]);
    out[4 * i + 2] = interpolate (blue[i], blue[j], fraction[i]);
    out[4 * i + 3] = 255.0f;
  }
}

static void
interpolate_columns (ImageResizer *resizer, gfloat *out)
{
  gfloat *const *level = resizer->level;
  const gfloat *fraction = resizer->column_fraction;
  gint width = resizer->target.width;

  switch (resizer->spec.channels) {
    case IMAGE_CHANNELS_GRAY:
      gray_from_rgb (level[0], level[1], level[2], 2 * width);
      interpolate_columns_gray (out, level[0], fraction, width);
      break;
    case IMAGE_CHANNELS_BGR:
      interpolate_columns_color (out, level[2], level[1], level[0], fraction,
          width);
      break;
    case IMAGE_CHANNELS_RGB:
      interpolate_columns_color (out, level[0], level[1], level[2], fraction,
          width);
      break;
    case IMAGE_CHANNELS_RGBA:
      interpolate_columns_opaque (out, level[0], level[1], level[2], fraction,
          width);
      break;
  }
}

static void
read_row (ImageResizer *resizer, const ImageSource *source, gint y,
    ResizerRow *row)
{
  const ImageFormatInfo *format = source->format;
  gint n = 2 * resizer->target.width;

  for (gint c = 0; c < image_format_count_levels (format); c++)
    gather_samples (format, resizer->level[c],
        image_component_row (source->frame, &format->component[c], y),
        resizer->pixel_offset[c], n);
  convert_to_rgb (resizer->level, n, source);
  interpolate_columns (resizer, row->values);
  row->y = y;
}

/* Rows are read in ascending order. The last upper row is often the next lower
 * one, so that no row is read twice. */
static void
read_rows (ImageResizer *resizer, const ImageSource *source,
    const ImageTap *tap)
{
  if (resizer->upper_row.y == tap->lower) {
    ResizerRow reused = resizer->upper_row;

    resizer->upper_row = resizer->lower_row;
    resizer->lower_row = reused;
  }
  if (resizer->lower_row.y != tap->lower)
    read_row (resizer, source, tap->lower, &resizer->lower_row);
  if (tap->fraction > 0.0f && resizer->upper_row.y != tap->upper)
    read_row (resizer, source, tap->upper, &resizer->upper_row);
}

static void
scale_row (gfloat *restrict out, const gfloat *restrict row, gsize n,
    gfloat scale, gfloat offset)
{
  for (gsize i = 0; i < n; i++)
    out[i] = row[i] * scale + offset;
}

static void
interpolate_rows (gfloat *restrict out, const gfloat *restrict lower,
    const gfloat *restrict upper, gfloat fraction, gsize n, gfloat scale,
    gfloat offset)
{
  for (gsize i = 0; i < n; i++)
    out[i] = interpolate (lower[i], upper[i], fraction) * scale + offset;
}

static void
normalize_row (const ImageTensorSpec *spec, gfloat *out, gint width,
    gint n_channels)
{
  for (gint i = 0; i < width; i++) {
    for (gint c = 0; c < n_channels; c++) {
      *out = *out * spec->factor[c] + spec->shift[c];
      out++;
    }
  }
}

static void
write_row (const ImageResizer *resizer, const ImageTap *tap, gfloat *out)
{
  const ImageTensorSpec *spec = &resizer->spec;
  gsize n = (gsize) resizer->target.width * resizer->n_channels;

  if (tap->fraction > 0.0f)
    interpolate_rows (out, resizer->lower_row.values, resizer->upper_row.values,
        tap->fraction, n, spec->scale, spec->offset);
  else
    scale_row (out, resizer->lower_row.values, n, spec->scale, spec->offset);
  if (spec->normalizes)
    normalize_row (spec, out, resizer->target.width,
        (gint) resizer->n_channels);
}

/* Fills the tensor with black, the bars beside a picture that does not fill it.
 * No row of the frame has been read yet. */
static void
fill_black (ImageResizer *resizer, gfloat *tensor)
{
  const ImageTensorSpec *spec = &resizer->spec;
  gsize row_length = (gsize) spec->width * resizer->n_channels;
  gfloat *black = resizer->lower_row.values;

  for (gsize i = 0; i < row_length; i++)
    black[i] = resizer->n_channels == 4 && i % 4 == 3 ? 255.0f : 0.0f;
  for (gint y = 0; y < spec->height; y++) {
    scale_row (tensor + y * row_length, black, row_length, spec->scale,
        spec->offset);
    if (spec->normalizes)
      normalize_row (spec, tensor + y * row_length, spec->width,
          (gint) resizer->n_channels);
  }
}

static void
resize (ImageResizer *resizer, const ImageSource *source, gfloat *tensor)
{
  const ImageTensorSpec *spec = &resizer->spec;
  const Rect *target = &resizer->target;

  if (target->width < spec->width || target->height < spec->height)
    fill_black (resizer, tensor);
  for (gint i = 0; i < target->height; i++) {
    const ImageTap *tap = &resizer->rows[i];
    gsize first = (gsize) (target->y + i) * spec->width + target->x;

    read_rows (resizer, source, tap);
    write_row (resizer, tap, tensor + first * resizer->n_channels);
  }
}
