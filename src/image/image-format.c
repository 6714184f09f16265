/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/image-format.h"

/* clang-format off */
#define RGB(pixel_stride, r, g, b) \
  { IMAGE_COLOR_MODEL_RGB, 3, { { 0, r, pixel_stride, 0, 0 }, \
      { 0, g, pixel_stride, 0, 0 }, { 0, b, pixel_stride, 0, 0 } } }
#define RGBA(r, g, b, a) \
  { IMAGE_COLOR_MODEL_RGB, 4, { { 0, r, 4, 0, 0 }, { 0, g, 4, 0, 0 }, \
      { 0, b, 4, 0, 0 }, { 0, a, 4, 0, 0 } } }

static const ImageFormatInfo format_info[] = {
  /* component: plane, offset, pixel stride, shift x, shift y */
  [IMAGE_FORMAT_I420] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 1, 0, 0 }, { 1, 0, 1, 1, 1 }, { 2, 0, 1, 1, 1 } } },
  [IMAGE_FORMAT_YV12] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 1, 0, 0 }, { 1, 0, 1, 1, 1 }, { 2, 0, 1, 1, 1 } } },
  [IMAGE_FORMAT_NV12] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 1, 0, 0 }, { 1, 0, 2, 1, 1 }, { 1, 1, 2, 1, 1 } } },
  [IMAGE_FORMAT_NV21] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 1, 0, 0 }, { 1, 1, 2, 1, 1 }, { 1, 0, 2, 1, 1 } } },
  [IMAGE_FORMAT_YUY2] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 0, 2, 0, 0 }, { 0, 1, 4, 1, 0 }, { 0, 3, 4, 1, 0 } } },
  [IMAGE_FORMAT_UYVY] = { IMAGE_COLOR_MODEL_YCBCR, 3,
      { { 0, 1, 2, 0, 0 }, { 0, 0, 4, 1, 0 }, { 0, 2, 4, 1, 0 } } },
  [IMAGE_FORMAT_GRAY8] = { IMAGE_COLOR_MODEL_GRAY, 1, { { 0, 0, 1, 0, 0 } } },
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
sample_range (gboolean full_range)
{
  if (full_range)
    return (SampleRange) { 0.0, 1.0, 1.0 };
  return (SampleRange) { 16.0, 219.0 / 255.0, 224.0 / 255.0 };
}

void
image_colorimetry_get_to_rgb (const ImageColorimetry *colorimetry,
    ImageToRgb *to_rgb)
{
  SampleRange range = sample_range (colorimetry->full_range);
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

static void
get_luma_from_rgb (const ImageColorimetry *colorimetry, ImageFromRgb *luma)
{
  SampleRange range = sample_range (colorimetry->full_range);

  luma->offset = range.black;
  luma->red = colorimetry->kr * range.luma_scale;
  luma->green = (1.0 - colorimetry->kr - colorimetry->kb) * range.luma_scale;
  luma->blue = colorimetry->kb * range.luma_scale;
}

/* Cb = (B' - Y') / (2 (1 - kb)), and Cr likewise with red, around 128. */
static void
get_chroma_from_rgb (const ImageColorimetry *colorimetry, gboolean is_cb,
    ImageFromRgb *chroma)
{
  gdouble kr = colorimetry->kr, kb = colorimetry->kb;
  gdouble own = is_cb ? kb : kr;
  gdouble scale = sample_range (colorimetry->full_range).chroma_scale / 2
      / (1.0 - own);

  chroma->offset = 128.0;
  chroma->red = ((is_cb ? 0.0 : 1.0) - kr) * scale;
  chroma->green = -(1.0 - kr - kb) * scale;
  chroma->blue = ((is_cb ? 1.0 : 0.0) - kb) * scale;
}

static void
get_primary_from_rgb (const ImageColorimetry *colorimetry, gint index,
    ImageFromRgb *primary)
{
  SampleRange range = sample_range (colorimetry->full_range);

  primary->offset = index < 3 ? range.black : 255.0;
  primary->red = index == 0 ? range.luma_scale : 0.0;
  primary->green = index == 1 ? range.luma_scale : 0.0;
  primary->blue = index == 2 ? range.luma_scale : 0.0;
}

void
image_colorimetry_get_from_rgb (const ImageColorimetry *colorimetry,
    ImageColorModel model, gint index, ImageFromRgb *from_rgb)
{
  if (model == IMAGE_COLOR_MODEL_RGB)
    get_primary_from_rgb (colorimetry, index, from_rgb);
  else if (index == 0)
    get_luma_from_rgb (colorimetry, from_rgb);
  else
    get_chroma_from_rgb (colorimetry, index == 1, from_rgb);
}
