/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "base/cpu.h"

#define VARIABLE "ACTIVATIONMAP_CPU"

static const gchar *const level_names[] = {
  [CPU_SCALAR] = "scalar",
#ifdef __aarch64__
  [CPU_BASELINE] = "neon",
#else
  [CPU_BASELINE] = "baseline",
#endif
#ifdef CPU_X86
  [CPU_AVX2] = "avx2",
  [CPU_AVX512] = "avx512",
#endif
};

gboolean
cpu_supports (CpuLevel level)
{
#ifdef CPU_X86
  if (level >= CPU_AVX2
      && !(__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma")))
    return FALSE;
  if (level >= CPU_AVX512
      && !(__builtin_cpu_supports ("avx512f")
          && __builtin_cpu_supports ("avx512vl")
          && __builtin_cpu_supports ("avx512bw")
          && __builtin_cpu_supports ("avx512dq")))
    return FALSE;
#endif
  return level < G_N_ELEMENTS (level_names);
}

const gchar *
cpu_get_level_name (CpuLevel level)
{
  g_return_val_if_fail (level < G_N_ELEMENTS (level_names), NULL);
  return level_names[level];
}

/* The highest level that the environment allows. */
static CpuLevel
read_variable (void)
{
  const gchar *name = g_getenv (VARIABLE);

  for (guint level = 0; name && level < G_N_ELEMENTS (level_names); level++) {
    if (g_str_equal (name, level_names[level]))
      return (CpuLevel) level;
  }
  if (name) {
    g_warning (VARIABLE "=%s is not an instruction set of this build, and is "
                        "ignored",
        name);
  }
  return CPU_AVX512;
}

static CpuLevel
choose_level (void)
{
  CpuLevel level = read_variable ();

  while (!cpu_supports (level))
    level--;
  return level;
}

CpuLevel
cpu_get_level (void)
{
  static gsize level_and_one = 0; /* 0: not known yet */

  if (g_once_init_enter (&level_and_one))
    g_once_init_leave (&level_and_one, (gsize) choose_level () + 1);
  return (CpuLevel) (level_and_one - 1);
}
