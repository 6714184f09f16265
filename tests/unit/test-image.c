/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers crop and resize, and compositing, against an independent
 * implementation of the formulas: per pixel, in double precision, and without
 * the library's format table. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/stored-number.h"
#include "image/image-composite.h"
#include "image/resizer.h"
#include "image/thumbnail.h"

#define SEED 2017
#define N_ROUNDS 40
#define GUARD 64

static const gchar *const format_names[] = { "I420", "YV12", "NV12", "NV21",
  "YUY2", "UYVY", "I420_10LE", "P010_10LE", "GRAY8", "RGB", "BGR", "RGBx",
  "BGRx", "xRGB", "RGBA", "BGRA", "ARGB" };
G_STATIC_ASSERT (G_N_ELEMENTS (format_names) == IMAGE_N_FORMATS);

static const gchar *const convention_names[] = { "legacy", "align-corners",
  "half-pixel" };

static const ImageColorimetry colorimetries[] = {
  { 0.299, 0.114, FALSE },
  { 0.299, 0.114, TRUE },
  { 0.2126, 0.0722, FALSE },
  { 0.2126, 0.0722, TRUE },
  { 0.2627, 0.0593, FALSE },
  { 0.2627, 0.0593, TRUE },
  { 0.2627, 0.0593, FALSE, 0.58 },
  { 0.2627, 0.0593, TRUE, 0.75 },
};

/* Those before high dynamic range, which rounds no differently. */
#define N_SDR_COLORIMETRIES 6

/* A frame that owns its memory, with guard bytes around each plane. */
typedef struct {
  ImageFrame frame;
  gint n_planes;
  guint8 *memory[3];
  gsize size[3];
} TestFrame;

static gboolean
is_planar_420 (ImageFormat format)
{
  return format == IMAGE_FORMAT_I420 || format == IMAGE_FORMAT_YV12
      || format == IMAGE_FORMAT_I420_10LE;
}

static gboolean
is_semiplanar_420 (ImageFormat format)
{
  return format == IMAGE_FORMAT_NV12 || format == IMAGE_FORMAT_NV21
      || format == IMAGE_FORMAT_P010_10LE;
}

static gboolean
is_packed_422 (ImageFormat format)
{
  return format == IMAGE_FORMAT_YUY2 || format == IMAGE_FORMAT_UYVY;
}

/* The bits of a sample. */
static gint
sample_depth (ImageFormat format)
{
  return format == IMAGE_FORMAT_I420_10LE || format == IMAGE_FORMAT_P010_10LE
      ? 10
      : 8;
}

/* The bytes of a sample. */
static gint
sample_size (ImageFormat format)
{
  return sample_depth (format) > 8 ? 2 : 1;
}

/* The bits of a sample in its word. */
static guint
sample_mask (ImageFormat format)
{
  if (format == IMAGE_FORMAT_I420_10LE)
    return 0x03ff;
  return format == IMAGE_FORMAT_P010_10LE ? 0xffc0 : 0xff;
}

/* The number of levels between two of eight bits, plus one. */
static gint
sample_unit (ImageFormat format)
{
  return 1 << (sample_depth (format) - 8);
}

static gboolean
has_alpha (ImageFormat format)
{
  return format >= IMAGE_FORMAT_RGBA;
}

static gint
n_components (ImageFormat format)
{
  if (format == IMAGE_FORMAT_GRAY8)
    return 1;
  return has_alpha (format) ? 4 : 3;
}

static gboolean
is_subsampled (ImageFormat format, gint component)
{
  return format < IMAGE_FORMAT_GRAY8 && component > 0;
}

/* The number of rows that a sample of the component covers. */
static gint
sample_height (ImageFormat format, gint component)
{
  return is_subsampled (format, component) && !is_packed_422 (format) ? 2 : 1;
}

static void
plane_layout (const ImageFrame *frame, gint plane, gint *row_bytes, gint *rows)
{
  gint size = sample_size (frame->format);
  gint chroma_width = (frame->width + 1) / 2;

  *rows = plane > 0 ? (frame->height + 1) / 2 : frame->height;
  if (is_planar_420 (frame->format))
    *row_bytes = size * (plane > 0 ? chroma_width : frame->width);
  else if (is_semiplanar_420 (frame->format))
    *row_bytes = size * (plane > 0 ? 2 * chroma_width : frame->width);
  else if (is_packed_422 (frame->format))
    *row_bytes = 4 * chroma_width;
  else if (frame->format == IMAGE_FORMAT_GRAY8)
    *row_bytes = frame->width;
  else if (frame->format <= IMAGE_FORMAT_BGR)
    *row_bytes = 3 * frame->width;
  else
    *row_bytes = 4 * frame->width;
}

/* The first byte of the sample of @component (Y, Cb, Cr or R, G, B, A) at pixel
 * x, y. */
static guint8 *
sample_at (const ImageFrame *frame, gint component, gint x, gint y)
{
  guint8 *const *plane = frame->plane;
  const gint *stride = frame->stride;
  const gint size = sample_size (frame->format);
  static const gint packed_422[2][3] = { { 0, 1, 3 }, { 1, 0, 2 } };
  static const gint packed_rgb[][4] = { { 0, 1, 2, 3 }, { 2, 1, 0, 3 },
    { 0, 1, 2, 3 }, { 2, 1, 0, 3 }, { 1, 2, 3, 0 }, { 0, 1, 2, 3 },
    { 2, 1, 0, 3 }, { 1, 2, 3, 0 } };

  G_STATIC_ASSERT (
      G_N_ELEMENTS (packed_rgb) == IMAGE_N_FORMATS - IMAGE_FORMAT_RGB);
  switch (frame->format) {
    case IMAGE_FORMAT_I420:
    case IMAGE_FORMAT_YV12:
    case IMAGE_FORMAT_I420_10LE:
      if (component > 0)
        return plane[component] + y / 2 * stride[component] + x / 2 * size;
      return plane[0] + y * stride[0] + x * size;
    case IMAGE_FORMAT_NV12:
    case IMAGE_FORMAT_NV21:
    case IMAGE_FORMAT_P010_10LE:
      if (component == 0)
        return plane[0] + y * stride[0] + x * size;
      if (frame->format == IMAGE_FORMAT_NV21)
        component = 3 - component;
      return plane[1] + y / 2 * stride[1] + (x / 2 * 2 + component - 1) * size;
    case IMAGE_FORMAT_YUY2:
    case IMAGE_FORMAT_UYVY:
      return plane[0] + y * stride[0]
          + packed_422[frame->format - IMAGE_FORMAT_YUY2][component]
          + (component > 0 ? x / 2 * 4 : x * 2);
    case IMAGE_FORMAT_GRAY8:
      return plane[0] + y * stride[0] + x;
    default:
      return plane[0] + y * stride[0]
          + x * (frame->format <= IMAGE_FORMAT_BGR ? 3 : 4)
          + packed_rgb[frame->format - IMAGE_FORMAT_RGB][component];
  }
}

/* The word of a sample with its unused bits. */
static guint
word_at (ImageFormat format, const guint8 *sample)
{
  return sample_size (format) == 2 ? sample[0] | sample[1] << 8 : sample[0];
}

static guint
shift_of (ImageFormat format)
{
  return format == IMAGE_FORMAT_P010_10LE ? 6 : 0;
}

static gint
level_at (const ImageFrame *frame, gint component, gint x, gint y)
{
  const ImageFormat format = frame->format;
  const guint8 *sample = sample_at (frame, component, x, y);

  return (gint) ((word_at (format, sample) & sample_mask (format))
      >> shift_of (format));
}

/* Keeps the unused bits. */
static void
set_level (const ImageFrame *frame, gint component, gint x, gint y, gint level)
{
  const ImageFormat format = frame->format;
  guint8 *sample = sample_at (frame, component, x, y);
  const guint word = (word_at (format, sample) & ~sample_mask (format))
      | (guint) level << shift_of (format);

  for (gint i = 0; i < sample_size (format); i++)
    sample[i] = (guint8) (word >> 8 * i);
}

static void
fill_with_noise (guint8 *bytes, gsize n, GRand *random)
{
  for (gsize i = 0; i < n; i++)
    bytes[i] = g_rand_int_range (random, 0, 256);
}

static void
test_frame_init (TestFrame *test, ImageFormat format, gint width, gint height,
    const ImageColorimetry *colorimetry, gint guard, GRand *random)
{
  memset (test, 0, sizeof (*test));
  test->frame.format = format;
  test->frame.width = width;
  test->frame.height = height;
  test->frame.colorimetry = *colorimetry;
  test->n_planes = is_planar_420 (format) ? 3
      : is_semiplanar_420 (format)        ? 2
                                          : 1;

  for (gint p = 0; p < test->n_planes; p++) {
    gint row_bytes, rows, stride;

    plane_layout (&test->frame, p, &row_bytes, &rows);
    stride = row_bytes + g_rand_int_range (random, 0, 9);
    test->size[p] = 2 * guard + (gsize) stride * (rows - 1) + row_bytes;
    test->memory[p] = g_malloc (test->size[p]);
    fill_with_noise (test->memory[p], test->size[p], random);
    test->frame.plane[p] = test->memory[p] + guard;
    test->frame.stride[p] = stride;
  }
}

static void
test_frame_clear (TestFrame *test)
{
  for (gint p = 0; p < test->n_planes; p++)
    g_free (test->memory[p]);
}

static void
fill_component (TestFrame *test, gint component, gint level)
{
  for (gint y = 0; y < test->frame.height; y++) {
    for (gint x = 0; x < test->frame.width; x++)
      set_level (&test->frame, component, x, y, level);
  }
}

/* -- Crop and resize -- */

static gdouble
clamp_level (gdouble level)
{
  return CLAMP (level, 0.0, 255.0);
}

static void
reference_rgb (const ImageFrame *frame, gint x, gint y, gdouble rgb[3])
{
  gdouble kr = frame->colorimetry.kr, kb = frame->colorimetry.kb;
  gboolean full = frame->colorimetry.full_range;
  gdouble unit = sample_unit (frame->format);
  gdouble full_scale = 256 * unit - 1, middle = 128 * unit;
  gdouble black = full ? 0 : 16 * unit;
  gdouble luma_steps = full ? full_scale : 219 * unit;
  gdouble chroma_steps = full ? full_scale : 224 * unit;
  gdouble sample[3] = { 0 }, luma, pb, pr;

  x = CLAMP (x, 0, frame->width - 1);
  y = CLAMP (y, 0, frame->height - 1);
  for (gint c = 0; c < MIN (n_components (frame->format), 3); c++)
    sample[c] = level_at (frame, c, x, y);

  if (frame->format > IMAGE_FORMAT_GRAY8) {
    for (gint c = 0; c < 3; c++)
      rgb[c] = clamp_level ((sample[c] - black) / luma_steps * 255);
    return;
  }

  luma = (sample[0] - black) / luma_steps * 255;
  if (frame->format == IMAGE_FORMAT_GRAY8) {
    rgb[0] = rgb[1] = rgb[2] = clamp_level (luma);
    return;
  }

  pb = (sample[1] - middle) / chroma_steps * 255;
  pr = (sample[2] - middle) / chroma_steps * 255;
  rgb[0] = luma + 2 * (1 - kr) * pr;
  rgb[2] = luma + 2 * (1 - kb) * pb;
  rgb[1] = clamp_level ((luma - kr * rgb[0] - kb * rgb[2]) / (1 - kr - kb));
  rgb[0] = clamp_level (rgb[0]);
  rgb[2] = clamp_level (rgb[2]);
}

static void
reference_axis (ImageResizeConvention convention, gint i, gint n_in, gint n_out,
    gint *lower, gint *upper, gdouble *fraction)
{
  gdouble position;

  if (convention == IMAGE_RESIZE_LEGACY)
    position = (gdouble) i * n_in / n_out;
  else if (convention == IMAGE_RESIZE_ALIGN_CORNERS)
    position = n_out == 1 ? 0 : (gdouble) i * (n_in - 1) / (n_out - 1);
  else
    position = (i + 0.5) * n_in / n_out - 0.5;

  *lower = MAX (0, (gint) floor (position));
  *upper = MIN (n_in - 1, (gint) ceil (position));
  *fraction = MAX (0, position - *lower);
}

static void
reference_pixel (const ImageFrame *frame, const Rect *crop,
    const ImageTensorSpec *spec, const Rect *target, gint column, gint row,
    gdouble rgb[3])
{
  gint x[2], y[2];
  gdouble fx, fy, corner[2][2][3];

  if (column < target->x || column >= target->x + target->width
      || row < target->y || row >= target->y + target->height) {
    rgb[0] = rgb[1] = rgb[2] = 0.0;
    return;
  }
  reference_axis (spec->convention, column - target->x, crop->width,
      target->width, &x[0], &x[1], &fx);
  reference_axis (spec->convention, row - target->y, crop->height,
      target->height, &y[0], &y[1], &fy);
  for (gint j = 0; j < 2; j++) {
    for (gint i = 0; i < 2; i++)
      reference_rgb (frame, crop->x + x[i], crop->y + y[j], corner[j][i]);
  }
  for (gint c = 0; c < 3; c++) {
    gdouble top = corner[0][0][c] * (1 - fx) + corner[0][1][c] * fx;
    gdouble bottom = corner[1][0][c] * (1 - fx) + corner[1][1][c] * fx;

    rgb[c] = top * (1 - fy) + bottom * fy;
  }
}

static gdouble
reference_input (const ImageTensorSpec *spec, gint channel, gdouble level)
{
  const gdouble input = level * spec->scale + spec->offset;

  return spec->normalizes ? input * spec->factor[channel] + spec->shift[channel]
                          : input;
}

/* Divides in integers, rounds, and leaves at least 1. */
static gint
divide (gint64 dividend, gint64 divisor)
{
  return (gint) MAX ((2 * dividend + divisor) / (2 * divisor), 1);
}

/* The part of @crop to read, and the part of the tensor that it fills. */
static void
reference_fit (const ImageTensorSpec *spec, gdouble pixel_aspect, Rect *crop,
    Rect *target)
{
  /* twice the width of the crop as displayed, at the tensor's height, and
   * twice its height, at the tensor's width */
  const gint64 across = (pixel_aspect == 1.5 ? 3 : 2) * (gint64) crop->width
      * spec->height;
  const gint64 down = 2 * (gint64) crop->height * spec->width;
  Rect part = *crop;

  *target = (Rect) { 0, 0, spec->width, spec->height };
  if (spec->fit == IMAGE_FIT_COVER && across > down)
    part.width = divide (crop->width * down, across);
  else if (spec->fit == IMAGE_FIT_COVER)
    part.height = divide (crop->height * across, down);
  else if (spec->fit == IMAGE_FIT_CONTAIN && across > down)
    target->height = divide (spec->height * down, across);
  else if (spec->fit == IMAGE_FIT_CONTAIN)
    target->width = divide (spec->width * across, down);
  target->x = (spec->width - target->width) / 2;
  target->y = (spec->height - target->height) / 2;
  part.x += (crop->width - part.width) / 2;
  part.y += (crop->height - part.height) / 2;
  *crop = part;
}

static void
reference_tensor (const ImageFrame *frame, const Rect *whole_crop,
    const ImageTensorSpec *spec, gdouble *tensor)
{
  Rect crop = *whole_crop, target;

  reference_fit (spec, frame->pixel_aspect, &crop, &target);
  for (gint row = 0; row < spec->height; row++) {
    for (gint column = 0; column < spec->width; column++) {
      gdouble rgb[3];

      reference_pixel (frame, &crop, spec, &target, column, row, rgb);
      if (spec->channels == IMAGE_CHANNELS_GRAY) {
        *tensor++ = reference_input (spec, 0,
            0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]);
        continue;
      }
      for (gint c = 0; c < 3; c++) {
        gint from = spec->channels == IMAGE_CHANNELS_BGR ? 2 - c : c;

        *tensor++ = reference_input (spec, c, rgb[from]);
      }
      if (spec->channels == IMAGE_CHANNELS_RGBA)
        *tensor++ = reference_input (spec, 3, 255.0);
    }
  }
}

static gsize
tensor_length (const ImageTensorSpec *spec)
{
  static const gsize n_channels[] = {
    [IMAGE_CHANNELS_RGB] = 3,
    [IMAGE_CHANNELS_BGR] = 3,
    [IMAGE_CHANNELS_GRAY] = 1,
    [IMAGE_CHANNELS_RGBA] = 4,
  };

  return (gsize) spec->width * spec->height * n_channels[spec->channels];
}

static void
check_resize (ImageResizer *resizer, const ImageTensorSpec *spec,
    const ImageFrame *frame, const Rect *crop)
{
  gsize length = tensor_length (spec);
  g_autofree gfloat *tensor = g_new (gfloat, length);
  g_autofree gdouble *expected = g_new (gdouble, length);

  image_resizer_run (resizer, frame, crop, tensor);
  reference_tensor (frame, crop, spec, expected);
  for (gsize i = 0; i < length; i++) {
    if (fabs (tensor[i] - expected[i]) > 1e-5)
      g_error ("value %zu of %dx%d from crop %d,%d %dx%d of %dx%d is %g, "
               "expected %g",
          i, spec->width, spec->height, crop->x, crop->y, crop->width,
          crop->height, frame->width, frame->height, tensor[i], expected[i]);
  }
}

static Rect
random_crop (const ImageFrame *frame, GRand *random)
{
  Rect crop;

  crop.x = g_rand_int_range (random, -frame->width, 2 * frame->width);
  crop.y = g_rand_int_range (random, -frame->height, 2 * frame->height);
  crop.width = g_rand_int_range (random, 1, 2 * frame->width + 2);
  crop.height = g_rand_int_range (random, 1, 2 * frame->height + 2);
  return crop;
}

static void
check_resize_of_frame (ImageResizer *resizer, const ImageTensorSpec *spec,
    ImageFormat format, const ImageColorimetry *colorimetry, GRand *random)
{
  TestFrame test;
  Rect crop, pixel, whole;

  test_frame_init (&test, format, g_rand_int_range (random, 1, 40),
      g_rand_int_range (random, 1, 30), colorimetry, 0, random);
  test.frame.pixel_aspect = g_rand_boolean (random) ? 0.0 : 1.5;

  crop = random_crop (&test.frame, random);
  pixel = (Rect) { crop.x, crop.y, 1, 1 };
  whole = (Rect) { 0, 0, test.frame.width, test.frame.height };
  check_resize (resizer, spec, &test.frame, &crop);
  check_resize (resizer, spec, &test.frame, &pixel);
  check_resize (resizer, spec, &test.frame, &whole);

  test_frame_clear (&test);
}

/* Where a picture lies in the tensor, and what of it is read. */
static void
test_fit (void)
{
  static const struct {
    ImageFit fit;
    gdouble aspect;
    Rect crop;
    gint width, height;
    Rect source, target;
  } cases[] = {
    { IMAGE_FIT_STRETCH, 0.0, { 5, 7, 640, 480 }, 224, 224, { 5, 7, 640, 480 },
        { 0, 0, 224, 224 } },
    /* the centre square of Teachable Machine */
    { IMAGE_FIT_COVER, 0.0, { 0, 0, 640, 480 }, 224, 224, { 80, 0, 480, 480 },
        { 0, 0, 224, 224 } },
    { IMAGE_FIT_COVER, 1.0, { -10, 20, 30, 90 }, 48, 48, { -10, 50, 30, 30 },
        { 0, 0, 48, 48 } },
    /* 720x576 with pixels of 16:15 is displayed as 4:3 */
    { IMAGE_FIT_COVER, 16.0 / 15.0, { 0, 0, 720, 576 }, 96, 96,
        { 90, 0, 540, 576 }, { 0, 0, 96, 96 } },
    { IMAGE_FIT_CONTAIN, 0.0, { 0, 0, 640, 480 }, 224, 224, { 0, 0, 640, 480 },
        { 0, 28, 224, 168 } },
    { IMAGE_FIT_CONTAIN, 2.0, { 0, 0, 10, 40 }, 64, 32, { 0, 0, 10, 40 },
        { 24, 0, 16, 32 } },
    /* a line still takes a row */
    { IMAGE_FIT_CONTAIN, 0.0, { 0, 0, 1000, 1 }, 8, 8, { 0, 0, 1000, 1 },
        { 0, 3, 8, 1 } },
    { IMAGE_FIT_COVER, 0.0, { 0, 0, 1000, 1 }, 8, 8, { 499, 0, 1, 1 },
        { 0, 0, 8, 8 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Rect source, target;

    image_fit_place (cases[i].fit, &cases[i].crop, cases[i].aspect,
        cases[i].width, cases[i].height, &source, &target);
    g_assert_cmpmem (&source, sizeof source, &cases[i].source, sizeof source);
    g_assert_cmpmem (&target, sizeof target, &cases[i].target, sizeof target);
  }
}

static ImageTensorSpec
random_spec (GRand *random)
{
  ImageTensorSpec spec = { 0 };

  spec.width = g_rand_int_range (random, 1, 50);
  spec.height = g_rand_int_range (random, 1, 50);
  spec.channels = g_rand_int_range (random, 0, 4);
  spec.convention = g_rand_int_range (random, 0, 3);
  spec.fit = g_rand_int_range (random, 0, 3);
  spec.scale = g_rand_boolean (random) ? 1.0f / 255 : 2.0f / 255;
  spec.offset = g_rand_boolean (random) ? 0.0f : -1.0f;
  spec.normalizes = g_rand_boolean (random);
  for (guint c = 0; c < IMAGE_MAX_CHANNELS; c++) {
    spec.factor[c] = (gfloat) g_rand_double_range (random, 0.5, 2.0);
    spec.shift[c] = (gfloat) g_rand_double_range (random, -1.0, 1.0);
  }
  return spec;
}

static void
test_resize_reference (gconstpointer format)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);

  for (gint round = 0; round < N_ROUNDS; round++) {
    ImageTensorSpec spec = random_spec (random);
    g_autoptr (ImageResizer) resizer = image_resizer_new (&spec);

    for (guint i = 0; i < G_N_ELEMENTS (colorimetries); i++)
      check_resize_of_frame (resizer, &spec, GPOINTER_TO_INT (format),
          &colorimetries[i], random);
  }
}

/* Fills a frame with values so far from their limits that no conversion has to
 * clamp. Subsampled chroma is constant. */
static void
calm_frame (ImageFrame *frame, GRand *random)
{
  for (gint y = 0; y < frame->height; y++) {
    for (gint x = 0; x < frame->width; x++) {
      for (gint c = 0; c < n_components (frame->format); c++)
        set_level (frame, c, x, y,
            sample_unit (frame->format)
                * (is_subsampled (frame->format, c)
                        ? 110 + 20 * c
                        : g_rand_int_range (random, 80, 170)));
    }
  }
}

/* A thumbnail equals the input of a network except for rounding. */
static void
check_thumbnail (const ImageFrame *frame, const Rect *crop, gint width,
    gint height)
{
  const ImageTensorSpec spec = { width, height, IMAGE_CHANNELS_RGB,
    IMAGE_RESIZE_HALF_PIXEL, 1.0f, 0.0f };
  g_autoptr (ImageResizer) resizer = image_resizer_new (&spec);
  g_autoptr (ImageThumbnail) thumbnail = image_thumbnail_new (width, height);
  const gsize stride = (gsize) width + 1;
  g_autofree gfloat *tensor = g_new (gfloat, width * height * 3);
  g_autofree guint32 *words = g_new0 (guint32, stride * (gsize) height);

  image_resizer_run (resizer, frame, crop, tensor);
  image_thumbnail_draw (thumbnail, frame, crop, words, stride);
  for (gint y = 0; y < height; y++) {
    const guint32 *row = words + (gsize) y * stride;

    for (gint x = 0; x < width; x++) {
      g_assert_cmpuint (row[x] >> 24, ==, 255);
      for (gint c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon ((row[x] >> (16 - 8 * c) & 255),
            tensor[3 * (y * width + x) + c], 2.0);
    }
    g_assert_cmpuint (row[width], ==, 0);
  }
}

static void
test_thumbnail (gconstpointer format)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);

  for (gint round = 0; round < N_ROUNDS; round++) {
    for (guint i = 0; i < G_N_ELEMENTS (colorimetries); i++) {
      TestFrame test;
      Rect crop;

      test_frame_init (&test, GPOINTER_TO_INT (format),
          g_rand_int_range (random, 1, 40), g_rand_int_range (random, 1, 30),
          &colorimetries[i], 0, random);
      calm_frame (&test.frame, random);
      crop = random_crop (&test.frame, random);
      check_thumbnail (&test.frame, &crop, g_rand_int_range (random, 1, 50),
          g_rand_int_range (random, 1, 50));
      test_frame_clear (&test);
    }
  }
}

static void
test_resize_far_crops (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  ImageTensorSpec spec = { 5, 4, IMAGE_CHANNELS_RGB, IMAGE_RESIZE_HALF_PIXEL,
    1.0f / 255, 0.0f };
  g_autoptr (ImageResizer) resizer = image_resizer_new (&spec);
  const Rect crops[] = { { G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT },
    { G_MININT, G_MININT, G_MAXINT, G_MAXINT } };
  gfloat tensor[5 * 4 * 3];
  TestFrame test;

  test_frame_init (&test, IMAGE_FORMAT_RGB, 7, 5, &colorimetries[1], 0, random);
  for (guint i = 0; i < G_N_ELEMENTS (crops); i++) {
    gint x = i == 0 ? 6 : 0, y = i == 0 ? 4 : 0;

    image_resizer_run (resizer, &test.frame, &crops[i], tensor);
    for (guint j = 0; j < G_N_ELEMENTS (tensor); j++)
      g_assert_cmpfloat_with_epsilon (tensor[j],
          level_at (&test.frame, j % 3, x, y) / 255.0, 1e-5);
  }
  test_frame_clear (&test);
}

/* -- Golden data -- */

static ImageFrame
frame_of_rgb (gchar *pixels, gint width, gint height)
{
  ImageFrame frame = { .format = IMAGE_FORMAT_RGB,
    .width = width,
    .height = height,
    .plane = { (guint8 *) pixels },
    .stride = { 3 * width },
    .colorimetry = { .full_range = TRUE } };

  return frame;
}

static void
load_file (const gchar *path, gchar **contents, gsize length)
{
  g_autoptr (GError) error = NULL;
  gsize actual = 0;

  g_file_get_contents (path, contents, &actual, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (actual, ==, length);
}

static void
check_golden (const gchar *pixels_path, gint in_width, gint in_height,
    const gchar *tensor_path, gint width, gint height,
    ImageResizeConvention convention)
{
  ImageTensorSpec spec = { width, height, IMAGE_CHANNELS_RGB, convention,
    1.0f / 255, 0.0f };
  g_autoptr (ImageResizer) resizer = image_resizer_new (&spec);
  Rect crop = { 0, 0, in_width, in_height };
  gsize length = tensor_length (&spec);
  g_autofree gfloat *tensor = g_new (gfloat, length);
  g_autofree gchar *pixels = NULL;
  g_autofree gchar *expected = NULL;
  ImageFrame frame;

  load_file (pixels_path, &pixels, (gsize) in_width * in_height * 3);
  load_file (tensor_path, &expected, length * sizeof (gfloat));
  stored_float32_convert (expected, length);
  frame = frame_of_rgb (pixels, in_width, in_height);
  image_resizer_run (resizer, &frame, &crop, tensor);
  for (gsize i = 0; i < length; i++) {
    gfloat value;

    memcpy (&value, expected + i * sizeof (gfloat), sizeof (gfloat));
    g_assert_cmpfloat_with_epsilon (tensor[i], value, 1e-5);
  }
}

/* The committed cases of make-image-golden.py. */
static void
test_resize_golden (void)
{
  static const gint cases[][4] = { { 7, 5, 4, 3 }, { 7, 5, 7, 5 },
    { 6, 6, 3, 3 }, { 5, 3, 9, 8 }, { 1, 1, 3, 2 }, { 4, 9, 1, 1 },
    { 13, 2, 2, 13 } };
  g_autofree gchar *folder = g_test_build_filename (G_TEST_DIST, "..", "golden",
      "image", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const gint *size = cases[i];
    g_autofree gchar *pixels = g_strdup_printf ("%s/%dx%d-rgb.bin", folder,
        size[0], size[1]);

    for (gint convention = 0; convention < 3; convention++) {
      g_autofree gchar *tensor = g_strdup_printf ("%s/%s-%dx%d-to-%dx%d.f32",
          folder, convention_names[convention], size[0], size[1], size[2],
          size[3]);

      check_golden (pixels, size[0], size[1], tensor, size[2], size[3],
          convention);
    }
  }
}

static gchar *
shared_golden_folder (void)
{
  const gchar *shared = g_getenv ("ACTIVATIONMAP_SHARED");

  if (shared != NULL)
    return g_build_filename (shared, "data", "seed-model", "golden", NULL);
  return g_test_build_filename (G_TEST_DIST, "..", "..", "..", "shared", "data",
      "seed-model", "golden", NULL);
}

/* CASE-SIDE.rgb resized by TensorFlow.js to CASE-SIDE.input.f32. */
static void
test_resize_tensorflow_js (void)
{
  g_autofree gchar *folder = shared_golden_folder ();
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const gchar *name;
  gint n_cases = 0;

  if (directory == NULL) {
    g_test_skip ("no data/seed-model/golden in $ACTIVATIONMAP_SHARED");
    return;
  }
  while ((name = g_dir_read_name (directory)) != NULL) {
    g_autofree gchar *stem = NULL;
    g_autofree gchar *pixels = NULL;
    g_autofree gchar *tensor = NULL;
    gint side;

    if (!g_str_has_suffix (name, ".rgb"))
      continue;
    stem = g_strndup (name, strlen (name) - strlen (".rgb"));
    side = atoi (strrchr (stem, '-') + 1);
    pixels = g_build_filename (folder, name, NULL);
    tensor = g_strdup_printf ("%s/%s.input.f32", folder, stem);
    check_golden (pixels, side, side, tensor, 50, 50, IMAGE_RESIZE_LEGACY);
    n_cases++;
  }
  g_test_message ("%d cases", n_cases);
  g_assert_cmpint (n_cases, >, 0);
}

/* -- Compositing -- */

static guint32
premultiply (guint alpha, guint red, guint green, guint blue)
{
  return alpha << 24 | (red * alpha + 127) / 255 << 16
      | (green * alpha + 127) / 255 << 8 | (blue * alpha + 127) / 255;
}

/* Runs of transparent, opaque and translucent pixels in random lengths. */
static guint32 *
random_overlay (gint width, gint height, gint padding, GRand *random)
{
  gsize n = (gsize) (width + padding) * height;
  guint32 *words = g_new (guint32, n);
  gint left_of_run = 0, kind = 0;

  for (gsize i = 0; i < n; i++) {
    guint32 noise = g_rand_int (random);
    guint alpha = kind == 0 ? 0 : kind == 1 ? 255 : noise >> 24;

    if (left_of_run-- <= 0) {
      left_of_run = 1 << g_rand_int_range (random, 0, 10);
      kind = g_rand_int_range (random, 0, 3);
    }
    if (noise % 5 == 0)
      noise = 0xffff00ff;
    words[i] = premultiply (alpha, noise >> 16 & 0xff, noise >> 8 & 0xff,
        noise & 0xff);
  }
  return words;
}

/* The overlay's alpha (0..1) and premultiplied red, green, blue (0..255). */
static void
overlay_at (const ImageOverlay *overlay, gint x, gint y, gdouble argb[4])
{
  guint32 word = 0;

  if (x >= 0 && x < overlay->width && y >= 0 && y < overlay->height)
    memcpy (&word, overlay->data + y * (gssize) overlay->stride + 4 * x, 4);
  argb[0] = (word >> 24) / 255.0;
  for (gint c = 1; c < 4; c++)
    argb[c] = word >> (24 - 8 * c) & 0xff;
}

/* The mean over the frame's pixels that a sample covers. */
static void
mean_overlay (const ImageFrame *frame, const ImageOverlay *overlay,
    gint component, gint x, gint y, gint position_x, gint position_y,
    gdouble mean[4])
{
  gint right = MIN (x + (is_subsampled (frame->format, component) ? 2 : 1),
      frame->width);
  gint bottom = MIN (y + sample_height (frame->format, component),
      frame->height);
  gint n = (right - x) * (bottom - y);

  memset (mean, 0, 4 * sizeof (gdouble));
  for (gint j = y; j < bottom; j++) {
    for (gint i = x; i < right; i++) {
      gdouble argb[4];

      overlay_at (overlay, i - position_x, j - position_y, argb);
      for (gint c = 0; c < 4; c++)
        mean[c] += argb[c] / n;
    }
  }
}

static gdouble
reference_sample (const ImageFrame *frame, gint component,
    const gdouble argb[4])
{
  gdouble kr = frame->colorimetry.kr, kb = frame->colorimetry.kb;
  gboolean full = frame->colorimetry.full_range;
  gdouble set_white = frame->colorimetry.graphics_white;
  gdouble white = set_white > 0 ? set_white : 1;
  gdouble alpha = argb[0], red = argb[1] * white, green = argb[2] * white;
  gdouble blue = argb[3] * white;
  gdouble luma = kr * red + (1 - kr - kb) * green + kb * blue;
  gdouble unit = sample_unit (frame->format), full_scale = 256 * unit - 1;
  gdouble luma_scale = (full ? full_scale : 219 * unit) / 255;
  gdouble chroma_scale = (full ? full_scale : 224 * unit) / 255;
  gdouble black = full ? 0 : 16 * unit, middle = 128 * unit;

  if (frame->format > IMAGE_FORMAT_GRAY8)
    return component == 3
        ? 255 * alpha
        : black * alpha + white * argb[component + 1] * luma_scale;
  if (component == 0)
    return black * alpha + luma * luma_scale;
  if (component == 1)
    return middle * alpha + (blue - luma) / 2 / (1 - kb) * chroma_scale;
  return middle * alpha + (red - luma) / 2 / (1 - kr) * chroma_scale;
}

/* What is expected of a byte, or of the sample that begins with it. */
typedef enum {
  UNCHANGED,
  BLENDED,
  OPAQUE,
  IN_SAMPLE
} Change;

/* What is expected of each byte of a frame; @level is that of a sample. */
typedef struct {
  guint8 *before[3];
  gdouble *level[3];
  guint8 *change[3];
} Expectation;

static void
expectation_init (Expectation *expected, const TestFrame *test)
{
  memset (expected, 0, sizeof (*expected));
  for (gint p = 0; p < test->n_planes; p++) {
    expected->before[p] = g_memdup2 (test->memory[p], test->size[p]);
    expected->level[p] = g_new (gdouble, test->size[p]);
    expected->change[p] = g_new0 (guint8, test->size[p]);
  }
}

static void
expectation_clear (Expectation *expected)
{
  for (gint p = 0; p < 3; p++) {
    g_free (expected->before[p]);
    g_free (expected->level[p]);
    g_free (expected->change[p]);
  }
}

static void
expect_sample (Expectation *expected, const TestFrame *test,
    const guint8 *sample, gdouble level, Change change)
{
  const ImageFormat format = test->frame.format;

  for (gint p = 0; p < test->n_planes; p++) {
    gsize index;

    if (sample < test->memory[p] || sample >= test->memory[p] + test->size[p])
      continue;
    index = sample - test->memory[p];
    expected->level[p][index] = CLAMP (level, 0,
        256 * sample_unit (format) - 1);
    expected->change[p][index] = change;
    if (sample_size (format) == 2)
      expected->change[p][index + 1] = IN_SAMPLE;
  }
}

static void
expect_component (Expectation *expected, const TestFrame *test, gint component,
    const ImageOverlay *overlay, gint x, gint y)
{
  const ImageFrame *frame = &test->frame;
  gint step_x = is_subsampled (frame->format, component) ? 2 : 1;
  gint step_y = sample_height (frame->format, component);

  for (gint j = 0; j < frame->height; j += step_y) {
    for (gint i = 0; i < frame->width; i += step_x) {
      const guint8 *sample = sample_at (frame, component, i, j);
      gdouble argb[4];

      mean_overlay (frame, overlay, component, i, j, x, y, argb);
      if (argb[0] > 0)
        expect_sample (expected, test, sample,
            reference_sample (frame, component, argb)
                + (1 - argb[0]) * level_at (frame, component, i, j),
            argb[0] < 1 ? BLENDED : OPAQUE);
    }
  }
}

/* Levels are within 1. Bits that are not used are kept, except that they may be
 * cleared under an opaque overlay. */
static gboolean
is_expected (const Expectation *expected, const TestFrame *test, gint plane,
    gsize i)
{
  const ImageFormat format = test->frame.format;
  const Change change = expected->change[plane][i];
  const guint8 *before = expected->before[plane] + i;
  const guint8 *after = test->memory[plane] + i;
  guint word, unused;

  if (change == UNCHANGED)
    return *after == *before;
  if (change == IN_SAMPLE)
    return TRUE;
  word = word_at (format, after);
  unused = word & ~sample_mask (format);
  if (unused != (word_at (format, before) & ~sample_mask (format))
      && (change == BLENDED || unused != 0))
    return FALSE;
  word = (word & sample_mask (format)) >> shift_of (format);
  return fabs (word - expected->level[plane][i]) <= 1;
}

static void
check_expectation (const Expectation *expected, const TestFrame *test)
{
  for (gint p = 0; p < test->n_planes; p++) {
    for (gsize i = 0; i < test->size[p]; i++) {
      if (!is_expected (expected, test, p, i))
        g_error ("byte %zu of plane %d (%dx%d, stride %d) is %d, expected %g",
            i, p, test->frame.width, test->frame.height, test->frame.stride[p],
            test->memory[p][i],
            expected->change[p][i] == UNCHANGED ? expected->before[p][i]
                                                : expected->level[p][i]);
    }
  }
}

static void
check_composite (TestFrame *test, const ImageOverlay *overlay, gint x, gint y)
{
  Expectation expected;

  expectation_init (&expected, test);
  for (gint c = 0; c < n_components (test->frame.format); c++)
    expect_component (&expected, test, c, overlay, x, y);
  image_composite (&test->frame, overlay, x, y);
  check_expectation (&expected, test);
  expectation_clear (&expected);
}

static void
check_random_composite (ImageFormat format, const ImageColorimetry *colorimetry,
    GRand *random)
{
  gint width = 1 << g_rand_int_range (random, 0, 9), padding, height;
  g_autofree guint32 *words = NULL;
  ImageOverlay overlay;
  TestFrame test;

  width += g_rand_int_range (random, 0, width);
  height = g_rand_int_range (random, 1, 12);
  padding = g_rand_int_range (random, 0, 4);
  words = random_overlay (width, height, padding, random);
  overlay = (ImageOverlay) { (const guint8 *) words, 4 * (width + padding),
    width, height };
  test_frame_init (&test, format, g_rand_int_range (random, 1, 400),
      g_rand_int_range (random, 1, 12), colorimetry, GUARD, random);
  check_composite (&test, &overlay,
      g_rand_int_range (random, -width, test.frame.width + 1),
      g_rand_int_range (random, -height, test.frame.height + 1));
  test_frame_clear (&test);
}

static void
test_composite_reference (gconstpointer format)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);

  for (gint round = 0; round < N_ROUNDS; round++) {
    for (guint i = 0; i < G_N_ELEMENTS (colorimetries); i++)
      check_random_composite (GPOINTER_TO_INT (format), &colorimetries[i],
          random);
  }
}

/* Every alpha over every level, to find errors of rounding. */
static void
test_composite_all_levels (gconstpointer format)
{
  g_autofree guint32 *words = g_new (guint32, 256 * 256);
  ImageOverlay overlay = { (const guint8 *) words, 256 * 4, 256, 256 };
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  static const guint32 colors[] = { 0xffffff, 0xff0000, 0x0000ff, 0x00ffff };

  for (guint c = 0; c < G_N_ELEMENTS (colors); c++) {
    TestFrame test;

    for (guint i = 0; i < 256 * 256; i++)
      words[i] = premultiply (i / 256, colors[c] >> 16, colors[c] >> 8 & 0xff,
          colors[c] & 0xff);
    for (guint i = 0; i < N_SDR_COLORIMETRIES; i++) {
      test_frame_init (&test, GPOINTER_TO_INT (format), 256, 256,
          &colorimetries[i], GUARD, random);
      for (gint x = 0; x < 256; x++) {
        for (gint y = 0; y < 256; y++) {
          for (gint k = 0; k < n_components (test.frame.format); k++)
            set_level (&test.frame, k, x, y,
                x * sample_unit (test.frame.format)
                    + y % sample_unit (test.frame.format));
        }
      }
      check_composite (&test, &overlay, 0, 0);
      test_frame_clear (&test);
    }
  }
}

static void
check_composite_changes_nothing (TestFrame *test, const ImageOverlay *overlay,
    gint x, gint y)
{
  Expectation expected;

  expectation_init (&expected, test);
  image_composite (&test->frame, overlay, x, y);
  check_expectation (&expected, test);
  expectation_clear (&expected);
}

static void
test_composite_at_edges (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  guint32 words[4] = { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff };
  ImageOverlay overlay = { (const guint8 *) words, 8, 2, 2 };
  static const gint outside[] = { G_MININT, -2, 7, G_MAXINT - 1, G_MAXINT };
  TestFrame test;

  test_frame_init (&test, IMAGE_FORMAT_I420, 7, 7, &colorimetries[0], GUARD,
      random);
  for (gint x = -3; x < 9; x++) {
    for (gint y = -3; y < 9; y++)
      check_composite (&test, &overlay, x, y);
    for (guint i = 0; i < G_N_ELEMENTS (outside); i++) {
      check_composite_changes_nothing (&test, &overlay, x, outside[i]);
      check_composite_changes_nothing (&test, &overlay, outside[i], x);
    }
  }
  test_frame_clear (&test);
}

/* A colour above its alpha is not premultiplied; it must not wrap around. */
static void
test_composite_not_premultiplied (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  guint32 word = 0x01ffffff;
  ImageOverlay overlay = { (const guint8 *) &word, 4, 1, 1 };
  TestFrame test;

  test_frame_init (&test, IMAGE_FORMAT_RGB, 1, 1, &colorimetries[1], GUARD,
      random);
  for (gint c = 0; c < 3; c++)
    fill_component (&test, c, 255);
  image_composite (&test.frame, &overlay, 0, 0);
  for (gint c = 0; c < 3; c++)
    g_assert_cmpint (level_at (&test.frame, c, 0, 0), ==, 255);
  test_frame_clear (&test);
}

/* -- Formats of ten bits -- */

/* Copies the levels of a frame of eight bits, times four. */
static void
shift_levels (const ImageFrame *from, TestFrame *to)
{
  for (gint y = 0; y < from->height; y++) {
    for (gint x = 0; x < from->width; x++) {
      for (gint c = 0; c < 3; c++)
        set_level (&to->frame, c, x, y, 4 * level_at (from, c, x, y));
    }
  }
}

static void
check_same_tensor (const ImageFrame *frame, const ImageFrame *deep,
    GRand *random)
{
  const ImageTensorSpec spec = random_spec (random);
  const Rect crop = random_crop (frame, random);
  const gsize length = tensor_length (&spec);
  g_autoptr (ImageResizer) resizer = image_resizer_new (&spec);
  g_autofree gfloat *tensor = g_new (gfloat, length);
  g_autofree gfloat *deep_tensor = g_new (gfloat, length);

  image_resizer_run (resizer, frame, &crop, tensor);
  image_resizer_run (resizer, deep, &crop, deep_tensor);
  g_assert_cmpmem (tensor, length * sizeof (gfloat), deep_tensor,
      length * sizeof (gfloat));
}

/* What is drawn differs by less than a step of eight bits. */
static void
check_same_drawing (TestFrame *test, TestFrame *deep, GRand *random)
{
  g_autofree guint32 *words = random_overlay (20, 20, 0, random);
  const ImageOverlay overlay = { (const guint8 *) words, 80, 20, 20 };
  const gint x = g_rand_int_range (random, -19, test->frame.width);
  const gint y = g_rand_int_range (random, -19, test->frame.height);

  image_composite (&test->frame, &overlay, x, y);
  image_composite (&deep->frame, &overlay, x, y);
  for (gint j = 0; j < test->frame.height; j++) {
    for (gint i = 0; i < test->frame.width; i++) {
      for (gint c = 0; c < 3; c++)
        g_assert_cmpint (ABS (4 * level_at (&test->frame, c, i, j)
                             - level_at (&deep->frame, c, i, j)),
            <=, 4);
    }
  }
}

/* A picture of limited range gives the same in eight and in ten bits. */
static void
test_shifted (gconstpointer format)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);

  for (gint round = 0; round < N_ROUNDS; round++) {
    const gint width = g_rand_int_range (random, 1, 60);
    const gint height = g_rand_int_range (random, 1, 60);
    const ImageColorimetry *colorimetry =
        &colorimetries[2 * g_rand_int_range (random, 0, 3)];
    TestFrame test, deep;

    test_frame_init (&test, IMAGE_FORMAT_I420, width, height, colorimetry, 0,
        random);
    test_frame_init (&deep, GPOINTER_TO_INT (format), width, height,
        colorimetry, 0, random);
    shift_levels (&test.frame, &deep);
    check_same_tensor (&test.frame, &deep.frame, random);
    check_same_drawing (&test, &deep, random);
    test_frame_clear (&test);
    test_frame_clear (&deep);
  }
}

/* In full range, white is all ones. */
static void
test_full_range_white (gconstpointer format)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  const guint32 word = 0xffffffff;
  const ImageOverlay overlay = { (const guint8 *) &word, 4, 1, 1 };
  TestFrame test;

  test_frame_init (&test, GPOINTER_TO_INT (format), 1, 1, &colorimetries[1],
      GUARD, random);
  image_composite (&test.frame, &overlay, 0, 0);
  g_assert_cmpint (level_at (&test.frame, 0, 0, 0), ==, 1023);
  for (gint c = 1; c < 3; c++)
    g_assert_cmpint (level_at (&test.frame, c, 0, 0), ==, 512);
  test_frame_clear (&test);
}

/* -- Colour bars -- */

typedef struct {
  guint32 rgb;
  guint8 bt601[3];
  guint8 bt709[3];
} ColorBar;

/* 100 % bars in limited range: white, yellow, cyan, green, magenta, red, blue,
 * black. */
static const ColorBar color_bars[] = {
  { 0xffffff, { 235, 128, 128 }, { 235, 128, 128 } },
  { 0xffff00, { 210, 16, 146 }, { 219, 16, 138 } },
  { 0x00ffff, { 170, 166, 16 }, { 188, 154, 16 } },
  { 0x00ff00, { 145, 54, 34 }, { 173, 42, 26 } },
  { 0xff00ff, { 106, 202, 222 }, { 78, 214, 230 } },
  { 0xff0000, { 81, 90, 240 }, { 63, 102, 240 } },
  { 0x0000ff, { 41, 240, 110 }, { 32, 240, 118 } },
  { 0x000000, { 16, 128, 128 }, { 16, 128, 128 } },
};

static void
check_color_bar_composited (TestFrame *test, guint32 rgb,
    const guint8 expected[3])
{
  guint32 words[6];
  ImageOverlay overlay = { (const guint8 *) words, 12, 3, 2 };
  gint unit = sample_unit (test->frame.format);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    words[i] = 0xff000000 | rgb;
  image_composite (&test->frame, &overlay, 0, 0);
  for (gint c = 0; c < 3; c++) {
    for (gint x = 0; x < 3; x++)
      g_assert_cmpint (ABS (level_at (&test->frame, c, x, 1)
                           - unit * expected[c]),
          <=, unit / 2);
  }
}

/* Converting back to R'G'B' is exact up to the rounding of Y'CbCr to bytes. */
static void
check_color_bar_read (const TestFrame *test, ImageResizer *resizer, guint32 rgb)
{
  Rect crop = { 1, 0, 1, 1 };
  gfloat tensor[3];

  image_resizer_run (resizer, &test->frame, &crop, tensor);
  for (gint c = 0; c < 3; c++)
    g_assert_cmpfloat_with_epsilon (tensor[c],
        (gfloat) (rgb >> (16 - 8 * c) & 0xff), 2.0f);
}

static void
test_color_bars (gconstpointer format)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  ImageTensorSpec spec = { 1, 1, IMAGE_CHANNELS_RGB, IMAGE_RESIZE_LEGACY, 1.0f,
    0.0f };
  g_autoptr (ImageResizer) resizer = image_resizer_new (&spec);

  for (guint i = 0; i < G_N_ELEMENTS (color_bars); i++) {
    const ColorBar *bar = &color_bars[i];

    for (gint bt709 = 0; bt709 < 2; bt709++) {
      TestFrame test;

      test_frame_init (&test, GPOINTER_TO_INT (format), 3, 2,
          &colorimetries[bt709 ? 2 : 0], GUARD, random);
      check_color_bar_composited (&test, bar->rgb,
          bt709 ? bar->bt709 : bar->bt601);
      check_color_bar_read (&test, resizer, bar->rgb);
      test_frame_clear (&test);
    }
  }
}

static void
add_format_test (const gchar *name, ImageFormat format,
    GTestDataFunc test_function)
{
  g_autofree gchar *path = g_strdup_printf ("/image/%s/%s", name,
      format_names[format]);

  g_test_add_data_func (path, GINT_TO_POINTER (format), test_function);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gint format = 0; format < IMAGE_N_FORMATS; format++) {
    add_format_test ("resize", format, test_resize_reference);
    add_format_test ("thumbnail", format, test_thumbnail);
    add_format_test ("composite", format, test_composite_reference);
    add_format_test ("composite-levels", format, test_composite_all_levels);
    if (format < IMAGE_FORMAT_GRAY8)
      add_format_test ("colour-bars", format, test_color_bars);
    if (sample_depth (format) > 8) {
      add_format_test ("shifted", format, test_shifted);
      add_format_test ("full-range-white", format, test_full_range_white);
    }
  }
  g_test_add_func ("/image/fit", test_fit);
  g_test_add_func ("/image/resize-far-crops", test_resize_far_crops);
  g_test_add_func ("/image/resize-golden", test_resize_golden);
  g_test_add_func ("/image/resize-tensorflow-js", test_resize_tensorflow_js);
  g_test_add_func ("/image/composite-at-edges", test_composite_at_edges);
  g_test_add_func ("/image/composite-not-premultiplied",
      test_composite_not_premultiplied);

  return g_test_run ();
}
