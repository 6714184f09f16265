/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/image-format.h"

/* clang-format off */
#define RGB(pixel_stride, r, g, b) \
  { IMAGE_COLOR_MODEL_RGB, 3, { { 0, r, pixel_stride, 0, 0 }, \
      { 0, g, pixel_stride, 0, 0 }, { 0, b, pixel_stride, 0, 0 } }, 8, 0 }
#define RGBA(r, g, b, a) \
  { IMAGE_COLOR_MODEL_RGB, 4, { { 0, r, 4, 0, 0 }, { 0, g, 4, 0, 0 }, \
      { 0, b, 4, 0, 0 }, { 0, a, 4, 0, 0 } }, 8, 0 }

static const ImageFormatInfo format_info[] = {
  /* component: plane, offset, pixel stride, shift x, shift y;
   * then depth and padding */
  [IMAGE_FORMAT_I420] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 1, 0, 0 }, { 1, 0, 1, 1, 1 }, { 2, 0, 1, 1, 1 } }, 8, 0 },
  [IMAGE_FORMAT_YV12] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 1, 0, 0 }, { 1, 0, 1, 1, 1 }, { 2, 0, 1, 1, 1 } }, 8, 0 },
  [IMAGE_FORMAT_NV12] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 1, 0, 0 }, { 1, 0, 2, 1, 1 }, { 1, 1, 2, 1, 1 } }, 8, 0 },
  [IMAGE_FORMAT_NV21] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 1, 0, 0 }, { 1, 1, 2, 1, 1 }, { 1, 0, 2, 1, 1 } }, 8, 0 },
  [IMAGE_FORMAT_YUY2] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 2, 0, 0 }, { 0, 1, 4, 1, 0 }, { 0, 3, 4, 1, 0 } }, 8, 0 },
  [IMAGE_FORMAT_UYVY] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 1, 2, 0, 0 }, { 0, 0, 4, 1, 0 }, { 0, 2, 4, 1, 0 } }, 8, 0 },
  [IMAGE_FORMAT_I420_10LE] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 2, 0, 0 }, { 1, 0, 2, 1, 1 }, { 2, 0, 2, 1, 1 } }, 10, 0 },
  [IMAGE_FORMAT_P010_10LE] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 2, 0, 0 }, { 1, 0, 4, 1, 1 }, { 1, 2, 4, 1, 1 } }, 10, 6 },
  [IMAGE_FORMAT_GRAY8] = { IMAGE_COLOR_MODEL_GRAY, 1, { { 0, 0, 1, 0, 0 } },
      8, 0 },
  [IMAGE_FORMAT_RGB] = RGB (3, 0, 1, 2),
  [IMAGE_FORMAT_BGR] = RGB (3, 2, 1, 0),
  [IMAGE_FORMAT_RGBX] = RGB (4, 0, 1, 2),
  [IMAGE_FORMAT_BGRX] = RGB (4, 2, 1, 0),
  [IMAGE_FORMAT_XRGB] = RGB (4, 1, 2, 3),
  [IMAGE_FORMAT_RGBA] = RGBA (0, 1, 2, 3),
  [IMAGE_FORMAT_BGRA] = RGBA (2, 1, 0, 3),
  [IMAGE_FORMAT_ARGB] = RGBA (1, 2, 3, 0),
};
/* clang-format on */
G_STATIC_ASSERT (G_N_ELEMENTS (format_info) == IMAGE_N_FORMATS);

/* The mapping of full scale, 0..255, to a range of samples. */
typedef struct {
  gdouble black;
  gdouble luma_scale;
  gdouble chroma_scale;
} SampleRange;

const ImageFormatInfo *
image_format_get_info (ImageFormat format)
{
  return &format_info[format];
}

static SampleRange
sample_range (gboolean full_range, gint depth)
{
  const gdouble full_scale = (256.0 - 256.0 / (1 << depth)) / 255.0;

  if (full_range)
    return (SampleRange) { 0.0, full_scale, full_scale };
  return (SampleRange) { 16.0, 219.0 / 255.0, 224.0 / 255.0 };
}

void
image_colorimetry_get_to_rgb (const ImageColorimetry *colorimetry, gint depth,
    ImageToRgb *to_rgb)
{
  SampleRange range = sample_range (colorimetry->full_range, depth);
  gdouble kr = colorimetry->kr, kb = colorimetry->kb, kg = 1.0 - kr - kb;
  gdouble red_cr = 2.0 * (1.0 - kr) / range.chroma_scale;
  gdouble blue_cb = 2.0 * (1.0 - kb) / range.chroma_scale;

  to_rgb->black = range.black;
  to_rgb->gain = 1.0 / range.luma_scale;
  to_rgb->red_cr = red_cr;
  to_rgb->blue_cb = blue_cb;
  to_rgb->green_cr = -red_cr * kr / kg;
  to_rgb->green_cb = -blue_cb * kb / kg;
}

/* The same for what is drawn, whose full scale is the white of graphics. */
static SampleRange
drawn_range (const ImageColorimetry *colorimetry, gint depth)
{
  const gdouble white = colorimetry->graphics_white;
  SampleRange range = sample_range (colorimetry->full_range, depth);

  range.luma_scale *= white > 0.0 ? white : 1.0;
  range.chroma_scale *= white > 0.0 ? white : 1.0;
  return range;
}

static void
get_luma_from_rgb (const ImageColorimetry *colorimetry,
    const SampleRange *range, ImageFromRgb *luma)
{
  luma->offset = range->black;
  luma->red = colorimetry->kr * range->luma_scale;
  luma->green = (1.0 - colorimetry->kr - colorimetry->kb) * range->luma_scale;
  luma->blue = colorimetry->kb * range->luma_scale;
}

/* Cb = (B' - Y') / (2 (1 - kb)), and Cr likewise with red, around 128. */
static void
get_chroma_from_rgb (const ImageColorimetry *colorimetry,
    const SampleRange *range, gboolean is_cb, ImageFromRgb *chroma)
{
  gdouble kr = colorimetry->kr, kb = colorimetry->kb;
  gdouble own = is_cb ? kb : kr;
  gdouble scale = range->chroma_scale / 2 / (1.0 - own);

  chroma->offset = 128.0;
  chroma->red = ((is_cb ? 0.0 : 1.0) - kr) * scale;
  chroma->green = -(1.0 - kr - kb) * scale;
  chroma->blue = ((is_cb ? 1.0 : 0.0) - kb) * scale;
}

static void
get_primary_from_rgb (const SampleRange *range, gint index,
    ImageFromRgb *primary)
{
  primary->offset = index < 3 ? range->black : 255.0;
  primary->red = index == 0 ? range->luma_scale : 0.0;
  primary->green = index == 1 ? range->luma_scale : 0.0;
  primary->blue = index == 2 ? range->luma_scale : 0.0;
}

void
image_colorimetry_get_from_rgb (const ImageColorimetry *colorimetry,
    const ImageFormatInfo *format, gint index, ImageFromRgb *from_rgb)
{
  const SampleRange range = drawn_range (colorimetry, format->depth);

  if (format->model == IMAGE_COLOR_MODEL_RGB)
    get_primary_from_rgb (&range, index, from_rgb);
  else if (index == 0)
    get_luma_from_rgb (colorimetry, &range, from_rgb);
  else
    get_chroma_from_rgb (colorimetry, &range, index == 1, from_rgb);
}
