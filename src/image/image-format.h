/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Private to src/image: the memory layout of each ImageFormat, and the relation
 * of its samples to R'G'B'. Loops are generic over this table. */

#pragma once

#include "image/image-frame.h"

G_BEGIN_DECLS

#define IMAGE_MAX_COMPONENTS 4

/**
 * ImageColorModel:
 * @IMAGE_COLOR_MODEL_YCBCR: components Y', Cb, Cr
 * @IMAGE_COLOR_MODEL_GRAY: component Y'
 * @IMAGE_COLOR_MODEL_RGB: components R', G', B' and, in some formats, alpha
 */
typedef enum {
  IMAGE_COLOR_MODEL_YCBCR,
  IMAGE_COLOR_MODEL_GRAY,
  IMAGE_COLOR_MODEL_RGB
} ImageColorModel;

/**
 * ImageComponent:
 * @plane: the plane that contains it
 * @offset: bytes from the start of a row to the first sample
 * @pixel_stride: bytes from one sample to the next
 * @shift_x: a sample covers 1 << @shift_x columns
 * @shift_y: a sample covers 1 << @shift_y rows
 */
typedef struct {
  guint8 plane;
  guint8 offset;
  guint8 pixel_stride;
  guint8 shift_x;
  guint8 shift_y;
} ImageComponent;

/* The bits of a sample that is a word. */
#define IMAGE_WORD_DEPTH 10

/**
 * ImageFormatInfo:
 * @component: components in the order of @model
 * @depth: bits of a sample: 8, a byte, or %IMAGE_WORD_DEPTH, a word of two
 *   bytes, the lower one first
 * @padding: unused low bits of a word
 */
typedef struct {
  ImageColorModel model;
  gint n_components;
  ImageComponent component[IMAGE_MAX_COMPONENTS];
  gint depth;
  gint padding;
} ImageFormatInfo;

const ImageFormatInfo *image_format_get_info (ImageFormat format);

/* Returns the bytes of a sample. */
static inline gint
image_format_get_sample_size (const ImageFormatInfo *format)
{
  return format->depth > 8 ? 2 : 1;
}

/**
 * image_component_row:
 * @y: a row of the frame, in pixels
 *
 * Returns: the first sample of @component that covers row @y
 */
static inline guint8 *
image_component_row (const ImageFrame *frame, const ImageComponent *component,
    gint y)
{
  gssize row = y >> component->shift_y;

  return frame->plane[component->plane] + component->offset
      + row * frame->stride[component->plane];
}

/**
 * image_component_offset:
 * @x: a column of the frame, in pixels
 *
 * Returns: bytes from the first sample of a row to the one that covers @x
 */
static inline gint
image_component_offset (const ImageComponent *component, gint x)
{
  return (x >> component->shift_x) * component->pixel_stride;
}

/**
 * ImageToRgb:
 * @black: Y' (or R', G', B') of black
 * @gain: full-range levels per step above @black
 *
 * Converts samples to full-range R'G'B'. Samples of more than eight bits are
 * divided first: one of ten bits by four.
 * R' = (Y' - black) gain + red_cr (Cr - 128),
 * G' = (Y' - black) gain + green_cb (Cb - 128) + green_cr (Cr - 128),
 * B' = (Y' - black) gain + blue_cb (Cb - 128).
 */
typedef struct {
  gfloat black;
  gfloat gain;
  gfloat red_cr;
  gfloat green_cb;
  gfloat green_cr;
  gfloat blue_cb;
} ImageToRgb;

/**
 * image_colorimetry_get_to_rgb:
 * @depth: bits of the samples, at least 8. Full scale is 255 for 8 bits, and
 *   1023 / 4 for 10; limited range is the same for all.
 */
void image_colorimetry_get_to_rgb (const ImageColorimetry *colorimetry,
    gint depth, ImageToRgb *to_rgb);

/**
 * ImageFromRgb:
 *
 * Converts full-range R'G'B' (0..255) that is drawn to one component:
 * sample = offset + red R' + green G' + blue B', in the unit of #ImageToRgb.
 */
typedef struct {
  gdouble offset;
  gdouble red;
  gdouble green;
  gdouble blue;
} ImageFromRgb;

/**
 * image_colorimetry_get_from_rgb:
 * @index: index of the component in @format; alpha is always 255, opaque
 */
void image_colorimetry_get_from_rgb (const ImageColorimetry *colorimetry,
    const ImageFormatInfo *format, gint index, ImageFromRgb *from_rgb);

G_END_DECLS
