/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The inner loops, written once for vectors of VECTOR floats. Included by one
 * file per instruction set, which defines
 *
 *   VECTOR     floats in a vector; 1 where there are no vectors
 *   REGISTERS  vector registers
 *   KERNELS    name of the table
 *   LEVEL      the instruction set, a CpuLevel
 *   HALF       (optional) table of the same with vectors half as long
 *   VECTOR_MAXIMUM, VECTOR_MINIMUM  (optional) element-wise maximum and
 *              minimum, because compilers do not use the instructions
 */

#include <string.h>

#include "base/aligned.h"
#include "cnn/kernels/kernels.h"

#include "cnn/kernels/vector_tmpl.c"

#include "cnn/kernels/activation_tmpl.c"
#include "cnn/kernels/depthwise_tmpl.c"
#include "cnn/kernels/dense_tmpl.c"
#include "cnn/kernels/dot_tmpl.c"
#include "cnn/kernels/multiply_tmpl.c"
#include "cnn/kernels/pooling_tmpl.c"
#include "cnn/kernels/winograd_tmpl.c"

const CnnKernels KERNELS = {
  .level = LEVEL,
  .vector = VECTOR,
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  .fused = TRUE,
#endif
#ifdef HALF
  .half = &HALF,
#endif
  .multiply = multiply,
  .dot = dot,
  .winograd_input = winograd_input,
  .winograd_output = winograd_output,
  .winograd_shallow = winograd_shallow,
  .depthwise = depthwise,
  .pooling = pooling,
  .scale = scale,
  .activate = activate,
  .dense = dense,
};
