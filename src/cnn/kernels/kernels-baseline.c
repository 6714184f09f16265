/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The instructions of every processor of the architecture: SSE2, NEON, ... */

#include "cnn/kernels/kernels.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#define VECTOR 4
#define VECTOR_MAXIMUM _mm_max_ps
#define VECTOR_MINIMUM _mm_min_ps
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#define VECTOR 4
#define VECTOR_MAXIMUM vmaxq_f32
#define VECTOR_MINIMUM vminq_f32
#elif defined(__VSX__) || defined(__LONG_DOUBLE_VX__) /* POWER7, z14 */
#define VECTOR 4
#else
/* No vectors of floats: what a compiler makes of longer ones, value by value,
 * takes it minutes at -O3, and does not fit into the registers. */
#define VECTOR 1
#define VECTOR_MAXIMUM MAX
#define VECTOR_MINIMUM MIN
#endif

#define KERNELS cnn_kernels_baseline
#define LEVEL CPU_BASELINE
#ifdef __aarch64__
#define REGISTERS 32
#else
#define REGISTERS 16
#endif

#include "cnn/kernels/kernels_tmpl.c"
