/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CpuLevel:
 * @CPU_SCALAR: the reference code, one value at a time
 * @CPU_BASELINE: what every processor of the family has, such as SSE2 or NEON
 * @CPU_AVX2: AVX2 and FMA
 * @CPU_AVX512: AVX-512 F, VL, BW and DQ
 *
 * The instruction sets that there is code for. Each includes those before it.
 */
typedef enum {
  CPU_SCALAR,
  CPU_BASELINE,
  CPU_AVX2,
  CPU_AVX512
} CpuLevel;

/**
 * cpu_supports:
 *
 * Returns: whether this processor can run code of @level
 */
gboolean cpu_supports (CpuLevel level);

/**
 * cpu_get_level_name:
 * @level: one that was compiled
 *
 * Returns: (transfer none): what `ACTIVATIONMAP_CPU` calls it, such as "avx2"
 */
const gchar *cpu_get_level_name (CpuLevel level);

/**
 * cpu_get_level:
 *
 * The environment variable `ACTIVATIONMAP_CPU` limits the level: "scalar",
 * "baseline", "avx2" or "avx512"; on 64-bit ARM, "scalar" or "neon". Any other
 * value is ignored with a warning. It is read once.
 *
 * Returns: the highest level that this processor supports and the environment
 *   allows
 */
CpuLevel cpu_get_level (void);

G_END_DECLS
