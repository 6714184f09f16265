/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <immintrin.h>

#include "cnn/kernels/kernels.h"

#define VECTOR 16
#define REGISTERS 32
#define HALF cnn_kernels_avx2
#define KERNELS cnn_kernels_avx512
#define LEVEL CPU_AVX512
#define VECTOR_MAXIMUM _mm512_max_ps
#define VECTOR_MINIMUM _mm512_min_ps

#include "cnn/kernels/kernels_tmpl.c"
