/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/plan/operation.h"

G_BEGIN_DECLS

/**
 * cnn_dense_operation_new:
 * @kernel: @inputs x @units; borrowed, as is @bias: they outlive the operation
 * @bias: (nullable): @units values
 *
 * Returns: (transfer full) (nullable): %NULL when the fusion is not possible
 */
CnnOperation *cnn_dense_operation_new (const gfloat *kernel, const gfloat *bias,
    gint inputs, gint units, const CnnFusion *fusion);

G_END_DECLS
