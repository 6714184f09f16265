/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/area-scaler.h"

#include <math.h>

#include "image/pixel-loops.h"

/* The position at which value i of n_out begins on an axis of n_in pixels, in
 * samples of 1 << shift pixels; exact at pixel boundaries. */
static gdouble
position (gint i, gint n_in, gint n_out, gint shift)
{
  const gint64 scaled = (gint64) i * n_in;

  return ((gdouble) (scaled / n_out) + (gdouble) (scaled % n_out) / n_out)
      / (1 << shift);
}

static AreaSpan
span_of (gint i, gint n_in, gint n_out, gint shift)
{
  const gdouble begin = position (i, n_in, n_out, shift);
  const gdouble end = position (i + 1, n_in, n_out, shift);
  AreaSpan span = { (gint) begin, (gint) ceil (end), 1.0f, 0.0f };

  span.first_weight = (gfloat) (MIN (span.begin + 1.0, end) - begin);
  if (span.end - span.begin > 1)
    span.last_weight = (gfloat) (end - (span.end - 1));
  return span;
}

static void
set_taps (AreaColumns *columns, gint i, const AreaSpan *span, gfloat norm)
{
  gfloat *weights = columns->tap_weights + (gsize) i * columns->n_taps;

  columns->first_tap[i] = span->begin;
  for (gint k = span->begin; k < span->end; k++)
    weights[k - span->begin] = norm;
  weights[0] = norm * span->first_weight;
  if (span->end - span->begin > 1)
    weights[span->end - 1 - span->begin] = norm * span->last_weight;
}

static void
prepare_columns (ImageAreaScaler *scaler, gint shift)
{
  const gint n = scaler->scaled_width;
  const gfloat norm = (gfloat) (n << shift) / (gfloat) scaler->width;
  AreaColumns *columns = &scaler->columns[shift];

  for (gint i = 0; i < n; i++) {
    const AreaSpan span = span_of (i, scaler->width, n, shift);

    columns->n_taps = MAX (columns->n_taps, span.end - span.begin);
  }
  columns->n_taps = (columns->n_taps + AREA_LANES - 1) / AREA_LANES
      * AREA_LANES;
  columns->first_tap = g_new (gint, (guint) n);
  columns->tap_weights = g_new0 (gfloat,
      (gsize) (guint) n * (guint) columns->n_taps);
  for (gint i = 0; i < n; i++) {
    const AreaSpan span = span_of (i, scaler->width, n, shift);

    set_taps (columns, i, &span, norm);
  }
}

static void
prepare_rows (ImageAreaScaler *scaler, gint shift)
{
  const gint n = scaler->scaled_height;

  scaler->rows[shift] = g_new (AreaSpan, (guint) n);
  for (gint i = 0; i < n; i++)
    scaler->rows[shift][i] = span_of (i, scaler->height, n, shift);
}

ImageAreaScaler *
image_area_scaler_new (gint width, gint height, gint scaled_width,
    gint scaled_height)
{
  ImageAreaScaler *scaler;

  g_return_val_if_fail (scaled_width >= 1 && scaled_width <= width, NULL);
  g_return_val_if_fail (scaled_height >= 1 && scaled_height <= height, NULL);

  scaler = g_new0 (ImageAreaScaler, 1);
  scaler->width = width;
  scaler->height = height;
  scaler->scaled_width = scaled_width;
  scaler->scaled_height = scaled_height;
  for (gint shift = 0; shift < AREA_N_SHIFTS; shift++) {
    prepare_rows (scaler, shift);
    prepare_columns (scaler, shift);
  }
  for (gint c = 0; c < N_LEVELS; c++) {
    scaler->sums[c] = g_new0 (gfloat,
        (gsize) (guint) width + (guint) scaler->columns[0].n_taps);
    scaler->level[c] = g_new (gfloat, (guint) scaled_width);
  }
  return scaler;
}

void
image_area_scaler_free (ImageAreaScaler *scaler)
{
  if (!scaler)
    return;
  for (gint shift = 0; shift < AREA_N_SHIFTS; shift++) {
    g_free (scaler->rows[shift]);
    g_free (scaler->columns[shift].first_tap);
    g_free (scaler->columns[shift].tap_weights);
  }
  for (gint c = 0; c < N_LEVELS; c++) {
    g_free (scaler->sums[c]);
    g_free (scaler->level[c]);
  }
  g_free (scaler);
}

void
image_area_scaler_run (ImageAreaScaler *scaler, const ImageFrame *frame,
    gfloat *scaled, gsize row_length)
{
  ImageSource source;

  g_return_if_fail (scaler != NULL && frame != NULL && scaled != NULL);
  g_return_if_fail (frame->format < IMAGE_N_FORMATS);
  g_return_if_fail (
      frame->width == scaler->width && frame->height == scaler->height);

  source = image_source_of (frame);
  pixel_loops_get ()->scale_area (scaler, &source, scaled, row_length);
}
