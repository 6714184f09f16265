/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "luma-scaler.h"

#include <math.h>
#include <string.h>

#include "image-format.h"

/* Bytes of a pixel in the formats that have most. */
#define MAX_PIXEL_STRIDE 4
/* So many rows of bytes can be added in 16 bits. */
#define MAX_WHOLE_ROWS 257

/**
 * Span:
 * @begin: first row that is covered
 * @end: row after the last one
 * @first_weight: how much of the first is covered, 0 to 1
 * @last_weight: how much of the last; 0 when that is the first, too
 *
 * The rows that one row of the scaled picture covers.
 */
typedef struct {
  gint begin;
  gint end;
  gfloat first_weight;
  gfloat last_weight;
} Span;

/**
 * ImageLumaScaler:
 * @n_taps: pixels that a value covers, at most
 * @first_tap: of each value, the first pixel
 * @tap_weights: of each value, @n_taps weights whose sum is 1
 * @whole: sums of rows, byte by byte
 * @sums: weighted sums of rows, byte by byte
 * @luma: of @sums, by pixel
 */
struct _ImageLumaScaler {
  gint width;
  gint height;
  gint scaled_width;
  gint scaled_height;

  Span *rows;
  gint n_taps;
  gint *first_tap;
  gfloat *tap_weights;
  guint16 *whole;
  gfloat *sums;
  gfloat *luma;
};

/* Where value i of n_out begins on an axis of n_in pixels, without the errors
 * of floating point at the ends of pixels. */
static gdouble
position (gint i, gint n_in, gint n_out)
{
  const gint64 scaled = (gint64) i * n_in;

  return (gdouble) (scaled / n_out) + (gdouble) (scaled % n_out) / n_out;
}

static Span
span_of (gint i, gint n_in, gint n_out)
{
  const gdouble begin = position (i, n_in, n_out);
  const gdouble end = position (i + 1, n_in, n_out);
  Span span = { (gint) begin, (gint) ceil (end), 1.0f, 0.0f };

  span.first_weight = (gfloat) (MIN (span.begin + 1.0, end) - begin);
  if (span.end - span.begin > 1)
    span.last_weight = (gfloat) (end - (span.end - 1));
  return span;
}

static void
set_taps (ImageLumaScaler *scaler, gint i)
{
  const Span span = span_of (i, scaler->width, scaler->scaled_width);
  const gint first = MIN (span.begin, scaler->width - scaler->n_taps);
  const gfloat norm = (gfloat) scaler->scaled_width / (gfloat) scaler->width;
  gfloat *weights = scaler->tap_weights + (gsize) i * scaler->n_taps;

  scaler->first_tap[i] = first;
  for (gint k = span.begin; k < span.end; k++)
    weights[k - first] = norm;
  weights[span.begin - first] = norm * span.first_weight;
  if (span.end - span.begin > 1)
    weights[span.end - 1 - first] = norm * span.last_weight;
}

static void
prepare_columns (ImageLumaScaler *scaler)
{
  const gint n = scaler->scaled_width;

  for (gint i = 0; i < n; i++) {
    const Span span = span_of (i, scaler->width, n);

    scaler->n_taps = MAX (scaler->n_taps, span.end - span.begin);
  }
  scaler->first_tap = g_new (gint, (guint) n);
  scaler->tap_weights = g_new0 (gfloat,
      (gsize) (guint) n * (guint) scaler->n_taps);
  for (gint i = 0; i < n; i++)
    set_taps (scaler, i);
}

ImageLumaScaler *
image_luma_scaler_new (gint width, gint height, gint scaled_width,
    gint scaled_height)
{
  ImageLumaScaler *scaler;
  gsize row_bytes;

  g_return_val_if_fail (scaled_width >= 1 && scaled_width <= width, NULL);
  g_return_val_if_fail (scaled_height >= 1 && scaled_height <= height, NULL);

  scaler = g_new0 (ImageLumaScaler, 1);
  scaler->width = width;
  scaler->height = height;
  scaler->scaled_width = scaled_width;
  scaler->scaled_height = scaled_height;
  scaler->rows = g_new (Span, (guint) scaled_height);
  for (gint i = 0; i < scaled_height; i++)
    scaler->rows[i] = span_of (i, height, scaled_height);
  prepare_columns (scaler);
  row_bytes = (gsize) (guint) width * MAX_PIXEL_STRIDE;
  scaler->whole = g_new (guint16, row_bytes);
  scaler->sums = g_new (gfloat, row_bytes);
  scaler->luma = g_new (gfloat, (guint) width);
  return scaler;
}

void
image_luma_scaler_free (ImageLumaScaler *scaler)
{
  if (!scaler)
    return;
  g_free (scaler->rows);
  g_free (scaler->first_tap);
  g_free (scaler->tap_weights);
  g_free (scaler->whole);
  g_free (scaler->sums);
  g_free (scaler->luma);
  g_free (scaler);
}

static void
add_bytes (guint16 *restrict sum, const guint8 *restrict row, gsize n)
{
  for (gsize i = 0; i < n; i++)
    sum[i] = (guint16) (sum[i] + row[i]);
}

static void
add_whole (gfloat *restrict sums, const guint16 *restrict whole, gsize n)
{
  for (gsize i = 0; i < n; i++)
    sums[i] += (gfloat) whole[i];
}

static void
add_edges (gfloat *restrict sums, const guint8 *restrict first,
    gfloat first_weight, const guint8 *restrict last, gfloat last_weight,
    gsize n)
{
  for (gsize i = 0; i < n; i++)
    sums[i] = first_weight * (gfloat) first[i] + last_weight * (gfloat) last[i];
}

/* The rows of a span, weighted: whole ones, which are most, as integers. */
static void
sum_rows (ImageLumaScaler *scaler, const ImageFrame *frame, const Span *span,
    gsize n)
{
  const guint8 *plane = frame->plane[0];
  const gssize stride = frame->stride[0];
  gint begin = span->begin, end = span->end;

  if (span->first_weight < 1.0f || span->last_weight < 1.0f) {
    add_edges (scaler->sums, plane + begin * stride, span->first_weight,
        plane + (end - 1) * stride, span->last_weight, n);
    begin++;
    end--;
  } else {
    memset (scaler->sums, 0, n * sizeof *scaler->sums);
  }
  while (begin < end) {
    const gint n_rows = MIN (end - begin, MAX_WHOLE_ROWS);

    memset (scaler->whole, 0, n * sizeof *scaler->whole);
    for (gint i = 0; i < n_rows; i++)
      add_bytes (scaler->whole, plane + (begin + i) * stride, n);
    add_whole (scaler->sums, scaler->whole, n);
    begin += n_rows;
  }
}

static void
pick_luma (gfloat *restrict luma, const gfloat *restrict sums, gint n,
    gint pixel_stride)
{
  for (gint i = 0; i < n; i++)
    luma[i] = sums[i * pixel_stride];
}

static void
mix_luma (gfloat *restrict luma, const gfloat *restrict sums, gint n,
    const ImageFormatInfo *format, const ImageColorimetry *colorimetry)
{
  const gint pixel_stride = format->component[0].pixel_stride;
  const gfloat *red = sums + format->component[0].offset;
  const gfloat *green = sums + format->component[1].offset;
  const gfloat *blue = sums + format->component[2].offset;
  const gfloat kr = (gfloat) colorimetry->kr, kb = (gfloat) colorimetry->kb;
  const gfloat kg = 1.0f - kr - kb;

  for (gint i = 0; i < n; i++) {
    const gint k = i * pixel_stride;

    luma[i] = kr * red[k] + kg * green[k] + kb * blue[k];
  }
}

/* Returns: the luma of each pixel of the summed rows */
static const gfloat *
get_luma (ImageLumaScaler *scaler, const ImageFrame *frame,
    const ImageFormatInfo *format)
{
  const ImageComponent *first = &format->component[0];

  if (format->model == IMAGE_COLOR_MODEL_RGB) {
    mix_luma (scaler->luma, scaler->sums, scaler->width, format,
        &frame->colorimetry);
  } else if (first->pixel_stride > 1) {
    pick_luma (scaler->luma, scaler->sums + first->offset, scaler->width,
        first->pixel_stride);
  } else {
    return scaler->sums;
  }
  return scaler->luma;
}

static inline gfloat
clamp_luma (gfloat luma)
{
  luma = luma > 0.0f ? luma : 0.0f;
  return luma < 1.0f ? luma : 1.0f;
}

/* With a number of taps that the compiler knows, it unrolls them. */
static inline __attribute__ ((always_inline)) void
filter_columns (const ImageLumaScaler *scaler, const gfloat *luma, gint n_taps,
    gfloat scale, gfloat offset, gfloat *restrict out)
{
  const gfloat *weights = scaler->tap_weights;

  for (gint i = 0; i < scaler->scaled_width; i++, weights += n_taps) {
    const gfloat *taps = luma + scaler->first_tap[i];
    gfloat sum = 0.0f;

    for (gint k = 0; k < n_taps; k++)
      sum += weights[k] * taps[k];
    out[i] = clamp_luma (sum * scale + offset);
  }
}

static void
scale_row (const ImageLumaScaler *scaler, const gfloat *luma, gfloat scale,
    gfloat offset, gfloat *out)
{
  switch (scaler->n_taps) {
    case 2:
      filter_columns (scaler, luma, 2, scale, offset, out);
      break;
    case 3:
      filter_columns (scaler, luma, 3, scale, offset, out);
      break;
    case 4:
      filter_columns (scaler, luma, 4, scale, offset, out);
      break;
    case 5:
      filter_columns (scaler, luma, 5, scale, offset, out);
      break;
    default:
      filter_columns (scaler, luma, scaler->n_taps, scale, offset, out);
      break;
  }
}

void
image_luma_scaler_run (ImageLumaScaler *scaler, const ImageFrame *frame,
    gfloat *scaled, gsize row_length)
{
  const ImageFormatInfo *format;
  ImageToRgb to_full;
  gsize row_bytes;
  gfloat scale, offset;

  g_return_if_fail (scaler != NULL && frame != NULL && scaled != NULL);
  g_return_if_fail (frame->format < IMAGE_N_FORMATS);
  g_return_if_fail (
      frame->width == scaler->width && frame->height == scaler->height);

  format = image_format_get_info (frame->format);
  image_colorimetry_get_to_rgb (&frame->colorimetry, &to_full);
  scale = to_full.gain / 255.0f * (gfloat) scaler->scaled_height
      / (gfloat) scaler->height;
  offset = -to_full.black * to_full.gain / 255.0f;
  row_bytes = (gsize) scaler->width * format->component[0].pixel_stride;
  for (gint i = 0; i < scaler->scaled_height; i++) {
    sum_rows (scaler, frame, &scaler->rows[i], row_bytes);
    scale_row (scaler, get_luma (scaler, frame, format), scale, offset,
        scaled + (gsize) i * row_length);
  }
}
