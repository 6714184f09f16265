/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/luma-scaler.h"

#include <math.h>

#include "image/pixel-loops.h"

/* The position at which value i of n_out begins on an axis of n_in pixels,
 * exact at pixel boundaries. */
static gdouble
position (gint i, gint n_in, gint n_out)
{
  const gint64 scaled = (gint64) i * n_in;

  return (gdouble) (scaled / n_out) + (gdouble) (scaled % n_out) / n_out;
}

static LumaSpan
span_of (gint i, gint n_in, gint n_out)
{
  const gdouble begin = position (i, n_in, n_out);
  const gdouble end = position (i + 1, n_in, n_out);
  LumaSpan span = { (gint) begin, (gint) ceil (end), 1.0f, 0.0f };

  span.first_weight = (gfloat) (MIN (span.begin + 1.0, end) - begin);
  if (span.end - span.begin > 1)
    span.last_weight = (gfloat) (end - (span.end - 1));
  return span;
}

static void
set_taps (ImageLumaScaler *scaler, gint i)
{
  const LumaSpan span = span_of (i, scaler->width, scaler->scaled_width);
  const gfloat norm = (gfloat) scaler->scaled_width / (gfloat) scaler->width;
  gfloat *weights = scaler->tap_weights + (gsize) i * scaler->n_taps;

  scaler->first_tap[i] = span.begin;
  for (gint k = span.begin; k < span.end; k++)
    weights[k - span.begin] = norm;
  weights[0] = norm * span.first_weight;
  if (span.end - span.begin > 1)
    weights[span.end - 1 - span.begin] = norm * span.last_weight;
}

static void
prepare_columns (ImageLumaScaler *scaler)
{
  const gint n = scaler->scaled_width;

  for (gint i = 0; i < n; i++) {
    const LumaSpan span = span_of (i, scaler->width, n);

    scaler->n_taps = MAX (scaler->n_taps, span.end - span.begin);
  }
  scaler->n_taps = (scaler->n_taps + LUMA_LANES - 1) / LUMA_LANES * LUMA_LANES;
  scaler->first_tap = g_new (gint, (guint) n);
  scaler->tap_weights = g_new0 (gfloat,
      (gsize) (guint) n * (guint) scaler->n_taps);
  for (gint i = 0; i < n; i++)
    set_taps (scaler, i);
  scaler->luma = g_new0 (gfloat,
      (gsize) (guint) scaler->width + (guint) scaler->n_taps);
}

ImageLumaScaler *
image_luma_scaler_new (gint width, gint height, gint scaled_width,
    gint scaled_height)
{
  ImageLumaScaler *scaler;

  g_return_val_if_fail (scaled_width >= 1 && scaled_width <= width, NULL);
  g_return_val_if_fail (scaled_height >= 1 && scaled_height <= height, NULL);

  scaler = g_new0 (ImageLumaScaler, 1);
  scaler->width = width;
  scaler->height = height;
  scaler->scaled_width = scaled_width;
  scaler->scaled_height = scaled_height;
  scaler->rows = g_new (LumaSpan, (guint) scaled_height);
  for (gint i = 0; i < scaled_height; i++)
    scaler->rows[i] = span_of (i, height, scaled_height);
  prepare_columns (scaler);
  return scaler;
}

void
image_luma_scaler_free (ImageLumaScaler *scaler)
{
  if (!scaler)
    return;
  g_free (scaler->rows);
  g_free (scaler->first_tap);
  g_free (scaler->tap_weights);
  g_free (scaler->luma);
  g_free (scaler);
}

void
image_luma_scaler_run (ImageLumaScaler *scaler, const ImageFrame *frame,
    gfloat *scaled, gsize row_length)
{
  ImageToRgb to_full;
  gfloat scale, offset;
  gint depth;

  g_return_if_fail (scaler != NULL && frame != NULL && scaled != NULL);
  g_return_if_fail (frame->format < IMAGE_N_FORMATS);
  g_return_if_fail (
      frame->width == scaler->width && frame->height == scaler->height);

  depth = image_format_get_info (frame->format)->depth;
  image_colorimetry_get_to_rgb (&frame->colorimetry, depth, &to_full);
  scale = to_full.gain / 255.0f * (gfloat) scaler->scaled_height
      / (gfloat) (scaler->height << (depth - 8));
  offset = -to_full.black * to_full.gain / 255.0f;
  pixel_loops_get ()->scale_luma (scaler, frame, scaled, row_length, scale,
      offset);
}
