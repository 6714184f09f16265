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
