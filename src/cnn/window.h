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

/**
 * CnnReach:
 * @first: first row or column
 * @last: last one
 *
 * The rows or columns of an input that one of the output is computed from.
 * Those outside of the input are padding.
 */
typedef struct {
  gint64 first;
  gint64 last;
} CnnReach;

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

/**
 * cnn_window_get_reach:
 * @cell: row (@axis 0) or column (@axis 1) of the output
 *
 * Returns: the rows or columns of the input that the window covers there
 */
CnnReach cnn_window_get_reach (const CnnWindow *window, guint axis, gint input,
    gint output, gint cell);

/**
 * cnn_window_get_transposed_reach:
 * @cut: rows or columns of the result that are cut off before the output
 *
 * Returns: the same for a transposed convolution
 */
CnnReach cnn_window_get_transposed_reach (const CnnWindow *window, guint axis,
    gint64 cut, gint cell);

G_END_DECLS
