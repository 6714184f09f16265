/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/kernels/kernels.h"

extern const CnnKernels cnn_kernels_baseline;
extern const CnnKernels cnn_kernels_avx2;
extern const CnnKernels cnn_kernels_avx512;
