/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "thumbnail.h"

#include "image-format.h"
#include "image-taps.h"

#define N_LEVELS 3 /* and as many planes at most */
#define ONE 256    /* fractions have eight bits */

/* Bytes of the plane's rows that the crop needs, mixed from two rows. */
typedef struct {
  gint first;
  gint n_bytes;
  guint8 *mixed;
  gint n_allocated;
} Span;

struct _ImageThumbnail {
  gint width;
  gint height;
  ImageTap *columns;
  ImageTap *rows;
  guint16 *fraction;     /* of columns, 0 ... ONE */
  gint *lower[N_LEVELS]; /* bytes from the start of the span */
  gint *upper[N_LEVELS];
  gfloat *level[N_LEVELS];
  Span spans[N_LEVELS];
};

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
    thumbnail->level[c] = g_new (gfloat, width);
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

static gint
count_levels (const ImageFormatInfo *format)
{
  return MIN (format->n_components, N_LEVELS);
}

/* From the first byte of any component of the plane to the last one. */
static void
prepare_span (ImageThumbnail *thumbnail, const ImageFormatInfo *format,
    gint plane)
{
  Span *span = &thumbnail->spans[plane];
  const gint left = thumbnail->columns[0].lower;
  const gint right = thumbnail->columns[thumbnail->width - 1].upper;
  gint first = G_MAXINT, end = 0;

  for (gint c = 0; c < count_levels (format); c++) {
    const ImageComponent *component = &format->component[c];

    if (component->plane != plane)
      continue;
    first = MIN (first,
        component->offset + image_component_offset (component, left));
    end = MAX (end,
        component->offset + image_component_offset (component, right) + 1);
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
  for (gint i = 0; i < thumbnail->width; i++)
    thumbnail->fraction[i] = (guint16) (thumbnail->columns[i].fraction * ONE
        + 0.5f);
  for (gint p = 0; p < N_LEVELS; p++)
    prepare_span (thumbnail, format, p);
  for (gint c = 0; c < count_levels (format); c++) {
    const ImageComponent *component = &format->component[c];
    const gint start = component->offset
        - thumbnail->spans[component->plane].first;

    for (gint i = 0; i < thumbnail->width; i++) {
      const ImageTap *tap = &thumbnail->columns[i];

      thumbnail->lower[c][i] = start
          + image_component_offset (component, tap->lower);
      thumbnail->upper[c][i] = start
          + image_component_offset (component, tap->upper);
    }
  }
}

static void
mix_rows (guint8 *restrict mixed, const guint8 *restrict lower,
    const guint8 *restrict upper, guint16 fraction, gint n)
{
  const guint16 rest = ONE - fraction;

  for (gint i = 0; i < n; i++)
    mixed[i] = (guint16) (lower[i] * rest + upper[i] * fraction + ONE / 2) >> 8;
}

/* Returns the plane's span for an output row. */
static const guint8 *
get_span (ImageThumbnail *thumbnail, const ImageFrame *frame,
    const ImageComponent *component, const ImageTap *tap)
{
  const Span *span = &thumbnail->spans[component->plane];
  const gssize stride = frame->stride[component->plane];
  const guint8 *plane = frame->plane[component->plane] + span->first;
  const guint8 *lower = plane + (tap->lower >> component->shift_y) * stride;
  const guint8 *upper = plane + (tap->upper >> component->shift_y) * stride;
  const guint16 fraction = (guint16) (tap->fraction * ONE + 0.5f);

  if (lower == upper || fraction == 0)
    return lower;
  mix_rows (span->mixed, lower, upper, fraction, span->n_bytes);
  return span->mixed;
}

static void
interpolate (gfloat *restrict level, const guint8 *restrict span,
    const gint *restrict lower, const gint *restrict upper,
    const guint16 *restrict fraction, gint n)
{
  for (gint i = 0; i < n; i++) {
    const gint from = span[lower[i]], to = span[upper[i]];

    level[i] = (gfloat) (from * ONE + (to - from) * fraction[i]);
  }
}

/* Chroma that is subsampled is smooth enough for the nearest sample. */
static void
pick (gfloat *restrict level, const guint8 *restrict span,
    const gint *restrict offset, gint n)
{
  for (gint i = 0; i < n; i++)
    level[i] = (gfloat) (span[offset[i]] * ONE);
}

static void
read_row (ImageThumbnail *thumbnail, const ImageFrame *frame,
    const ImageFormatInfo *format, const ImageTap *tap)
{
  const guint8 *span = NULL;

  for (gint c = 0; c < count_levels (format); c++) {
    const ImageComponent *component = &format->component[c];

    /* components of a plane follow each other */
    if (c == 0 || component->plane != format->component[c - 1].plane)
      span = get_span (thumbnail, frame, component, tap);
    if (component->shift_x > 0)
      pick (thumbnail->level[c], span, thumbnail->lower[c], thumbnail->width);
    else
      interpolate (thumbnail->level[c], span, thumbnail->lower[c],
          thumbnail->upper[c], thumbnail->fraction, thumbnail->width);
  }
}

static inline guint32
get_byte (gfloat level)
{
  level = level > 0.0f ? level : 0.0f;
  return (guint32) (gint) (level < 255.0f ? level + 0.5f : 255.0f);
}

static void
write_ycbcr (guint32 *restrict words, const gfloat *restrict y,
    const gfloat *restrict cb, const gfloat *restrict cr, gint n,
    const ImageToRgb *to_rgb)
{
  const ImageToRgb k = *to_rgb;

  for (gint i = 0; i < n; i++) {
    const gfloat luma = (y[i] / ONE - k.black) * k.gain;
    const gfloat blue = cb[i] / ONE - 128.0f, red = cr[i] / ONE - 128.0f;

    words[i] = 0xff000000u | get_byte (luma + k.red_cr * red) << 16
        | get_byte (luma + k.green_cb * blue + k.green_cr * red) << 8
        | get_byte (luma + k.blue_cb * blue);
  }
}

static void
write_rgb (guint32 *restrict words, const gfloat *red, const gfloat *green,
    const gfloat *blue, gint n, const ImageToRgb *to_rgb)
{
  const gfloat black = to_rgb->black, gain = to_rgb->gain;

  for (gint i = 0; i < n; i++)
    words[i] = 0xff000000u | get_byte ((red[i] / ONE - black) * gain) << 16
        | get_byte ((green[i] / ONE - black) * gain) << 8
        | get_byte ((blue[i] / ONE - black) * gain);
}

void
image_thumbnail_draw (ImageThumbnail *thumbnail, const ImageFrame *frame,
    const ImageRect *crop, guint32 *words, gsize stride)
{
  const ImageFormatInfo *format;
  ImageToRgb to_rgb;

  g_return_if_fail (thumbnail != NULL && frame != NULL && words != NULL);
  g_return_if_fail (frame->format < IMAGE_N_FORMATS);
  g_return_if_fail (frame->width > 0 && frame->height > 0);
  g_return_if_fail (crop != NULL && crop->width > 0 && crop->height > 0);

  format = image_format_get_info (frame->format);
  image_colorimetry_get_to_rgb (&frame->colorimetry, &to_rgb);
  image_taps_compute (thumbnail->columns, thumbnail->width,
      IMAGE_RESIZE_HALF_PIXEL, crop->x, crop->width, frame->width);
  image_taps_compute (thumbnail->rows, thumbnail->height,
      IMAGE_RESIZE_HALF_PIXEL, crop->y, crop->height, frame->height);
  prepare_columns (thumbnail, format);
  for (gint i = 0; i < thumbnail->height; i++, words += stride) {
    gfloat *const *level = thumbnail->level;
    /* gray has the one level for all three */
    const gint last = count_levels (format) - 1;

    read_row (thumbnail, frame, format, &thumbnail->rows[i]);
    if (format->model == IMAGE_COLOR_MODEL_YCBCR)
      write_ycbcr (words, level[0], level[1], level[2], thumbnail->width,
          &to_rgb);
    else
      write_rgb (words, level[0], level[MIN (1, last)], level[last],
          thumbnail->width, &to_rgb);
  }
}
