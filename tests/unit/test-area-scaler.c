/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers the reduction of frames by area: every format and range, and many
 * sizes, against the formula, per pixel and in double precision. */

#include "image/area-scaler.h"

#include <math.h>
#include <string.h>

#define ROW_SLACK 7
#define GUARD 1234.5f

/* Where the samples of a component are: bytes from the beginning of its rows,
 * and from one to the next, each for so many columns and rows. */
typedef struct {
  gint plane, offset, distance, columns, rows;
} Place;

/* Components are Y', Cb and Cr, only Y', or R', G' and B'. If @is_word, samples
 * have ten bits of two bytes, from bit @padding on. */
typedef struct {
  ImageFormat format;
  gint n_components;
  Place places[3];
  gboolean is_rgb;
  gboolean is_word;
  gint padding;
} Layout;

#define PLANAR(y, u, v)                   \
  {                                       \
    { 0, y, 1, 1, 1 }, { 1, u, 1, 2, 2 }, \
    {                                     \
      2, v, 1, 2, 2                       \
    }                                     \
  }
#define SEMIPLANAR(cb, cr)                 \
  {                                        \
    { 0, 0, 1, 1, 1 }, { 1, cb, 2, 2, 2 }, \
    {                                      \
      1, cr, 2, 2, 2                       \
    }                                      \
  }
#define PACKED(y, cb, cr)                  \
  {                                        \
    { 0, y, 2, 1, 1 }, { 0, cb, 4, 2, 1 }, \
    {                                      \
      0, cr, 4, 2, 1                       \
    }                                      \
  }
#define RGB(distance, r, g, b)                          \
  {                                                     \
    { 0, r, distance, 1, 1 }, { 0, g, distance, 1, 1 }, \
    {                                                   \
      0, b, distance, 1, 1                              \
    }                                                   \
  }

static const Layout layouts[] = {
  { IMAGE_FORMAT_I420, 3, PLANAR (0, 0, 0) },
  { IMAGE_FORMAT_YV12, 3, PLANAR (0, 0, 0) },
  { IMAGE_FORMAT_NV12, 3, SEMIPLANAR (0, 1) },
  { IMAGE_FORMAT_NV21, 3, SEMIPLANAR (1, 0) },
  { IMAGE_FORMAT_YUY2, 3, PACKED (0, 1, 3) },
  { IMAGE_FORMAT_UYVY, 3, PACKED (1, 0, 2) },
  { IMAGE_FORMAT_I420_10LE, 3,
      { { 0, 0, 2, 1, 1 }, { 1, 0, 2, 2, 2 }, { 2, 0, 2, 2, 2 } }, FALSE, TRUE,
      0 },
  { IMAGE_FORMAT_P010_10LE, 3,
      { { 0, 0, 2, 1, 1 }, { 1, 0, 4, 2, 2 }, { 1, 2, 4, 2, 2 } }, FALSE, TRUE,
      6 },
  { IMAGE_FORMAT_GRAY8, 1, { { 0, 0, 1, 1, 1 } } },
  { IMAGE_FORMAT_RGB, 3, RGB (3, 0, 1, 2), TRUE },
  { IMAGE_FORMAT_BGR, 3, RGB (3, 2, 1, 0), TRUE },
  { IMAGE_FORMAT_RGBX, 3, RGB (4, 0, 1, 2), TRUE },
  { IMAGE_FORMAT_BGRX, 3, RGB (4, 2, 1, 0), TRUE },
  { IMAGE_FORMAT_XRGB, 3, RGB (4, 1, 2, 3), TRUE },
  { IMAGE_FORMAT_RGBA, 3, RGB (4, 0, 1, 2), TRUE },
  { IMAGE_FORMAT_BGRA, 3, RGB (4, 2, 1, 0), TRUE },
  { IMAGE_FORMAT_ARGB, 3, RGB (4, 1, 2, 3), TRUE },
};
G_STATIC_ASSERT (G_N_ELEMENTS (layouts) == IMAGE_N_FORMATS);

/* In levels of eight bits. */
static gdouble
sample_at (const ImageFrame *frame, const Layout *layout, gint c, gint x,
    gint y)
{
  const Place *place = &layout->places[c];
  const guint8 *sample = frame->plane[place->plane]
      + (gssize) (y / place->rows) * frame->stride[place->plane]
      + x / place->columns * place->distance + place->offset;

  if (layout->is_word)
    return ((sample[0] | sample[1] << 8) >> layout->padding & 0x3ff) / 4.0;
  return sample[0];
}

/* The length of the part of [begin, end) that lies in [i, i + 1). */
static gdouble
cover (gdouble begin, gdouble end, gint i)
{
  return MAX (MIN (end, i + 1.0) - MAX (begin, (gdouble) i), 0.0);
}

static gdouble
mean_of (const ImageFrame *frame, const Layout *layout, gint c,
    gint scaled_width, gint scaled_height, gint column, gint row)
{
  const gdouble x_scale = (gdouble) frame->width / scaled_width;
  const gdouble y_scale = (gdouble) frame->height / scaled_height;
  gdouble sum = 0.0;

  for (gint y = 0; y < frame->height; y++) {
    const gdouble high = cover (row * y_scale, (row + 1) * y_scale, y);

    for (gint x = 0; x < frame->width && high > 0.0; x++) {
      sum += high * cover (column * x_scale, (column + 1) * x_scale, x)
          * sample_at (frame, layout, c, x, y);
    }
  }
  return sum / (x_scale * y_scale);
}

/* Full-range R'G'B' of the means of the components. */
static void
convert (const ImageFrame *frame, const Layout *layout, const gdouble mean[3],
    gdouble rgb[3])
{
  const ImageColorimetry *colors = &frame->colorimetry;
  const gboolean is_full = colors->full_range;
  const gdouble full = layout->is_word ? 1023.0 / 4.0 : 255.0;
  const gdouble black = is_full ? 0.0 : 16.0, range = is_full ? full : 219.0;
  const gdouble kg = 1.0 - colors->kr - colors->kb;
  const gdouble chroma_range = is_full ? full : 224.0;
  const gdouble cb = 2.0 * (mean[1] - 128.0) / chroma_range;
  const gdouble cr = 2.0 * (mean[2] - 128.0) / chroma_range;

  for (guint c = 0; c < 3; c++)
    rgb[c] = (mean[layout->is_rgb ? c : 0] - black) / range;
  if (layout->n_components == 3 && !layout->is_rgb) {
    rgb[0] += (1.0 - colors->kr) * cr;
    rgb[1] -= (colors->kb * (1.0 - colors->kb) * cb
                  + colors->kr * (1.0 - colors->kr) * cr)
        / kg;
    rgb[2] += (1.0 - colors->kb) * cb;
  }
  for (guint c = 0; c < 3; c++)
    rgb[c] = CLAMP (rgb[c], 0.0, 1.0);
}

static void
make_frame (ImageFrame *frame, const Layout *layout, gint width, gint height,
    GRand *rand)
{
  /* Room for all components of an even number of columns. */
  const gint stride = (width + 1) * 4 + ROW_SLACK;

  *frame = (ImageFrame) {
    .format = layout->format,
    .width = width,
    .height = height,
    .stride = { stride, stride, stride },
    .colorimetry = { 0.2126, 0.0722, g_rand_boolean (rand) },
  };
  for (guint plane = 0; plane < 3; plane++) {
    frame->plane[plane] = g_malloc ((gsize) stride * height);
    for (gint i = 0; i < stride * height; i++)
      frame->plane[plane][i] = (guint8) g_rand_int_range (rand, 0, 256);
  }
}

static void
clear_frame (ImageFrame *frame)
{
  for (guint plane = 0; plane < 3; plane++)
    g_free (frame->plane[plane]);
}

static void
check_pixel (const ImageFrame *frame, const Layout *layout, gint scaled_width,
    gint scaled_height, gint column, gint row, const gfloat *pixel)
{
  gdouble mean[3] = { 0.0 }, rgb[3];

  for (gint c = 0; c < layout->n_components; c++)
    mean[c] = mean_of (frame, layout, c, scaled_width, scaled_height, column,
        row);
  convert (frame, layout, mean, rgb);
  for (guint c = 0; c < 3; c++)
    g_assert_cmpfloat_with_epsilon (pixel[c], rgb[c], 3e-6);
}

static void
check_size (const Layout *layout, gint width, gint height, gint scaled_width,
    gint scaled_height, GRand *rand)
{
  g_autoptr (ImageAreaScaler) scaler = image_area_scaler_new (width, height,
      scaled_width, scaled_height);
  const gsize row_length = (gsize) scaled_width * 3 + 3;
  const gsize n = row_length * scaled_height;
  g_autofree gfloat *scaled = g_new (gfloat, n);
  ImageFrame frame;

  for (gsize i = 0; i < n; i++)
    scaled[i] = GUARD;
  make_frame (&frame, layout, width, height, rand);
  image_area_scaler_run (scaler, &frame, scaled, row_length);
  for (gint row = 0; row < scaled_height; row++) {
    const gfloat *pixels = scaled + row * row_length;

    for (gint column = 0; column < scaled_width; column++)
      check_pixel (&frame, layout, scaled_width, scaled_height, column, row,
          pixels + 3 * column);
    for (gsize i = (gsize) scaled_width * 3; i < row_length; i++)
      g_assert_cmpfloat (pixels[i], ==, GUARD);
  }
  clear_frame (&frame);
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
    g_autoptr (ImageAreaScaler)
        scaler = image_area_scaler_new (3, height, 2, 1);
    const ImageFrame frame = { IMAGE_FORMAT_GRAY8, 3, height, { white }, { 3 },
      { 0.299, 0.114, TRUE } };
    gfloat scaled[6];

    memset (white, 255, 3 * height);
    image_area_scaler_run (scaler, &frame, scaled, 6);
    for (guint k = 0; k < 6; k++)
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
      mean += sample_at (&frame, &layouts[IMAGE_FORMAT_GRAY8], 0, x, y) / 255.0
          / (101 * 67);
  }
  for (gint n = 1; n <= 67; n++) {
    g_autoptr (ImageAreaScaler) scaler = image_area_scaler_new (101, 67, n, n);
    g_autofree gfloat *scaled = g_new (gfloat, 3 * n * n);
    gdouble sum = 0.0;

    image_area_scaler_run (scaler, &frame, scaled, (gsize) n * 3);
    for (gint i = 0; i < 3 * n * n; i++)
      sum += (gdouble) scaled[i] / (3 * n * n);
    g_assert_cmpfloat_with_epsilon (sum, mean, 1e-6);
  }
  clear_frame (&frame);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/area-scaler/formats", test_formats);
  g_test_add_func ("/area-scaler/random-sizes", test_random_sizes);
  g_test_add_func ("/area-scaler/long-spans", test_long_spans);
  g_test_add_func ("/area-scaler/mean", test_mean);
  return g_test_run ();
}
