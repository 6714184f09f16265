/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/plan/operation.h"
#include "cnn/window.h"

G_BEGIN_DECLS

/**
 * cnn_winograd_convolution_pays:
 * @output: output of the convolution, before any pooling
 *
 * Returns: whether Winograd's minimal filtering supports this convolution and
 *   is faster than direct convolution
 */
gboolean cnn_winograd_convolution_pays (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const CnnFusion *fusion);

/**
 * cnn_winograd_convolution_new:
 * @window: a window that Winograd's minimal filtering supports
 * @output: output of the convolution, before any pooling
 * @kernel: kernel height x kernel width x input channels x output channels,
 *   already folded: the factor and the shift of @fusion are ignored
 * @bias: output channels, already folded
 *
 * Convolution by Winograd's minimal filtering; see #CnnWinograd.
 *
 * Returns: (transfer full) (nullable): %NULL if there is no memory
 */
CnnOperation *cnn_winograd_convolution_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion);

G_END_DECLS
