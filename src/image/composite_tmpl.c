/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The loops of image_composite(). */

#include <string.h>

#include "base/aligned.h"
#include "image/pixel-loops.h"

/* The overlay is processed in chunks of one row, or of two rows if chroma is
 * subsampled in y. A chunk begins at an even column of the frame, where chroma
 * samples begin. */
#define CHUNK 256

/* All arithmetic is unsigned 16-bit fixed point: levels of 0..255 have eight
 * fractional bits, weights of 0..1 have sixteen. */
#define HALF_LEVEL 0x80

/* Premultiplied levels; no colour exceeds its alpha. */
typedef struct {
  guint16 channel[N_CHANNELS][CHUNK];
} Levels;

typedef enum {
  TRANSPARENT,
  TRANSLUCENT,
  SOLID
} Coverage;

/* Consecutive samples, of pixels or of chroma. The overlay covers samples
 * first..last; those before and after are transparent. Sample 0 begins at
 * frame pixel x, y. */
typedef struct {
  gint x;
  gint y;
  gint first;
  gint last;
  Coverage coverage;
  Levels levels;
} Patch;

static inline guint16
multiply (guint16 level, guint16 weight)
{
  return ((guint32) level * weight) >> 16;
}

static inline guint16
complement (guint16 level, guint16 alpha, guint16 mask)
{
  return (level ^ mask) - mask + (alpha & mask);
}

/* The constant 2 compensates for the truncation of four products, which lose
 * half a unit each on average. */
static void
weigh (guint16 *restrict samples, const Levels *restrict levels,
    const Weights *weights, gint n)
{
  const guint16 (*channel)[CHUNK] = levels->channel;
  const Weights w = *weights;

  for (gint i = 0; i < n; i++) {
    guint16 alpha = channel[ALPHA][i];
    guint16 red = complement (channel[RED][i], alpha, w.complement[RED]);
    guint16 green = complement (channel[GREEN][i], alpha, w.complement[GREEN]);
    guint16 blue = complement (channel[BLUE][i], alpha, w.complement[BLUE]);
    guint16 sum = multiply (alpha, w.weight[ALPHA])
        + multiply (red, w.weight[RED]) + multiply (green, w.weight[GREEN])
        + multiply (blue, w.weight[BLUE]) + 2;
    guint16 limit = alpha + multiply (alpha, w.headroom);

    samples[i] = MIN (sum, limit);
  }
}

/* The same for samples whose alpha is one. */
static void
weigh_solid (guint16 *restrict samples, const Levels *restrict levels,
    const Weights *weights, gint n)
{
  const guint16 (*channel)[CHUNK] = levels->channel;
  const Weights w = *weights;
  const guint16 alpha = 0xff00;
  const guint16 base = multiply (alpha, w.weight[ALPHA]) + 2;
  const guint16 limit = alpha + multiply (alpha, w.headroom);

  for (gint i = 0; i < n; i++) {
    guint16 red = complement (channel[RED][i], alpha, w.complement[RED]);
    guint16 green = complement (channel[GREEN][i], alpha, w.complement[GREEN]);
    guint16 blue = complement (channel[BLUE][i], alpha, w.complement[BLUE]);

    guint16 sum = base + multiply (red, w.weight[RED])
        + multiply (green, w.weight[GREEN]) + multiply (blue, w.weight[BLUE]);

    samples[i] = MIN (sum, limit);
  }
}

static inline void
write_opaque (guint8 *restrict out, gint stride,
    const guint16 *restrict samples, gint n)
{
  for (gint i = 0; i < n; i++)
    out[i * stride] = (guint16) (samples[i] + HALF_LEVEL) >> 8;
}

/* What shows through of a level behind the overlay. */
static inline guint16
dim (guint16 level, guint16 alpha)
{
  return multiply (level, 0xffff - (alpha + (alpha >> 8)));
}

static inline void
blend (guint8 *restrict out, gint stride, const guint16 *restrict samples,
    const guint16 *restrict alpha, gint n)
{
  for (gint i = 0; i < n; i++) {
    guint16 behind = dim (out[i * stride] << 8, alpha[i]);

    out[i * stride] = (guint16) (samples[i] + behind + HALF_LEVEL) >> 8;
  }
}

/* Rounds a level to a word whose padding is 0. */
static inline guint16
get_word (guint16 level, gint padding)
{
  const guint16 sum = level + (1 << WORD_UNUSED_BITS >> 1);

  return (guint16) (sum >> WORD_UNUSED_BITS << padding);
}

static inline __attribute__ ((always_inline)) void
write_opaque_words (ImageWord *restrict out, gint stride, gint padding,
    const guint16 *restrict samples, gint n)
{
  for (gint i = 0; i < n; i++)
    out[i * stride] = GUINT16_TO_LE (get_word (samples[i], padding));
}

/* The unused bits are kept. */
static inline __attribute__ ((always_inline)) void
blend_words (ImageWord *restrict out, gint stride, gint padding,
    const guint16 *restrict samples, const guint16 *restrict alpha, gint n)
{
  const guint16 used = (guint16) ((0xffffu >> WORD_UNUSED_BITS) << padding);

  for (gint i = 0; i < n; i++) {
    guint16 word = out[i * stride];
    guint16 behind = dim (get_word_level (word, padding), alpha[i]);
    guint16 blended = get_word (samples[i] + behind, padding);

    out[i * stride] = GUINT16_TO_LE (
        blended | (GUINT16_FROM_LE (word) & (guint16) ~used));
  }
}

/* Constants let the compiler generate fast loops. The stride is in words; there
 * are no others. */
static void
write_words (ImageWord *out, gint stride, gint padding, const guint16 *samples,
    const guint16 *alpha, gint n, Coverage coverage)
{
  gboolean solid = coverage == SOLID;

#define CASE(constant_stride, constant_padding)                                \
  if (stride == constant_stride && padding == constant_padding) {              \
    if (solid)                                                                 \
      write_opaque_words (out, constant_stride, constant_padding, samples, n); \
    else                                                                       \
      blend_words (out, constant_stride, constant_padding, samples, alpha, n); \
  }

  CASE (1, 0);
  CASE (1, WORD_UNUSED_BITS);
  CASE (2, WORD_UNUSED_BITS);
#undef CASE
}

/* The same for bytes, of any format. */
static void
write_bytes (guint8 *out, gint stride, const guint16 *samples,
    const guint16 *alpha, gint n, Coverage coverage)
{
  gboolean solid = coverage == SOLID;

#define CASE(constant)                          \
  case constant:                                \
    if (solid)                                  \
      write_opaque (out, constant, samples, n); \
    else                                        \
      blend (out, constant, samples, alpha, n); \
    break

  switch (stride) {
    CASE (1);
    CASE (2);
    CASE (3);
    CASE (4);
  }
#undef CASE
}

static void
write_samples (const ImageFormatInfo *format, guint8 *out, gint stride,
    const guint16 *samples, const guint16 *alpha, gint n, Coverage coverage)
{
  if (format->depth == 8)
    write_bytes (out, stride, samples, alpha, n, coverage);
  else
    write_words ((ImageWord *) out, stride / 2, format->padding, samples, alpha,
        n, coverage);
}

static void
composite_component (const Compositing *compositing, gint index,
    const Patch *patch)
{
  const ImageComponent *component = &compositing->format->component[index];
  const Weights *weights = &compositing->weights[index];
  gint stride = component->pixel_stride, first = patch->first;
  guint8 *row = image_component_row (compositing->frame, component, patch->y)
      + image_component_offset (component, patch->x);
  guint16 weighed[CHUNK];
  const guint16 *samples = weighed;

  if (weights->is_channel)
    samples = patch->levels.channel[index];
  else if (patch->coverage == SOLID)
    weigh_solid (weighed, &patch->levels, weights, patch->last);
  else
    weigh (weighed, &patch->levels, weights, patch->last);
  write_samples (compositing->format, row + first * stride, stride,
      samples + first, patch->levels.channel[ALPHA] + first,
      patch->last - first, patch->coverage);
}

/* Composites either the components that are subsampled in x or the others. */
static void
composite_components (const Compositing *compositing, gboolean subsampled,
    const Patch *patch)
{
  const ImageFormatInfo *format = compositing->format;

  if (patch->coverage == TRANSPARENT)
    return;

  for (gint c = 0; c < format->n_components; c++) {
    if (subsampled == (format->component[c].shift_x > 0))
      composite_component (compositing, c, patch);
  }
}

static const guint32 *
overlay_words (const Compositing *compositing, gint x, gint y)
{
  const ImageOverlay *overlay = compositing->overlay;
  gssize row = y - compositing->y;
  gconstpointer words = overlay->data + row * overlay->stride;

  return (const guint32 *) words + (x - compositing->x);
}

static Coverage
find_coverage (const guint32 *words, gint n)
{
  guint32 any = 0, all = 0xffffffff;

  for (gint i = 0; i < n; i++)
    all &= words[i];
  if (all >> 24 == 0xff)
    return SOLID;
  for (gint i = 0; i < n; i++)
    any |= words[i];
  return any >> 24 == 0 ? TRANSPARENT : TRANSLUCENT;
}

static void
unpack (Levels *restrict levels, gint first, gint last,
    const guint32 *restrict words)
{
  for (gint i = first; i < last; i++) {
    guint32 word = words[i - first];
    guint16 alpha = (word >> 16) & 0xff00;
    guint16 red = (word >> 8) & 0xff00;
    guint16 green = word & 0xff00;
    guint16 blue = (word << 8) & 0xff00;

    levels->channel[ALPHA][i] = alpha;
    levels->channel[RED][i] = MIN (red, alpha);
    levels->channel[GREEN][i] = MIN (green, alpha);
    levels->channel[BLUE][i] = MIN (blue, alpha);
  }
}

static void
unpack_solid (Levels *restrict levels, gint first, gint last,
    const guint32 *restrict words)
{
  for (gint i = first; i < last; i++) {
    guint32 word = words[i - first];

    levels->channel[ALPHA][i] = 0xff00;
    levels->channel[RED][i] = (word >> 8) & 0xff00;
    levels->channel[GREEN][i] = word & 0xff00;
    levels->channel[BLUE][i] = (word << 8) & 0xff00;
  }
}

static void
clear_level (Levels *levels, gint i)
{
  for (gint c = 0; c < N_CHANNELS; c++)
    levels->channel[c][i] = 0;
}

static void
copy_level (Levels *levels, gint to, gint from)
{
  for (gint c = 0; c < N_CHANNELS; c++)
    levels->channel[c][to] = levels->channel[c][from];
}

/* Completes the pairs of pixels at both ends. In a frame of odd width the last
 * chroma sample covers only one column, which then counts twice. */
static void
complete_pairs (Patch *patch, gint frame_width)
{
  if (patch->first % 2 == 1)
    clear_level (&patch->levels, patch->first - 1);
  if (patch->last % 2 == 0)
    return;
  if (patch->x + patch->last == frame_width)
    copy_level (&patch->levels, patch->last, patch->last - 1);
  else
    clear_level (&patch->levels, patch->last);
}

/* Reads the overlay over frame pixels x..x + CHUNK of row y. */
static void
read_overlay (const Compositing *compositing, gint x, gint y, Patch *patch)
{
  const guint32 *words;

  patch->x = x;
  patch->y = y;
  patch->first = MAX (compositing->left - x, 0);
  patch->last = MIN (compositing->right - x, CHUNK);
  patch->coverage = TRANSPARENT;
  if (y < compositing->top || y >= compositing->bottom)
    return;

  words = overlay_words (compositing, x + patch->first, y);
  patch->coverage = find_coverage (words, patch->last - patch->first);
  if (patch->coverage == TRANSPARENT)
    return;
  if (patch->coverage == SOLID)
    unpack_solid (&patch->levels, patch->first, patch->last, words);
  else
    unpack (&patch->levels, patch->first, patch->last, words);
  complete_pairs (patch, compositing->frame->width);
}

/* The levels have no fractional bits yet, so that the shifts are exact. */
static void
average_quads (guint16 *restrict mean, const guint16 *restrict top,
    const guint16 *restrict bottom, gint n)
{
  guint16 sum[CHUNK];

  for (gint i = 0; i < 2 * n; i++)
    sum[i] = (top[i] >> 2) + (bottom[i] >> 2);
  for (gint i = 0; i < n; i++)
    mean[i] = sum[2 * i] + sum[2 * i + 1];
}

static void
average_levels (Levels *mean, const Levels *top, const Levels *bottom, gint n)
{
  for (gint c = 0; c < N_CHANNELS; c++)
    average_quads (mean->channel[c], top->channel[c], bottom->channel[c], n);
}

static gboolean
covers_whole_pairs (const Patch *patch, gint frame_width)
{
  return patch->first % 2 == 0
      && (patch->last % 2 == 0 || patch->x + patch->last == frame_width);
}

/* Computes the patch of chroma samples from two rows of pixels, one of which
 * may be transparent, or from the same row twice. */
static void
subsample (const Compositing *compositing, Patch *top, Patch *bottom,
    Patch *chroma)
{
  chroma->x = top->x;
  chroma->y = top->y;
  chroma->first = top->first / 2;
  chroma->last = (top->last + 1) / 2;

  if (top->coverage == bottom->coverage)
    chroma->coverage = top->coverage;
  else
    chroma->coverage = TRANSLUCENT;
  if (chroma->coverage == TRANSPARENT)
    return;
  if (!covers_whole_pairs (top, compositing->frame->width))
    chroma->coverage = TRANSLUCENT;

  if (top->coverage == TRANSPARENT)
    memset (&top->levels, 0, sizeof (Levels));
  if (bottom->coverage == TRANSPARENT)
    memset (&bottom->levels, 0, sizeof (Levels));
  average_levels (&chroma->levels, &top->levels, &bottom->levels, chroma->last);
}

static void
composite_full_row (const Compositing *compositing, gint x, gint y)
{
  Patch pixels;

  read_overlay (compositing, x, y, &pixels);
  composite_components (compositing, FALSE, &pixels);
}

/* If chroma is subsampled in x only, a chunk is one row. */
static void
composite_subsampled_row (const Compositing *compositing, gint x, gint y)
{
  Patch pixels, chroma;

  read_overlay (compositing, x, y, &pixels);
  composite_components (compositing, FALSE, &pixels);
  subsample (compositing, &pixels, &pixels, &chroma);
  composite_components (compositing, TRUE, &chroma);
}

/* If chroma is also subsampled in y, a chunk is two rows, except for the last
 * row of a frame of odd height. */
static void
composite_subsampled_rows (const Compositing *compositing, gint x, gint y)
{
  Patch top, bottom, chroma;

  if (y + 1 == compositing->frame->height) {
    composite_subsampled_row (compositing, x, y);
    return;
  }
  read_overlay (compositing, x, y, &top);
  read_overlay (compositing, x, y + 1, &bottom);
  composite_components (compositing, FALSE, &top);
  composite_components (compositing, FALSE, &bottom);
  subsample (compositing, &top, &bottom, &chroma);
  composite_components (compositing, TRUE, &chroma);
}

/* The hardware prefetches the next bytes of a row, but not those of the next
 * row, which is a whole frame width away. */
static void
prefetch_rows (const Compositing *compositing, gint x, gint y, gint n_rows)
{
  const ImageFrame *frame = compositing->frame;
  const gint first = MAX (x, compositing->left);
  const gint last = MIN (x + CHUNK, compositing->right) - 1;
  const gint end = MIN (y + n_rows, compositing->bottom);

  for (gint c = 0; c < compositing->format->n_components; c++) {
    const ImageComponent *component = &compositing->format->component[c];
    const gint from = image_component_offset (component, first);
    const gint to = image_component_offset (component, last);

    /* components of the same plane are consecutive */
    if (c > 0 && component->plane == component[-1].plane)
      continue;
    for (gint row = y; row < end; row += 1 << component->shift_y) {
      const guint8 *bytes = image_component_row (frame, component, row);

      for (gint i = from; i < to; i += CACHE_LINE)
        __builtin_prefetch (bytes + i, 1);
      __builtin_prefetch (bytes + to, 1);
    }
  }
}

typedef void (*CompositeChunk) (const Compositing *, gint x, gint y);

static void
composite (const Compositing *compositing)
{
  static const CompositeChunk composite_chunk[] = { composite_full_row,
    composite_subsampled_row, composite_subsampled_rows };
  const ImageComponent *last =
      &compositing->format->component[compositing->format->n_components - 1];
  CompositeChunk composite_rows =
      composite_chunk[last->shift_x + last->shift_y];
  gint n_rows = 1 << last->shift_y;
  gint top = compositing->top & ~(n_rows - 1), left = compositing->left & ~1;

  for (gint y = top; y < compositing->bottom; y += n_rows) {
    for (gint x = left; x < compositing->right; x += CHUNK) {
      prefetch_rows (compositing, x, y + n_rows, n_rows);
      composite_rows (compositing, x, y);
    }
  }
}
