/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Private to src/image: the loops over pixels, compiled once per instruction
 * set, and the types that they share with their callers. */

#pragma once

#include "base/cpu.h"
#include "image/area-scaler.h"
#include "image/image-composite.h"
#include "image/image-format.h"
#include "image/image-taps.h"
#include "image/resizer.h"
#include "image/thumbnail.h"

G_BEGIN_DECLS

/* The number of components without alpha: Y'CbCr or R'G'B'. */
#define N_LEVELS 3

/* A sample of more than eight bits, in little-endian order and not always
 * aligned. */
typedef guint16 ImageWord __attribute__ ((aligned (1), may_alias));

#define WORD_UNUSED_BITS (16 - IMAGE_WORD_DEPTH)

/**
 * get_word_level:
 * @padding: as in #ImageFormatInfo, a constant where loops are to be fast
 *
 * Returns: a level of 0..255 with eight fractional bits, of which only the
 *   highest ones are used
 */
static inline guint16
get_word_level (guint16 word, gint padding)
{
  const guint16 used = (guint16) (0xffffu << WORD_UNUSED_BITS);

  return (guint16) (GUINT16_FROM_LE (word) << (WORD_UNUSED_BITS - padding))
      & used;
}

/* In the order of the components of RGB formats. */
enum {
  RED,
  GREEN,
  BLUE,
  ALPHA,
  N_CHANNELS
};

/**
 * Weights:
 * @is_channel: whether the component simply is the channel of the same index
 * @weight: weight of each channel
 * @complement: all ones if the weight applies to (alpha - colour)
 * @headroom: weight of alpha in what samples may exceed alpha by
 *
 * The weights that make a component from premultiplied levels. A negative
 * weight of a colour is replaced by a positive one of (alpha - colour), so that
 * sums are never negative.
 */
typedef struct {
  gboolean is_channel;
  guint16 weight[N_CHANNELS];
  guint16 complement[N_CHANNELS];
  guint16 headroom;
} Weights;

/**
 * Compositing:
 * @x: left edge of the overlay in the frame
 * @y: top edge of the overlay in the frame
 * @left: left edge of the part of the frame that the overlay covers; @top,
 *   @right and @bottom likewise
 *
 * The arguments of one call of image_composite().
 */
typedef struct {
  ImageFrame *frame;
  const ImageFormatInfo *format;
  Weights weights[IMAGE_MAX_COMPONENTS];

  const ImageOverlay *overlay;
  gint x, y;
  gint left, top, right, bottom;
} Compositing;

/* A row of the frame, interpolated in x. Two of them are mixed for each output
 * row. */
typedef struct {
  gint y;
  gfloat *values;
} ResizerRow;

/* Arrays of pixels hold the lower pixels of all columns of the target followed
 * by the upper ones, so that all arithmetic is on consecutive floats. */
struct _ImageResizer {
  ImageTensorSpec spec;
  gint n_channels;
  Rect target; /* the part of the tensor that the picture fills */

  ImageTap *columns;
  ImageTap *rows;
  gfloat *column_fraction;
  gint *pixel_offset[N_LEVELS];
  gfloat *level[N_LEVELS];

  ResizerRow lower_row;
  ResizerRow upper_row;
};

/* A frame with the state that all its rows share. */
typedef struct {
  const ImageFrame *frame;
  const ImageFormatInfo *format;
  ImageToRgb to_rgb;
} ImageSource;

static inline ImageSource
image_source_of (const ImageFrame *frame)
{
  ImageSource source = { frame, image_format_get_info (frame->format) };

  image_colorimetry_get_to_rgb (&frame->colorimetry, source.format->depth,
      &source.to_rgb);
  return source;
}

/* The number of taps that are filtered at a time. Taps beyond the last one have
 * a weight of 0. */
#define AREA_LANES 4

/* Samples of a component cover 1 << 0 or 1 << 1 pixels of an axis. */
#define AREA_N_SHIFTS 2

/**
 * AreaSpan:
 * @begin: first sample that is covered
 * @end: sample after the last one that is covered
 * @first_weight: covered part of the first sample, 0 to 1
 * @last_weight: covered part of the last sample; 0 if it is also the first
 *
 * The samples that one value of the scaled picture covers, on either axis.
 */
typedef struct {
  gint begin;
  gint end;
  gfloat first_weight;
  gfloat last_weight;
} AreaSpan;

/**
 * AreaColumns:
 * @n_taps: maximum number of samples that a value covers, rounded up to a
 *   multiple of AREA_LANES
 * @first_tap: first sample of each value
 * @tap_weights: @n_taps weights of each value, whose sum is 1
 */
typedef struct {
  gint n_taps;
  gint *first_tap;
  gfloat *tap_weights;
} AreaColumns;

/**
 * ImageAreaScaler:
 * @rows: spans of the rows, by the shift of a component; @columns likewise
 * @sums: of each component the weighted sums of rows for each sample, followed
 *   by at least as many finite values as there are taps
 * @level: one row of the scaled picture
 */
struct _ImageAreaScaler {
  gint width;
  gint height;
  gint scaled_width;
  gint scaled_height;

  AreaSpan *rows[AREA_N_SHIFTS];
  AreaColumns columns[AREA_N_SHIFTS];
  gfloat *sums[N_LEVELS];
  gfloat *level[N_LEVELS];
};

/* The fixed-point fractions of thumbnails have eight bits. */
#define THUMBNAIL_ONE 256

/* The part of a plane's rows that the crop needs, from byte @first, mixed from
 * two rows. Of words, only the highest eight bits are read, so that the mixed
 * ones are bytes. */
typedef struct {
  gint first;
  gint n_bytes;
  guint8 *mixed;
  gint n_allocated;
} ThumbnailSpan;

/**
 * ImageThumbnail:
 * @fraction: fraction of each column, 0 to THUMBNAIL_ONE
 * @lower: index of each column's sample in its span; @upper likewise
 * @level: levels multiplied by THUMBNAIL_ONE
 * @spans: span of each plane; there are no more planes than components
 */
struct _ImageThumbnail {
  gint width;
  gint height;
  ImageTap *columns;
  ImageTap *rows;
  guint16 *fraction;
  gint *lower[N_LEVELS];
  gint *upper[N_LEVELS];
  guint16 *level[N_LEVELS];
  ThumbnailSpan spans[N_LEVELS];
};

/* Returns the number of levels that are read from a frame of this format. */
static inline gint
image_format_count_levels (const ImageFormatInfo *format)
{
  return MIN (format->n_components, N_LEVELS);
}

/**
 * PixelLoops:
 * @composite: loop of image_composite()
 * @resize: loop of image_resizer_run() over all rows of the tensor
 * @scale_area: loop of image_area_scaler_run() over all rows
 * @draw_thumbnail: loop of image_thumbnail_draw() over all rows
 *
 * The loops for one instruction set.
 */
typedef struct {
  void (*composite) (const Compositing *compositing);
  void (*resize) (ImageResizer *resizer, const ImageSource *source,
      gfloat *tensor);
  void (*scale_area) (ImageAreaScaler *scaler, const ImageSource *source,
      gfloat *scaled, gsize row_length);
  void (*draw_thumbnail) (ImageThumbnail *thumbnail, const ImageFrame *frame,
      guint32 *words, gsize stride);
} PixelLoops;

extern const PixelLoops pixel_loops_baseline;
#ifdef CPU_X86
extern const PixelLoops pixel_loops_avx2;
#endif

/* Returns the fastest loops that may be used on this processor. */
static inline const PixelLoops *
pixel_loops_get (void)
{
#ifdef CPU_X86
  if (cpu_get_level () >= CPU_AVX2)
    return &pixel_loops_avx2;
#endif
  return &pixel_loops_baseline;
}

G_END_DECLS
