/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/window.h"

#include "base/model-error.h"

/* The product cannot overflow: both factors are at most 2^24. */
gint64
cnn_window_get_extent (const CnnWindow *window, guint axis)
{
  return (gint64) (window->size[axis] - 1) * window->dilation[axis] + 1;
}

gboolean
cnn_window_is_small (const CnnWindow *window)
{
  const gint64 most = 4 * (gint64) CNN_MAX_DIMENSION;

  return cnn_window_get_extent (window, 0) <= most
      && cnn_window_get_extent (window, 1) <= most;
}

gboolean
cnn_window_infer_shape (const CnnWindow *window, const CnnShape *input,
    gint channels, CnnShape *output, GError **error)
{
  if (!cnn_shape_check_feature_map (input, error))
    return FALSE;
  output->rank = 3;
  output->dims[2] = channels;
  for (guint axis = 0; axis < 2; axis++) {
    gint64 cells = input->dims[axis];

    if (!window->same)
      cells -= cnn_window_get_extent (window, axis) - 1;
    if (cells < 1) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "its window of %" G_GINT64_FORMAT " cells is larger than its input "
          "of %d",
          cnn_window_get_extent (window, axis), input->dims[axis]);
      return FALSE;
    }
    output->dims[axis] = (gint) ((cells + window->stride[axis] - 1)
        / window->stride[axis]);
  }
  return TRUE;
}

gint64
cnn_window_pad_before (const CnnWindow *window, guint axis, gint input,
    gint output)
{
  gint64 pad = (gint64) (output - 1) * window->stride[axis]
      + cnn_window_get_extent (window, axis) - input;

  return window->same && pad > 0 ? pad / 2 : 0;
}

CnnReach
cnn_window_get_reach (const CnnWindow *window, guint axis, gint input,
    gint output, gint cell)
{
  const gint64 first = (gint64) cell * window->stride[axis]
      - cnn_window_pad_before (window, axis, input, output);

  return (CnnReach) { first, first + cnn_window_get_extent (window, axis) - 1 };
}

/* Rounds down. */
static gint64
divide (gint64 dividend, gint64 divisor)
{
  return (dividend - (dividend < 0 ? divisor - 1 : 0)) / divisor;
}

/* Input cell i reaches the cells i * stride to i * stride + extent - 1. */
CnnReach
cnn_window_get_transposed_reach (const CnnWindow *window, guint axis,
    gint64 cut, gint cell)
{
  const gint64 stride = window->stride[axis];
  const gint64 place = cell + cut;
  const gint64 last = divide (place, stride);
  const gint64 first =
      divide (place - cnn_window_get_extent (window, axis), stride) + 1;

  /* A stride that is wider than the window leaves cells without any input. */
  return (CnnReach) { MIN (first, last), last };
}
