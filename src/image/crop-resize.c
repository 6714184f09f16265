/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "crop-resize.h"

#include <math.h>
#include <string.h>

#include "image-format.h"

#define N_LEVELS 3

/* The two pixels of the frame that an output sample lies between. */
typedef struct {
  gint lower;
  gint upper;
  gfloat fraction;
} Tap;

/* A source row, interpolated in x: what output rows are mixed from. */
typedef struct {
  gint y;
  gfloat *values;
} CachedRow;

/* Arrays of pixels hold the lower pixels of all columns, then the upper ones,
 * so that the arithmetic on them runs over consecutive floats. */
struct _ImageResizer {
  ImageTensorSpec spec;
  gint n_channels;

  Tap *columns;
  Tap *rows;
  gfloat *column_fraction;
  gint *pixel_offset[N_LEVELS];
  gfloat *level[N_LEVELS];

  CachedRow lower_row;
  CachedRow upper_row;
};

/* A frame, and all that is the same for each of its rows. */
typedef struct {
  const ImageFrame *frame;
  const ImageFormatInfo *format;
  ImageToRgb to_rgb;
} Source;

ImageResizer *
image_resizer_new (const ImageTensorSpec *spec)
{
  ImageResizer *resizer;
  gsize width, row_length;

  g_return_val_if_fail (spec != NULL, NULL);
  g_return_val_if_fail (spec->width > 0 && spec->height > 0, NULL);

  resizer = g_new0 (ImageResizer, 1);
  resizer->spec = *spec;
  resizer->n_channels = spec->channels == IMAGE_CHANNELS_GRAY ? 1 : 3;

  width = spec->width;
  row_length = width * resizer->n_channels;
  resizer->columns = g_new (Tap, width);
  resizer->rows = g_new (Tap, spec->height);
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

/* Where sample i of n_out lies on an axis of n_in samples. */
static gdouble
source_position (ImageResizeConvention convention, gint i, gint n_in,
    gint n_out)
{
  switch (convention) {
    case IMAGE_RESIZE_ALIGN_CORNERS:
      return n_out > 1 ? (gdouble) i * (n_in - 1) / (n_out - 1) : 0.0;
    case IMAGE_RESIZE_HALF_PIXEL:
      return (i + 0.5) * n_in / n_out - 0.5;
    case IMAGE_RESIZE_LEGACY:
    default:
      return (gdouble) i * n_in / n_out;
  }
}

/* The crop's sample @index as a coordinate of the frame, whose border repeats
 * without end. */
static gint
frame_coordinate (gint crop_start, gint index, gint frame_size)
{
  gint64 coordinate = (gint64) crop_start + index;

  return CLAMP (coordinate, 0, frame_size - 1);
}

static void
compute_taps (Tap *taps, gint n_out, ImageResizeConvention convention,
    gint crop_start, gint crop_size, gint frame_size)
{
  for (gint i = 0; i < n_out; i++) {
    gdouble position = source_position (convention, i, crop_size, n_out);
    gint lower = MAX (0, (gint) floor (position));
    gint upper = MIN (crop_size - 1, (gint) ceil (position));

    taps[i].lower = frame_coordinate (crop_start, lower, frame_size);
    taps[i].upper = frame_coordinate (crop_start, upper, frame_size);
    taps[i].fraction = taps[i].lower == taps[i].upper
        ? 0.0f
        : (gfloat) (position - lower);
  }
}

static void
compute_pixel_offsets (ImageResizer *resizer, const ImageFormatInfo *format)
{
  gint width = resizer->spec.width;

  for (gint c = 0; c < MIN (format->n_components, N_LEVELS); c++) {
    const ImageComponent *component = &format->component[c];
    gint *lower = resizer->pixel_offset[c], *upper = lower + width;

    for (gint i = 0; i < width; i++) {
      lower[i] = image_component_offset (component, resizer->columns[i].lower);
      upper[i] = image_component_offset (component, resizer->columns[i].upper);
    }
  }
}

static void
prepare_axes (ImageResizer *resizer, const Source *source,
    const ImageRect *crop)
{
  const ImageTensorSpec *spec = &resizer->spec;

  compute_taps (resizer->columns, spec->width, spec->convention, crop->x,
      crop->width, source->frame->width);
  compute_taps (resizer->rows, spec->height, spec->convention, crop->y,
      crop->height, source->frame->height);

  for (gint i = 0; i < spec->width; i++)
    resizer->column_fraction[i] = resizer->columns[i].fraction;
  compute_pixel_offsets (resizer, source->format);

  resizer->lower_row.y = -1;
  resizer->upper_row.y = -1;
}

static void
gather_samples (gfloat *restrict samples, const guint8 *restrict row,
    const gint *restrict offset, gint n)
{
  for (gint i = 0; i < n; i++)
    samples[i] = row[offset[i]];
}

static inline gfloat
clamp_level (gfloat level)
{
  level = level > 0.0f ? level : 0.0f;
  return level < 255.0f ? level : 255.0f;
}

static void
rgb_from_ycbcr (gfloat *restrict y_to_red, gfloat *restrict cb_to_green,
    gfloat *restrict cr_to_blue, gint n, const ImageToRgb *to_rgb)
{
  const ImageToRgb k = *to_rgb;

  for (gint i = 0; i < n; i++) {
    gfloat luma = (y_to_red[i] - k.black) * k.gain;
    gfloat cb = cb_to_green[i] - 128.0f, cr = cr_to_blue[i] - 128.0f;

    y_to_red[i] = clamp_level (luma + k.red_cr * cr);
    cb_to_green[i] = clamp_level (luma + k.green_cb * cb + k.green_cr * cr);
    cr_to_blue[i] = clamp_level (luma + k.blue_cb * cb);
  }
}

static void
expand_range (gfloat *levels, gint n, const ImageToRgb *to_rgb)
{
  const gfloat black = to_rgb->black, gain = to_rgb->gain;

  for (gint i = 0; i < n; i++)
    levels[i] = clamp_level ((levels[i] - black) * gain);
}

/* Samples of the frame, in place, to full-range R'G'B'. */
static void
convert_to_rgb (gfloat *const level[N_LEVELS], gint n, const Source *source)
{
  gboolean full_range = source->frame->colorimetry.full_range;

  switch (source->format->model) {
    case IMAGE_COLOR_MODEL_YCBCR:
      rgb_from_ycbcr (level[0], level[1], level[2], n, &source->to_rgb);
      break;
    case IMAGE_COLOR_MODEL_GRAY:
      if (!full_range)
        expand_range (level[0], n, &source->to_rgb);
      memcpy (level[1], level[0], n * sizeof (gfloat));
      memcpy (level[2], level[0], n * sizeof (gfloat));
      break;
    case IMAGE_COLOR_MODEL_RGB:
      for (gint c = 0; c < N_LEVELS && !full_range; c++)
        expand_range (level[c], n, &source->to_rgb);
      break;
  }
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
interpolate_columns (ImageResizer *resizer, gfloat *out)
{
  gfloat *const *level = resizer->level;
  const gfloat *fraction = resizer->column_fraction;
  gint width = resizer->spec.width;

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
  }
}

static void
read_row (ImageResizer *resizer, const Source *source, gint y, CachedRow *row)
{
  const ImageFormatInfo *format = source->format;
  gint n = 2 * resizer->spec.width;

  for (gint c = 0; c < MIN (format->n_components, N_LEVELS); c++)
    gather_samples (resizer->level[c],
        image_component_row (source->frame, &format->component[c], y),
        resizer->pixel_offset[c], n);
  convert_to_rgb (resizer->level, n, source);
  interpolate_columns (resizer, row->values);
  row->y = y;
}

/* Rows come in rising order, so the last upper row is often the next lower
 * one, and neither is read twice. */
static void
read_rows (ImageResizer *resizer, const Source *source, const Tap *tap)
{
  if (resizer->upper_row.y == tap->lower) {
    CachedRow reused = resizer->upper_row;

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
write_row (const ImageResizer *resizer, const Tap *tap, gfloat *out)
{
  const ImageTensorSpec *spec = &resizer->spec;
  gsize n = (gsize) spec->width * resizer->n_channels;

  if (tap->fraction > 0.0f)
    interpolate_rows (out, resizer->lower_row.values, resizer->upper_row.values,
        tap->fraction, n, spec->scale, spec->offset);
  else
    scale_row (out, resizer->lower_row.values, n, spec->scale, spec->offset);
}

void
image_resizer_run (ImageResizer *resizer, const ImageFrame *frame,
    const ImageRect *crop, gfloat *tensor)
{
  Source source = { .frame = frame };
  gsize row_length;

  g_return_if_fail (resizer != NULL && frame != NULL && tensor != NULL);
  g_return_if_fail (frame->format < IMAGE_N_FORMATS);
  g_return_if_fail (frame->width > 0 && frame->height > 0);
  g_return_if_fail (crop != NULL && crop->width > 0 && crop->height > 0);

  source.format = image_format_get_info (frame->format);
  image_colorimetry_get_to_rgb (&frame->colorimetry, &source.to_rgb);
  prepare_axes (resizer, &source, crop);

  row_length = (gsize) resizer->spec.width * resizer->n_channels;
  for (gint i = 0; i < resizer->spec.height; i++) {
    const Tap *tap = &resizer->rows[i];

    read_rows (resizer, &source, tap);
    write_row (resizer, tap, tensor + i * row_length);
  }
}
