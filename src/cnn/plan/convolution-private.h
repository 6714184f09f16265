/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/plan/convolution-operation.h"

/*
 * Private to convolution-operation.c: the ways to compute a convolution. They
 * take what cnn_convolution_operation_new() does, but @kernel and @bias are
 * folded already.
 */

/**
 * CnnConvolution:
 * @kernels: for the output channels
 * @activation: what the clamp does not do
 * @pad: above and at the left
 * @weights: packed
 * @bias: padded to whole vectors
 *
 * What all ways have in common.
 */
typedef struct {
  CnnOperation operation;
  const CnnKernels *kernels;
  CnnClamp clamp;
  CnnActivation activation;
  gint in_channels;
  gint out_channels;
  gint pad[2];
  gfloat *weights;
  gfloat *bias;
} CnnConvolution;

/**
 * cnn_convolution_init:
 * @weights_size: floats of the packed weights, not initialised
 *
 * Returns: FALSE when there is no memory; cnn_convolution_clear() then all the
 *   same
 */
gboolean cnn_convolution_init (CnnConvolution *self, const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, gsize weights_size,
    const gfloat *bias, const CnnFusion *fusion);

void cnn_convolution_clear (CnnConvolution *self);

/* Does to the output what the kernels left. */
void cnn_convolution_apply_activation (const CnnConvolution *self,
    const CnnTensor *output);

/* As one product of matrices a row. */
CnnOperation *cnn_direct_convolution_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion);

/* By Winograd's minimal filtering; can pool. */
CnnOperation *cnn_winograd_convolution_new (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion);

/* Whether Winograd can do this convolution, in less time than direct. */
gboolean cnn_winograd_convolution_pays (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const CnnFusion *fusion);
