/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What image_resizer_run() and its loops over pixels have in common. */

#pragma once

#include "image/crop-resize.h"
#include "image/image-format.h"
#include "image/image-taps.h"

G_BEGIN_DECLS

#define N_LEVELS 3

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

  ImageTap *columns;
  ImageTap *rows;
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

/* The loops, for one instruction set each: all rows of an output. */
void resizer_run_baseline (ImageResizer *resizer, const Source *source,
    gfloat *tensor);
#ifdef CPU_X86
void resizer_run_avx2 (ImageResizer *resizer, const Source *source,
    gfloat *tensor);
#endif

G_END_DECLS
