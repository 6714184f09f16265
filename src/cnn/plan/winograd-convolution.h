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
 * @output: of the convolution, before any pooling
 *
 * Returns: whether Winograd's minimal filtering can do this convolution, in
 *   less time than direct convolution
 */
gboolean cnn_winograd_convolution_pays (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const CnnFusion *fusion);

/**
 * cnn_winograd_convolution_new:
 * @window: one that Winograd's minimal filtering can do
 * @output: of the convolution, before any pooling
 * @kernel: kernel height x kernel width x input channels x output channels,
 *   folded already: the factor and the shift of @fusion are not looked at
 * @bias: output channels, folded likewise
 *
 * Convolution by Winograd's minimal filtering; see #CnnWinograd.
 *
 * Returns: (transfer full) (nullable): %NULL when there is no memory
 */
CnnOperation *cnn_winograd_convolution_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion);

G_END_DECLS
