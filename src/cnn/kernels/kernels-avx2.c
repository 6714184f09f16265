/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <immintrin.h>

#include "cnn/kernels/kernels.h"

#define VECTOR 8
#define REGISTERS 16
#define KERNELS cnn_kernels_avx2
#define LEVEL CPU_AVX2
#define VECTOR_MAXIMUM _mm256_max_ps
#define VECTOR_MINIMUM _mm256_min_ps

#include "cnn/kernels/kernels_tmpl.c"
