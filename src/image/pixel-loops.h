/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Private to src/image: the loops over pixels, compiled once for each
 * instruction set, and what they share with the objects that call them. */

#pragma once

#include "base/cpu.h"
#include "image/image-composite.h"
#include "image/image-format.h"
#include "image/image-taps.h"
#include "image/luma-scaler.h"
#include "image/resizer.h"
#include "image/thumbnail.h"

G_BEGIN_DECLS

/* Components that a picture is made of: Y'CbCr or R'G'B', without alpha. */
#define N_LEVELS 3

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
 * @is_channel: whether the component is the channel of the same index,
 *   unweighted
 * @weight: of each channel
 * @complement: all ones where the weight applies to (alpha - colour)
 *
 * How a component is made from premultiplied levels. A negative weight of a
 * colour is replaced by a positive one of (alpha - colour), so that no sum is
 * ever negative.
 */
typedef struct {
  gboolean is_channel;
  guint16 weight[N_CHANNELS];
  guint16 complement[N_CHANNELS];
} Weights;

/**
 * Compositing:
 * @x: of the overlay in the frame, as @y
 * @left: of the part of the frame that the overlay lies over, as @top, @right
 *   and @bottom
 *
 * One call of image_composite().
 */
typedef struct {
  ImageFrame *frame;
  const ImageFormatInfo *format;
  Weights weights[IMAGE_MAX_COMPONENTS];

  const ImageOverlay *overlay;
  gint x, y;
  gint left, top, right, bottom;
} Compositing;

/* A row of the frame, interpolated in x; output rows are mixed from two. */
typedef struct {
  gint y;
  gfloat *values;
} ResizerRow;

/* Arrays of pixels hold the lower pixels of all columns, then the upper ones,
 * so that the arithmetic on them runs over consecutive floats. */
struct _ImageResizer {
  ImageTensorSpec spec;
  gint n_channels;

  ImageTap *columns;
  ImageTap *rows;
  gfloat *column_fraction;
  gint *pixel_offset[N_LEVELS];
  gfloat *level[N_LEVELS];

  ResizerRow lower_row;
  ResizerRow upper_row;
};

/* A frame, and all that is the same for each of its rows. */
typedef struct {
  const ImageFrame *frame;
  const ImageFormatInfo *format;
  ImageToRgb to_rgb;
} ResizerSource;

/* Taps are filtered so many at a time; those beyond the last weigh nothing. */
#define LUMA_LANES 4

/**
 * LumaSpan:
 * @begin: first pixel that is covered
 * @end: pixel after the last one
 * @first_weight: how much of the first is covered, 0 to 1
 * @last_weight: how much of the last; 0 when that is also the first
 *
 * The pixels that one value of the scaled picture covers, on either axis.
 */
typedef struct {
  gint begin;
  gint end;
  gfloat first_weight;
  gfloat last_weight;
} LumaSpan;

/**
 * ImageLumaScaler:
 * @n_taps: pixels that a value covers, at most, as a multiple of LUMA_LANES
 * @first_tap: of each value, the first pixel
 * @tap_weights: of each value, @n_taps weights whose sum is 1
 * @luma: weighted sums of rows by pixel, and behind them zeros for the taps
 *   that weigh nothing
 */
struct _ImageLumaScaler {
  gint width;
  gint height;
  gint scaled_width;
  gint scaled_height;

  LumaSpan *rows;
  gint n_taps;
  gint *first_tap;
  gfloat *tap_weights;
  gfloat *luma;
};

/* Fractions of thumbnails have eight bits. */
#define THUMBNAIL_ONE 256

/* The bytes of a plane's rows that the crop needs, mixed from two rows. */
typedef struct {
  gint first;
  gint n_bytes;
  guint8 *mixed;
  gint n_allocated;
} ThumbnailSpan;

/**
 * ImageThumbnail:
 * @fraction: of each column, 0 to THUMBNAIL_ONE
 * @lower: of each column, bytes from the start of the span; @upper likewise
 * @level: times THUMBNAIL_ONE
 * @spans: of each plane, of which there are no more than components
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

/* Returns: how many levels are read from a frame of this format */
static inline gint
image_format_count_levels (const ImageFormatInfo *format)
{
  return MIN (format->n_components, N_LEVELS);
}

/**
 * PixelLoops:
 * @composite: of image_composite()
 * @resize: all rows of the tensor, of image_resizer_run()
 * @scale_luma: of image_luma_scaler_run(): the luma of all rows, filtered, and
 *   then times @scale plus @offset
 * @draw_thumbnail: all rows of the picture, of image_thumbnail_draw()
 *
 * The loops for one instruction set.
 */
typedef struct {
  void (*composite) (const Compositing *compositing);
  void (*resize) (ImageResizer *resizer, const ResizerSource *source,
      gfloat *tensor);
  void (*scale_luma) (ImageLumaScaler *scaler, const ImageFrame *frame,
      gfloat *scaled, gsize row_length, gfloat scale, gfloat offset);
  void (*draw_thumbnail) (ImageThumbnail *thumbnail, const ImageFrame *frame,
      guint32 *words, gsize stride);
} PixelLoops;

extern const PixelLoops pixel_loops_baseline;
#ifdef CPU_X86
extern const PixelLoops pixel_loops_avx2;
#endif

/* Returns: the fastest loops that may be used on this processor */
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
