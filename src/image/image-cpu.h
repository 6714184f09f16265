/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes that come from memory at once, on most processors. */
#define IMAGE_CACHE_LINE 64

/**
 * image_cpu_has_avx2:
 *
 * Returns: whether the loops for AVX2 are to be used. The environment variable
 *   ACTIVATIONMAP_CPU can forbid it, as for the kernels of src/cnn.
 */
gboolean image_cpu_has_avx2 (void);

G_END_DECLS
