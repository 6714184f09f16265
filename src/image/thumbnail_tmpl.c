/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The loops of image_thumbnail_draw(). */

#include "image/pixel-loops.h"

static void
mix_rows (guint8 *restrict mixed, const guint8 *restrict lower,
    const guint8 *restrict upper, guint16 fraction, gint n)
{
  const guint16 rest = THUMBNAIL_ONE - fraction;

  for (gint i = 0; i < n; i++)
    mixed[i] = (guint16) (lower[i] * rest + upper[i] * fraction
                   + THUMBNAIL_ONE / 2)
        >> 8;
}

/* The same for the highest eight bits of words. */
static void
mix_words (guint8 *restrict mixed, const ImageWord *restrict lower,
    const ImageWord *restrict upper, guint16 fraction, gint n, gint padding)
{
  const guint16 rest = THUMBNAIL_ONE - fraction;

  for (gint i = 0; i < n; i++) {
    const guint16 from = get_word_level (lower[i], padding) >> 8;
    const guint16 to = get_word_level (upper[i], padding) >> 8;

    mixed[i] = (guint16) (from * rest + to * fraction + THUMBNAIL_ONE / 2) >> 8;
  }
}

/* Returns the plane's span for an output row. */
static const guint8 *
get_span (ImageThumbnail *thumbnail, const ImageFrame *frame,
    const ImageFormatInfo *format, const ImageComponent *component,
    const ImageTap *tap)
{
  const ThumbnailSpan *span = &thumbnail->spans[component->plane];
  const gssize stride = frame->stride[component->plane];
  const guint8 *plane = frame->plane[component->plane] + span->first;
  const guint8 *lower = plane + (tap->lower >> component->shift_y) * stride;
  const guint8 *upper = plane + (tap->upper >> component->shift_y) * stride;
  const guint16 fraction = (guint16) (tap->fraction * THUMBNAIL_ONE + 0.5f);

  if (format->depth > 8) {
    mix_words (span->mixed, (const ImageWord *) lower,
        (const ImageWord *) upper, fraction, span->n_bytes / 2,
        format->padding);
    return span->mixed;
  }
  if (lower == upper || fraction == 0)
    return lower;
  mix_rows (span->mixed, lower, upper, fraction, span->n_bytes);
  return span->mixed;
}

static void
interpolate_levels (guint16 *restrict level, const guint8 *restrict span,
    const gint *restrict lower, const gint *restrict upper,
    const guint16 *restrict fraction, gint n)
{
  for (gint i = 0; i < n; i++) {
    const gint from = span[lower[i]], to = span[upper[i]];

    level[i] = (guint16) (from * THUMBNAIL_ONE + (to - from) * fraction[i]);
  }
}

/* Subsampled chroma is smooth enough for nearest-neighbour sampling. */
static void
pick_levels (guint16 *restrict level, const guint8 *restrict span,
    const gint *restrict offset, gint n)
{
  for (gint i = 0; i < n; i++)
    level[i] = (guint16) (span[offset[i]] * THUMBNAIL_ONE);
}

static void
read_levels (ImageThumbnail *thumbnail, const ImageFrame *frame,
    const ImageFormatInfo *format, const ImageTap *tap)
{
  const guint8 *span = NULL;

  for (gint c = 0; c < image_format_count_levels (format); c++) {
    const ImageComponent *component = &format->component[c];

    /* components of the same plane are consecutive */
    if (c == 0 || component->plane != format->component[c - 1].plane)
      span = get_span (thumbnail, frame, format, component, tap);
    if (component->shift_x > 0)
      pick_levels (thumbnail->level[c], span, thumbnail->lower[c],
          thumbnail->width);
    else
      interpolate_levels (thumbnail->level[c], span, thumbnail->lower[c],
          thumbnail->upper[c], thumbnail->fraction, thumbnail->width);
  }
}

static inline guint32
get_byte (gfloat level)
{
  level = level > 0.0f ? level : 0.0f;
  level = level < 255.0f ? level : 255.0f;
  return (guint32) (gint) (level + 0.5f);
}

static void
write_ycbcr (guint32 *restrict words, const guint16 *restrict y,
    const guint16 *restrict cb, const guint16 *restrict cr, gint n,
    const ImageToRgb *to_rgb)
{
  const ImageToRgb k = *to_rgb;

  for (gint i = 0; i < n; i++) {
    const gfloat luma = ((gfloat) y[i] / THUMBNAIL_ONE - k.black) * k.gain;
    const gfloat blue = (gfloat) cb[i] / THUMBNAIL_ONE - 128.0f;
    const gfloat red = (gfloat) cr[i] / THUMBNAIL_ONE - 128.0f;
    const gfloat green = k.green_cb * blue + k.green_cr * red;

    words[i] = 0xff000000u | get_byte (luma + k.red_cr * red) << 16
        | get_byte (luma + green) << 8 | get_byte (luma + k.blue_cb * blue);
  }
}

static void
write_rgb (guint32 *restrict words, const guint16 *red, const guint16 *green,
    const guint16 *blue, gint n, const ImageToRgb *to_rgb)
{
  const gfloat black = to_rgb->black, gain = to_rgb->gain;

  for (gint i = 0; i < n; i++)
    words[i] = 0xff000000u
        | get_byte (((gfloat) red[i] / THUMBNAIL_ONE - black) * gain) << 16
        | get_byte (((gfloat) green[i] / THUMBNAIL_ONE - black) * gain) << 8
        | get_byte (((gfloat) blue[i] / THUMBNAIL_ONE - black) * gain);
}

static void
draw_thumbnail (ImageThumbnail *thumbnail, const ImageFrame *frame,
    guint32 *words, gsize stride)
{
  const ImageFormatInfo *format = image_format_get_info (frame->format);
  ImageToRgb to_rgb;

  /* the levels that are read have eight bits whatever the samples have */
  image_colorimetry_get_to_rgb (&frame->colorimetry, 8, &to_rgb);
  for (gint i = 0; i < thumbnail->height; i++, words += stride) {
    guint16 *const *level = thumbnail->level;
    /* gray uses its level for all three components */
    const gint last = image_format_count_levels (format) - 1;

    read_levels (thumbnail, frame, format, &thumbnail->rows[i]);
    if (format->model == IMAGE_COLOR_MODEL_YCBCR)
      write_ycbcr (words, level[0], level[1], level[2], thumbnail->width,
          &to_rgb);
    else
      write_rgb (words, level[0], level[MIN (1, last)], level[last],
          thumbnail->width, &to_rgb);
  }
}
