/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers the reduction of frames to luma: every format and range, and many
 * sizes, against the formula, per pixel and in double precision. */

#include "image/luma-scaler.h"

#include <math.h>
#include <string.h>

#define ROW_SLACK 7
#define GUARD 1234.5f

/* The offsets of the luma of a pixel, or of its R', G' and B'. If @is_word, it
 * has ten bits of two bytes, from bit @padding on. */
typedef struct {
  ImageFormat format;
  gint pixel_stride;
  gint offset[3];
  gboolean is_rgb;
  gboolean is_word;
  gint padding;
} Layout;

static const Layout layouts[] = {
  { IMAGE_FORMAT_I420, 1, { 0 }, FALSE },
  { IMAGE_FORMAT_YV12, 1, { 0 }, FALSE },
  { IMAGE_FORMAT_NV12, 1, { 0 }, FALSE },
  { IMAGE_FORMAT_NV21, 1, { 0 }, FALSE },
  { IMAGE_FORMAT_YUY2, 2, { 0 }, FALSE },
  { IMAGE_FORMAT_UYVY, 2, { 1 }, FALSE },
  { IMAGE_FORMAT_I420_10LE, 2, { 0 }, FALSE, TRUE, 0 },
  { IMAGE_FORMAT_P010_10LE, 2, { 0 }, FALSE, TRUE, 6 },
  { IMAGE_FORMAT_GRAY8, 1, { 0 }, FALSE },
  { IMAGE_FORMAT_RGB, 3, { 0, 1, 2 }, TRUE },
  { IMAGE_FORMAT_BGR, 3, { 2, 1, 0 }, TRUE },
  { IMAGE_FORMAT_RGBX, 4, { 0, 1, 2 }, TRUE },
  { IMAGE_FORMAT_BGRX, 4, { 2, 1, 0 }, TRUE },
  { IMAGE_FORMAT_XRGB, 4, { 1, 2, 3 }, TRUE },
  { IMAGE_FORMAT_RGBA, 4, { 0, 1, 2 }, TRUE },
  { IMAGE_FORMAT_BGRA, 4, { 2, 1, 0 }, TRUE },
  { IMAGE_FORMAT_ARGB, 4, { 1, 2, 3 }, TRUE },
};
G_STATIC_ASSERT (G_N_ELEMENTS (layouts) == IMAGE_N_FORMATS);

static gdouble
luma_at (const ImageFrame *frame, const Layout *layout, gint x, gint y)
{
  const guint8 *pixel = frame->plane[0] + (gssize) y * frame->stride[0]
      + x * layout->pixel_stride;
  const ImageColorimetry *colors = &frame->colorimetry;

  if (layout->is_word)
    return (pixel[0] | pixel[1] << 8) >> layout->padding & 0x3ff;
  if (!layout->is_rgb)
    return pixel[layout->offset[0]];
  return colors->kr * pixel[layout->offset[0]]
      + (1.0 - colors->kr - colors->kb) * pixel[layout->offset[1]]
      + colors->kb * pixel[layout->offset[2]];
}

/* The length of the part of [begin, end) that lies in [i, i + 1). */
static gdouble
cover (gdouble begin, gdouble end, gint i)
{
  return MAX (MIN (end, i + 1.0) - MAX (begin, (gdouble) i), 0.0);
}

static gdouble
expected (const ImageFrame *frame, const Layout *layout, gint scaled_width,
    gint scaled_height, gint column, gint row)
{
  const gdouble x_scale = (gdouble) frame->width / scaled_width;
  const gdouble y_scale = (gdouble) frame->height / scaled_height;
  const gdouble unit = layout->is_word ? 4.0 : 1.0;
  gdouble sum = 0.0;

  for (gint y = 0; y < frame->height; y++) {
    const gdouble high = cover (row * y_scale, (row + 1) * y_scale, y);

    for (gint x = 0; x < frame->width && high > 0.0; x++) {
      sum += high * cover (column * x_scale, (column + 1) * x_scale, x)
          * luma_at (frame, layout, x, y);
    }
  }
  sum /= x_scale * y_scale;
  if (frame->colorimetry.full_range)
    return sum / (256.0 * unit - 1.0);
  return CLAMP ((sum / unit - 16.0) / 219.0, 0.0, 1.0);
}

static void
make_frame (ImageFrame *frame, const Layout *layout, gint width, gint height,
    GRand *rand)
{
  const gint stride = width * layout->pixel_stride + ROW_SLACK;

  *frame = (ImageFrame) {
    .format = layout->format,
    .width = width,
    .height = height,
    .stride = { stride, stride, stride },
    .colorimetry = { 0.2126, 0.0722, g_rand_boolean (rand) },
  };
  /* Chroma planes are never read and need not exist. */
  frame->plane[0] = g_malloc ((gsize) stride * height);
  for (gint i = 0; i < stride * height; i++)
    frame->plane[0][i] = (guint8) g_rand_int_range (rand, 0, 256);
}

static void
check_size (const Layout *layout, gint width, gint height, gint scaled_width,
    gint scaled_height, GRand *rand)
{
  g_autoptr (ImageLumaScaler) scaler = image_luma_scaler_new (width, height,
      scaled_width, scaled_height);
  const gsize row_length = (gsize) scaled_width + 3;
  const gsize n = row_length * scaled_height;
  g_autofree gfloat *scaled = g_new (gfloat, n);
  ImageFrame frame;

  for (gsize i = 0; i < n; i++)
    scaled[i] = GUARD;
  make_frame (&frame, layout, width, height, rand);
  image_luma_scaler_run (scaler, &frame, scaled, row_length);
  for (gint row = 0; row < scaled_height; row++) {
    for (gint column = 0; column < (gint) row_length; column++) {
      const gfloat value = scaled[row * row_length + column];

      if (column >= scaled_width)
        g_assert_cmpfloat (value, ==, GUARD);
      else
        g_assert_cmpfloat_with_epsilon (value,
            expected (&frame, layout, scaled_width, scaled_height, column, row),
            2e-6);
    }
  }
  g_free (frame.plane[0]);
}

static void
test_formats (void)
{
  static const gint sizes[][4] = { { 64, 48, 16, 12 }, { 64, 48, 64, 48 },
    { 37, 29, 11, 9 }, { 31, 17, 30, 16 }, { 1, 1, 1, 1 }, { 5, 3, 1, 1 },
    { 3, 40, 2, 13 }, { 40, 3, 13, 2 }, { 500, 9, 130, 2 }, { 1000, 24, 99, 1 },
    { 385, 11, 384, 10 } };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++) {
    for (guint k = 0; k < G_N_ELEMENTS (sizes); k++) {
      check_size (&layouts[i], sizes[k][0], sizes[k][1], sizes[k][2],
          sizes[k][3], rand);
    }
  }
}

static void
test_random_sizes (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (guint i = 0; i < 200; i++) {
    const gint width = g_rand_int_range (rand, 1, 60);
    const gint height = g_rand_int_range (rand, 1, 60);

    check_size (&layouts[g_rand_int_range (rand, 0, G_N_ELEMENTS (layouts))],
        width, height, g_rand_int_range (rand, 1, width + 1),
        g_rand_int_range (rand, 1, height + 1), rand);
  }
}

/* White stays white for any number of rows that are summed. */
static void
test_long_spans (void)
{
  static const gint heights[] = { 256, 257, 258, 259, 513, 514, 515, 516,
    1000 };

  for (guint i = 0; i < G_N_ELEMENTS (heights); i++) {
    const gint height = heights[i];
    g_autofree guint8 *white = g_malloc (3 * height);
    g_autoptr (ImageLumaScaler)
        scaler = image_luma_scaler_new (3, height, 2, 1);
    const ImageFrame frame = { IMAGE_FORMAT_GRAY8, 3, height, { white }, { 3 },
      { 0.299, 0.114, TRUE } };
    gfloat scaled[2];

    memset (white, 255, 3 * height);
    image_luma_scaler_run (scaler, &frame, scaled, 2);
    for (guint k = 0; k < 2; k++)
      g_assert_cmpfloat_with_epsilon (scaled[k], 1.0f, 1e-6);
  }
}

/* The mean is preserved for every ratio. */
static void
test_mean (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  ImageFrame frame;
  gdouble mean = 0.0;

  make_frame (&frame, &layouts[IMAGE_FORMAT_GRAY8], 101, 67, rand);
  frame.colorimetry.full_range = TRUE;
  for (gint y = 0; y < 67; y++) {
    for (gint x = 0; x < 101; x++)
      mean += luma_at (&frame, &layouts[IMAGE_FORMAT_GRAY8], x, y) / 255.0
          / (101 * 67);
  }
  for (gint n = 1; n <= 67; n++) {
    g_autoptr (ImageLumaScaler) scaler = image_luma_scaler_new (101, 67, n, n);
    g_autofree gfloat *scaled = g_new (gfloat, n * n);
    gdouble sum = 0.0;

    image_luma_scaler_run (scaler, &frame, scaled, (gsize) n);
    for (gint i = 0; i < n * n; i++)
      sum += (gdouble) scaled[i] / (n * n);
    g_assert_cmpfloat_with_epsilon (sum, mean, 1e-6);
  }
  g_free (frame.plane[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/luma-scaler/formats", test_formats);
  g_test_add_func ("/luma-scaler/random-sizes", test_random_sizes);
  g_test_add_func ("/luma-scaler/long-spans", test_long_spans);
  g_test_add_func ("/luma-scaler/mean", test_mean);
  return g_test_run ();
}
