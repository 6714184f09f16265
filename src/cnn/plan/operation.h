/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/kernels/kernels.h"
#include "cnn/layers/activation.h"
#include "cnn/shape.h"

G_BEGIN_DECLS

typedef struct _CnnOperation CnnOperation;

/**
 * CnnOperation:
 * @description: name of the kernel in use, such as "winograd 4x4 avx2"
 * @scratch_size: floats of scratch memory, aligned to 64 bytes, that a run
 *   needs
 * @run: computes the output from the layer's inputs
 * @free: frees the operation
 *
 * A layer with the layers fused into it, prepared for this processor: weights
 * are packed as the kernels read them. Immutable; private to src/cnn.
 */
struct _CnnOperation {
  const gchar *description;
  gsize scratch_size;
  void (*run) (const CnnOperation *operation, const CnnTensor *inputs,
      const CnnTensor *output, gfloat *scratch);
  void (*free) (CnnOperation *operation);
};

/**
 * CnnFusion:
 * @kernels: kernels to run on
 * @exact: whether to avoid Winograd, whose sums are rounded differently
 * @factor: (nullable): factor of each output channel, before the activation
 * @shift: (nullable): shift of each output channel, added after @factor is
 *   applied; set if @factor is
 * @activation: activation function that follows the layer
 * @pool: whether 2x2 max-pooling, valid, stride 2, follows the activation
 *
 * The work of an operation in addition to its layer.
 */
typedef struct {
  const CnnKernels *kernels;
  gboolean exact;
  const gfloat *factor;
  const gfloat *shift;
  CnnActivation activation;
  gboolean pool;
} CnnFusion;

/**
 * cnn_fusion_clamp:
 * @remaining: (out): the part of the activation that remains to be applied
 *
 * Returns: the part of the activation that kernels apply themselves
 */
CnnClamp cnn_fusion_clamp (const CnnFusion *fusion, CnnActivation *remaining);

/**
 * cnn_fusion_fold:
 * @kernel: @rows x @channels weights
 * @bias: (nullable): @channels values
 * @folded_kernel: (out caller-allocates): @kernel multiplied by the factor
 * @folded_bias: (out caller-allocates): bias * factor + shift
 *
 * Folds the factor and the shift after a layer into its weights.
 */
void cnn_fusion_fold (const CnnFusion *fusion, const gfloat *kernel, gsize rows,
    gsize channels, const gfloat *bias, gfloat *folded_kernel,
    gfloat *folded_bias);

G_END_DECLS
