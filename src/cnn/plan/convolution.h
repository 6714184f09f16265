/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/plan/operation.h"
#include "cnn/window.h"

G_BEGIN_DECLS

/* The number of weights that are taken to stay in the cache from one run to the
 * next: 512 KiB. */
#define CNN_CACHED_WEIGHTS 131072

/**
 * CnnConvolution:
 * @kernels: kernels for the number of output channels
 * @activation: the part of the activation that the clamp does not cover
 * @pad: padding above and at the left
 * @weights: packed weights
 * @bias: bias, padded to whole vectors
 *
 * The common part of direct and Winograd convolution. Private to src/cnn/plan;
 * layers use cnn_convolution_operation_new().
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
 * @self: zeroed except for @kernels
 * @weights_size: floats of the packed weights, which are not initialised
 * @bias: output channels
 *
 * Returns: FALSE if there is no memory; call cnn_convolution_clear() even then
 */
gboolean cnn_convolution_init (CnnConvolution *self, const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, gsize weights_size,
    const gfloat *bias, const CnnFusion *fusion);

void cnn_convolution_clear (CnnConvolution *self);

/**
 * cnn_convolution_count_reading:
 *
 * Returns: the estimated cost of reading packed weights that do not stay in the
 *   cache, in operations on vectors; 0 for others
 */
gdouble cnn_convolution_count_reading (gsize weights);

/* Applies the part of the activation that the clamp does not cover. */
void cnn_convolution_apply_activation (const CnnConvolution *self,
    gfloat *output, gsize cells);

G_END_DECLS
