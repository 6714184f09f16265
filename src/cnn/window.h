/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"

G_BEGIN_DECLS

/**
 * CnnWindow:
 * @size: height and width of the kernel or pool
 * @same: padding "same" rather than "valid"
 *
 * The window that a convolution or pooling slides over its input.
 */
typedef struct {
  gint size[2];
  gint stride[2];
  gint dilation[2];
  gboolean same;
} CnnWindow;

/* The number of input cells that the window spans. */
gint64 cnn_window_get_extent (const CnnWindow *window, guint axis);

/**
 * cnn_window_is_small:
 *
 * Returns: whether all positions of the window on any input are well within the
 *   range of a gint
 */
gboolean cnn_window_is_small (const CnnWindow *window);

/**
 * cnn_window_infer_shape:
 * @channels: channels of the output
 */
gboolean cnn_window_infer_shape (const CnnWindow *window, const CnnShape *input,
    gint channels, CnnShape *output, GError **error);

/**
 * cnn_window_pad_before:
 * @axis: 0 for height, 1 for width
 *
 * same: P = max (0, (out - 1) * stride + extent - in), of which floor (P / 2)
 * lie before; valid: none.
 */
gint64 cnn_window_pad_before (const CnnWindow *window, guint axis, gint input,
    gint output);

G_END_DECLS
