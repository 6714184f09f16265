/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/operation.h"

#include <math.h>

CnnClamp
cnn_fusion_clamp (const CnnFusion *fusion, CnnActivation *remaining)
{
  const CnnClamp none = { -INFINITY, INFINITY };
  const CnnClamp relu = { 0.0f, INFINITY };
  const CnnClamp relu6 = { 0.0f, 6.0f };

  *remaining = CNN_ACTIVATION_LINEAR;
  switch (fusion->activation) {
    case CNN_ACTIVATION_RELU:
      return relu;
    case CNN_ACTIVATION_RELU6:
      return relu6;
    default:
      *remaining = fusion->activation;
      return none;
  }
}

void
cnn_fusion_fold (const CnnFusion *fusion, const gfloat *kernel, gsize rows,
    gsize channels, const gfloat *bias, gfloat *folded_kernel,
    gfloat *folded_bias)
{
  for (gsize row = 0; row < rows; row++) {
    for (gsize c = 0; c < channels; c++) {
      const gfloat factor = fusion->factor ? fusion->factor[c] : 1.0f;

      folded_kernel[row * channels + c] = kernel[row * channels + c] * factor;
    }
  }
  for (gsize c = 0; c < channels; c++) {
    folded_bias[c] = bias ? bias[c] : 0.0f;
    if (fusion->factor)
      folded_bias[c] = folded_bias[c] * fusion->factor[c] + fusion->shift[c];
  }
}
