/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/kernels.h"

#include <string.h>

#include "cnn/kernels/kernels-private.h"

#define CPU_VARIABLE "ACTIVATIONMAP_CPU"

static gboolean
always (void)
{
  return TRUE;
}

#ifdef CNN_X86
static gboolean
has_avx2 (void)
{
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
}

static gboolean
has_avx512 (void)
{
  return has_avx2 () && __builtin_cpu_supports ("avx512f")
      && __builtin_cpu_supports ("avx512vl")
      && __builtin_cpu_supports ("avx512bw")
      && __builtin_cpu_supports ("avx512dq");
}
#endif

/* Slowest first. */
static const struct {
  const CnnKernels *kernels;
  gboolean (*is_supported) (void);
} all_kernels[] = {
  { &cnn_kernels_baseline, always },
#ifdef CNN_X86
  { &cnn_kernels_avx2, has_avx2 },
  { &cnn_kernels_avx512, has_avx512 },
#endif
};

const CnnKernels *
cnn_kernels_get_nth (guint n)
{
  for (guint i = 0; i < G_N_ELEMENTS (all_kernels); i++) {
    if (all_kernels[i].is_supported () && n-- == 0)
      return all_kernels[i].kernels;
  }
  return NULL;
}

static gboolean
is_name (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (all_kernels); i++) {
    if (g_str_equal (name, all_kernels[i].kernels->name))
      return TRUE;
  }
  return FALSE;
}

const CnnKernels *
cnn_kernels_get (void)
{
  const gchar *most = g_getenv (CPU_VARIABLE);
  const CnnKernels *fastest = NULL;

  if (most && g_str_equal (most, "scalar"))
    return NULL;
  if (most && !is_name (most)) {
    g_warning (CPU_VARIABLE "=%s is no instruction set that was compiled, and "
                            "is ignored",
        most);
  }
  for (guint i = 0; i < G_N_ELEMENTS (all_kernels); i++) {
    if (all_kernels[i].is_supported ())
      fastest = all_kernels[i].kernels;
    if (most && g_str_equal (most, all_kernels[i].kernels->name))
      break;
  }
  return fastest;
}

const CnnKernels *
cnn_kernels_within (const CnnKernels *kernels, gsize count)
{
  const CnnKernels *widest = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (all_kernels); i++) {
    const CnnKernels *candidate = all_kernels[i].kernels;

    if (candidate->vector <= MIN (kernels->vector, count))
      widest = candidate;
  }
  return widest;
}

const CnnKernels *
cnn_kernels_fit (const CnnKernels *kernels, gsize count)
{
  const gsize vectors = cnn_kernels_pad (kernels, count) / kernels->vector;

  for (guint i = 0; i < G_N_ELEMENTS (all_kernels); i++) {
    const CnnKernels *candidate = all_kernels[i].kernels;

    if (candidate->vector <= kernels->vector
        && candidate->fused == kernels->fused
        && cnn_kernels_pad (candidate, count) <= vectors * candidate->vector)
      return candidate;
  }
  return kernels;
}

gsize
cnn_kernels_pad (const CnnKernels *kernels, gsize count)
{
  return (count + kernels->vector - 1) / kernels->vector * kernels->vector;
}

gsize
cnn_kernels_pad_columns (const CnnKernels *kernels, gsize columns)
{
  return cnn_kernels_pad (kernels->half && columns > kernels->vector
          ? kernels->half
          : kernels,
      columns);
}

void
cnn_kernels_pack (const CnnKernels *kernels, const gfloat *b, gsize rows,
    gsize columns, gfloat *packed)
{
  const gsize padded = cnn_kernels_pad_columns (kernels, columns);
  gsize width;

  for (gsize column = 0; column < padded; column += width) {
    const gsize left = padded - column;
    gsize valid;

    width = MIN (left, 2 * kernels->vector);
    if (left > kernels->vector && left < 2 * kernels->vector)
      width = kernels->vector;
    valid = MIN (columns - column, width);
    for (gsize row = 0; row < rows; row++, packed += width) {
      memcpy (packed, b + row * columns + column, valid * sizeof *packed);
      memset (packed + valid, 0, (width - valid) * sizeof *packed);
    }
  }
}
