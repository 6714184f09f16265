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
 * @description: which kernel does the work, such as "winograd 4x4 avx2"
 * @scratch_size: floats of scratch memory, aligned to 64 bytes, that a run
 *   needs
 * @run: computes the output from the input
 * @free: frees the operation
 *
 * One layer, and what is fused into it, made ready for this processor: weights
 * packed as the kernels read them. Immutable; private to src/cnn.
 */
struct _CnnOperation {
  const gchar *description;
  gsize scratch_size;
  void (*run) (const CnnOperation *operation, const CnnTensor *input,
      const CnnTensor *output, gfloat *scratch);
  void (*free) (CnnOperation *operation);
};

/**
 * CnnFusion:
 * @kernels: to run on
 * @exact: no Winograd, whose sums are rounded differently
 * @factor: (nullable): what each output channel is multiplied by, before the
 *   activation
 * @shift: (nullable): what is added then; there with @factor
 * @activation: follows the layer
 * @pool: 2x2 max-pooling, valid, stride 2, follows the activation
 *
 * What an operation does in addition to its layer.
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
 * @remaining: (out): what is left of the activation to do afterwards
 *
 * Returns: the part of the activation that kernels do themselves
 */
CnnClamp cnn_fusion_clamp (const CnnFusion *fusion, CnnActivation *remaining);

/**
 * cnn_fusion_fold:
 * @kernel: @rows x @channels weights
 * @bias: (nullable): @channels
 * @folded_kernel: (out caller-allocates): likewise, multiplied by the factor
 * @folded_bias: (out caller-allocates): bias * factor + shift
 *
 * Folds what follows a layer into its weights.
 */
void cnn_fusion_fold (const CnnFusion *fusion, const gfloat *kernel, gsize rows,
    gsize channels, const gfloat *bias, gfloat *folded_kernel,
    gfloat *folded_bias);

G_END_DECLS
