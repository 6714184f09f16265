/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A cache line, and the widest vectors of today's machines: a vector that lies
 * across two lines takes two reads. In bytes. */
#define CACHE_LINE 64

/**
 * aligned_try_new:
 * @count: may be 0
 *
 * Returns: (transfer full) (nullable): @count floats, not initialised, that
 *   begin at a multiple of %CACHE_LINE; free with aligned_free(). %NULL when
 *   there is no memory for them.
 */
gfloat *aligned_try_new (gsize count);

/**
 * aligned_free:
 * @floats: (nullable)
 */
void aligned_free (gfloat *floats);

G_END_DECLS
