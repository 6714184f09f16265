/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What image_luma_scaler_run() and its loops over pixels have in common. */

#pragma once

#include "image/image-format.h"
#include "image/luma-scaler.h"

G_BEGIN_DECLS

/* Taps are filtered so many at a time; those beyond the last weigh nothing. */
#define LUMA_LANES 4

/**
 * LumaSpan:
 * @begin: first pixel that is covered
 * @end: pixel after the last one
 * @first_weight: how much of the first is covered, 0 to 1
 * @last_weight: how much of the last; 0 when that is the first, too
 *
 * What one value of the scaled picture covers, on either axis.
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

/* The loops, for one instruction set each: @scaled is @luma of all rows,
 * filtered and then taken times @scale, plus @offset. */
void luma_scaler_run_baseline (ImageLumaScaler *scaler, const ImageFrame *frame,
    gfloat *scaled, gsize row_length, gfloat scale, gfloat offset);
#ifdef CPU_X86
void luma_scaler_run_avx2 (ImageLumaScaler *scaler, const ImageFrame *frame,
    gfloat *scaled, gsize row_length, gfloat scale, gfloat offset);
#endif

G_END_DECLS
