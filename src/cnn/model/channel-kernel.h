/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * cnn_channel_kernel_get_shape:
 * @shape: (out): height x width x channels of the input that it reads
 *
 * Returns: whether each channel of the node's output has a kernel of its own,
 *   as in Conv2D and DepthwiseConv2D; those of SeparableConv2D are the products
 *   of both its kernels, and Conv2DTranspose has none
 */
gboolean cnn_channel_kernel_get_shape (const CnnModel *model, guint node,
    CnnShape *shape);

/**
 * cnn_channel_kernel_copy:
 * @node: a node that has kernels, see cnn_channel_kernel_get_shape()
 * @channel: a channel of its output
 * @first_input: (out): the first channel of the input that the kernel reads; 0,
 *   unless channels are in groups
 * @values: (out caller-allocates): as many values as the shape says, row-major
 *
 * Copies the weights by which a channel is computed from the layer's input.
 */
void cnn_channel_kernel_copy (const CnnModel *model, guint node, guint channel,
    guint *first_input, gfloat *values);

G_END_DECLS
