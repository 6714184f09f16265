/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The loops of image_area_scaler_run(). */

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

typedef gfloat Lanes __attribute__ ((vector_size (AREA_LANES * sizeof (gfloat)),
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

/* Sums @n samples of the weighted rows of a span of a @plane, from byte @start.
 * The rows between the edges, which are most of them, are added as integers. */
static inline __attribute__ ((always_inline)) void
sum_stored_rows (gfloat *sums, const ImageFrame *frame, gint plane,
    const AreaSpan *span, gsize start, gsize n, Storage storage)
{
  const gssize stride = frame->stride[plane];
  const guint8 *rows = frame->plane[plane] + start;
  const gint last = span->end - 1;

  weigh_edges (sums, rows + span->begin * stride, span->first_weight,
      rows + last * stride, span->last_weight, n, storage);
  for (gint y = span->begin + 1; y < last; y += MAX_ADDED_ROWS)
    add_rows (sums, rows + y * stride, stride, MIN (last - y, MAX_ADDED_ROWS),
        n, storage);
}

static void
sum_rows (gfloat *sums, const ImageSource *source, gint plane,
    const AreaSpan *span, gsize start, gsize n)
{
  const ImageFormatInfo *format = source->format;

  if (format->depth == 8)
    sum_stored_rows (sums, source->frame, plane, span, start, n, BYTES);
  else if (format->padding == 0)
    sum_stored_rows (sums, source->frame, plane, span, start, n, LOW_WORDS);
  else
    sum_stored_rows (sums, source->frame, plane, span, start, n, HIGH_WORDS);
}

static inline __attribute__ ((always_inline)) void
pick_every (gfloat *restrict picked, const gfloat *restrict sums, gint n,
    gint distance)
{
  for (gint i = 0; i < n; i++)
    picked[i] = sums[i * distance];
}

static void
pick_component (gfloat *picked, const gfloat *sums, gint n, gint distance)
{
  switch (distance) {
    case 2:
      pick_every (picked, sums, n, 2);
      break;
    case 3:
      pick_every (picked, sums, n, 3);
      break;
    default:
      pick_every (picked, sums, n, 4);
      break;
  }
}

/* Prefetches upcoming rows. The hardware prefetches the next bytes of a row,
 * but not a few bytes of each of many rows. */
static void
prefetch_span (const ImageFrame *frame, gint plane, const AreaSpan *span,
    gsize start, gsize n)
{
  for (gint y = span->begin + 1; y < span->end; y++) {
    const guint8 *row = frame->plane[plane] + y * frame->stride[plane] + start;

    for (gsize i = 0; i < n; i += CACHE_LINE)
      __builtin_prefetch (row + i, 0, SECOND_CACHE);
  }
}

/* Returns the number of samples in a row of a component. */
static gint
count_samples (const ImageAreaScaler *scaler, const ImageComponent *component)
{
  const gint rest = (1 << component->shift_x) - 1;

  return (scaler->width + rest) >> component->shift_x;
}

/* Sums the rows of one row of the scaled picture in a plane of which nothing
 * else is stored. */
static void
sum_plane (ImageAreaScaler *scaler, const ImageSource *source, gint c,
    const AreaSpan *span, const AreaSpan *next)
{
  const ImageComponent *component = &source->format->component[c];
  const gint size = component->pixel_stride;
  const gint n_samples = count_samples (scaler, component);

  for (gint i = 0; i < n_samples; i += BLOCK) {
    const gsize n = (gsize) MIN (n_samples - i, BLOCK);
    const gsize start = (gsize) i * size;

    prefetch_span (source->frame, component->plane, next, start, n * size);
    sum_rows (scaler->sums[c] + i, source, component->plane, span, start, n);
  }
}

/* The same for the components @c and after it, which are interleaved. */
static void
sum_interleaved (ImageAreaScaler *scaler, const ImageSource *source, gint c,
    const AreaSpan *span, const AreaSpan *next)
{
  const ImageFormatInfo *format = source->format;
  const gint size = image_format_get_sample_size (format);
  const gint plane = format->component[c].plane;
  const ImageComponent *last = &format->component[N_LEVELS - 1];
  const gint n_all = count_samples (scaler, last) * last->pixel_stride / size;
  gfloat sums[BLOCK];

  for (gint first = 0; first < n_all; first += BLOCK) {
    const gint n = MIN (n_all - first, BLOCK);
    const gsize start = (gsize) first * size;

    prefetch_span (source->frame, plane, next, start, (gsize) n * size);
    sum_rows (sums, source, plane, span, start, (gsize) n);
    for (gint k = c; k < N_LEVELS; k++) {
      const ImageComponent *component = &format->component[k];
      const gint distance = component->pixel_stride / size;
      const gint i = first / distance;
      const gint n_left = count_samples (scaler, component) - i;

      pick_component (scaler->sums[k] + i, sums + component->offset / size,
          MIN (n / distance, n_left), distance);
    }
  }
}

/* Sums the rows of row @i of the scaled picture. Meanwhile those of the next
 * one are prefetched. Returns the number of components. */
static gint
sum_components (ImageAreaScaler *scaler, const ImageSource *source, gint i)
{
  const ImageFormatInfo *format = source->format;
  const gint n_levels = image_format_count_levels (format);
  const gint size = image_format_get_sample_size (format);
  const gint next = MIN (i + 1, scaler->scaled_height - 1);

  for (gint c = 0; c < n_levels; c++) {
    const ImageComponent *component = &format->component[c];
    const AreaSpan *rows = scaler->rows[component->shift_y];

    if (component->pixel_stride == size) {
      sum_plane (scaler, source, c, &rows[i], &rows[next]);
      continue;
    }
    sum_interleaved (scaler, source, c, &rows[i], &rows[next]);
    break;
  }
  return n_levels;
}

static void
filter_lanes (const AreaColumns *columns, const gfloat *sums, gint first,
    gint n, Lanes *restrict lanes)
{
  const gint n_taps = columns->n_taps;
  const gfloat *weights = columns->tap_weights + (gsize) first * n_taps;

  for (gint i = 0; i < n; i++, weights += n_taps) {
    const gfloat *taps = sums + columns->first_tap[first + i];
    Lanes sum = *(const Lanes *) weights * *(const Lanes *) taps;

    for (gint k = AREA_LANES; k < n_taps; k += AREA_LANES)
      sum += *(const Lanes *) (weights + k) * *(const Lanes *) (taps + k);
    lanes[i] = sum;
  }
}

static void
add_lanes (gfloat *restrict out, const gfloat *restrict lanes, gint n,
    gfloat scale)
{
  for (gint i = 0; i < n; i++) {
    const gfloat *lane = lanes + i * AREA_LANES;

    out[i] = (lane[0] + lane[1] + (lane[2] + lane[3])) * scale;
  }
}

/* Makes one row of the scaled picture of a component, in levels of 0..255. */
static void
filter_component (ImageAreaScaler *scaler, const ImageSource *source, gint c)
{
  const ImageComponent *component = &source->format->component[c];
  const gfloat n_rows = (gfloat) scaler->height
      / (gfloat) (scaler->scaled_height << component->shift_y);
  const gfloat scale = 1.0f
      / (n_rows * (gfloat) (1 << (source->format->depth - 8)));
  const AreaColumns *columns = &scaler->columns[component->shift_x];
  Lanes lanes[MAX_VALUES];

  for (gint i = 0; i < scaler->scaled_width; i += MAX_VALUES) {
    const gint n = MIN (scaler->scaled_width - i, MAX_VALUES);

    filter_lanes (columns, scaler->sums[c], i, n, lanes);
    add_lanes (scaler->level[c] + i, (const gfloat *) lanes, n, scale);
  }
}

static void
interleave (gfloat *restrict pixels, const gfloat *restrict red,
    const gfloat *restrict green, const gfloat *restrict blue, gint n)
{
  for (gint i = 0; i < n; i++) {
    pixels[N_LEVELS * i] = red[i] / 255.0f;
    pixels[N_LEVELS * i + 1] = green[i] / 255.0f;
    pixels[N_LEVELS * i + 2] = blue[i] / 255.0f;
  }
}

static void
scale_area (ImageAreaScaler *scaler, const ImageSource *source, gfloat *scaled,
    gsize row_length)
{
  gfloat *const *level = scaler->level;
  const gint n = scaler->scaled_width;

  for (gint i = 0; i < scaler->scaled_height; i++) {
    const gint n_levels = sum_components (scaler, source, i);

    for (gint c = 0; c < n_levels; c++)
      filter_component (scaler, source, c);
    convert_to_rgb (level, n, source);
    interleave (scaled + (gsize) i * row_length, level[0], level[1], level[2],
        n);
  }
}
