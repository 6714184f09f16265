/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/plan/operation.h"
#include "cnn/window.h"

G_BEGIN_DECLS

/* Operations that do little more than call one kernel. */

/**
 * cnn_dense_operation_new:
 * @kernel: @inputs x @units; borrowed, as is @bias, so that both must outlive
 *   the operation
 * @bias: (nullable): @units values
 *
 * Returns: (transfer full) (nullable): %NULL if the fusion is not possible
 */
CnnOperation *cnn_dense_operation_new (const gfloat *kernel, const gfloat *bias,
    gint inputs, gint units, const CnnFusion *fusion);

/**
 * cnn_depthwise_operation_new:
 * @output: output of the convolution, with as many channels as @input
 * @kernel: kernel height x kernel width x channels
 * @bias: (nullable): channels
 *
 * Returns: (transfer full) (nullable): %NULL if the fusion is not possible, if
 *   there are fewer channels than the shortest vector has, or if there is no
 *   memory
 */
CnnOperation *cnn_depthwise_operation_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion);

/**
 * cnn_activation_operation_new:
 * @shape: shape of input and output
 *
 * The activation of the fusion, on its own.
 *
 * Returns: (transfer full) (nullable): %NULL if anything else is to be fused
 */
CnnOperation *cnn_activation_operation_new (const CnnShape *shape,
    const CnnFusion *fusion);

/**
 * cnn_scaling_operation_new:
 * @factor: one value for each channel; borrowed, as is @shift, so that both
 *   must outlive the operation
 * @shift: one value for each channel
 * @shape: shape of input and output
 *
 * input * factor + shift.
 *
 * Returns: (transfer full) (nullable): %NULL if the fusion is not possible, or
 *   if there are fewer channels than the shortest vector has
 */
CnnOperation *cnn_scaling_operation_new (const gfloat *factor,
    const gfloat *shift, const CnnShape *shape, const CnnFusion *fusion);

/**
 * cnn_merging_operation_new:
 * @product: whether to multiply rather than to add
 * @inputs: shapes of both inputs: that of the output; one of them may have one
 *   value for each channel instead
 * @output: shape of the output
 *
 * The sum or the product of two inputs, such as that of a shortcut, or of the
 * factors that squeeze-and-excitation finds.
 *
 * Returns: (transfer full) (nullable): %NULL if the fusion is not possible, if
 *   the inputs have other shapes, or if there are fewer channels than the
 *   shortest vector has
 */
CnnOperation *cnn_merging_operation_new (gboolean product,
    const CnnShape inputs[2], const CnnShape *output, const CnnFusion *fusion);

/**
 * cnn_pooling_operation_new:
 * @input: height x width x channels
 * @output: height x width x channels
 * @average: whether to average rather than take the largest value
 *
 * Returns: (transfer full) (nullable): %NULL if anything is to be fused
 */
CnnOperation *cnn_pooling_operation_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, gboolean average,
    const CnnFusion *fusion);

G_END_DECLS
