/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The loops of image_luma_scaler_run(). */

#include "base/aligned.h"
#include "image/pixel-loops.h"

/* The number of samples of a row that are summed at a time, so that the sums
 * stay in the L1 cache. */
#define BLOCK 384 /* whole pixels of 1 to 4 samples */
/* The number of rows that are added at a time; the sums easily fit 16 bits. */
#define MAX_ADDED_ROWS 8
/* The number of values that are filtered at a time. */
#define MAX_VALUES 64

/* The locality for __builtin_prefetch(): prefetched data must not displace data
 * in use from the L1 cache. */
#define SECOND_CACHE 2

typedef gfloat Lanes __attribute__ ((vector_size (LUMA_LANES * sizeof (gfloat)),
    aligned (sizeof (gfloat)), may_alias));

/* How samples are stored; constant where loops are to be fast. */
typedef enum {
  BYTES,
  LOW_WORDS,
  HIGH_WORDS
} Storage;

static inline __attribute__ ((always_inline)) guint16
get_sample (const guint8 *row, gssize i, Storage storage)
{
  const ImageWord *words = (const ImageWord *) row;

  if (storage == BYTES)
    return row[i];
  return get_word_level (words[i], storage == LOW_WORDS ? 0 : WORD_UNUSED_BITS)
      >> WORD_UNUSED_BITS;
}

static inline __attribute__ ((always_inline)) void
weigh_edges (gfloat *restrict sums, const guint8 *restrict first,
    gfloat first_weight, const guint8 *restrict last, gfloat last_weight,
    gsize n, Storage storage)
{
  for (gsize i = 0; i < n; i++)
    sums[i] = first_weight * (gfloat) get_sample (first, (gssize) i, storage)
        + last_weight * (gfloat) get_sample (last, (gssize) i, storage);
}

/* With a constant number of rows, the compiler keeps the sum in a register. */
static inline __attribute__ ((always_inline)) void
add_n_rows (gfloat *restrict sums, const guint8 *restrict row, gssize stride,
    gint n_rows, gsize n, Storage storage)
{
  for (gsize i = 0; i < n; i++) {
    guint16 sum = 0;

    for (gint k = 0; k < n_rows; k++)
      sum = (guint16) (sum
          + get_sample (row + k * stride, (gssize) i, storage));
    sums[i] += (gfloat) sum;
  }
}

static inline __attribute__ ((always_inline)) void
add_rows (gfloat *sums, const guint8 *row, gssize stride, gint n_rows, gsize n,
    Storage storage)
{
#define CASE(constant)                                    \
  case constant:                                          \
    add_n_rows (sums, row, stride, constant, n, storage); \
    break

  switch (n_rows) {
    CASE (1);
    CASE (2);
    CASE (3);
    CASE (4);
    CASE (5);
    CASE (6);
    CASE (7);
    CASE (MAX_ADDED_ROWS);
  }
#undef CASE
}

/* Sums @n samples of the weighted rows of a span, from byte @start. The rows
 * between the edges, which are most of them, are added as integers. */
static inline __attribute__ ((always_inline)) void
sum_stored_rows (gfloat *sums, const ImageFrame *frame, const LumaSpan *span,
    gsize start, gsize n, Storage storage)
{
  const gssize stride = frame->stride[0];
  const guint8 *first = frame->plane[0] + span->begin * stride + start;
  const guint8 *last = frame->plane[0] + (span->end - 1) * stride + start;

  weigh_edges (sums, first, span->first_weight, last, span->last_weight, n,
      storage);
  for (gint y = span->begin + 1; y < span->end - 1; y += MAX_ADDED_ROWS)
    add_rows (sums, frame->plane[0] + y * stride + start, stride,
        MIN (span->end - 1 - y, MAX_ADDED_ROWS), n, storage);
}

static void
sum_rows (gfloat *sums, const ImageFrame *frame, const ImageFormatInfo *format,
    const LumaSpan *span, gsize start, gsize n)
{
  if (format->depth == 8)
    sum_stored_rows (sums, frame, span, start, n, BYTES);
  else if (format->padding == 0)
    sum_stored_rows (sums, frame, span, start, n, LOW_WORDS);
  else
    sum_stored_rows (sums, frame, span, start, n, HIGH_WORDS);
}

static inline __attribute__ ((always_inline)) void
pick_luma (gfloat *restrict luma, const gfloat *restrict sums, gint n,
    gint pixel_stride)
{
  for (gint i = 0; i < n; i++)
    luma[i] = sums[i * pixel_stride];
}

static inline __attribute__ ((always_inline)) void
mix_luma (gfloat *restrict luma, const gfloat *restrict red,
    const gfloat *restrict green, const gfloat *restrict blue, gint n,
    gint pixel_stride, const ImageColorimetry *colorimetry)
{
  const gfloat kr = (gfloat) colorimetry->kr, kb = (gfloat) colorimetry->kb;
  const gfloat kg = 1.0f - kr - kb;

  for (gint i = 0; i < n; i++) {
    const gint k = i * pixel_stride;

    luma[i] = kr * red[k] + kg * green[k] + kb * blue[k];
  }
}

/* Computes the luma of pixels of several samples from the sums of these
 * samples. */
static void
get_luma (gfloat *luma, const gfloat *sums, gint n, const ImageFrame *frame,
    const ImageFormatInfo *format)
{
  const ImageComponent *component = format->component;
  const gfloat *first = sums + component[0].offset;

  if (format->model != IMAGE_COLOR_MODEL_RGB)
    pick_luma (luma, first, n, 2);
  else if (component[0].pixel_stride == 3)
    mix_luma (luma, first, sums + component[1].offset,
        sums + component[2].offset, n, 3, &frame->colorimetry);
  else
    mix_luma (luma, first, sums + component[1].offset,
        sums + component[2].offset, n, 4, &frame->colorimetry);
}

/* Prefetches upcoming rows. The hardware prefetches the next bytes of a row,
 * but not a few bytes of each of many rows. */
static void
prefetch_span (const ImageFrame *frame, const LumaSpan *span, gsize start,
    gsize n)
{
  for (gint y = span->begin + 1; y < span->end; y++) {
    const guint8 *row = frame->plane[0] + y * frame->stride[0] + start;

    for (gsize i = 0; i < n; i += CACHE_LINE)
      __builtin_prefetch (row + i, 0, SECOND_CACHE);
  }
}

/* Sums the luma of one row of the scaled picture, for each column of the frame.
 * Meanwhile the rows of the @next one are prefetched. */
static void
sum_luma (ImageLumaScaler *scaler, const ImageFrame *frame,
    const ImageFormatInfo *format, const LumaSpan *span, const LumaSpan *next)
{
  const gint size = image_format_get_sample_size (format);
  const gint n_samples = format->component[0].pixel_stride / size;
  const gint block = BLOCK / n_samples;
  gfloat sums[BLOCK];

  for (gint x = 0; x < scaler->width; x += block) {
    const gint n = MIN (scaler->width - x, block);
    const gsize start = (gsize) x * n_samples * size;
    const gsize n_sums = (gsize) n * n_samples;
    gfloat *luma = scaler->luma + x;

    prefetch_span (frame, next, start, n_sums * size);
    sum_rows (n_samples > 1 ? sums : luma, frame, format, span, start, n_sums);
    if (n_samples > 1)
      get_luma (luma, sums, n, frame, format);
  }
}

static inline gfloat
clamp_luma (gfloat luma)
{
  luma = luma > 0.0f ? luma : 0.0f;
  return luma < 1.0f ? luma : 1.0f;
}

static void
filter_lanes (const ImageLumaScaler *scaler, gint first, gint n,
    Lanes *restrict lanes)
{
  const gint n_taps = scaler->n_taps;
  const gfloat *weights = scaler->tap_weights + (gsize) first * n_taps;

  for (gint i = 0; i < n; i++, weights += n_taps) {
    const gfloat *taps = scaler->luma + scaler->first_tap[first + i];
    Lanes sum = *(const Lanes *) weights * *(const Lanes *) taps;

    for (gint k = LUMA_LANES; k < n_taps; k += LUMA_LANES)
      sum += *(const Lanes *) (weights + k) * *(const Lanes *) (taps + k);
    lanes[i] = sum;
  }
}

static void
add_lanes (gfloat *restrict out, const gfloat *restrict lanes, gint n,
    gfloat scale, gfloat offset)
{
  for (gint i = 0; i < n; i++) {
    const gfloat *lane = lanes + i * LUMA_LANES;

    out[i] = clamp_luma (
        (lane[0] + lane[1] + (lane[2] + lane[3])) * scale + offset);
  }
}

static void
filter_columns (const ImageLumaScaler *scaler, gfloat scale, gfloat offset,
    gfloat *out)
{
  Lanes lanes[MAX_VALUES];

  for (gint i = 0; i < scaler->scaled_width; i += MAX_VALUES) {
    const gint n = MIN (scaler->scaled_width - i, MAX_VALUES);

    filter_lanes (scaler, i, n, lanes);
    add_lanes (out + i, (const gfloat *) lanes, n, scale, offset);
  }
}

static void
scale_luma (ImageLumaScaler *scaler, const ImageFrame *frame, gfloat *scaled,
    gsize row_length, gfloat scale, gfloat offset)
{
  const ImageFormatInfo *format = image_format_get_info (frame->format);
  const gint last = scaler->scaled_height - 1;

  for (gint i = 0; i <= last; i++) {
    sum_luma (scaler, frame, format, &scaler->rows[i],
        &scaler->rows[MIN (i + 1, last)]);
    filter_columns (scaler, scale, offset, scaled + (gsize) i * row_length);
  }
}
