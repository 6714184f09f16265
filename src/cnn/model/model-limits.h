/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CnnLimits:
 * @json_bytes: size of model.json
 * @memory_bytes: weights and activations as float32, together
 * @macs: multiply-accumulate operations of one run
 *
 * What a model may ask of this machine. Checked before anything of that size
 * is allocated.
 */
typedef struct {
  gsize json_bytes;
  gsize memory_bytes;
  guint64 macs;
} CnnLimits;

/* 16 MiB of JSON, 1 GiB of memory and 100 GMAC, which VGG-19 (20 GMAC,
 * 575 MB) stays under. */
#define CNN_LIMITS_DEFAULT                                               \
  {                                                                      \
    (gsize) 16 << 20, (gsize) 1 << 30, G_GUINT64_CONSTANT (100000000000) \
  }

G_END_DECLS
